#include "lib/base/format.hpp"

#include <gtest/gtest.h>

#include "tests/support/failing_allocator.hpp"

namespace nacre::base {
namespace {

struct Point {
  int x, y;
};
void format_value(Sink& sink, const Point& point) { format_to(sink, "({}, {})", point.x, point.y); }

TEST(Format, Integers) {
  EXPECT_EQ(FixedText<64>("{} {} {}", 0, -1, UINT64_MAX).view(), "0 -1 18446744073709551615");
  EXPECT_EQ(FixedText<64>("{} {}", INT64_MIN, u8{7}).view(), "-9223372036854775808 7");
  EXPECT_EQ(FixedText<64>("{:x} {:X} {:#x} {:08x} {:#010x}", 0xbeef, 0xbeef, 1, 0x12, 0xff).view(),
            "beef BEEF 0x1 00000012 0x000000ff");
  EXPECT_EQ(FixedText<64>("{:b} {:#b} {:o}", 5, 5, 8).view(), "101 0b101 10");
  EXPECT_EQ(FixedText<64>("{:05}", -42).view(), "-0042");
}

TEST(Format, WidthFillAndAlignment) {
  EXPECT_EQ(FixedText<64>("[{:5}][{:<5}][{:^5}][{:>5}]", 42, 42, 42, 42).view(),
            "[   42][42   ][ 42  ][   42]");
  EXPECT_EQ(FixedText<64>("[{:5}][{:>5}][{:*^5}]", "ab", "ab", "ab").view(),
            "[ab   ][   ab][*ab**]");
  EXPECT_EQ(FixedText<64>("[{:3}]", "longer").view(), "[longer]");
}

TEST(Format, TextCharactersAndBooleans) {
  EXPECT_EQ(FixedText<64>("{}{}{} {}", 'a', "bc", std::string_view("de"), true).view(),
            "abcde true");
  EXPECT_EQ(FixedText<64>("{:c}{:x}", 65, 'A').view(), "A41");
}

TEST(Format, BracesAreEscapedByDoubling) {
  EXPECT_EQ(FixedText<64>("{{{}}} {{}}", 1).view(), "{1} {}");
  EXPECT_EQ(FixedText<64>("a}}b").view(), "a}b");
}

TEST(Format, OwnTypesAndPointers) {
  EXPECT_EQ(FixedText<64>("{} [{:>8}]", Point{1, 2}, Point{3, 4}).view(), "(1, 2) [  (3, 4)]");
  EXPECT_EQ(FixedText<64>("{}", std::bit_cast<const void*>(u64{0x1000})).view(), "0x1000");
}

TEST(Format, TruncatesAndSaysSo) {
  std::array<char, 4> buffer;
  BufferSink sink(buffer);
  format_to(sink, "{}", 12345);
  EXPECT_EQ(sink.view(), "1234");
  EXPECT_TRUE(sink.truncated());
}

TEST(Format, RunningOutOfMemoryIsAValue) {
  auto const tried = test::fail_each_allocation([] {
    auto const text = format("{:>100}", 1);
    if (text) EXPECT_EQ(text->size(), 100u);
  });
  EXPECT_GE(tried, 1u);
}

}  // namespace
}  // namespace nacre::base
