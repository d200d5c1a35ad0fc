#include "lib/text/paste.hpp"

#include <gtest/gtest.h>
#include <string>

#include "tests/support/failing_allocator.hpp"

namespace nacre::text {
namespace {

std::string pasted(std::string_view text, bool is_bracketed = false) {
  return std::string(pasted_bytes(text, is_bracketed)->view());
}

TEST(Paste, LinesEndAsTheEnterKeyDoes) {
  EXPECT_EQ(pasted("one\ntwo\r\nthree\r"), "one\rtwo\rthree\r");
  EXPECT_EQ(pasted("a\tb é 界"), "a\tb é 界");
  EXPECT_EQ(pasted(""), "");
}

TEST(Paste, NothingInTheTextIsTakenForAKey) {
  EXPECT_EQ(pasted("a\x03\x1a\x04\x7f"
                   "b\xc2\x9b"
                   "c"),
            "abc");
  EXPECT_EQ(pasted("\xff"), "\uFFFD");
}

TEST(Paste, TheTextCannotEndTheBracket) {
  EXPECT_EQ(pasted("ls\n", true), "\x1b[200~ls\r\x1b[201~");
  EXPECT_EQ(pasted("\x1b[201~rm -r /\n", true), "\x1b[200~[201~rm -r /\r\x1b[201~");
  EXPECT_EQ(pasted("\x1b\x1b[201~[201~\xc2\x9b"
                   "201~",
                   true),
            "\x1b[200~[201~[201~201~\x1b[201~");
}

TEST(Paste, OutOfMemoryIsAnError) {
  EXPECT_GE(nacre::test::fail_each_allocation([] {
              auto const bytes = pasted_bytes("something", true);
              if (bytes) EXPECT_EQ(bytes->view(), "\x1b[200~something\x1b[201~");
            }),
            1u);
}

}  // namespace
}  // namespace nacre::text
