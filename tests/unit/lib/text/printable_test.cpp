#include "lib/text/printable.hpp"

#include <gtest/gtest.h>

namespace nacre::text {
namespace {

std::string shown(std::string_view name, usize most = SIZE_MAX) {
  return std::string(base::FixedText<200>("{}", Printable{name, most}).view());
}

TEST(PrintableTest, ShowsTextAsItIs) {
  EXPECT_EQ(shown(""), "");
  EXPECT_EQ(shown("a b~"), "a b~");
  EXPECT_EQ(shown("größer 漢"), "größer 漢");
}

TEST(PrintableTest, NothingInANameCommandsATerminal) {
  EXPECT_EQ(shown("a\x1b[31m\n\r\b\x7f"), "a?[31m????");
  EXPECT_EQ(shown("\u009b2J"), "?2J");  // one code point that begins a command
  EXPECT_EQ(shown("\x9b\xff"
                  "a\xc3"),
            "??a?");  // no UTF-8
  EXPECT_EQ(shown(std::string_view("a\0b", 3)), "a?b");
}

TEST(PrintableTest, ALongNameIsCutBetweenCodePoints) {
  EXPECT_EQ(shown("abc", 3), "abc");
  EXPECT_EQ(shown("abcd", 3), "abc...");
  EXPECT_EQ(shown("äöüß", 3), "äöü...");
}

}  // namespace
}  // namespace nacre::text
