#include "kernel/console/mouse.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "kernel/console/consoles.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tests/unit/kernel/console/fakes.hpp"

namespace nacre::console {
namespace {

using namespace base::literals;

class Nobody final : public ConsoleStarter, public KeyboardLights {
 public:
  bool start(Console&, Tty& tty, usize) override {
    started = &tty;
    return true;
  }
  void show(bool, bool) override {}
  Tty* started = nullptr;
};

/// A screen of 20 columns and 4 rows.
class MouseTest : public testing::Test {
 protected:
  static constexpr int left = 1, middle = 4;

  MouseTest() { consoles_.mouse().set_has_wheel(true); }

  void packet(int buttons, int columns, int rows, int wheel = 0) {
    int const x = columns * 8;
    int const y = -rows * 16;
    int const first = 8 | buttons | (x < 0 ? 0x10 : 0) | (y < 0 ? 0x20 : 0);
    for (int const byte : {first, x, y, wheel})
      consoles_.receive_mouse_byte(static_cast<u8>(byte), now_);
    now_ = now_ + 1_ms;
    console_.flush();
  }
  void move_to(int column, int row) {
    // Down and right is known to end in the corner.
    packet(0, -15, -3);
    packet(0, -15, -3);
    packet(0, column, row);
  }
  void drag(int from, int to, int row = 0) {
    now_ = now_ + 1_s;  // not the second click of a double one
    move_to(from, row);
    packet(left, 0, 0);
    packet(left, to - from, 0);
    packet(0, 0, 0);
  }
  void click() {
    packet(left, 0, 0);
    packet(0, 0, 0);
  }
  void scan(std::initializer_list<int> codes) {
    for (int const code : codes) consoles_.receive_scan_code(static_cast<u8>(code));
  }
  std::string input() { return input_of(tty_); }
  static std::string input_of(Tty& tty) {
    std::string text;
    while (auto const byte = tty.try_read_byte()) text += static_cast<char>(*byte);
    return text;
  }
  std::string_view clipboard() { return consoles_.mouse().clipboard(); }
  u32 corner_of(int column, int row) { return framebuffer_.pixel(column * 8, row * 16).to_u32(); }

