#include "lib/text/terminal.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <vector>

#include "tests/support/failing_allocator.hpp"
#include "tests/unit/lib/text/row_text.hpp"

namespace nacre::text {
namespace {

using test::row_text;

std::string screen_text(const Terminal& terminal) {
  std::string text;
  for (u16 row = 0; row < terminal.rows(); ++row) text += row_text(terminal, row) + "|";
  return text;
}

class TerminalTest : public testing::Test {
 protected:
  void write(std::string_view bytes) { terminal_.write(bytes); }
  /// The screen after a reset and `bytes`, rows ended by '|'.
  std::string shown(std::string_view bytes) {
    terminal_.write(
        "\x1b"
        "c");
    terminal_.write(bytes);
    return screen_text(terminal_);
  }
  std::string position() const {
    return std::to_string(terminal_.cursor().row) + "," + std::to_string(terminal_.cursor().column);
  }
  const Cell& cell(u16 row, u16 column) const { return terminal_.row(row)[column]; }

  Terminal terminal_ = *Terminal::create(10, 4);
};

TEST_F(TerminalTest, RefusesSizesThatAreNone) {
  EXPECT_EQ(Terminal::create(0, 4).error(), TerminalError::Kind::BadSize);
  EXPECT_EQ(Terminal::create(10, 0).error(), TerminalError::Kind::BadSize);
  EXPECT_EQ(Terminal::create(10, 1001).error(), TerminalError::Kind::BadSize);
  EXPECT_TRUE(Terminal::create(1, 1));
}

TEST_F(TerminalTest, WritesAndWraps) {
  EXPECT_EQ(shown("hello\r\nworld"), "hello|world|||");
  EXPECT_EQ(shown("0123456789"), "0123456789||||");
  EXPECT_EQ(position(), "0,9");  // not yet on the next row
  write("x");
  EXPECT_EQ(position(), "1,1");
  EXPECT_EQ(shown("0123456789\rA"), "A123456789||||");
  EXPECT_EQ(shown("0123456789\r\nA"), "0123456789|A|||");
  EXPECT_EQ(shown("\x1b[?7l0123456789ABC"), "012345678C||||");
}

TEST_F(TerminalTest, ScrollsAtTheBottom) {
  EXPECT_EQ(shown("a\r\nb\r\nc\r\nd\r\ne"), "b|c|d|e|");
  EXPECT_EQ(shown("a\r\nb\r\nc\r\nd\x1b[H\x1bM"), "|a|b|c|");
}

TEST_F(TerminalTest, ScrollRegion) {
  EXPECT_EQ(shown("a\r\nb\r\nc\r\nd\x1b[2;3r\x1b[3;1H\n"), "a|c||d|");
  EXPECT_EQ(shown("a\r\nb\r\nc\r\nd\x1b[2;3r\x1b[2;1H\x1bM"), "a||b|d|");
  EXPECT_EQ(shown("a\r\nb\r\nc\r\nd\x1b[2;3r\x1b[4;1H\n\n"), "a|b|c|d|");
  EXPECT_EQ(shown("a\r\nb\r\nc\r\nd\x1b[1S"), "b|c|d||");
  EXPECT_EQ(shown("a\r\nb\r\nc\r\nd\x1b[2T"), "||a|b|");
  shown("\x1b[2;3r\x1b[?6h\x1b[9;9H");
  EXPECT_EQ(position(), "2,8");
}

TEST_F(TerminalTest, MovesTheCursorWithinTheScreen) {
  shown("\x1b[3;5H");
  EXPECT_EQ(position(), "2,4");
  write("\x1b[A\x1b[2C");
  EXPECT_EQ(position(), "1,6");
  write("\x1b[99A\x1b[99D");
  EXPECT_EQ(position(), "0,0");
  write("\x1b[99999;99999H");
  EXPECT_EQ(position(), "3,9");
  write("\x1b[2G");
  EXPECT_EQ(position(), "3,1");
  write("\x1b[2d\b\b\b");
  EXPECT_EQ(position(), "1,0");
  write("\x1b[E\x1b[F\x1b[F");
  EXPECT_EQ(position(), "0,0");
}

TEST_F(TerminalTest, Erases) {
  std::string const full = "0123456789\r\n0123456789\r\n0123456789\x1b[2;4H";
  EXPECT_EQ(shown(full + "\x1b[K"), "0123456789|012|0123456789||");
  EXPECT_EQ(shown(full + "\x1b[1K"), "0123456789|    456789|0123456789||");
  EXPECT_EQ(shown(full + "\x1b[2K"), "0123456789||0123456789||");
  EXPECT_EQ(shown(full + "\x1b[J"), "0123456789|012|||");
  EXPECT_EQ(shown(full + "\x1b[1J"), "|    456789|0123456789||");
  EXPECT_EQ(shown(full + "\x1b[2J"), "||||");
  EXPECT_EQ(shown(full + "\x1b[3X"), "0123456789|012   6789|0123456789||");
}

TEST_F(TerminalTest, InsertsAndDeletes) {
  EXPECT_EQ(shown("0123456789\x1b[1;3H\x1b[2@"), "01  234567||||");
  EXPECT_EQ(shown("0123456789\x1b[1;3H\x1b[2P"), "01456789||||");
  EXPECT_EQ(shown("0123456789\x1b[1;3H\x1b[99P"), "01||||");
  EXPECT_EQ(shown("0123\x1b[1;2H\x1b[4hab\x1b[4l"), "0ab123||||");
  EXPECT_EQ(shown("a\r\nb\r\nc\x1b[2;1H\x1b[L"), "a||b|c|");
  EXPECT_EQ(shown("a\r\nb\r\nc\x1b[1;1H\x1b[2M"), "c||||");
  EXPECT_EQ(shown("ab\x1b[3b"), "abbbb||||");
}

TEST_F(TerminalTest, Tabs) {
  shown("\t");
  EXPECT_EQ(position(), "0,8");
  write("\t");
  EXPECT_EQ(position(), "0,9");
  write("\x1b[Z\x1b[Z");
  EXPECT_EQ(position(), "0,0");
  shown("\x1b[3g\x1b[1;4H\x1bH\r\t");
  EXPECT_EQ(position(), "0,3");
}

TEST_F(TerminalTest, Colors) {
  write("\x1b[1;31;44mx\x1b[0my");
  EXPECT_EQ(cell(0, 0).foreground, Color::indexed(1));
  EXPECT_EQ(cell(0, 0).background, Color::indexed(4));
  EXPECT_TRUE(cell(0, 0).attributes.has(Attribute::Bold));
  EXPECT_EQ(cell(0, 1), (Cell{.codepoint = U'y'}));
  write("\r\x1b[38;5;200;4mx\x1b[48;2;1;2;3;24my\x1b[39;49;97mz");
  EXPECT_EQ(cell(0, 0).foreground, Color::indexed(200));
  EXPECT_TRUE(cell(0, 0).attributes.has(Attribute::Underline));
  EXPECT_EQ(cell(0, 1).background, Color::direct({1, 2, 3}));
  EXPECT_FALSE(cell(0, 1).attributes.has(Attribute::Underline));
  EXPECT_EQ(cell(0, 2).foreground, Color::indexed(15));
  EXPECT_EQ(cell(0, 2).background, Color{});
  write("\r\x1b[38:2::9:8:7mx\x1b[38:2:6:5:4my\x1b[38:5:3;1mz\x1b[4:0m");
  EXPECT_EQ(cell(0, 0).foreground, Color::direct({9, 8, 7}));
  EXPECT_EQ(cell(0, 1).foreground, Color::direct({6, 5, 4}));
  EXPECT_EQ(cell(0, 2).foreground, Color::indexed(3));
  // Unfinished or out of range: nothing happens, and nothing after it is misread.
  write("\r\x1b[0m\x1b[38;5mx\x1b[38;5;256;1my\x1b[0;38mz");
  EXPECT_EQ(cell(0, 0).foreground, Color{});
  EXPECT_EQ(cell(0, 1).foreground, Color{});
  EXPECT_TRUE(cell(0, 1).attributes.has(Attribute::Bold));
}

TEST_F(TerminalTest, ErasingTakesTheBackground) {
  write("\x1b[41m\x1b[K");
  EXPECT_EQ(cell(0, 9).background, Color::indexed(1));
}

TEST_F(TerminalTest, SavesAndRestores) {
  shown(
      "\x1b[2;3H\x1b[31m\x1b"
      "7\x1b[0m\x1b[H\x1b"
      "8x");
  EXPECT_EQ(position(), "1,3");
  EXPECT_EQ(cell(1, 2).foreground, Color::indexed(1));
}

TEST_F(TerminalTest, AlternateScreenGivesBackWhatWasThere) {
  EXPECT_EQ(shown("shell\x1b[?1049h\x1b[Hgame"), "game||||");
  write("\x1b[?1049l$");
  EXPECT_EQ(screen_text(terminal_), "shell$||||");
}

TEST_F(TerminalTest, WideCharacters) {
  EXPECT_EQ(shown("漢字x"), "漢字x||||");
  EXPECT_EQ(position(), "0,5");
  EXPECT_EQ(shown("012345678漢"), "012345678|漢|||");
  // Half of one is none.
  EXPECT_EQ(shown("漢字\x1b[1;2Hx"), " x字||||");
  EXPECT_EQ(shown("漢字\x1b[1;3Hx"), "漢x||||");
  EXPECT_EQ(shown("漢字\x1b[1;2H\x1b[P"), " 字||||");
  EXPECT_EQ(shown("a\u0301b"), "áb||||");
}

TEST_F(TerminalTest, LineDrawing) {
  EXPECT_EQ(shown("\x1b(0lqk\x1b(Bq"), "┌─┐q||||");
  EXPECT_EQ(shown("\x1b)0q\x0eq\x0fq"), "q─q||||");
}

TEST_F(TerminalTest, Answers) {
  write("\x1b[2;3H\x1b[6n\x1b[5n\x1b[c");
  EXPECT_EQ(terminal_.answers(), "\x1b[2;3R\x1b[0n\x1b[?62;22c");
  terminal_.clear_answers();
  for (int i = 0; i < 1000; ++i) write("\x1b[6n");
  EXPECT_LE(terminal_.answers().size(), 1024u);
  EXPECT_TRUE(terminal_.answers().ends_with("R"));
}

TEST_F(TerminalTest, ModesThatOthersAskFor) {
  write("\x1b[?1h\x1b[?25l\x1b[?2004h\x1b[4 q\a");
  EXPECT_TRUE(terminal_.key_modes().application_cursor);
  EXPECT_FALSE(terminal_.cursor().visible);
  EXPECT_TRUE(terminal_.bracketed_paste());
  EXPECT_EQ(terminal_.cursor().shape, CursorShape::Underline);
  EXPECT_EQ(terminal_.bells(), 1u);
}

TEST_F(TerminalTest, SwallowsWhatItDoesNotShow) {
  EXPECT_EQ(shown("a\x1b]0;title\ab\x1bP1$q\x1b\\c\x1b_x\x1b\\d"), "abcd||||");
  EXPECT_EQ(shown("\x1b[1;2;3zx\x1b[?99hy\x1b[>5z\x1b[12%&'pz"), "xyz||||");
  EXPECT_EQ(shown("\x1b[3\x18x\x1b[3\x1b[2Cy"), "x  y||||");
  EXPECT_EQ(shown("\x1b[3\nCx"), "|   x|||");  // controls act inside of sequences
}

TEST_F(TerminalTest, AnyCutGivesTheSameScreen) {
  std::string const stream =
      "\x1b[2J\x1b[H漢\x1b[38;2;1;2;3mab\x1b]0;t\x1b\\\x1b[2;2r\x1b(0q\x1b("
      "B\u2502\xff\xe2\x94z\x1b[3;3H\x1b[@";
  std::string const whole = shown(stream);
  for (usize cut = 0; cut <= stream.size(); ++cut) {
    write(
        "\x1b"
        "c");
    write(std::string_view(stream).substr(0, cut));
    write(std::string_view(stream).substr(cut));
    ASSERT_EQ(screen_text(terminal_), whole) << cut;
  }
}

/// A display that only does what the damage says.
class Mirror {
 public:
  explicit Mirror(u16 rows) : rows_(rows) {}
  void update(Terminal& terminal) {
    const ScrolledRows scrolled = terminal.damage().scrolled();
    auto const begin = rows_.begin() + scrolled.top;
    auto const end = rows_.begin() + scrolled.bottom;
    if (scrolled.lines > 0) std::shift_left(begin, end, scrolled.lines);
    if (scrolled.lines < 0) std::shift_right(begin, end, -scrolled.lines);
    for (u16 row = 0; row < rows_.size(); ++row) {
      ColumnSpan const span = terminal.damage().rows()[row];
      rows_[row].resize(terminal.columns());
      for (u16 column = span.first; column < span.last; ++column)
        rows_[row][column] = terminal.row(row)[column];
    }
    terminal.damage().clear();
  }
  bool shows(const Terminal& terminal) const {
    for (u16 row = 0; row < rows_.size(); ++row)
      if (!std::ranges::equal(rows_[row], terminal.row(row))) return false;
    return true;
  }

