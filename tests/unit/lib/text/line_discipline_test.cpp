#include "lib/text/line_discipline.hpp"

#include <gtest/gtest.h>
#include <string>

namespace nacre::text {
namespace {

using Delivery = LineDiscipline::Delivery;

class Typed final : public base::Sink {
 public:
  explicit Typed(std::string_view bytes) {
    for (char const byte : bytes) {
      last = discipline.feed(static_cast<u8>(byte), *this);
      if (last == Delivery::Text) delivered += discipline.text();
    }
  }
  void write(std::string_view text) override { echo += text; }

  LineDiscipline discipline;
  std::string delivered;
  std::string echo;
  Delivery last = Delivery::None;
};

TEST(LineDiscipline, DeliversLines) {
  Typed const typed("one\rtwo\nthree");
  EXPECT_EQ(typed.delivered, "one\ntwo\n");
  EXPECT_EQ(typed.echo, "one\r\ntwo\r\nthree");
  EXPECT_EQ(Typed("a\r\nb\r\n\r\n").delivered, "a\nb\n\n");
}

TEST(LineDiscipline, TakesBack) {
  EXPECT_EQ(Typed("abc\x7f\bx\r").delivered, "ax\n");
  EXPECT_EQ(Typed("abc\x7f").echo, "abc\b \b");
  EXPECT_EQ(Typed("a漢\x7f").echo, "a漢\b \b\b \b");
  EXPECT_EQ(Typed("a漢\x7f\r").delivered, "a\n");
  EXPECT_EQ(Typed("one two  \x17three\r").delivered, "one three\n");
  EXPECT_EQ(Typed("one\x15two\r").delivered, "two\n");
  EXPECT_EQ(Typed("\x7f\x15\x17x\r").delivered, "x\n");
  EXPECT_EQ(Typed("\x1b\x7f").echo, "^[\b \b\b \b");
}

TEST(LineDiscipline, EndOfFile) {
  EXPECT_EQ(Typed("\x04").last, Delivery::EndOfFile);
  Typed const typed("ab\x04");
  EXPECT_EQ(typed.last, Delivery::Text);
  EXPECT_EQ(typed.delivered, "ab");
  EXPECT_EQ(Typed("ab\x04\x04").last, Delivery::EndOfFile);
}

TEST(LineDiscipline, ALineHasALimit) {
  Typed const typed(std::string(5000, 'x') + "\r");
  EXPECT_EQ(typed.delivered, std::string(LineDiscipline::max_size, 'x') + "\n");
  EXPECT_TRUE(typed.echo.ends_with("\a\r\n"));
}

}  // namespace
}  // namespace nacre::text