  base::Instant now_{};
  std::vector<u8> memory_ = std::vector<u8>(160 * 64 * 4);
  drivers::Framebuffer framebuffer_ =
      *drivers::Framebuffer::create(memory_, {160, 64, 640, drivers::PixelFormat::xrgb8888()});
  Console console_ = *Console::create(framebuffer_);
  Tty tty_{&console_, nullptr};
  Nobody nobody_;
  Consoles consoles_{&console_, tty_, nobody_, nobody_};
  u32 const paper_ = text::nacre_theme.background.packed();
  u32 const ink_ = text::nacre_theme.foreground.packed();
};

TEST_F(MouseTest, ADragCopiesAndTheMiddleButtonPastes) {
  console_.write("hello world");
  drag(6, 10);
  EXPECT_EQ(clipboard(), "world");
  packet(middle, 0, 0);
  EXPECT_EQ(input(), "world");
  packet(0, 0, 0);
  EXPECT_EQ(input(), "") << "once";
  move_to(1, 0);
  click();
  EXPECT_EQ(clipboard(), "world") << "nothing was selected";
  click();
  EXPECT_EQ(clipboard(), "hello");
  click();
  EXPECT_EQ(clipboard(), "hello world");
}

TEST_F(MouseTest, ShiftExtends) {
  console_.write("hello world");
  drag(2, 3);
  EXPECT_EQ(clipboard(), "ll");
  scan({0x2a});
  move_to(8, 0);
  click();
  EXPECT_EQ(clipboard(), "llo wor");
  scan({0xaa});
  EXPECT_EQ(input(), "");
}

TEST_F(MouseTest, WhatIsSelectedIsDrawnInReverse) {
  console_.write("\x1b[?25lab cd");
  console_.flush();
  EXPECT_EQ(corner_of(1, 0), paper_);
  drag(0, 1);
  scan({0x1e, 0x9e});  // the pointer goes
  console_.flush();
  EXPECT_EQ(corner_of(0, 0), ink_);
  EXPECT_EQ(corner_of(1, 0), ink_);
  EXPECT_EQ(corner_of(2, 0), paper_);
  console_.write("\r\n\n\n\n");
  console_.flush();
  EXPECT_EQ(corner_of(0, 0), paper_) << "it went with its row";
  console_.terminal().scroll_view(1);
  console_.flush();
  EXPECT_EQ(corner_of(0, 0), ink_);
  console_.terminal().leave_scroll_back();
  console_.write("\x1b[3J");
  console_.flush();
  EXPECT_TRUE(console_.selection().empty());
}

TEST_F(MouseTest, WhatIsDrawnOverTextMovesWithIt) {
  console_.write("\x1b[?25lone\r\ntwo\r\nthree\r\nfour");
  drag(0, 3, 2);
  move_to(10, 3);
  console_.write("\r\n");
  console_.flush();
  std::vector<u8> const scrolled = memory_;
  console_.redraw();
  EXPECT_EQ(memory_, scrolled) << "as if it had been drawn anew";
  console_.write("\x1b[T");
  console_.flush();
  std::vector<u8> const back = memory_;
  console_.redraw();
  EXPECT_EQ(memory_, back);
}

TEST_F(MouseTest, ThePointerIsSeenUntilAKeyIsPressed) {
  console_.write("\x1b[?25l");
  console_.flush();
  move_to(4, 2);
  EXPECT_EQ(corner_of(4, 2), ink_);
  packet(0, 1, 0);
  EXPECT_EQ(corner_of(4, 2), paper_);
  EXPECT_EQ(corner_of(5, 2), ink_);
  scan({0x2a, 0xaa});
  console_.flush();
  EXPECT_EQ(corner_of(5, 2), ink_) << "Shift is for the mouse";
  scan({0x1e});
  console_.flush();
  EXPECT_EQ(corner_of(5, 2), paper_);
}

TEST_F(MouseTest, ShiftInsertPastesWithMarksWhereTheyAreWanted) {
  console_.write("ab\r\ncd");
  move_to(0, 0);
  packet(left, 0, 0);
  packet(left, 1, 1);
  packet(0, 0, 0);
  EXPECT_EQ(clipboard(), "ab\ncd");
  std::initializer_list<int> const shift_insert{0x2a, 0xe0, 0x52, 0xe0, 0xd2, 0xaa};
  scan(shift_insert);
  EXPECT_EQ(input(), "ab\rcd");
  console_.write("\x1b[?2004h");
  scan(shift_insert);
  EXPECT_EQ(input(), "\x1b[200~ab\rcd\x1b[201~");
}

TEST_F(MouseTest, OneClipboardForAllConsoles) {
  console_.write("word");
  drag(0, 3);
  consoles_.switch_to(2);
  packet(middle, 0, 0);
  EXPECT_EQ(input_of(*nobody_.started), "word");
  EXPECT_EQ(input(), "");
}

TEST_F(MouseTest, TheWheelLooksBackOrMovesTheCursor) {
  console_.write("1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n7\r\n8\r\n9");
  packet(0, 0, 0, -1);
  EXPECT_EQ(console_.terminal().view_offset(), 3u);
  packet(0, 0, 0, -1);
  packet(0, 0, 0, 1);
  EXPECT_EQ(console_.terminal().view_offset(), 2u) << "there were five";
  console_.write("\x1b[?1049h");
  packet(0, 0, 0, -1);
  EXPECT_EQ(input(), "\x1b[A\x1b[A\x1b[A");
  console_.write("\x1b[?1h");
  packet(0, 0, 0, 1);
  EXPECT_EQ(input(), "\x1bOB\x1bOB\x1bOB");
}

TEST_F(MouseTest, ProgramsThatAskGetItUnlessShiftIsHeld) {
  console_.write("word\x1b[?1000h\x1b[?1006h");
  move_to(1, 0);
  click();
  EXPECT_EQ(input(), "\x1b[<0;2;1M\x1b[<0;2;1m");
  packet(0, 0, 0, 1);
  EXPECT_EQ(input(), "\x1b[<65;2;1M");
  packet(middle, 0, 0);
  packet(0, 0, 0);
  EXPECT_EQ(input(), "\x1b[<1;2;1M\x1b[<1;2;1m");
  scan({0x2a});
  drag(0, 2);
  scan({0xaa});
  EXPECT_EQ(clipboard(), "wor");
  EXPECT_EQ(input(), "");
  console_.write("\x1b[?1003h");
  packet(0, 2, 0);
  EXPECT_EQ(input(), "\x1b[<35;5;1M");
}

TEST_F(MouseTest, WhoHasTheScreenIsLeftAlone) {
  console_.write("word");
  auto const lease = tty_.take_screen();
  drag(0, 3);
  packet(middle, 0, 0);
  EXPECT_EQ(clipboard(), "");
  EXPECT_FALSE(console_.shows_pointer());
}

TEST_F(MouseTest, OutOfMemoryLosesNothing) {
  console_.write("first second");
  drag(0, 4);
  EXPECT_GE(nacre::test::fail_each_allocation([&] {
              drag(6, 11);
              EXPECT_TRUE(clipboard() == "first" || clipboard() == "second");
              packet(middle, 0, 0);
              packet(0, 0, 0);
              std::string const text = input();
              EXPECT_TRUE(text.empty() || text == clipboard()) << text;
            }),
            2u);
  EXPECT_EQ(clipboard(), "second");
}

}  // namespace
}  // namespace nacre::console
