#include "lib/text/floating_point.hpp"

#include <array>
#include <bit>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <gtest/gtest.h>
#include <limits>
#include <string>

#include "lib/base/string.hpp"
#include "tests/support/random.hpp"

namespace nacre::text {
namespace {

std::string written(double value, const FloatFormat& format) {
  base::String text;
  base::StringSink sink(text);
  write_floating_point(sink, value, format);
  return std::string(text.view());
}

/// The host's own library is the other opinion.
void expect_as_host(double value) {
  for (int const precision : {0, 1, 6, 17, 40}) {
    for (bool const is_alternative : {false, true}) {
      auto const expect = [&](FloatStyle style, const char* pattern) {
        std::array<char, 1000> theirs;
        std::snprintf(theirs.data(), theirs.size(), pattern, precision, value);
        EXPECT_EQ(
            written(value, {style, static_cast<base::usize>(precision), false, is_alternative}),
            theirs.data())
            << precision;
      };
      expect(FloatStyle::Fixed, is_alternative ? "%#.*f" : "%.*f");
      expect(FloatStyle::Scientific, is_alternative ? "%#.*e" : "%.*e");
      // Some versions of the host's library forget zeros in the other form.
      if (!is_alternative) expect(FloatStyle::Shortest, "%.*g");
    }
  }
}

TEST(FloatingPointTest, IsWrittenAsTheHostDoes) {
  for (double const value :
       {0.0, 1.0, 0.5, 1.5, 2.5, 0.1, 0.05, 9.5, 99.99999, 123456789.0, 1e22, 1e23, 1e-5, 1e-4,
        999999.5, 0.000099999999, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308})
    expect_as_host(value);
  test::Random random(1);
  for (int i = 0; i < 300; ++i) {
    auto const bits = random.next() & 0x7fffffffffffffff;
    if (bits >> 52 != 0x7ff) expect_as_host(std::bit_cast<double>(bits));
  }
}

TEST(FloatingPointTest, KeepsZerosIfAsked) {
  EXPECT_EQ(written(999999.5, {FloatStyle::Shortest, 6, false, true}), "1.00000e+06");
  EXPECT_EQ(written(0.5, {FloatStyle::Shortest, 3, false, true}), "0.500");
}

TEST(FloatingPointTest, WhatIsNoNumber) {
  EXPECT_EQ(written(std::numeric_limits<double>::infinity(), {}), "inf");
  EXPECT_EQ(written(std::numeric_limits<double>::quiet_NaN(), {.is_upper = true}), "NAN");
}

void expect_parsed(const std::string& text) {
  char* end = nullptr;
  double const theirs = std::strtod(text.c_str(), &end);
  ParsedNumber const ours = parse_floating_point(text);
  EXPECT_EQ(std::bit_cast<base::u64>(ours.value), std::bit_cast<base::u64>(theirs)) << text;
  EXPECT_EQ(ours.size, static_cast<base::usize>(end - text.c_str())) << text;
}

TEST(FloatingPointTest, IsReadAsTheHostDoes) {
  for (const char* const text : {"0",
                                 "-0",
                                 "1",
                                 "+1.",
                                 ".5",
                                 "1e",
                                 "1e+",
                                 "1e5x",
                                 "-1.25e-3",
                                 "",
                                 ".",
                                 "-",
                                 "x",
                                 "1e400",
                                 "1e-400",
                                 "4.9e-324",
                                 "2.4703282292062327e-324",
                                 "2.4703282292062328e-324",
                                 "1.7976931348623158e308",
                                 "1.7976931348623159e308",
                                 "9007199254740993",
                                 "inf",
                                 "-Infinity",
                                 "0.000000000000000000000000000000000000000000001e45",
                                 "8.5e-1e1"})
    expect_parsed(text);
  expect_parsed("0." + std::string(5000, '0') + "1e5001");
  expect_parsed("1" + std::string(900, '0') + "1e-900");
  expect_parsed("9007199254740993" + std::string(1000, '0') + "1e-1001");
  test::Random random(2);
  for (int i = 0; i < 2000; ++i) {
    std::string text;
    for (auto count = random.next() % 25 + 1; count > 0; --count)
      text += static_cast<char>('0' + random.next() % 10);
    text.insert(random.next() % text.size(), ".");
    text += "e" + std::to_string(static_cast<int>(random.next() % 700) - 350);
    expect_parsed(text);
  }
}

}  // namespace
}  // namespace nacre::text
