#include "lib/text/paged_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <vector>

#include "tests/support/failing_allocator.hpp"

namespace nacre::text {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

PagedText text_of(std::string_view bytes) {
  PagedText text;
  EXPECT_TRUE(text.append(bytes));
  text.end();
  return text;
}

/// The rows of a text, each as it is shown.
std::vector<std::string> rows_of(const PagedText& text, const PagedText::Layout& layout) {
  std::vector<std::string> rows;
  for (PagedText::Place row; row.line < text.line_count();) {
    PagedText::Place const next = text.row_after(row, layout);
    std::string_view const line = text.line(row.line);
    usize const end = next.line == row.line ? next.offset : line.size();
    std::string shown;
    usize column = 0;
    for (usize at = row.offset; at < end;) {
      auto const character = PagedText::shown(line, at, column);
      shown += character.view();
      column += character.columns;
      at += character.size;
    }
    rows.push_back(shown);
    row = next;
  }
  return rows;
}

TEST(PagedText, LinesComeInAnyPieces) {
  PagedText text;
  for (char const byte : std::string_view("one\n\ntwo\nthr")) ASSERT_TRUE(text.append({&byte, 1}));
  EXPECT_EQ(text.line_count(), 3u) << "the last one may go on";
  EXPECT_FALSE(text.has_ended());
  text.end();
  text.end();
  EXPECT_TRUE(text.has_ended());
  ASSERT_EQ(text.line_count(), 4u);
  EXPECT_EQ(text.line(0), "one");
  EXPECT_EQ(text.line(1), "");
  EXPECT_EQ(text.line(2), "two");
  EXPECT_EQ(text.line(3), "thr");
  EXPECT_EQ(text.offset_of(0), 0u);
  EXPECT_EQ(text.offset_of(2), 5u);
  EXPECT_EQ(text.offset_of(4), 12u);
  EXPECT_EQ(text_of("").line_count(), 0u);
  EXPECT_EQ(text_of("a\n").line(0), "a");
  EXPECT_EQ(text_of("a").line(0), "a");
}

TEST(PagedText, LongLinesGoOnInTheNextRow) {
  PagedText const text = text_of("abcdefgh\n\nabcdefghi\n");
  EXPECT_THAT(rows_of(text, {.columns = 4}), ElementsAre("abcd", "efgh", "", "abcd", "efgh", "i"));
  EXPECT_THAT(rows_of(text, {.columns = 4, .chops = true}),
              ElementsAre("abcdefgh", "", "abcdefghi"));
  EXPECT_THAT(rows_of(text_of(""), {.columns = 4}), IsEmpty());
}

TEST(PagedText, WhatIsNoTextIsShownToo) {
  EXPECT_THAT(rows_of(text_of("a\tb\x01\x7f\xff\xc3"), {.columns = 80}),
              ElementsAre("a       b^A^?<FF><C3>"));
  EXPECT_THAT(rows_of(text_of("\x1b[31m\r\xc2\x85\xef\xbf\xbd"), {.columns = 80}),
              ElementsAre("^[[31m^M<C2><85>\xef\xbf\xbd"));
  EXPECT_THAT(rows_of(text_of("漢字漢"), {.columns = 5}), ElementsAre("漢字", "漢"));
  EXPECT_THAT(rows_of(text_of("漢a"), {.columns = 1}), ElementsAre("漢", "a"))
      << "what is wider than the screen has a row";
  EXPECT_THAT(rows_of(text_of("ae\xcc\x81z"), {.columns = 2}), ElementsAre("ae\xcc\x81", "z"))
      << "a mark stays with its letter";
}

TEST(PagedText, GoesBackTheWayItCame) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::string bytes;
    for (unsigned i = random() % 300; i != 0; --i)
      bytes += random() % 9 == 0   ? "\n"
               : random() % 9 == 0 ? "漢"
                                   : std::string(1, static_cast<char>(random()));
    PagedText const text = text_of(bytes);
    PagedText::Layout const layout{.columns = static_cast<u16>(1 + random() % 20),
                                   .chops = random() % 4 == 0};
    std::vector<PagedText::Place> rows;
    for (PagedText::Place row; row.line < text.line_count(); row = text.row_after(row, layout))
      rows.push_back(row);
    PagedText::Place place{text.line_count(), 0};
    while (!rows.empty()) {
      auto const before = text.row_before(place, layout);
      ASSERT_TRUE(before);
      ASSERT_EQ(*before, rows.back());
      ASSERT_EQ(text.row_of(*before, layout), *before);
      place = *before;
      rows.pop_back();
    }
    ASSERT_FALSE(text.row_before(place, layout));
  }
}

TEST(PagedText, StaysAsItWasWithoutMemory) {
  PagedText text;
  ASSERT_TRUE(text.append("one\ntw"));
  std::string const more = std::string(5000, 'x') + std::string(300, '\n');
  {
    test::FailingAllocations const none(0);
    EXPECT_FALSE(text.append(more));
    text.end();
  }
  ASSERT_EQ(text.line_count(), 2u);
  EXPECT_EQ(text.line(1), "tw");
  auto const failures = test::fail_each_allocation([&] {
    PagedText other;
    bool const added = other.append(more).has_value();
    other.end();
    EXPECT_EQ(other.size(), added ? more.size() : 0u);
    EXPECT_EQ(other.line_count(), added ? 300u : 0u);
  });
  EXPECT_GE(failures, 2u);
}

}  // namespace
}  // namespace nacre::text
