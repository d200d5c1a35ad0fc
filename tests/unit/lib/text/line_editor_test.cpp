#include "lib/text/line_editor.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <vector>

#include "lib/text/terminal.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tests/unit/lib/text/row_text.hpp"

namespace nacre::text {
namespace {

using test::row_text;

class RecordingSink final : public base::Sink {
 public:
  void write(std::string_view text) override { written += text; }
  std::string written;
};

class LineEditorTest : public testing::Test {
 protected:
  LineEditorTest() { begin(); }
  void begin(std::string_view prompt = "$ ", u16 columns = 20) {
    ASSERT_TRUE(editor_.begin(prompt, columns, sink_));
    sink_.written.clear();
  }
  EditEvent type(std::string_view bytes) {
    sink_.written.clear();
    EditEvent last = EditEvent::None;
    for (char const byte : bytes) last = *editor_.feed(static_cast<u8>(byte), sink_);
    return last;
  }
  std::string enter(std::string_view bytes) {
    begin();
    EXPECT_EQ(type(std::string(bytes) + "\r"), EditEvent::Line);
    return std::string(editor_.line());
  }

  History history_;
  LineEditor editor_{history_};
  RecordingSink sink_;
};

TEST_F(LineEditorTest, ColorsAreWrittenWhereTheyChange) {
  // A line that ends in `!` is red as a whole.
  auto const painter = [](std::string_view line, std::span<u8> colors) {
    if (line.ends_with('!')) std::ranges::fill(colors, u8{31});
  };
  editor_.set_painter(painter);
  type("ab");
  EXPECT_EQ(sink_.written, "ab");
  type("!");
  EXPECT_EQ(sink_.written, "\x1b[2D\x1b[31mab!\x1b[39m");
  type("\x7f");
  EXPECT_EQ(sink_.written, "\b\x1b[J\x1b[2Dab");
  type("!\x1b[D");
  EXPECT_EQ(sink_.written, "\x1b[2D\x1b[31mab!\x1b[39m\b");
  type("\x01x");
  EXPECT_EQ(sink_.written, "\x1b[2D\x1b[J\x1b[31mxab!\x1b[39m\x1b[3D");
  EXPECT_EQ(editor_.line(), "xab!");
}

TEST_F(LineEditorTest, WritesOnlyWhatChanges) {
  type("a");
  EXPECT_EQ(sink_.written, "a");
  type("é");
  EXPECT_EQ(sink_.written, "é");
  type("\x7f");
  EXPECT_EQ(sink_.written, "\b\x1b[J");
  type("bc\x1b[D\x1b[D");
  EXPECT_EQ(sink_.written, "bc\b\b");
  type("x");
  EXPECT_EQ(sink_.written, "\x1b[Jxbc\x1b[2D");
  type("\r");
  EXPECT_EQ(sink_.written, "\x1b[2C\r\n");
  EXPECT_EQ(editor_.line(), "axbc");
}

TEST_F(LineEditorTest, MovesAndErases) {
  EXPECT_EQ(enter("bc\x1b[Ha\x1b[Fd"), "abcd");
  EXPECT_EQ(enter("bc\x01"
                  "a\x05"
                  "d"),
            "abcd");
  EXPECT_EQ(enter("bc\x1bOHa\x1bOFd"), "abcd");
  EXPECT_EQ(enter("bc\x1b[1~a\x1b[4~d"), "abcd");
  EXPECT_EQ(enter("abc\x1b[D\x1b[D\x1b[3~x"), "axc");
  EXPECT_EQ(enter("abc\x02\x02\x04x"), "axc");
  EXPECT_EQ(enter("aä漢\x7f\x7f"
                  "b"),
            "ab");
  EXPECT_EQ(enter("\x7f\x1b[D\x1b[Ca\x1b[C\x1b[3~"), "a");
  EXPECT_EQ(enter("one two\x1b[1;5D\x0b"), "one ");
  EXPECT_EQ(enter("one two\x1b"
                  "b\x15"),
            "two");
  EXPECT_EQ(enter("one two  \x17three"), "one three");
  EXPECT_EQ(enter("one two\x01\x1b"
                  "d"),
            " two");
  EXPECT_EQ(enter("one two\x15\x19\x19"), "one twoone two");
}

TEST_F(LineEditorTest, EndsLines) {
  EXPECT_EQ(type("abc\n"), EditEvent::Line);
  begin();
  EXPECT_EQ(type("\r"), EditEvent::Line);
  begin();
  EXPECT_EQ(type("\n"), EditEvent::None) << "CR LF is one end of line";
  EXPECT_EQ(type("\n"), EditEvent::Line);
  begin();
  EXPECT_EQ(type("\x04"), EditEvent::EndOfInput);
  EXPECT_EQ(type("ab\x03"), EditEvent::Interrupt);
  EXPECT_EQ(sink_.written, "ab^C\r\n");
  EXPECT_EQ(editor_.line(), "");
  begin();
  EXPECT_EQ(type("\t"), EditEvent::Complete);
}

TEST_F(LineEditorTest, SwallowsWhatItDoesNotKnow) {
  EXPECT_EQ(enter("a\x1b[99~b\x1b[?1;2zc\x1bOqd\x1b[1;2Pe\x1bxf\xc2\x80g\x1f"), "abcdefg");
  EXPECT_EQ(enter("a\xff"
                  "b"),
            "a\ufffd"
            "b");
}

TEST_F(LineEditorTest, RecallsHistory) {
  ASSERT_TRUE(history_.add("first"));
  ASSERT_TRUE(history_.add("second"));
  ASSERT_TRUE(history_.add("second"));
  ASSERT_TRUE(history_.add(""));
  EXPECT_EQ(history_.size(), 2u);
  EXPECT_EQ(enter("dra\x1b[A"), "second");
  EXPECT_EQ(enter("dra\x1b[A\x10\x1b[A"), "first");
  EXPECT_EQ(enter("dra\x1b[A\x1b[A\x1b[B\x0e\x1b[Bft"), "draft");
  EXPECT_EQ(enter("\x1b[A!"), "second!");
  EXPECT_EQ(history_[1], "second");
}

TEST(History, IsForgottenWithAllThatItTook) {
  auto const before = test::live_bytes();
  History history;
  for (int i = 0; i < 40; ++i) ASSERT_TRUE(history.add("line " + std::to_string(i)));
  EXPECT_GT(test::live_bytes(), before);
  history.clear();
  EXPECT_EQ(history.size(), 0u);
  EXPECT_EQ(test::live_bytes(), before);
}

TEST(History, TheOldestMakesRoom) {
  History history(2);
  for (std::string_view const line : {"a", "b", "c"}) ASSERT_TRUE(history.add(line));
  ASSERT_EQ(history.size(), 2u);
  EXPECT_EQ(history[0], "b");
  EXPECT_EQ(history[1], "c");
}

TEST_F(LineEditorTest, ALineHasALimit) {
  std::string const full(LineEditor::max_size, 'x');
  type(full);
  type("yä");
  EXPECT_EQ(sink_.written, "\a\a");
  EXPECT_EQ(editor_.line(), full);
}

TEST_F(LineEditorTest, ClearsTheScreen) {
  type("ab\x1b[D\x0c");
  EXPECT_EQ(sink_.written, "ab\b\x1b[H\x1b[2J$ ab\b");
}

TEST_F(LineEditorTest, WhatIsPastedIsTextUntilItEnds) {
  EXPECT_EQ(type("\x1b[200~echo a\rrm -r b\n"), EditEvent::None);
  EXPECT_EQ(editor_.line(), "") << "it is put in whole";
  EXPECT_EQ(type("\x01\x04\tx\x1b[A\x1b[31my\x1b[201"), EditEvent::None);
  EXPECT_EQ(type("~"), EditEvent::None);
  EXPECT_EQ(editor_.line(), "echo a\nrm -r b\n xy");
  EXPECT_EQ(sink_.written, "echo a\r\nrm -r b\r\n xy");
  EXPECT_EQ(type("\x1b[200~z\r\n\x1b[201~"), EditEvent::None);
  EXPECT_EQ(editor_.line(), "echo a\nrm -r b\n xyz") << "without the last line end";
  EXPECT_EQ(type("\r"), EditEvent::Line);
}

TEST_F(LineEditorTest, WhatDoesNotFitIsNotPastedInPart) {
  std::string const fits(LineEditor::max_size - 2, 'x');
  EXPECT_EQ(type("ab\x1b[200~" + fits + "y\x1b[201~"), EditEvent::PasteRefused);
  EXPECT_EQ(editor_.line(), "ab");
  EXPECT_EQ(sink_.written, "ab");
  EXPECT_EQ(type("\x1b[200~" + fits + "\x1b[201~"), EditEvent::None);
  EXPECT_EQ(editor_.line(), "ab" + fits);
}

TEST_F(LineEditorTest, CtrlCEndsAPasteThatIsNotEnded) {
  EXPECT_EQ(type("ab\x1b[200~echo"), EditEvent::None);
  EXPECT_EQ(type("\x03"), EditEvent::Interrupt);
  EXPECT_EQ(enter("c"), "c");
}

/// What shows a line with line feeds in it: the blank tells whether the row before one is full.
std::string in_rows(std::string_view line) {
  std::string text;
  for (char const byte : line)
    if (byte == '\n')
      text += " \r\n";
    else
      text += byte;
  return text;
}

/// What the terminal shows is the prompt and the line, and its cursor is where the line's is.
void expect_shown(const Terminal& terminal, const LineEditor& editor, std::string_view prompt) {
  // Where a terminal of the same size puts the same text, with nothing edited.
  Terminal fresh = *Terminal::create(terminal.columns(), terminal.rows());
  auto const settle = [&](std::string_view text) {
    fresh.write(text);
    fresh.write("\x1b[6n");
  };
  settle(prompt);
  fresh.write(in_rows(editor.line()));
  for (u16 row = 0; row < terminal.rows(); ++row)
    ASSERT_EQ(row_text(terminal, row), row_text(fresh, row)) << editor.line();
  fresh.write("\x1b[H\x1b[2J");
  fresh.write(prompt);
  fresh.write(in_rows(editor.line().substr(0, editor.cursor())));
  CursorState expected = fresh.cursor();
  fresh.write("x\b");  // reveals a pending wrap
  if (fresh.cursor().row != expected.row) expected = fresh.cursor();
  ASSERT_EQ(terminal.cursor().row, expected.row) << editor.line();
  ASSERT_EQ(terminal.cursor().column, expected.column) << editor.line();
}

TEST(LineEditor, RandomEditingShowsTheLine) {
  std::vector<std::string> const pieces{"a",
                                        "bc d",
                                        "漢",
                                        "é",
                                        "\x1b[D",
                                        "\x1b[C",
                                        "\x1b[H",
                                        "\x1b[F",
                                        "\x7f",
                                        "\x1b[3~",
                                        "\x17",
                                        "\x0b",
                                        "\x15",
                                        "\x19",
                                        "\x1b[A",
                                        "\x1b[B",
                                        "\x1b[1;5D",
                                        "\x1b[1;5C",
                                        "longer word",
                                        "\x0c",
                                        "x\xcc\x81",
                                        "\x1b[200~a\n\x1b[201~",
                                        "\x1b[200~for x\ndo y\n\ndone\n\x1b[201~"};
  std::mt19937 random(99);
  for (u16 const columns : {u16{2}, u16{7}, u16{10}, u16{11}}) {
    History history;
    ASSERT_TRUE(history.add("an old line of some size"));
    ASSERT_TRUE(history.add("漢字漢字漢字"));
    std::string const prompt = "\x1b[1;32mab\x1b[0m$ ";
    for (int round = 0; round < 12; ++round) {
      LineEditor editor(history);
      Terminal terminal = *Terminal::create(columns, 120);
      RecordingSink sink;
      ASSERT_TRUE(editor.begin(prompt, columns, sink));
      for (int step = 0; step < 40; ++step) {
        if (editor.line().size() > 100) break;
        for (char const byte : pieces[random() % pieces.size()])
          ASSERT_TRUE(editor.feed(static_cast<u8>(byte), sink));
        terminal.write(sink.written);
        sink.written.clear();
        expect_shown(terminal, editor, prompt);
        if (testing::Test::HasFatalFailure()) return;
      }
    }
  }
}

TEST(LineEditor, OutOfMemoryLeavesTheLine) {
  auto const failures = test::fail_each_allocation([] {
    History history;
    static_cast<void>(history.add("old"));
    LineEditor editor(history);
    RecordingSink sink;
    if (!editor.begin("$ ", 80, sink)) {
      EXPECT_TRUE(sink.written.empty());
      return;
    }
    for (char const byte : std::string_view("ab\x17"
                                            "c\x19\x1b[A\x1b[B\x19"
                                            "\x1b[200~d\ne\x1b[201~")) {
      std::string const before(editor.line());
      auto const event = editor.feed(static_cast<u8>(byte), sink);
      if (!event) EXPECT_EQ(editor.line(), before);
    }
  });
  EXPECT_GT(failures, 5u);
}

}  // namespace
}  // namespace nacre::text
