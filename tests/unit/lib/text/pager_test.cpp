#include "lib/text/pager.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <vector>

#include "lib/text/terminal.hpp"
#include "lib/text/theme.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tests/unit/lib/text/row_text.hpp"

namespace nacre::text {
namespace {

using test::row_text;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view up = "\x1b[A";
constexpr std::string_view down = "\x1b[B";
constexpr std::string_view right = "\x1b[C";
constexpr std::string_view left = "\x1b[D";
constexpr std::string_view page_up = "\x1b[5~";
constexpr std::string_view page_down = "\x1b[6~";
constexpr std::string_view home = "\x1b[H";
constexpr std::string_view end = "\x1b[F";

std::string numbers(int from, int to) {
  std::string text;
  for (int i = from; i <= to; ++i) text += std::to_string(i) + "\n";
  return text;
}

/// A pager on a small screen, and somebody who brings it what it needs.
class PagerTest : public testing::Test {
 protected:
  /// A screen with `rows` rows for text and one for words.
  void open(std::string_view text, Pager::Options options = {}, u16 columns = 40, u16 rows = 4) {
    terminal_.emplace(*Terminal::create(columns, static_cast<u16>(rows + 1)));
    pager_.emplace("name", options);
    pager_->resize(columns, static_cast<u16>(rows + 1));
    text_ = text;
    is_endless_ = false;
    settle();
  }
  /// As long as the pager goes on without a key.
  void settle() {
    for (;;) {
      switch (pager_->pursue()) {
        case Pager::Need::Key: return;
        case Pager::Need::Turn: ++turns_; break;
        case Pager::Need::Text:
          if (text_.empty() && is_endless_) text_ = "more\n";
          if (text_.empty()) {
            pager_->text().end();
          } else {
            ASSERT_TRUE(pager_->text().append(text_.substr(0, piece_)));
            text_.erase(0, piece_);
          }
      }
    }
  }
  Pager::Wish type(std::string_view keys) {
    auto wish = Pager::Wish::Nothing;
    for (char const key : keys) {
      wish = pager_->feed(static_cast<u8>(key));
      settle();
    }
    return wish;
  }
  std::vector<std::string> rows() {
    draw();
    std::vector<std::string> shown;
    for (u16 row = 0; row + 1 < terminal_->rows(); ++row)
      shown.push_back(row_text(*terminal_, row));
    return shown;
  }
  /// The first row once these keys were typed.
  std::string top(std::string_view keys) {
    type(keys);
    return rows()[0];
  }
  std::string words() {
    draw();
    return row_text(*terminal_, static_cast<u16>(terminal_->rows() - 1));
  }
  void draw() {
    base::String drawn;
    base::StringSink sink(drawn);
    pager_->draw(sink);
    terminal_->write(drawn);
  }
  /// The text of a row that is in other colours.
  std::string marked(u16 row) {
    draw();
    std::string text;
    for (const Cell& cell : terminal_->row(row))
      if (cell.background != Cell{}.background) text += encode_utf8(cell.codepoint).view();
    return text;
  }

