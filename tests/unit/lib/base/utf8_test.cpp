#include "lib/base/utf8.hpp"

#include <gtest/gtest.h>
#include <string>

namespace nacre::base {
namespace {

TEST(Utf8, AcceptsEverySequenceThatIsOne) {
  for (std::string_view const text :
       {"", "plain text of more than eight bytes", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80",
        "\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(is_utf8(text)) << text;
}

TEST(Utf8, FindsTheFirstThatIsNone) {
  for (std::string_view const bad :
       {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2z", "\xe0\x9f\xbf", "\xed\xa0\x80",
        "\xe1\x80", "\xe1\x80z", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
        "\xf1\x80\x80", "\xff"}) {
    // At every place within and behind the eight bytes that are looked at together.
    for (usize before = 0; before < 20; ++before) {
      std::string text(before, 'a');
      text += bad;
      EXPECT_EQ(find_invalid_utf8(text), before);
      text += "and more text";
      EXPECT_EQ(find_invalid_utf8(text), before);
    }
  }
}

}  // namespace
}  // namespace nacre::base
