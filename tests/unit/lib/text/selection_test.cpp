#include "lib/text/selection.hpp"

#include <gtest/gtest.h>
#include <string>

#include "tests/support/failing_allocator.hpp"

namespace nacre::text {
namespace {

class SelectionTest : public testing::Test {
 protected:
  SelectionTest() { EXPECT_TRUE(terminal_.keep_scroll_back(200, 10)); }

  std::string copied() const { return std::string(selection_.copy(terminal_)->view()); }
  /// What a drag from one cell to another copies.
  std::string dragged(CellPlace from, CellPlace to, SelectionUnit unit = SelectionUnit::Character) {
    selection_.start(terminal_, from, unit);
    selection_.extend(terminal_, to);
    return copied();
  }
  std::string clicked(CellPlace at, SelectionUnit unit) {
    selection_.start(terminal_, at, unit);
    return copied();
  }
  void write(std::string_view bytes) {
    terminal_.write(bytes);
    selection_.forget_if_changed(terminal_);
  }

  Terminal terminal_ = *Terminal::create(10, 4);
  Selection selection_;
};

TEST_F(SelectionTest, APressSelectsNothingAndADragBothEnds) {
  write("abcdef");
  EXPECT_EQ(clicked({0, 1}, SelectionUnit::Character), "");
  EXPECT_TRUE(selection_.has_begun());
  EXPECT_EQ(dragged({0, 1}, {0, 3}), "bcd");
  EXPECT_EQ(dragged({0, 3}, {0, 1}), "bcd") << "in either direction";
  EXPECT_EQ(dragged({0, 2}, {0, 2}), "c");
  EXPECT_EQ(selection_.columns_in(terminal_, 0), (ColumnSpan{2, 3}));
  EXPECT_TRUE(selection_.columns_in(terminal_, 1).empty());
  selection_.clear();
  selection_.extend(terminal_, {0, 3});
  EXPECT_TRUE(selection_.empty()) << "it had not begun";
}

TEST_F(SelectionTest, RowsEndWithLineFeedsAndWithoutBlanks) {
  write("one\r\n two  x\r\n\r\nfour");
  EXPECT_EQ(dragged({0, 1}, {3, 1}), "ne\n two  x\n\nfo");
  EXPECT_EQ(selection_.columns_in(terminal_, 0), (ColumnSpan{1, 10}));
  EXPECT_EQ(selection_.columns_in(terminal_, 1), (ColumnSpan{0, 10}));
  EXPECT_EQ(selection_.columns_in(terminal_, 3), (ColumnSpan{0, 2}));
  EXPECT_EQ(dragged({1, 0}, {1, 5}), " two  ") << "blanks that were selected";
  EXPECT_EQ(dragged({1, 3}, {1, 9}), "o  x");
}

TEST_F(SelectionTest, RowsThatGoOnAreJoined) {
  write("0123456789abc d\r\nnext");
  EXPECT_EQ(dragged({0, 8}, {2, 1}), "89abc d\nne");
  EXPECT_EQ(clicked({1, 0}, SelectionUnit::Line), "0123456789abc d");
  write("\x1b[H\x1b[2J0123456789\r\nabc");
  EXPECT_EQ(dragged({0, 8}, {1, 1}), "89\nab") << "a full row that somebody ended";
}

TEST_F(SelectionTest, Words) {
  write("cp /a/b-c_d x;(y)");
  EXPECT_EQ(clicked({0, 5}, SelectionUnit::Word), "/a/b-c_");
  write("\r\n'it is' éü");
  EXPECT_EQ(clicked({2, 1}, SelectionUnit::Word), "it");
  EXPECT_EQ(clicked({2, 3}, SelectionUnit::Word), " ");
  EXPECT_EQ(clicked({2, 8}, SelectionUnit::Word), "éü");
  EXPECT_EQ(dragged({2, 5}, {2, 1}, SelectionUnit::Word), "it is");
  EXPECT_EQ(dragged({2, 1}, {2, 8}, SelectionUnit::Word), "it is' éü");
  EXPECT_EQ(clicked({3, 2}, SelectionUnit::Word), "") << "where nothing was written";
}

TEST_F(SelectionTest, LinesGrowByLines) {
  write("one\r\ntwo\r\nthree");
  EXPECT_EQ(clicked({1, 9}, SelectionUnit::Line), "two");
  EXPECT_EQ(dragged({1, 1}, {2, 0}, SelectionUnit::Line), "two\nthree");
  EXPECT_EQ(dragged({1, 1}, {0, 5}, SelectionUnit::Line), "one\ntwo");
}

TEST_F(SelectionTest, WideCharactersAreSelectedWhole) {
  write("a界b");
  EXPECT_EQ(dragged({0, 2}, {0, 3}), "界b");
  EXPECT_EQ(dragged({0, 0}, {0, 1}), "a界");
  EXPECT_EQ(selection_.columns_in(terminal_, 0), (ColumnSpan{0, 3}));
}

TEST_F(SelectionTest, StaysWithItsTextWhenThatScrolls) {
  write("one\r\ntwo\r\nthree");
  EXPECT_EQ(dragged({0, 0}, {1, 2}), "one\ntwo");
  write("\r\n4\r\n5");
  EXPECT_EQ(selection_.columns_in(terminal_, 0), (ColumnSpan{0, 3})) << "the second row of it";
  EXPECT_EQ(copied(), "one\ntwo");
  write("\r\n6");
  EXPECT_TRUE(selection_.columns_in(terminal_, 0).empty());
  terminal_.scroll_view(2);
  EXPECT_EQ(selection_.columns_in(terminal_, 0), (ColumnSpan{0, 10}));
  EXPECT_EQ(dragged({1, 1}, {2, 1}), "wo\nth") << "begun where it is looked back to";
}

TEST_F(SelectionTest, GoesWhenItsTextChanges) {
  write("one\r\ntwo");
  for (std::string_view const change : {"\x1b[1;2HX", "\x1b[1;1H\x1b[K", "\x1b[?1049h",
                                        "\x1b[H\x1b[L", "\x1b[2J", "\x1b[1;1H\x1b[P"}) {
    write(
        "\x1b"
        "c"
        "one\r\ntwo");
    EXPECT_EQ(dragged({0, 0}, {0, 2}), "one");
    write("\x1b[2;2Hxyz\x1b[31m");
    EXPECT_FALSE(selection_.empty()) << "beside it";
    write(change);
    EXPECT_TRUE(selection_.empty()) << change;
    EXPECT_FALSE(selection_.has_begun());
  }
}

TEST_F(SelectionTest, GoesWhenItsTextIsForgotten) {
  write("one\r\ntwo\r\nthree\r\nfour\r\nfive");
  terminal_.scroll_view(1);
  EXPECT_EQ(dragged({0, 0}, {0, 2}), "one");
  write("\x1b[3J");
  EXPECT_TRUE(selection_.empty());
  EXPECT_EQ(dragged({0, 0}, {0, 2}), "two");
  for (int i = 0; i < 20; ++i) write("\r\nmore");
  EXPECT_TRUE(selection_.empty()) << "there is room for ten rows";
}

TEST_F(SelectionTest, GoesWhenTheTerminalGetsAnotherWidth) {
  write("one");
  EXPECT_EQ(dragged({0, 0}, {0, 2}), "one");
  ASSERT_TRUE(terminal_.resize(8, 4));
  selection_.forget_if_changed(terminal_);
  EXPECT_TRUE(selection_.empty());
}

TEST_F(SelectionTest, OutOfMemoryIsAnError) {
  write("0123456789 and more, and\r\nmore");
  dragged({0, 0}, {3, 3});
  std::string const whole = copied();
  EXPECT_GE(nacre::test::fail_each_allocation([&] {
              auto const copy = selection_.copy(terminal_);
              if (copy) EXPECT_EQ(copy->view(), whole);
            }),
            1u);
}

}  // namespace
}  // namespace nacre::text
