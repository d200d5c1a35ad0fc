#include "lib/shell/arithmetic.hpp"

#include <gtest/gtest.h>
#include <string>

namespace nacre::shell {
namespace {

class ArithmeticTest : public testing::Test {
 protected:
  i64 value(std::string_view expression) {
    auto const result = evaluate(expression, parameters_);
    EXPECT_TRUE(result.has_value()) << expression;
    return result.value_or(-999'999);
  }
  std::string error(std::string_view expression) {
    auto const result = evaluate(expression, parameters_);
    if (result) return "fine";
    base::String text;
    base::StringSink sink(text);
    base::format_to(sink, "{}", result.error());
    return std::string(text.view());
  }
  std::string variable(std::string_view name) {
    return std::string(parameters_.variables.value_or(name, "unset"));
  }

  Parameters parameters_;
};

TEST_F(ArithmeticTest, Operators) {
  EXPECT_EQ(value("1 + 2 * 3 - 4 / 2 % 3"), 5);
  EXPECT_EQ(value("(1 + 2) * -3"), -9);
  EXPECT_EQ(value("1 << 3 | 5 & 6 ^ 1"), 13);
  EXPECT_EQ(value("~0 == -1 && !0"), 1);
  EXPECT_EQ(value("3 > 2 != 2 >= 3"), 1);
  EXPECT_EQ(value("1 ? 2 : 3 ? 4 : 5"), 2);
  EXPECT_EQ(value("1, 2"), 2);
  EXPECT_EQ(value("-7 / 2"), -3);
  EXPECT_EQ(value("-7 % 2"), -1);
  EXPECT_EQ(value("-8 >> 1"), -4);
  EXPECT_EQ(value("0x1f + 010"), 39);
  EXPECT_EQ(value(""), 0);
  EXPECT_EQ(value("9223372036854775807 + 1"), INT64_MIN);
  EXPECT_EQ(value("-9223372036854775808 / -1"), INT64_MIN);
}

TEST_F(ArithmeticTest, Variables) {
  EXPECT_EQ(value("x"), 0);
  EXPECT_EQ(value("x = y = 3"), 3);
  EXPECT_EQ(value("x += y << 1"), 9);
  EXPECT_EQ(variable("x"), "9");
  EXPECT_EQ(value("x++ + ++x"), 20);
  EXPECT_EQ(value("x-- - --x"), 2);
  EXPECT_EQ(value("x <<= 2"), 36);
  EXPECT_EQ(value("0 && (z = 1) || (w = 2)"), 1);
  EXPECT_EQ(variable("z"), "unset") << "what does not count does nothing";
  EXPECT_EQ(variable("w"), "2");
  EXPECT_EQ(value("1 || 1 / 0"), 1);
}

TEST_F(ArithmeticTest, Errors) {
  EXPECT_EQ(error("1 +"), "a value is missing");
  EXPECT_EQ(error("(1"), "a parenthesis is not closed");
  EXPECT_EQ(error("1 2"), "2: this cannot stand here");
  EXPECT_EQ(error("08"), "08: not a number");
  EXPECT_EQ(error("1 / 0"), "division by zero");
  EXPECT_EQ(error("1 ? 2"), "a colon is missing");
  ASSERT_TRUE(parameters_.variables.set("t", "text"));
  EXPECT_EQ(error("t"), "t: its value is not a number");
  ASSERT_TRUE(parameters_.variables.mark_read_only("t"));
  EXPECT_EQ(error("t = 1"), "t: is read only");
  parameters_.options.no_unset = true;
  EXPECT_EQ(error("nothing"), "nothing: parameter not set");
  EXPECT_TRUE(error(std::string(100'000, '(')).ends_with("too many expressions in expressions"));
  EXPECT_TRUE(error(std::string(100'000, '-')).ends_with("too many expressions in expressions"));
}

}  // namespace
}  // namespace nacre::shell
