#include "lib/shell/parser.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "tests/support/failing_allocator.hpp"

namespace nacre::shell {
namespace {

std::string shown(const List& list);

/// Quoted literals in quotes, expansions as `$name` with what is done in braces.
std::string shown(std::span<const WordPart> parts) {
  std::string text;
  for (const WordPart& part : parts) {
    std::string const quote = part.is_quoted ? "'" : "";
    std::string const operand = shown(std::span(part.operand.data(), part.operand.size()));
    switch (part.kind) {
      case WordPart::Kind::Literal: text += quote + std::string(part.text.view()) + quote; break;
      case WordPart::Kind::Parameter:
        text += quote + "$" + std::string(part.text.view());
        if (part.form != ParameterForm::Value)
          text += "{" + std::to_string(int(part.form)) + (part.empty_is_unset ? ":" : "") +
                  operand + "}";
        text += quote;
        break;
      case WordPart::Kind::Commands:
        text += quote + "$(" + shown(*part.commands) + ")" + quote;
        break;
      case WordPart::Kind::Arithmetic: text += quote + "$((" + operand + "))" + quote; break;
    }
  }
  return text;
}
std::string shown(const Word& word) {
  return "[" + shown(std::span(word.parts.data(), word.parts.size())) + "]";
}

std::string shown(const Command& command) {
  std::string text;
  if (const auto* simple = std::get_if<SimpleCommand>(&command.form)) {
    for (const auto& one : simple->assignments)
      text += std::string(one.name.view()) + "=" + shown(one.value);
    for (const Word& word : simple->words) text += shown(word);
  } else if (const auto* group = std::get_if<GroupCommand>(&command.form)) {
    text +=
        (group->is_subshell ? "(" : "{") + shown(group->body) + (group->is_subshell ? ")" : "}");
  } else if (const auto* one = std::get_if<IfCommand>(&command.form)) {
    for (const auto& branch : one->branches)
      text += "if(" + shown(branch.condition) + ")(" + shown(branch.body) + ")";
    text += "else(" + shown(one->otherwise) + ")";
  } else if (const auto* loop = std::get_if<LoopCommand>(&command.form)) {
    text += (loop->until ? "until(" : "while(") + shown(loop->condition) + ")(" +
            shown(loop->body) + ")";
  } else if (const auto* each = std::get_if<ForCommand>(&command.form)) {
    text += "for " + std::string(each->variable.view()) + (each->over_arguments ? "@" : "");
    for (const Word& word : each->words) text += shown(word);
    text += "(" + shown(each->body) + ")";
  } else if (const auto* cases = std::get_if<CaseCommand>(&command.form)) {
    text += "case" + shown(cases->subject);
    for (const auto& item : cases->items) {
      for (const Word& word : item.patterns) text += "|" + shown(word);
      text += "(" + shown(item.body) + ")";
    }
  } else {
    const auto& function = std::get<FunctionDefinition>(command.form);
    text += std::string(function.name.view()) + "()" + shown(*function.body);
  }
  for (const Redirection& redirection : command.redirections) {
    text +=
        " " + std::to_string(redirection.descriptor) + "<" + std::to_string(int(redirection.kind));
    text += redirection.document ? shown(redirection.document->body) : shown(redirection.target);
  }
  return text;
}

std::string shown(const List& list) {
  std::string text;
  for (const auto& item : list.items) {
    for (const auto& one : item->items) {
      text += one.join == AndOrList::Join::And ? "&&" : one.join == AndOrList::Join::Or ? "||" : "";
      text += one.pipeline.is_negated ? "!" : "";
      text += std::array{"", "time", "time-p"}[static_cast<usize>(one.pipeline.timing)];
      for (const Command& command : one.pipeline.commands)
        text += (&command == one.pipeline.commands.begin() ? "" : "|") + shown(command);
    }
    text += item->is_background ? "&" : ";";
  }
  return text;
}

/// All complete commands, or the error as "kind@offset".
std::string parsed(std::string_view text, const Aliases* aliases = nullptr) {
  Parser parser(text, {.aliases = aliases});
  std::string all;
  for (;;) {
    auto const command = parser.next();
    if (!command) {
      base::String message;
      base::StringSink sink(message);
      base::format_to(sink, "{}", command.error());
      return all + std::string(message.view()) + "@" + std::to_string(command.error().offset) +
             (command.error().is_incomplete ? "..." : "");
    }
    if (!*command) return all;
    all += shown(**command) + "\n";
  }
}

TEST(ParserTest, Lists) {
  EXPECT_EQ(parsed(""), "");
  EXPECT_EQ(parsed(" # nothing\n\n"), "");
  EXPECT_EQ(parsed("a; b & c"), "[a];[b]&[c];\n");
  EXPECT_EQ(parsed("a\nb"), "[a];\n[b];\n");
  EXPECT_EQ(parsed("a && b ||\n ! c | d"), "[a]&&[b]||![c]|[d];\n");
  EXPECT_EQ(parsed("x=1 y=$z a b=c"), "x=[1]y=[$z][a][b=c];\n");
  EXPECT_EQ(parsed("a\\\nb"), "[ab];\n");
  EXPECT_EQ(parsed("a#b #c"), "[a#b];\n");
}

TEST(ParserTest, Time) {
  EXPECT_EQ(parsed("time a -b | c"), "time[a][-b]|[c];\n");
  EXPECT_EQ(parsed("time -p a | c"), "time-p[a]|[c];\n");
  EXPECT_EQ(parsed("time -p { a; }; ! time ! b"), "time-p{[a];};time[b];\n");
  EXPECT_EQ(parsed("time -p time a"), "time-p[a];\n");
  EXPECT_EQ(parsed("time --help | c; time -pq a"), "[time][--help]|[c];[time][-pq][a];\n");
  EXPECT_EQ(parsed("time -x & time '-p'"), "[time][-x]&time['-p'];\n");
  EXPECT_EQ(parsed("\\time a; 'time' -p b"), "['t'ime][a];['time'][-p][b];\n");
  EXPECT_EQ(parsed("time -p -- a; time -- b"), "time-p[a];[time][--][b];\n");
  EXPECT_EQ(parsed("time\n(time -p)"), "[time];\n([time][-p];);\n");
  EXPECT_EQ(parsed("time && time | time"), "[time]&&[time]|[time];\n");
}

TEST(ParserTest, Words) {
  EXPECT_EQ(parsed("'a b'\"c\"\\d''"), "['a bcd'''];\n");
  EXPECT_EQ(parsed("\"$a\" $a ${a} $1 ${12} $12 $? $@ $- $$"),
            "['$a'][$a][$a][$1][$12][$12][$?][$@][$-][$$];\n");
  EXPECT_EQ(parsed("$ a$ \"$\" $="), "[$][a$]['$'][$=];\n");
  EXPECT_EQ(parsed("${a:-b c} ${a-'x}'} ${#a} ${#} ${#-1} ${a##*/} ${a%\"$b\"}"),
            "[$a{2:b c}][$a{2'x}'}][$a{1}][$#][$#{21}][$a{9*/}][$a{6'$b'}];\n");
  EXPECT_EQ(parsed("\"${a:-'b' \\} \"c\"}\""), "['$a{2:''b' } c'}'];\n");
  EXPECT_EQ(parsed("$(a; b) `c \\`d\\`` \"$(e \"f\")\""),
            "[$([a];[b];)][$([c][$([d];)];)]['$([e]['f'];)'];\n");
  EXPECT_EQ(parsed("$((1 + (2))) $((a); b)"), "[$(('1 + (2)'))][$(([a];);[b];)];\n");
}

TEST(ParserTest, CompoundCommands) {
  EXPECT_EQ(parsed("if a; then b; elif c; then d; else e; fi"),
            "if([a];)([b];)if([c];)([d];)else([e];);\n");
  EXPECT_EQ(parsed("while a\ndo b\ndone | c"), "while([a];)([b];)|[c];\n");
  EXPECT_EQ(parsed("until a; do b; done"), "until([a];)([b];);\n");
  EXPECT_EQ(parsed("for i in 1 $x; do a; done"), "for i[1][$x]([a];);\n");
  EXPECT_EQ(parsed("for i\ndo a; done; for i; do b; done"), "for i@([a];);for i@([b];);\n");
  EXPECT_EQ(parsed("case $x in (a|b) c;; *) esac"), "case[$x]|[a]|[b]([c];)|[*]();\n");
  EXPECT_EQ(parsed("case x in esac"), "case[x];\n");
  EXPECT_EQ(parsed("f() { a; } 2>b; (c) &"), "f(){[a];} 2<1[b];([c];)&\n");
  EXPECT_EQ(parsed("{ a; }; echo { } if"), "{[a];};[echo][{][}][if];\n");
}

TEST(ParserTest, Redirections) {
  EXPECT_EQ(parsed("a <b >c 2>>d 3<>e >|f >&2 2>&- 5<&0"),
            "[a] 0<0[b] 1<1[c] 2<3[d] 3<4[e] 1<2[f] 1<5[2] 2<5[-] 5<5[0];\n");
  EXPECT_EQ(parsed("a 2 >b"), "[a][2] 1<1[b];\n");
  EXPECT_EQ(parsed("cat <<A <<-'B'; c\n$x \\$y\nA\n\t$z\n\tB\nd"),
            "[cat] 0<6['$x'' $y\n'] 0<6['$z\n'];[c];\n[d];\n");
}

TEST(ParserTest, Errors) {
  EXPECT_EQ(parsed("a\n'b"), "[a];\nthis quote is not closed@2...");
  EXPECT_EQ(parsed("\"$(a"), "this substitution is not closed@1...");
  EXPECT_EQ(parsed("${a"), "this substitution is not closed@0...");
  EXPECT_EQ(parsed("${}"), "this is no substitution@0");
  EXPECT_EQ(parsed("a &&"), "a command is missing here@4...");
  EXPECT_EQ(parsed("a | | b"), "a command is missing here@4");
  EXPECT_EQ(parsed("a )"), "this cannot stand here@2");
  EXPECT_EQ(parsed("fi"), "this cannot stand here@0");
  EXPECT_EQ(parsed("a;;"), "this cannot stand here@1");
  EXPECT_EQ(parsed("if a; fi"), "\"then\" is missing here@6");
  EXPECT_EQ(parsed("if a; then b"), "\"fi\" is missing here@12...");
  EXPECT_EQ(parsed("if then"), "a command is missing here@3");
  EXPECT_EQ(parsed("for 1 in a; do b; done"), "the name of a variable is missing here@4");
  EXPECT_EQ(parsed("a >"), "the name of a file is missing here@3...");
  EXPECT_EQ(parsed("a 12>b"), "only 0 to 9 can be redirected@2");
  EXPECT_EQ(parsed("f() a"), "a command is missing here@4");
  EXPECT_EQ(parsed(std::string_view("a\0b", 3)), "a NUL character@1");
}

TEST(ParserTest, NestingHasALimit) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "(";
  EXPECT_EQ(parsed(deep), "too many commands in commands@40");
  std::string words;
  for (int i = 0; i < 100'000; ++i) words += "${a:-";
  EXPECT_TRUE(parsed(words).starts_with("too many commands in commands@"));
  std::string substitutions;
  for (int i = 0; i < 100'000; ++i) substitutions += "$((";
  EXPECT_TRUE(parsed(substitutions).starts_with("too many commands in commands@"));
}

TEST(ParserTest, Aliases) {
  Aliases aliases;
  auto const define = [&](std::string_view name, std::string_view text) {
    ASSERT_TRUE((*aliases.find_or_add(name))->assign(text));
  };
  define("ll", "ls -l");
  define("ls", "ls -F");
  define("again", "again");
  define("with ", "x");
  define("sudo", "do_it ");
  define("loop", "while");
  EXPECT_EQ(parsed("ll a; again; echo ll; \\ll", &aliases),
            "[ls][-F][-l][a];[again];[echo][ll];['l'l];\n");
  EXPECT_EQ(parsed("sudo ll", &aliases), "[do_it][ls][-F][-l];\n");
  EXPECT_EQ(parsed("loop a; do b; done", &aliases), "while([a];)([b];);\n");
  EXPECT_EQ(parsed("ll a )", &aliases), "this cannot stand here@5");
}

TEST(ParserTest, PositionsCountCharacters) {
  EXPECT_EQ(position_of("ab\n\xc3\xa4x", 5), (TextPosition{2, 2}));
}

TEST(ParserTest, OutOfMemoryIsAValue) {
  Aliases aliases;
  ASSERT_TRUE((*aliases.find_or_add("a"))->assign("b c"));
  auto const failures = nacre::test::fail_each_allocation([&] {
    Parser parser("a; if x; then y <<E | z; fi\n$(q) ${w:-`v`}\nE\nf() { case a in b) c;; esac; }",
                  {.aliases = &aliases});
    for (;;) {
      auto const command = parser.next();
      if (!command) EXPECT_EQ(command.error().kind, SyntaxError::Kind::OutOfMemory);
      if (!command || !*command) break;
    }
  });
  EXPECT_GT(failures, 50u);
}

}  // namespace
}  // namespace nacre::shell
