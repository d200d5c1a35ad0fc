#include "lib/text/utf8.hpp"

#include <gtest/gtest.h>
#include <string>

namespace nacre::text {
namespace {

std::u32string decode(std::string_view bytes) {
  std::u32string decoded;
  for_each_codepoint(bytes, [&](char32_t codepoint) { decoded += codepoint; });
  return decoded;
}

TEST(Utf8, DecodesEveryLength) {
  EXPECT_EQ(decode("a\u00e9\u2502\U0001f600"), U"a\u00e9\u2502\U0001f600");
}

TEST(Utf8, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(decode("\xff"), U"\ufffd");
  EXPECT_EQ(decode("\xc0\x80"), U"\ufffd\ufffd");            // overlong
  EXPECT_EQ(decode("\xed\xa0\x80"), U"\ufffd\ufffd\ufffd");  // a surrogate
  EXPECT_EQ(decode("\xf4\x90\x80\x80"), U"\ufffd\ufffd\ufffd\ufffd");
  EXPECT_EQ(decode("\xe2\x82"), U"\ufffd");  // cut off: one for the longest prefix
  EXPECT_EQ(decode("\xe2\x82z"), U"\ufffdz");
  EXPECT_EQ(decode("\xf0\x9f\x98\xe2\x94\x82"), U"\ufffd\u2502");
}

TEST(Utf8, EncodingIsTheInverse) {
  for (char32_t codepoint = 0; codepoint <= 0x10ffff; ++codepoint) {
    if (codepoint == 0xd800) codepoint = 0xe000;
    std::u32string const decoded = decode(encode_utf8(codepoint).view());
    ASSERT_EQ(decoded, std::u32string(1, codepoint));
  }
  EXPECT_EQ(encode_utf8(0x110000).view(), "\xef\xbf\xbd");
}

}  // namespace
}  // namespace nacre::text