  std::optional<Terminal> terminal_;
  std::optional<Pager> pager_;
  std::string text_;
  bool is_endless_ = false;
  usize piece_ = 7;
  int turns_ = 0;
};

TEST_F(PagerTest, ShowsAPageAndAsksForNoMore) {
  open(numbers(1, 100));
  EXPECT_THAT(rows(), ElementsAre("1", "2", "3", "4"));
  EXPECT_EQ(words(), " name  1-4");
  EXPECT_GT(text_.size(), 200u) << "of what is not seen nothing was taken";
  EXPECT_FALSE(pager_->shows_all());
}

TEST_F(PagerTest, WhatFitsIsSeenWhole) {
  open("one\ntwo");
  EXPECT_TRUE(pager_->shows_all());
  EXPECT_THAT(rows(), ElementsAre("one", "two", "~", "~"));
  EXPECT_EQ(words(), " name  1-2 of 2  end");
  type("jjj ");
  EXPECT_THAT(rows(), ElementsAre("one", "two", "~", "~")) << "there is nowhere to go";
  open("");
  EXPECT_TRUE(pager_->shows_all());
  EXPECT_THAT(rows(), ElementsAre("~", "~", "~", "~"));
  EXPECT_EQ(words(), " name  end");
  type("jkGg /x\r?\rn50p");
  EXPECT_THAT(rows(), ElementsAre("~", "~", "~", "~"));
}

TEST_F(PagerTest, Moves) {
  open(numbers(1, 20));
  EXPECT_EQ(top("j"), "2");
  EXPECT_EQ(top("\r"), "3");
  EXPECT_EQ(top(down), "4");
  EXPECT_EQ(top("k"), "3");
  EXPECT_EQ(top(up), "2");
  EXPECT_EQ(top(" "), "6");
  EXPECT_EQ(top(page_down), "10");
  EXPECT_EQ(top(page_up), "6");
  EXPECT_EQ(top("\x1bv"), "2");
  EXPECT_EQ(top("d"), "4");
  EXPECT_EQ(top("\x15"), "2");
  EXPECT_EQ(top("5j"), "7");
  EXPECT_EQ(top("3k"), "4");
  EXPECT_EQ(top("bbb"), "1");
  EXPECT_EQ(top("G"), "17");
  EXPECT_EQ(top("jj "), "17") << "the end stays at the bottom";
  EXPECT_EQ(top("g"), "1");
  EXPECT_EQ(top(end), "17");
  EXPECT_EQ(top(home), "1");
  EXPECT_EQ(top("9g"), "9");
  EXPECT_EQ(top("12G"), "12");
  EXPECT_EQ(top("99g"), "17");
  EXPECT_EQ(words(), " There are fewer lines");
  EXPECT_EQ(top("0p"), "1");
  EXPECT_EQ(top("50p"), "12");
  EXPECT_EQ(top("100p"), "17");
  EXPECT_EQ(top("99999999999999999999k"), "1");
}

TEST_F(PagerTest, LongLinesAreFolded) {
  open("0123456789abcdefghijklmnopqrstuvwxyz\nend\n", {}, 10);
  EXPECT_THAT(rows(), ElementsAre("0123456789", "abcdefghij", "klmnopqrst", "uvwxyz"));
  type("j");
  EXPECT_THAT(rows(), ElementsAre("abcdefghij", "klmnopqrst", "uvwxyz", "end"));
  terminal_.emplace(*Terminal::create(20, 5));
  pager_->resize(20, 5);
  settle();
  EXPECT_THAT(rows(), ElementsAre("0123456789abcdefghij", "klmnopqrstuvwxyz", "end", "~"));
}

TEST_F(PagerTest, LongLinesAreChoppedAndScrolled) {
  open("0123456789abcdefghij\n漢字漢字漢字\nend\n", {.chops_lines = true}, 10);
  EXPECT_THAT(rows(), ElementsAre("012345678>", "漢字漢字 >", "end", "~"));
  type(right);
  EXPECT_THAT(rows(), ElementsAre("56789abcd>", " 字漢字", "", "~"));
  type("1");
  type(right);
  EXPECT_THAT(rows(), ElementsAre("6789abcde>", "字漢字", "", "~"));
  type("100");
  type(left);
  EXPECT_THAT(rows(), ElementsAre("012345678>", "漢字漢字 >", "end", "~"));
  type("-S");
  EXPECT_THAT(rows(), ElementsAre("0123456789", "abcdefghij", "漢字漢字漢", "字"));
  type(right);
  EXPECT_THAT(words(), StartsWith(" Lines ar"));
}

TEST_F(PagerTest, LinesAreNumbered) {
  open("0123456789abcdef\nend\n", {.numbers_lines = true}, 20);
  EXPECT_THAT(rows(), ElementsAre("      1 0123456789ab", "        cdef", "      2 end", "~"));
  type("-N");
  EXPECT_THAT(rows(), ElementsAre("0123456789abcdef", "end", "~", "~"));
  EXPECT_EQ(pager_->options(), Pager::Options{});
  open("012345\n", {.numbers_lines = true}, 8);
  EXPECT_EQ(rows()[0], "012345") << "there is no room for them";
}

TEST_F(PagerTest, LooksForPatterns) {
  open(numbers(1, 200));
  EXPECT_EQ(top("/[37]5$\r"), "35");
  EXPECT_EQ(marked(0), "35");
  EXPECT_EQ(marked(1), "");
  EXPECT_EQ(top("n"), "75");
  EXPECT_EQ(top("N"), "35");
  EXPECT_EQ(top("N"), "35");
  EXPECT_THAT(words(), HasSubstr("Not found"));
  EXPECT_EQ(top("/\r"), "75") << "the same again";
  EXPECT_EQ(top("?^1\r"), "19");
  EXPECT_EQ(top("n"), "18");
  EXPECT_EQ(top("N"), "19");
  EXPECT_EQ(top("/nowhere\r"), "19");
  EXPECT_THAT(words(), HasSubstr("Not found"));
  EXPECT_EQ(top("/(\r"), "19");
  EXPECT_THAT(words(), Not(HasSubstr("name"))) << "says what is wrong";
  EXPECT_EQ(top("/199\r"), "197") << "the end stays at the bottom";
  EXPECT_EQ(marked(2), "199");
  EXPECT_EQ(top("n"), "197");
  EXPECT_THAT(words(), HasSubstr("Not found"));
}

TEST_F(PagerTest, PatternsAreTypedLikeLines) {
  open("Äpfel\nBirnen\nx\ny\nz\nbirnen\n");
  type("/b\xc3\xa4\x7f\x7f");
  EXPECT_EQ(words(), "/");
  type("ir");
  EXPECT_EQ(words(), "/ir");
  type("\x15q");
  EXPECT_EQ(words(), "/q") << "no key but a letter";
  type("\x03");
  EXPECT_THAT(words(), StartsWith(" name"));
  type("/birnen\r");
  EXPECT_EQ(rows()[0], "x");
  type("g-i/birnen\r");
  EXPECT_EQ(rows()[0], "Birnen");
  type("/" + std::string(1000, 'x') + "\x7f\x7f");
  EXPECT_EQ(type("\r"), Pager::Wish::Nothing);
  EXPECT_THAT(words(), HasSubstr("Not found"));
}

TEST_F(PagerTest, APatternInAFoldedLineIsSeen) {
  open(std::string(25, '-') + "here" + std::string(60, '-') + "\nend\n", {}, 10);
  pager_->search("he+re");
  settle();
  EXPECT_EQ(rows()[0], "-----here-");
  EXPECT_EQ(marked(0), "here");
  pager_->search(std::string(1000, 'x'));
  settle();
  EXPECT_THAT(words(), StartsWith(" The patt"));
}

TEST_F(PagerTest, WhatIsNoTextCommandsNothing) {
  open("\x1b[2J\x1b[31mred\x07\n\xff\n");
  EXPECT_THAT(rows(), ElementsAre("^[[2J^[[31mred^G", "<FF>", "~", "~"));
}

TEST_F(PagerTest, EndlessTextsAreReadUntilTheyAreStopped) {
  open("");
  pager_.emplace("name", Pager::Options{});
  pager_->resize(20, 5);
  is_endless_ = true;
  settle();
  EXPECT_THAT(rows(), ElementsAre("more", "more", "more", "more"));
  EXPECT_EQ(pager_->feed('G'), Pager::Wish::Nothing);
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(pager_->pursue(), Pager::Need::Text);
    ASSERT_TRUE(pager_->text().append("more\n"));
  }
  EXPECT_THAT(words(), HasSubstr("Ctrl-C stops"));
  EXPECT_EQ(pager_->feed(3), Pager::Wish::Nothing);
  EXPECT_EQ(pager_->pursue(), Pager::Need::Key);
  EXPECT_THAT(words(), HasSubstr("Stopped"));
  EXPECT_EQ(rows()[0], "more");
  EXPECT_EQ(pager_->feed(3), Pager::Wish::Nothing);
  EXPECT_THAT(words(), HasSubstr("q quits"));
}

TEST_F(PagerTest, OthersHaveTheirTurnWhileItLooks) {
  piece_ = 10'000;
  std::string const line = std::string(999, '-') + "\n";
  std::string text;
  for (int i = 0; i < 1000; ++i) text += line;
  open(text);
  type("Gg/x\r");
  EXPECT_GE(turns_, 1000 / 64 - 1);
  turns_ = 0;
  type("900j");
  EXPECT_GE(turns_, 4);
}

TEST_F(PagerTest, TellsWhatIsNotItsOwn) {
  open(numbers(1, 9));
  EXPECT_EQ(type("q"), Pager::Wish::Quit);
  EXPECT_EQ(type(":q"), Pager::Wish::Quit);
  EXPECT_EQ(type(":n"), Pager::Wish::NextText);
  EXPECT_EQ(type(":p"), Pager::Wish::PreviousText);
  EXPECT_EQ(type(":x"), Pager::Wish::Nothing);
  EXPECT_EQ(type(":\x03"), Pager::Wish::Nothing);
  EXPECT_EQ(type("/q\r"), Pager::Wish::Nothing);
  type("X");
  EXPECT_THAT(words(), HasSubstr("no such key"));
  type("-x");
  EXPECT_THAT(words(), HasSubstr("no such option"));
  pager_->say("something");
  EXPECT_EQ(words(), " something");
  type("j");
  EXPECT_THAT(words(), StartsWith(" name"));
}

TEST_F(PagerTest, HelpFitsOnTheScreen) {
  open(numbers(1, 9), {}, 80, 23);
  type("h");
  EXPECT_THAT(rows()[1], HasSubstr("a page on"));
  EXPECT_THAT(rows(), testing::Contains(HasSubstr("grep -E")));
  EXPECT_EQ(type("q"), Pager::Wish::Nothing);
  EXPECT_EQ(rows()[0], "1");
  EXPECT_THAT(words(), HasSubstr("h help  q quit"));
}

TEST_F(PagerTest, AnyKeysAndAnyTextAreFine) {
  std::mt19937 random(11);
  constexpr std::string_view likely = "jkdu bfgGpnN/?\r\x03-SNi:0123456789\x1b[C\x1b[D\x7f";
  for (int round = 0; round < 150; ++round) {
    std::string text;
    for (unsigned i = random() % 400; i != 0; --i)
      text += random() % 7 == 0
                  ? '\n'
                  : static_cast<char>(random() % 3 == 0 ? random() : 'a' + random() % 3);
    open(text, {.numbers_lines = random() % 2 == 0, .chops_lines = random() % 2 == 0},
         static_cast<u16>(1 + random() % 30), static_cast<u16>(1 + random() % 6));
    for (int i = 0; i < 60; ++i) {
      char const key =
          random() % 8 == 0 ? static_cast<char>(random()) : likely[random() % likely.size()];
      type({&key, 1});
      if (random() % 20 == 0) {
        auto const columns = static_cast<u16>(1 + random() % 30);
        auto const rows = static_cast<u16>(2 + random() % 6);
        terminal_.emplace(*Terminal::create(columns, rows));
        pager_->resize(columns, rows);
        settle();
      }
      draw();
      ASSERT_LE(pager_->top().line, pager_->text().line_count());
    }
  }
}

TEST_F(PagerTest, WithoutMemoryAPatternIsNotLookedFor) {
  open(numbers(1, 100));
  auto const failures = test::fail_each_allocation([&] { pager_->search("9+"); });
  EXPECT_GE(failures, 1u);
  settle();
  EXPECT_EQ(rows()[0], "9");
}

}  // namespace
}  // namespace nacre::text
