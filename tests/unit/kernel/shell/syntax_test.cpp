#include "kernel/shell/syntax.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "tests/support/failing_allocator.hpp"

namespace nacre::shell {
namespace {

using Kind = SyntaxError::Kind;

std::string show(const Word& word) { return "[" + std::string(expand(word, 7)->view()) + "]"; }

std::string show(const Redirection& redirection) {
  std::string const descriptor = std::to_string(redirection.descriptor);
  switch (redirection.kind) {
    case Redirection::Kind::Input: return descriptor + "<" + show(redirection.target);
    case Redirection::Kind::Output: return descriptor + ">" + show(redirection.target);
    case Redirection::Kind::Append: return descriptor + ">>" + show(redirection.target);
    case Redirection::Kind::Duplicate: break;
  }
  return descriptor + ">&" + std::to_string(redirection.source);
}

/// A script in one canonical form: words in brackets, operators between them.
std::string show(const Script& script) {
  std::string text;
  for (const AndOrList& list : script.lists) {
    for (const AndOrList::Item& item : list.items) {
      if (item.join == AndOrList::Join::And) text += "&&";
      if (item.join == AndOrList::Join::Or) text += "||";
      if (item.pipeline.negated) text += "!";
      if (item.pipeline.timed) text += "time ";
      for (const Command& command : item.pipeline.commands) {
        if (&command != item.pipeline.commands.begin()) text += "|";
        for (const Word& word : command.words) text += show(word);
        for (const Redirection& redirection : command.redirections) text += show(redirection);
      }
    }
    text += list.background ? "&" : ";";
  }
  return text;
}

std::string parsed(std::string_view text) {
  auto const script = parse(text);
  return script ? show(*script) : "error";
}

void expect_error(std::string_view text, Kind kind, usize offset) {
  auto const script = parse(text);
  ASSERT_FALSE(script) << text;
  EXPECT_EQ(script.error().kind, kind) << text;
  EXPECT_EQ(script.error().offset, offset) << text;
}

TEST(ShellSyntax, WordsAndLists) {
  EXPECT_EQ(parsed(""), "");
  EXPECT_EQ(parsed(" \t\n\n "), "");
  EXPECT_EQ(parsed("ls -l  /bin"), "[ls][-l][/bin];");
  EXPECT_EQ(parsed("a;b ; c;"), "[a];[b];[c];");
  EXPECT_EQ(parsed("a\nb\r\n\nc"), "[a];[b];[c];");
  EXPECT_EQ(parsed("a && b||c;d"), "[a]&&[b]||[c];[d];");
  EXPECT_EQ(parsed("a &&\n\n b"), "[a]&&[b];");
  EXPECT_EQ(parsed("a & b&"), "[a]&[b]&");
  EXPECT_EQ(parsed("a&&b&c"), "[a]&&[b]&[c];");
}

TEST(ShellSyntax, Quoting) {
  EXPECT_EQ(parsed("echo 'a  b' \"c  d\" e\\ \\ f"), "[echo][a  b][c  d][e  f];");
  EXPECT_EQ(parsed("'' \"\" a''b"), "[][][ab];");
  EXPECT_EQ(parsed("'a\"\\$?;&#'"), "[a\"\\$?;&#];");
  EXPECT_EQ(parsed("\"a'\\\"\\\\\\$\\`\\n\""), "[a'\"\\$`\\n];");
  EXPECT_EQ(parsed("a\\;b\\&\\#\\'"), "[a;b&#'];");
  EXPECT_EQ(parsed("one\\\ntwo \"three\\\nfour\" \\\n five"), "[onetwo][threefour][five];");
  EXPECT_EQ(parsed("a\\"), "[a\\];");
  EXPECT_EQ(parsed("'a\nb'"), "[a\nb];");
}

TEST(ShellSyntax, Comments) {
  EXPECT_EQ(parsed("# only this"), "");
  EXPECT_EQ(parsed("a # b ; c\nd"), "[a];[d];");
  EXPECT_EQ(parsed("a#b '#' \\#"), "[a#b][#][#];");
}

TEST(ShellSyntax, LastStatus) {
  EXPECT_EQ(parsed("echo $? a$?b \"$?\" '$?' \\$?"), "[echo][7][a7b][7][$?][$?];");
  EXPECT_EQ(parsed("echo $ a$ \"$\" $."), "[echo][$][a$][$][$.];");
}

TEST(ShellSyntax, Pipelines) {
  EXPECT_EQ(parsed("a|b c | d"), "[a]|[b][c]|[d];");
  EXPECT_EQ(parsed("a |\n\n b && c|d &"), "[a]|[b]&&[c]|[d]&");
  EXPECT_EQ(parsed("a || b | c"), "[a]||[b]|[c];");
  EXPECT_EQ(parsed("! a | b && ! c"), "![a]|[b]&&![c];");
  EXPECT_EQ(parsed("! ! a; !a; '!' a; a !"), "[a];[!a];[!][a];[a][!];");
  EXPECT_EQ(parsed("time a | b; ! time a; 'time' b; timex"),
            "time [a]|[b];!time [a];[time][b];[timex];");
}

TEST(ShellSyntax, Redirections) {
  EXPECT_EQ(parsed("a <b >c"), "[a]0<[b]1>[c];");
  EXPECT_EQ(parsed("a>b<c"), "[a]1>[b]0<[c];");
  EXPECT_EQ(parsed("a >>b 2> c 2>>d"), "[a]1>>[b]2>[c]2>>[d];");
  EXPECT_EQ(parsed("a >b 2>&1 >&2 <&0 1>& 0"),
            "[a]1>[b]2>&1"
            "1>&2"
            "0>&0"
            "1>&0;");
  EXPECT_EQ(parsed(">b a >|c"), "[a]1>[b]1>[c];");
  EXPECT_EQ(parsed("> 'a b'$?"), "1>[a b7];");
  EXPECT_EQ(parsed("a2>b 2 >c '2'>d"), "[a2][2][2]1>[b]1>[c]1>[d];");
  EXPECT_EQ(parsed("a <b|c >d&&e"), "[a]0<[b]|[c]1>[d]&&[e];");
}

TEST(ShellSyntax, ListsKnowTheirText) {
  std::string_view const text = "  a 'b' | c  &  # x\n d >&2 ; e &&\n f>g ;";
  auto const script = parse(text);
  ASSERT_TRUE(script);
  std::vector<std::string_view> lists;
  for (const AndOrList& list : script->lists) lists.push_back(text.substr(list.offset, list.size));
  EXPECT_EQ(lists, (std::vector<std::string_view>{"a 'b' | c", "d >&2", "e &&\n f>g"}));
}

TEST(ShellSyntax, ErrorsSayWhere) {
  expect_error("echo 'a b", Kind::UnclosedQuote, 5);
  expect_error("echo \"a\\\"", Kind::UnclosedQuote, 5);
  expect_error("; a", Kind::MissingCommand, 0);
  expect_error("a ;; b", Kind::MissingCommand, 3);
  expect_error("a && ", Kind::MissingCommand, 5);
  expect_error("a && && b", Kind::MissingCommand, 5);
  expect_error("a && # b", Kind::MissingCommand, 8);
  expect_error("|| b", Kind::MissingCommand, 0);
  expect_error("& b", Kind::MissingCommand, 0);
  expect_error("a | ", Kind::MissingCommand, 4);
  expect_error("a | | b", Kind::MissingCommand, 4);
  expect_error("| b", Kind::MissingCommand, 0);
  expect_error("!", Kind::MissingCommand, 1);
  expect_error("a > ", Kind::MissingTarget, 4);
  expect_error("a >; b", Kind::MissingTarget, 3);
  expect_error("a > > b", Kind::MissingTarget, 4);
  expect_error("a 3>b", Kind::BadDescriptor, 2);
  expect_error("a 99999999999999999999>b", Kind::BadDescriptor, 2);
  expect_error("a 2>&3", Kind::BadDescriptor, 5);
  expect_error("a 2>&x", Kind::BadDescriptor, 5);
  expect_error("a 2>&1x", Kind::BadDescriptor, 2);
  expect_error("a 2>&-", Kind::NotSupported, 5);
  expect_error("a << b", Kind::NotSupported, 2);
  expect_error("a <> b", Kind::NotSupported, 2);
  expect_error("a | (b)", Kind::NotSupported, 4);
  expect_error("(a)", Kind::NotSupported, 0);
  expect_error("echo $HOME", Kind::NotSupported, 5);
  expect_error("echo \"x${a}\"", Kind::NotSupported, 7);
  expect_error("echo `a`", Kind::NotSupported, 5);
  expect_error(std::string_view("a \0b", 4), Kind::InvalidCharacter, 2);
  expect_error(std::string_view("a '\0'", 5), Kind::InvalidCharacter, 3);
  EXPECT_EQ(position_of("ab\ncä'", 6), (TextPosition{2, 3}));
  EXPECT_EQ(position_of("", 0), (TextPosition{1, 1}));
}

TEST(ShellSyntax, LongScriptsAreFine) {
  std::string const word(1'000'000, 'x');
  EXPECT_EQ(parsed(word), "[" + word + "];");
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += "a&&";
  EXPECT_EQ(parsed(many + "a").size(), 3u * 10'001 + 2u * 10'000 + 1);
}

TEST(ShellSyntax, OutOfMemoryIsAValue) {
  auto const failures = test::fail_each_allocation([] {
    auto const script = parse("echo 'a b' $? && x || ! y >p 2>&1 | q; z &");
    if (!script) {
      EXPECT_EQ(script.error().kind, Kind::OutOfMemory);
      return;
    }
    static_cast<void>(expand(script->lists[0].items[0].pipeline.commands[0].words[2], 12));
  });
  EXPECT_GT(failures, 15u);
}

}  // namespace
}  // namespace nacre::shell
