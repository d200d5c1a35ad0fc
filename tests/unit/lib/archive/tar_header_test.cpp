#include "lib/archive/tar_header.hpp"

#include <gtest/gtest.h>
#include <string>

#include "tests/support/tar_builder.hpp"

namespace nacre::archive {
namespace {

using test::TarBuilder;

std::optional<i64> parse(const std::string& field) {
  std::vector<u8> const bytes(field.begin(), field.end());
  return parse_number(bytes);
}

TEST(TarHeader, ReadsNumbersHoweverTheyAreFilled) {
  for (u64 const value : {u64{0}, u64{1}, u64{07}, u64{0644}, u64{01234567}, u64{07777777}}) {
    for (const std::string& end : {std::string(1, '\0'), std::string(" ")}) {
      EXPECT_EQ(parse(TarBuilder::octal(value, 7) + end), value);
      EXPECT_EQ(parse(TarBuilder::octal(value, 11) + end), value);
      EXPECT_EQ(parse("  " + TarBuilder::octal(value, 9) + end), value);
    }
    EXPECT_EQ(parse(TarBuilder::octal(value, 8)), value);
    EXPECT_EQ(parse(TarBuilder::octal(value, 12)), value);
    EXPECT_EQ(parse(TarBuilder::octal(value, 7) + std::string("\0junk", 5)), value);
  }
  EXPECT_EQ(parse("12345670123 "), i64{012345670123});
  EXPECT_EQ(parse("777777777777"), i64{0777777777777});
}

TEST(TarHeader, EveryByteThatIsNoDigitMakesNoNumber) {
  for (const std::string& field : {std::string("1234567\0", 8), std::string("12345671234\0", 12)}) {
    for (usize at = 0; at + 1 < field.size(); ++at) {
      for (char const bad : {'8', '9', '/', ':', 'p', '\x7f', '\x01', '\xb1'}) {
        std::string broken = field;
        broken[at] = bad;
        if (at == 0 && bad == '\xb1') continue;  // a number of another kind
        EXPECT_FALSE(parse(broken)) << at << " " << bad;
      }
    }
  }
}

TEST(TarHeader, ReadsBase256) {
  for (i64 const value : {i64{0}, i64{1}, i64{-1}, i64{-256}, INT64_MAX, INT64_MIN})
    EXPECT_EQ(parse(TarBuilder::base256(value, 12)), value);
  EXPECT_EQ(parse(TarBuilder::base256(0x12'3456'7890, 8)), 0x12'3456'7890);
  EXPECT_FALSE(parse("\x80" + std::string(2, '\0') + "\x01" + std::string(8, '\0')));
  EXPECT_FALSE(parse(std::string("\xff\xff\xff\xff\x7f") + std::string(7, '\xff')));
}

}  // namespace
}  // namespace nacre::archive
