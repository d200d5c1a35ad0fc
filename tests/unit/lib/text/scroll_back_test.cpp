#include "lib/text/scroll_back.hpp"

#include <deque>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <vector>

#include "lib/text/terminal.hpp"
#include "tests/support/failing_allocator.hpp"

namespace nacre::text {
namespace {

std::vector<Cell> cells(std::string_view text, usize width) {
  std::vector<Cell> row(width);
  for (usize i = 0; i < text.size(); ++i) row[i].codepoint = static_cast<char32_t>(text[i]);
  return row;
}

std::string text_of(std::span<const Cell> row) {
  std::string text;
  for (const Cell& cell : row) text += static_cast<char>(cell.codepoint);
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

TEST(ScrollBack, KeepsTheNewestRowsInOrder) {
  auto kept = *ScrollBack::create(1000, 3);
  for (std::string_view const text : {"one", "two", "", "four"}) kept.push(cells(text, 10));
  ASSERT_EQ(kept.size(), 3u);
  EXPECT_EQ(text_of(kept[0]), "two");
  EXPECT_EQ(text_of(kept[1]), "");
  EXPECT_EQ(text_of(kept[2]), "four");
  kept.clear();
  EXPECT_EQ(kept.size(), 0u);
}

TEST(ScrollBack, BlanksAtTheEndTakeNoRoom) {
  auto kept = *ScrollBack::create(10, 100);
  for (int i = 0; i < 5; ++i) kept.push(cells("ab", 80));
  EXPECT_EQ(kept.size(), 5u);
  kept.push(cells("0123456789", 80));
  EXPECT_EQ(kept.size(), 1u);
}

TEST(ScrollBack, ARowThatIsTooLongIsNotKept) {
  auto kept = *ScrollBack::create(4, 100);
  kept.push(cells("ab", 10));
  kept.push(cells("01234", 10));
  EXPECT_EQ(kept.size(), 1u);
}

TEST(ScrollBack, WithoutMemoryThereIsNone) {
  ScrollBack none;
  none.push(cells("ab", 10));
  EXPECT_EQ(none.size(), 0u);
  EXPECT_EQ(test::fail_each_allocation([] {
              auto kept = ScrollBack::create(10, 10);
              if (kept) kept->push(cells("ab", 10));
            }),
            2u);
}

TEST(ScrollBack, RowsOfAllLengthsAreWhatWasPushed) {
  std::mt19937 random(5);
  auto kept = *ScrollBack::create(97, 20);
  std::deque<std::string> pushed;
  for (int round = 0; round < 20'000; ++round) {
    std::string const text(random() % 30, static_cast<char>('a' + random() % 26));
    kept.push(cells(text, 30));
    pushed.push_back(text);
    if (pushed.size() > 20) pushed.pop_front();
    ASSERT_GE(kept.size(), 1u);
    ASSERT_LE(kept.size(), pushed.size());
    for (usize i = 0; i < kept.size(); ++i)
      ASSERT_EQ(text_of(kept[kept.size() - 1 - i]), pushed[pushed.size() - 1 - i]) << round;
  }
}

class TerminalViewTest : public testing::Test {
 protected:
  TerminalViewTest() { EXPECT_TRUE(terminal_.keep_scroll_back(1000, 5)); }
  std::string seen() const {
    std::string text;
    for (u16 row = 0; row < terminal_.rows(); ++row)
      text += text_of(terminal_.visible_row(row)) + "|";
    return text;
  }

  Terminal terminal_ = *Terminal::create(10, 3);
};

TEST_F(TerminalViewTest, LooksBackAndComesBack) {
  terminal_.write("1\r\n2\r\n3\r\n4\r\n5");
  EXPECT_EQ(seen(), "3|4|5|");
  terminal_.scroll_view(1);
  EXPECT_EQ(seen(), "2|3|4|");
  EXPECT_FALSE(terminal_.cursor().visible);
  terminal_.scroll_view(100);
  EXPECT_EQ(terminal_.view_offset(), 2u);
  EXPECT_EQ(seen(), "1|2|3|");
  terminal_.scroll_view(-1);
  EXPECT_EQ(seen(), "2|3|4|");
  terminal_.leave_scroll_back();
  EXPECT_EQ(seen(), "3|4|5|");
  EXPECT_TRUE(terminal_.cursor().visible);
}

TEST_F(TerminalViewTest, TheViewStaysWhileOutputComes) {
  terminal_.write("1\r\n2\r\n3\r\n4\r\n5");
  terminal_.scroll_view(2);
  terminal_.write("\r\n6\r\n7");
  EXPECT_EQ(seen(), "1|2|3|");
  terminal_.write("\r\n8\r\n9");  // Of five rows that are kept, the first is gone.
  EXPECT_EQ(seen(), "2|3|4|");
}

TEST_F(TerminalViewTest, WhatChangesWhileLookingBackIsAllDamage) {
  terminal_.write("1\r\n2\r\n3\r\n4\r\n5");
  terminal_.damage().clear();
  terminal_.scroll_view(1);
  EXPECT_EQ(terminal_.damage().rows()[0], (ColumnSpan{0, 10}));
  terminal_.damage().clear();
  terminal_.write("x");
  EXPECT_EQ(terminal_.damage().rows()[0], (ColumnSpan{0, 10}));
}

TEST_F(TerminalViewTest, RegionsAndTheAlternateScreenLeaveNothing) {
  terminal_.write("\x1b[2;3r\x1b[3;1Ha\nb\nc\n");
  EXPECT_EQ(terminal_.scroll_back().size(), 0u);
  terminal_.write("\x1b[r\x1b[?1049h\x1b[3;1H\n\n\n");
  EXPECT_EQ(terminal_.scroll_back().size(), 0u);
  terminal_.write("\x1b[?1049l\x1b[3;1H\n");
  EXPECT_EQ(terminal_.scroll_back().size(), 1u);
  terminal_.write("\x1b[3J");
  EXPECT_EQ(terminal_.scroll_back().size(), 0u);
}

TEST_F(TerminalViewTest, ResizingKeepsTheCursorAndWhatIsAboveIt) {
  terminal_.write("1\r\n2\r\n345678");
  ASSERT_TRUE(terminal_.resize(4, 2));
  EXPECT_EQ(seen(), "2|3456|");
  EXPECT_EQ(terminal_.scroll_back().size(), 1u);
  EXPECT_EQ(terminal_.cursor().row, 1);
  EXPECT_EQ(terminal_.cursor().column, 3);
  ASSERT_TRUE(terminal_.resize(20, 4));
  EXPECT_EQ(seen(), "2|3456|||");
  terminal_.write("\r\t\tx\x1b[4;20Hy");
  EXPECT_EQ(seen(), "2|3456            x||                   y|");
  EXPECT_EQ(terminal_.resize(0, 4).error(), TerminalError::Kind::BadSize);
}

TEST_F(TerminalViewTest, ResizingLeavesNoHalfOfAWideCharacter) {
  terminal_.write("ab漢");
  ASSERT_TRUE(terminal_.resize(3, 3));
  EXPECT_EQ(terminal_.row(0)[2], Cell{});
  terminal_.write("\x1b[?1049h\x1b[3;3Hx");
  ASSERT_TRUE(terminal_.resize(2, 1));
  terminal_.write("\x1b[?1049l\x1b[4;4Hy");
  EXPECT_EQ(terminal_.cursor().row, 0);
}

TEST(Terminal, ResizingWithoutMemoryChangesNothing) {
  Terminal terminal = *Terminal::create(10, 3);
  terminal.write("abc");
  EXPECT_GE(test::fail_each_allocation([&] {
              if (terminal.columns() == 20) return;
              if (!terminal.resize(20, 5)) {
                EXPECT_EQ(terminal.columns(), 10);
                EXPECT_EQ(terminal.damage().rows().size(), 3u);
                terminal.write("\x1b[2;9H\tx");
              }
            }),
            6u);
  EXPECT_EQ(terminal.columns(), 20);
}

}  // namespace
}  // namespace nacre::text
