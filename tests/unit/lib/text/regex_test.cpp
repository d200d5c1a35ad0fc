#include "lib/text/regex.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>
#include <regex.h>
#include <string>

#include "tests/support/failing_allocator.hpp"

namespace nacre::text {
namespace {

using Syntax = Regex::Syntax;

/// What is matched, `-` if nothing, or what is wrong with the pattern and where.
std::string find(std::string_view pattern, std::string_view text, Regex::Options options,
                 usize from = 0) {
  auto regex = Regex::compile(pattern, options);
  if (!regex)
    return "at " + std::to_string(regex.error().offset) + ": " +
           std::string(describe(regex.error().kind));
  auto const match = regex->find(text, from);
  if (!match) return "-";
  return std::to_string(match->start) + ":" + std::string(text.substr(match->start, match->size));
}
std::string basic(std::string_view pattern, std::string_view text) {
  return find(pattern, text, {});
}
std::string extended(std::string_view pattern, std::string_view text) {
  return find(pattern, text, {.syntax = Syntax::Extended});
}

TEST(Regex, BasicExpressions) {
  EXPECT_EQ(basic("b", "abc"), "1:b");
  EXPECT_EQ(basic("", "abc"), "0:");
  EXPECT_EQ(basic("x", "abc"), "-");
  EXPECT_EQ(basic("a*", "baaa"), "0:");
  EXPECT_EQ(basic("aa*", "baaa"), "1:aaa");
  EXPECT_EQ(basic("*a", "b*a"), "1:*a") << "a star that has nothing to repeat";
  EXPECT_EQ(basic("^*a", "*a"), "0:*a");
  EXPECT_EQ(basic("\\(*a\\)", "b*a"), "1:*a");
  EXPECT_EQ(basic("a+?|(){1}", "a+?|(){1}"), "0:a+?|(){1}");
  EXPECT_EQ(basic("a\\{2,3\\}", "aaaa"), "0:aaa");
  EXPECT_EQ(basic("\\(ab\\)*c", "xababc"), "1:ababc");
  EXPECT_EQ(basic("a\\|bc", "xbc"), "1:bc");
  EXPECT_EQ(basic("ba\\+", "baa"), "0:baa");
  EXPECT_EQ(basic("ba\\?c", "bc"), "0:bc");
  EXPECT_EQ(basic("a^b$c", "a^b$c"), "0:a^b$c") << "anchors only at the ends";
  EXPECT_EQ(basic("\\(^a\\)", "ba"), "-");
  EXPECT_EQ(basic("^a\\.b$", "a.b"), "0:a.b");
}

TEST(Regex, ExtendedExpressions) {
  EXPECT_EQ(extended("a|ab|abc", "xabcd"), "1:abc") << "the longest";
  EXPECT_EQ(extended("(a|ab)(c|bcd)", "abcd"), "0:abcd");
  EXPECT_EQ(extended("(a*)+b", "aaab"), "0:aaab");
  EXPECT_EQ(extended("(a*)*", "b"), "0:");
  EXPECT_EQ(extended("(|a)b", "ab"), "0:ab");
  EXPECT_EQ(extended("x{0}y", "xy"), "1:y");
  EXPECT_EQ(extended("(ab){2,}", "xababab"), "1:ababab");
  EXPECT_EQ(extended("a{,2", "a{,2"), "0:a{,2") << "no interval";
  EXPECT_EQ(extended("^$", ""), "0:");
  EXPECT_EQ(extended("a^b", "a^b"), "-");
  EXPECT_EQ(extended("\\(\\)", "()"), "0:()");
}

TEST(Regex, Brackets) {
  EXPECT_EQ(basic("[b-d]*", "dcbe"), "0:dcb");
  EXPECT_EQ(basic("[]a]*", "a]b"), "0:a]");
  EXPECT_EQ(basic("[^]a]", "a]b"), "2:b");
  EXPECT_EQ(basic("[a-]*", "-a-b"), "0:-a-");
  EXPECT_EQ(basic("[[:digit:][:upper:]]*", "A1b"), "0:A1");
  EXPECT_EQ(basic("[[.-.]]", "a-"), "1:-");
  EXPECT_EQ(basic("[[=a=]-c]*", "cba"), "0:cba");
  EXPECT_EQ(basic("[\\n]*", "\\n"), "0:\\n") << "a backslash is a character";
}

TEST(Regex, CharactersAreThoseOfUtf8) {
  EXPECT_EQ(basic("^.$", "é"), "0:é");
  EXPECT_EQ(basic("[à-ï]", "xé"), "1:é");
  EXPECT_EQ(basic("^[^x]$", "€"), "0:€");
  EXPECT_EQ(basic("^..$", "\xc3("), "0:\xc3(") << "a stray byte";
  EXPECT_EQ(basic("\xef\xbf\xbd", "a\x80"), "-") << "it is no replacement character";
  EXPECT_EQ(basic("\xef\xbf\xbd", "a\xef\xbf\xbd"), "1:\xef\xbf\xbd");
}

TEST(Regex, Words) {
  EXPECT_EQ(basic("\\<b", "ab b"), "3:b");
  EXPECT_EQ(basic("a\\>", "ab a"), "3:a");
  EXPECT_EQ(basic("\\bab\\b", "abc ab"), "4:ab");
  EXPECT_EQ(basic("\\w*", "a_1é-"), "0:a_1é");
  EXPECT_EQ(basic("\\W", "ab-"), "2:-");
}

TEST(Regex, CasesOfLettersCanBeIgnored) {
  Regex::Options const options{.ignore_case = true};
  EXPECT_EQ(find("aBc", "xAbC", options), "1:AbC");
  EXPECT_EQ(find("[a-c]*", "AbC", options), "0:AbC");
  EXPECT_EQ(find("[^a]", "AB", options), "1:B");
  EXPECT_EQ(find("[[:upper:]]", "a", options), "0:a");
}

TEST(Regex, FixedTextIsNoExpression) {
  EXPECT_EQ(find("a.*[", "xa.*[", {.syntax = Syntax::Fixed}), "1:a.*[");
  EXPECT_EQ(find("", "x", {.syntax = Syntax::Fixed}), "0:");
}

TEST(Regex, TheNextMatch) {
  EXPECT_EQ(find("a*", "aabaa", {}, 3), "3:aa");
  EXPECT_EQ(find("^a", "aa", {}, 1), "-") << "where it looks from is not where the text begins";
}

TEST(Regex, WrongExpressionsAreToldWithTheirPlace) {
  struct {
    std::string_view pattern;
    RegexError::Kind kind;
    usize offset;
  } const cases[] = {
      {"a(b", RegexError::Kind::UnclosedGroup, 1},
      {"a)", RegexError::Kind::UnopenedGroup, 1},
      {"x[a", RegexError::Kind::UnclosedBracket, 1},
      {"[b-a]", RegexError::Kind::BadRange, 1},
      {"[[:no:]]", RegexError::Kind::BadClass, 1},
      {"a{3,2}", RegexError::Kind::BadInterval, 1},
      {"a{256}", RegexError::Kind::BadInterval, 1},
      {"a{1", RegexError::Kind::BadInterval, 1},
      {"a|*b", RegexError::Kind::NothingToRepeat, 2},
      {"ab\\", RegexError::Kind::TrailingBackslash, 2},
      {"(a)\\1", RegexError::Kind::BackReference, 3},
      {"[[:alpha", RegexError::Kind::UnclosedBracket, 0},
      {"[[.ab.]]", RegexError::Kind::BadClass, 1},
      {"[a-", RegexError::Kind::UnclosedBracket, 0},
      {"(a{200}){200}", RegexError::Kind::TooLarge, 13},
  };
  for (auto const& [pattern, kind, offset] : cases) {
    auto const regex = Regex::compile(pattern, {.syntax = Syntax::Extended});
    ASSERT_FALSE(regex) << pattern;
    EXPECT_EQ(regex.error().kind, kind) << pattern << ": " << describe(regex.error().kind);
    EXPECT_EQ(regex.error().offset, offset) << pattern;
  }
  std::string const deep(Regex::max_depth + 1, '(');
  EXPECT_EQ(Regex::compile(deep, {.syntax = Syntax::Extended}).error().kind,
            RegexError::Kind::TooDeep);
  EXPECT_EQ(basic("\\(a", "a"), "at 0: a group is not closed");
  EXPECT_EQ(basic("a\\)", "a"), "at 1: a group is closed that was not opened");
  EXPECT_EQ(basic("\\{1\\}", "a"), "at 0: there is nothing to repeat");
}

TEST(Regex, NothingTakesForEver) {
  std::string const text(2000, 'a');
  EXPECT_EQ(extended("(a*)*(a*)*(a|aa)*b", text), "-");
}

TEST(Regex, EveryFailedAllocationIsAValue) {
  nacre::test::fail_each_allocation([&] {
    auto regex = Regex::compile("(a|b[c-d]){2,3}x*", {.syntax = Syntax::Extended});
    if (regex)
      EXPECT_TRUE(regex->find("abcx"));
    else
      EXPECT_EQ(regex.error().kind, RegexError::Kind::OutOfMemory);
  });
}

/// An expression of a few characters, with all that the C library has as well.
std::string random_expression(std::mt19937& random, int depth) {
  auto const below = [&](unsigned limit) { return static_cast<unsigned>(random() % limit); };
  std::string text;
  for (unsigned pieces = below(3) + 1; pieces > 0; --pieces) {
    switch (below(depth > 0 ? 9 : 7)) {
      case 0: text += 'b'; break;
      case 1: text += '.'; break;
      case 2: text += "[ab]"; break;
      case 3: text += "[^a]"; break;
      case 7:
      case 8:
        text += '(' + random_expression(random, depth - 1);
        if (below(2) == 0) text += '|' + random_expression(random, depth - 1);
        text += ')';
        break;
      default: text += 'a';
    }
    constexpr std::string_view repetitions[] = {"", "", "", "*", "+", "?", "{2}", "{1,2}"};
    text += repetitions[below(8)];
  }
  return text;
}

TEST(Regex, FindsWhatTheCLibraryFinds) {
  std::mt19937 random(1);
  int found = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string const pattern = random_expression(random, 2);
    std::string text;
    for (auto size = random() % 9; size > 0; --size) text += "abc"[random() % 3];
    regex_t reference;
    ASSERT_EQ(regcomp(&reference, pattern.c_str(), REG_EXTENDED), 0) << pattern;
    regmatch_t match{};
    std::string expected = "-";
    if (regexec(&reference, text.c_str(), 1, &match, 0) == 0) {
      auto const start = static_cast<usize>(match.rm_so);
      expected =
          std::to_string(start) + ":" + text.substr(start, static_cast<usize>(match.rm_eo) - start);
      ++found;
    }
    regfree(&reference);
    EXPECT_EQ(extended(pattern, text), expected) << pattern << " in " << text;
  }
  EXPECT_GT(found, 1000);
}

}  // namespace
}  // namespace nacre::text
