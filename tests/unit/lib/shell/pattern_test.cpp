#include "lib/shell/pattern.hpp"

#include <gtest/gtest.h>
#include <string>

namespace nacre::shell {
namespace {

bool matches(std::string_view pattern, std::string_view text) {
  return Pattern::create(pattern)->matches(text);
}

TEST(PatternTest, Matches) {
  EXPECT_TRUE(matches("", ""));
  EXPECT_FALSE(matches("", "a"));
  EXPECT_TRUE(matches("a*c", "abbc"));
  EXPECT_TRUE(matches("a**c", "ac"));
  EXPECT_FALSE(matches("a*c", "abcd"));
  EXPECT_TRUE(matches("?\\*", "a*"));
  EXPECT_FALSE(matches("\\*", "a"));
  EXPECT_TRUE(matches("?", "\xc3\xa4"));
  EXPECT_TRUE(matches("??", "\xc3\xff")) << "bytes that are no character count as one each";
}

TEST(PatternTest, Sets) {
  EXPECT_TRUE(matches("[a-c]", "b"));
  EXPECT_FALSE(matches("[!a-c]", "b"));
  EXPECT_TRUE(matches("[^a-c]", "d"));
  EXPECT_TRUE(matches("[]a]", "]"));
  EXPECT_TRUE(matches("[a-]", "-"));
  EXPECT_TRUE(matches("[[:digit:]x]", "7"));
  EXPECT_FALSE(matches("[[:upper:]]", "a"));
  EXPECT_TRUE(matches("[\\]]", "]"));
  EXPECT_TRUE(matches("[ab", "[ab")) << "what is not closed is as it is";
  EXPECT_TRUE(matches("[\xc3\xa4-\xc3\xbc]", "\xc3\xb6"));
}

TEST(PatternTest, PrefixesAndSuffixes) {
  using Length = Pattern::Length;
  auto pattern = *Pattern::create("*/");
  EXPECT_EQ(pattern.find_prefix("a/b/c", Length::Shortest), 2u);
  EXPECT_EQ(pattern.find_prefix("a/b/c", Length::Longest), 4u);
  EXPECT_EQ(pattern.find_prefix("abc", Length::Longest), std::nullopt);
  auto suffix = *Pattern::create(".*");
  EXPECT_EQ(suffix.find_suffix("a.b.c", Length::Shortest), 2u);
  EXPECT_EQ(suffix.find_suffix("a.b.c", Length::Longest), 4u);
  auto any = *Pattern::create("?");
  EXPECT_EQ(any.find_suffix("x\xc3\xa4", Length::Shortest), 2u);
}

TEST(PatternTest, TakesNoLongForWhatIsHard) {
  std::string pattern;
  for (int i = 0; i < 50; ++i) pattern += "*a";
  EXPECT_FALSE(matches(pattern + "b", std::string(100'000, 'a')));
}

}  // namespace
}  // namespace nacre::shell