 private:
  std::vector<std::vector<Cell>> rows_;
};

TEST_F(TerminalTest, DamageIsSmall) {
  write("\x1b[2J");
  terminal_.damage().clear();
  write("\x1b[2;3Hab");
  for (u16 row = 0; row < 4; ++row)
    EXPECT_EQ(terminal_.damage().rows()[row], row == 1 ? (ColumnSpan{2, 4}) : ColumnSpan{}) << row;
  terminal_.damage().clear();
  write("\x1b[4;1H\r\n");
  EXPECT_EQ(terminal_.damage().scrolled(), (ScrolledRows{0, 4, 1}));
  EXPECT_TRUE(terminal_.damage().rows()[0].empty());
  EXPECT_EQ(terminal_.damage().rows()[3], (ColumnSpan{0, 10}));
}

TEST_F(TerminalTest, DamageTellsTheWholeChange) {
  std::mt19937 random(4711);
  std::vector<std::string> const pieces{"a",
                                        "bc",
                                        "漢",
                                        "\r\n",
                                        "\n",
                                        "\x1bM",
                                        "\x1b[L",
                                        "\x1b[2M",
                                        "\x1b[S",
                                        "\x1b[2T",
                                        "\x1b[2;3r",
                                        "\x1b[r",
                                        "\x1b[H",
                                        "\x1b[3;4H",
                                        "\x1b[@",
                                        "\x1b[2P",
                                        "\x1b[K",
                                        "\x1b[1J",
                                        "\x1b[4h",
                                        "\x1b[4l",
                                        "\x1b[7m",
                                        "\x1b[?1049h",
                                        "\x1b[?1049l",
                                        "\x1b[X",
                                        "\x1b[41m",
                                        "\x1b[2;4r",
                                        "\x1b[9S",
                                        "0123456789",
                                        "\x1b[1K",
                                        "\x1b"
                                        "7",
                                        "\x1b"
                                        "8"};
  Mirror mirror(terminal_.rows());
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes;
    for (unsigned count = 1 + random() % 6; count > 0; --count)
      bytes += pieces[random() % pieces.size()];
    write(bytes);
    mirror.update(terminal_);
    ASSERT_TRUE(mirror.shows(terminal_)) << round << " " << testing::PrintToString(bytes);
  }
}

TEST(Terminal, OutOfMemoryIsAValue) {
  auto const failures = test::fail_each_allocation([] {
    auto terminal = Terminal::create(10, 4);
    if (terminal) {
      terminal->write("text\x1b[?1049hmore");
    } else {
      EXPECT_EQ(terminal.error(), TerminalError::Kind::OutOfMemory);
    }
  });
  EXPECT_GE(failures, 6u);
}

TEST(Terminal, TheSmallestIsATerminalToo) {
  Terminal terminal = *Terminal::create(1, 1);
  terminal.write("漢ab\n\t\x1b[2;5H\x1b[L\x1b[M\x1b[P\x1b[@\x1b[S\x1b[T\x1b[4h漢x\x1bM\x1b[Z");
  EXPECT_EQ(terminal.row(0)[0].codepoint, U' ');
}

}  // namespace
}  // namespace nacre::text
