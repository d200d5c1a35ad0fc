#include "lib/text/escape_parser.hpp"

#include <gtest/gtest.h>
#include <string>

namespace nacre::text {
namespace {

/// Writes down the control sequences that a parser finds, their parameters joined by what stood
/// between them.
struct Recorder {
  std::string found;

  void print(char32_t) { found += '.'; }
  void control(u8) {}
  void escape(std::string_view, char) {}
  void control_sequence(const ControlSequence& sequence) {
    if (sequence.marker() != 0) found += sequence.marker();
    for (usize i = 0; i < sequence.count(); ++i) {
      if (i != 0) found += sequence.is_part(i) ? ':' : ';';
      found += std::to_string(sequence.parameter(i, 0));
    }
    found += sequence.intermediates();
    found += sequence.final();
    found += ' ';
  }
  void system_command(std::string_view, StringEnd) {}
  void device_control(std::string_view) {}
};

/// What is found in pieces, of each as much at once as there is a short way for.
std::string found_in(std::initializer_list<std::string_view> pieces) {
  Recorder recorder;
  EscapeParser parser;
  for (std::string_view piece : pieces) {
    while (!piece.empty()) {
      usize taken = parser.take_parameters(piece);
      if (taken == 0) {
        parser.feed(static_cast<u8>(piece.front()), recorder);
        taken = 1;
      }
      piece.remove_prefix(taken);
    }
  }
  return recorder.found;
}

std::string found_byte_by_byte(std::string_view bytes) {
  Recorder recorder;
  EscapeParser parser;
  for (char const byte : bytes) parser.feed(static_cast<u8>(byte), recorder);
  return recorder.found;
}

TEST(EscapeParser, ParametersAreTheSameHoweverTheyCome) {
  // There are 32 at most.
  std::string const many = "\x1b[" + std::string(30, ';') + "5;6;7:8m\x1b[1m";
  std::string zeros;
  for (int i = 0; i < 30; ++i) zeros += "0;";
  std::string const first_of_many = zeros + "5;6m 1m ";
  struct {
    std::string_view bytes;
    std::string_view found;
  } const cases[] = {
      {"\x1b[m\x1b[0m\x1b[;m\x1b[:m", "m 0m 0;0m 0:0m "},
      {"\x1b[1;38;2;10;200;30;48:5:17m", "1;38;2;10;200;30;48:5:17m "},
      {"\x1b[32767;32768;99999999999999999999A", "32767;32767;32767A "},
      {"\x1b[?25;1h\x1b[>4;2m\x1b[3 q\x1b[1$2p", "?25;1h >4;2m 3 q "},
      {"\x1b[1?2m\x1b[<1;2M", "<1;2M "},
      {"12;3\x1b[4x5", "....4x ."},
      {"\x1b]12;3\x1b\\\x1b[6m\x1b(0\x1b[7m", "6m 7m "},
      {many, first_of_many},
  };
  for (auto const& [bytes, found] : cases) {
    EXPECT_EQ(found_byte_by_byte(bytes), found);
    for (usize cut = 0; cut <= bytes.size(); ++cut)
      EXPECT_EQ(found_in({bytes.substr(0, cut), bytes.substr(cut)}), found) << cut;
  }
}

TEST(EscapeParser, ParametersAreTakenInSequencesOnly) {
  Recorder recorder;
  EscapeParser parser;
  EXPECT_EQ(parser.take_parameters("12;3"), 0u);
  parser.feed(0x1b, recorder);
  EXPECT_EQ(parser.take_parameters("12;3"), 0u);
  parser.feed('[', recorder);
  EXPECT_EQ(parser.take_parameters(""), 0u);
  EXPECT_EQ(parser.take_parameters("m12"), 0u);
  EXPECT_EQ(parser.take_parameters("12;3:4<5"), 6u);
  EXPECT_EQ(parser.take_parameters("56 7"), 2u);
  parser.feed(' ', recorder);
  EXPECT_EQ(parser.take_parameters("7"), 0u);
  parser.feed('q', recorder);
  EXPECT_EQ(recorder.found, "12;3:456 q ");
}

}  // namespace
}  // namespace nacre::text
