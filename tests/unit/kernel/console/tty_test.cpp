#include "kernel/console/tty.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <vector>

#include "lib/exec/executor.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tests/unit/kernel/console/fakes.hpp"

namespace nacre::console {
namespace {

using namespace base::literals;

using test::fake_now;
using test::FakePort;
using test::FakeSerial;

class TtyTest : public testing::Test {
 protected:
  TtyTest() { fake_now = {}; }

  void run() { executor_.run_until_idle(); }
  void write(std::string_view text) {
    auto const task = [](Tty& tty, std::string_view bytes) -> exec::Task<int> {
      co_return (co_await tty.write(bytes)) ? 0 : 1;
    };
    ASSERT_TRUE(executor_.spawn_detached("writer", task(tty_, text)));
    run();
  }
  /// Starts to read up to `size` bytes into `read_`.
  void start_reading(usize size = 100) {
    read_.reset();
    auto const task = [](TtyTest& test, usize count) -> exec::Task<void> {
      std::vector<u8> buffer(count);
      auto const got = co_await test.tty_.read(buffer);
      if (got) test.read_ = std::string(buffer.begin(), buffer.begin() + std::ptrdiff_t(*got));
    };
    ASSERT_TRUE(executor_.spawn_detached("reader", task(*this, size)));
    run();
  }
  std::optional<std::string> read(usize size = 100) {
    start_reading(size);
    return read_;
  }
  void type(std::string_view bytes) {
    for (char const byte : bytes) tty_.receive_serial(static_cast<u8>(byte));
    auto const task = [](Tty& tty) -> exec::Task<void> {
      static_cast<void>(co_await tty.flush_echo());
    };
    ASSERT_TRUE(executor_.spawn_detached("echo", task(tty_)));
    run();
  }
  void scan(std::initializer_list<int> codes) {
    for (int const code : codes) tty_.receive_scan_code(static_cast<u8>(code));
    run();
  }

  std::vector<u8> memory_ = std::vector<u8>(160 * 64 * 4);
  drivers::Framebuffer framebuffer_ =
      *drivers::Framebuffer::create(memory_, {160, 64, 640, drivers::PixelFormat::xrgb8888()});
  Console console_ = *Console::create(framebuffer_);
  FakeSerial serial_;
  exec::Executor executor_{[] { return fake_now; }};
  std::optional<std::string> read_;
  Tty tty_{&console_, &serial_};
};

TEST_F(TtyTest, WritesToScreenAndSerialLine) {
  write("ab\ncd\r\n");
  EXPECT_EQ(serial_.written, "ab\r\ncd\r\n");
  EXPECT_EQ(console_.terminal().row(1)[1].codepoint, U'd');
  EXPECT_EQ(console_.terminal().cursor().row, 2);
  std::string const much(10'000, 'x');
  serial_.written.clear();
  write(much);
  EXPECT_EQ(serial_.written, much);
}

TEST_F(TtyTest, RawInputComesFromBothSources) {
  start_reading();
  EXPECT_FALSE(read_);
  scan({0x1e, 0x9e});
  EXPECT_EQ(read_, "a");
  type("\x1b[A\x03\r");
  EXPECT_EQ(read(2), "\x1b[");
  EXPECT_EQ(read(), "A\x03\r");
  EXPECT_EQ(serial_.written, "") << "raw input is not echoed";
}

TEST_F(TtyTest, TellsWhetherAReaderWouldWait) {
  EXPECT_FALSE(tty_.has_input());
  type("a");
  EXPECT_TRUE(tty_.has_input());
  EXPECT_EQ(tty_.readable(), 1u);
  EXPECT_EQ(read(), "a");
  Foreground const cooked(tty_, InputMode::Cooked, [](TerminalSignal) {});
  type("ab");
  EXPECT_FALSE(tty_.has_input()) << "the line is not complete";
  type("\r");
  EXPECT_EQ(tty_.readable(), 3u);
  EXPECT_EQ(read(), "ab\n");
  type("\x04");
  EXPECT_TRUE(tty_.has_input()) << "the end of the file";
  EXPECT_EQ(tty_.readable(), 0u);
}

TEST_F(TtyTest, SizeIsThatOfWhereOneTypes) {
  EXPECT_EQ(tty_.size(), (TerminalSize{20, 4}));
  type("x");
  EXPECT_EQ(tty_.size(), (TerminalSize{80, 24}));
  tty_.set_serial_size({132, 50});
  EXPECT_EQ(tty_.size(), (TerminalSize{132, 50}));
  scan({0x1e, 0x9e});
  EXPECT_EQ(tty_.size(), (TerminalSize{20, 4}));
}

TEST_F(TtyTest, TheTerminalAnswersWhoTypesOnTheKeyboard) {
  write("\x1b[6n");
  EXPECT_EQ(read(), "\x1b[1;1R");
  type("x");
  EXPECT_EQ(read(), "x");
  write("\x1b[6n");
  start_reading();
  EXPECT_FALSE(read_) << "the other terminal answers";
  type("y");
}

TEST_F(TtyTest, CookedInputIsLinesWithEcho) {
  auto const ignore = [](TerminalSignal) {};
  Foreground const foreground(tty_, InputMode::Cooked, ignore);
  start_reading();
  type("ab\x7f");
  EXPECT_FALSE(read_);
  EXPECT_EQ(serial_.written, "ab\b \b");
  type("c\rd\r");
  EXPECT_EQ(read_, "ac\n");
  EXPECT_EQ(read(), "d\n");
  type("\x04");
  EXPECT_EQ(read(), "");
  start_reading();
  EXPECT_FALSE(read_) << "the end of file is read once";
  type("e\x04");
  EXPECT_EQ(read_, "e");
}

TEST_F(TtyTest, AnUnfinishedLineIsThereForTheNextOwner) {
  {
    auto const ignore = [](TerminalSignal) {};
    Foreground const foreground(tty_, InputMode::Cooked, ignore);
    type("ls");
  }
  EXPECT_EQ(read(), "ls");
}

TEST_F(TtyTest, WhatWasTypedAheadBecomesLines) {
  type("one\rtwo\rth");
  EXPECT_EQ(serial_.written, "");
  auto const ignore = [](TerminalSignal) {};
  {
    Foreground const foreground(tty_, InputMode::Cooked, ignore);
    EXPECT_EQ(read(), "one\n");
    type("ree\r");
  }
  Foreground const foreground(tty_, InputMode::Cooked, ignore);
  EXPECT_EQ(read(), "two\n");
  EXPECT_EQ(read(), "three\n");
  EXPECT_EQ(serial_.written, "one\r\ntwo\r\nthree\r\n") << "each is echoed once";
}

TEST_F(TtyTest, ControlCGoesToTheInnermostOwner) {
  int outer = 0;
  int inner = 0;
  auto const count_outer = [&](TerminalSignal) { ++outer; };
  auto const count_inner = [&](TerminalSignal) { ++inner; };
  Foreground const first(tty_, InputMode::Raw, count_outer);
  {
    Foreground const second(tty_, InputMode::Cooked, count_inner);
    type("abc\x03");
    EXPECT_EQ(inner, 1);
    EXPECT_EQ(serial_.written, "abc^C\r\n");
  }
  scan({0x1d, 0x2e});
  EXPECT_EQ(outer, 1);
  EXPECT_EQ(inner, 1);
  start_reading();
  EXPECT_FALSE(read_) << "what was typed before is gone";
  type("x");
}

TEST_F(TtyTest, InterruptMayCancelTheReader) {
  auto const reader = [](Tty& tty) -> exec::Task<int> {
    std::array<u8, 10> buffer;
    static_cast<void>(co_await tty.read(buffer));
    co_return 0;
  };
  auto handle = executor_.spawn("reader", reader(tty_));
  ASSERT_TRUE(handle);
  run();
  auto const cancel = [&](TerminalSignal) { handle->cancel(); };
  Foreground const foreground(tty_, InputMode::Cooked, cancel);
  type("\x03");
  EXPECT_TRUE(handle->is_finished());
  type("x\r");
}

TEST_F(TtyTest, AFullQueueHoldsTheSerialLineBack) {
  FakePort port(executor_);
  auto pump = executor_.spawn("pump", pump_serial(tty_, port));
  ASSERT_TRUE(pump);
  std::string const sent = [] {
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += static_cast<char>('a' + i % 26);
    return text;
  }();
  port.arrive(sent);
  run();
  EXPECT_GT(port.incoming.size(), 10'000u);
  std::string received;
  while (received.size() < sent.size()) {
    auto const part = read(1000);
    ASSERT_TRUE(part && !part->empty());
    received += *part;
  }
  EXPECT_EQ(received, sent);
  EXPECT_EQ(tty_.dropped(), 0u);
}

TEST_F(TtyTest, AFullQueueDropsWholeKeys) {
  for (int i = 0; i < 3000; ++i) scan({0xe0, 0x48});
  EXPECT_EQ(tty_.dropped(), 3000u - 4096 / 3);
  std::string all;
  while (all.size() < 4095) all += *read(4096);
  EXPECT_TRUE(all.ends_with("\x1b[A"));
}

TEST_F(TtyTest, PumpsTheKeyboardWithEcho) {
  exec::InterruptStream<u8, 16> codes(executor_);
  auto pump = executor_.spawn("pump", pump_keyboard(tty_, codes));
  ASSERT_TRUE(pump);
  auto const ignore = [](TerminalSignal) {};
  Foreground const foreground(tty_, InputMode::Cooked, ignore);
  for (int const code : {0x2a, 0x1e, 0x9e, 0xaa, 0x1c}) codes.push(static_cast<u8>(code));
  run();
  EXPECT_EQ(serial_.written, "A\r\n");
  EXPECT_EQ(read(), "A\n");
}

TEST_F(TtyTest, TheDisplayIsDrawnAtOnceAndThenNotTooOften) {
  auto display = executor_.spawn("display", tty_.run_display());
  ASSERT_TRUE(display);
  run();
  write("\x1b[?25l\x1b[7m ");
  auto const drawn = [&](int column) {
    return framebuffer_.pixel(column * 8, 0).to_u32() == text::nacre_theme.foreground.packed();
  };
  EXPECT_TRUE(drawn(0));
  write(" ");
  EXPECT_FALSE(drawn(1));
  fake_now.ns += 8'000'000;
  run();
  EXPECT_TRUE(drawn(1));
}

TEST_F(TtyTest, AScreenLeaseHasKeysAndPixels) {
  {
    auto lease = tty_.take_screen();
    ASSERT_TRUE(lease);
    EXPECT_EQ(tty_.take_screen().error(), ScreenError::Taken);
    lease->framebuffer().fill(lease->framebuffer().bounds(), drivers::Rgb{9, 9, 9});
    scan({0xe0, 0x48, 0x1e, 0x9e});
    EXPECT_TRUE(lease->is_down(text::Key::Up));
    EXPECT_FALSE(lease->is_down(text::Key::A));
    EXPECT_EQ(lease->try_next_key()->key, text::Key::Up);
    EXPECT_EQ(lease->try_next_key()->key, text::Key::A);
    EXPECT_FALSE(lease->try_next_key()->pressed);
    EXPECT_FALSE(lease->try_next_key());
    for (int i = 0; i < 100; ++i) scan({0x1e});
    int count = 0;
    while (lease->try_next_key()) ++count;
    EXPECT_EQ(count, 64);
    start_reading();
    EXPECT_FALSE(read_) << "keys are no characters now";
    int interrupted = 0;
    auto const interrupt = [&](TerminalSignal) { ++interrupted; };
    Foreground const foreground(tty_, InputMode::Cooked, interrupt);
    scan({0x1d, 0x2e});
    EXPECT_EQ(interrupted, 1);
  }
  EXPECT_NE(framebuffer_.pixel(5, 5).to_u32(), 0x090909u);
  EXPECT_TRUE(tty_.take_screen());
  scan({0xae, 0x9d, 0x1e});
  EXPECT_EQ(read_, "a");
}

TEST_F(TtyTest, WorksWithoutAScreenOrSerialLine) {
  Tty headless(nullptr, &serial_);
  EXPECT_EQ(headless.take_screen().error(), ScreenError::NoScreen);
  EXPECT_EQ(headless.size(), (TerminalSize{80, 24}));
  Tty alone(&console_, nullptr);
  auto const task = [](Tty& tty, std::string_view bytes) -> exec::Task<int> {
    co_return (co_await tty.write(bytes)) ? 0 : 1;
  };
  auto handle = executor_.spawn("writer", task(alone, "a\nb"));
  ASSERT_TRUE(handle);
  run();
  EXPECT_TRUE(handle->is_finished());
  EXPECT_EQ(console_.terminal().row(1)[0].codepoint, U'b');
}

TEST_F(TtyTest, OutOfMemoryIsAValue) {
  auto const failures = nacre::test::fail_each_allocation([&] {
    auto const task = [](Tty& tty) -> exec::Task<int> {
      std::array<u8, 10> buffer;
      if (!co_await tty.write("hello")) co_return 1;
      if (!co_await tty.read(buffer)) co_return 2;
      co_return 0;
    };
    auto handle = executor_.spawn("task", task(tty_));
    tty_.receive_serial('x');
    run();
    if (handle) EXPECT_TRUE(handle->is_finished());
  });
  EXPECT_GE(failures, 4u);
}

TEST_F(TtyTest, OnlyWhatBlinksTakesATimer) {
  auto display = executor_.spawn("display", tty_.run_display());
  auto blinking = executor_.spawn("blinking", tty_.run_blinking());
  ASSERT_TRUE(display && blinking);
  auto const pass = [&](base::Duration time) {
    fake_now = fake_now + time;
    run();
  };
  auto const corner = [&](int column) { return framebuffer_.pixel(column * 8, 0).to_u32(); };
  u32 const ink = text::nacre_theme.foreground.packed();
  u32 const paper = text::nacre_theme.background.packed();
  write("plain");
  pass(10_ms);
  EXPECT_EQ(executor_.next_deadline(), base::Instant::never());

  write("\x1b[?25l\x1b[H\x1b[5m█\x1b[m█");
  pass(10_ms);
  EXPECT_EQ(corner(0), ink);
  pass(531_ms);
  EXPECT_EQ(corner(0), paper);
  EXPECT_EQ(corner(1), ink);
  pass(10_ms);
  pass(531_ms);
  EXPECT_EQ(corner(0), ink);
  write("\x1b[2J");
  pass(531_ms);
  for (int i = 0; i < 3; ++i) pass(10_ms);
  EXPECT_EQ(executor_.next_deadline(), base::Instant::never()) << "nothing is left that blinks";

  u32 const cursor = text::nacre_theme.cursor.packed();
  write("\x1b[H\x1b[?25h\x1b[1 q");
  pass(10_ms);
  EXPECT_EQ(corner(0), cursor);
  pass(531_ms);
  EXPECT_EQ(corner(0), paper);
  tty_.receive_scan_code(0x1e);
  tty_.display_changed();
  pass(10_ms);
  EXPECT_EQ(corner(0), cursor) << "who types sees it";
  pass(531_ms);
  EXPECT_EQ(corner(0), cursor);
  pass(10_ms);
  pass(531_ms);
  EXPECT_EQ(corner(0), paper);
  write("\x1b[2 q");
  pass(531_ms);
  for (int i = 0; i < 3; ++i) pass(10_ms);
  EXPECT_EQ(corner(0), cursor);
  EXPECT_EQ(executor_.next_deadline(), base::Instant::never());
  display->cancel();
  blinking->cancel();
  run();
}

TEST_F(TtyTest, WhatIsPastedComesAsThereIsRoomAndKeysComeBehindIt) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "line " + std::to_string(i) + "\n";
  tty_.paste(text);
  scan({0x1e, 0x9e});
  EXPECT_FALSE(tty_.has_room()) << "a serial line waits";
  std::string got;
  while (auto const part = read(1000)) {
    got += *part;
    if (got.ends_with('a')) break;
  }
  std::ranges::replace(text, '\n', '\r');
  EXPECT_EQ(got, text + "a");
  EXPECT_EQ(tty_.dropped(), 0u);
  EXPECT_TRUE(tty_.has_room());
}

TEST_F(TtyTest, WhatIsPastedBecomesLinesForWhoReadsThem) {
  Foreground const cooked(tty_, InputMode::Cooked, [](TerminalSignal) {});
  console_.write("\x1b[?2004h");
  std::string text;
  for (int i = 0; i < 2000; ++i) text += "line " + std::to_string(i) + "\n";
  tty_.paste(text);
  std::string got;
  while (got.size() < text.size()) {
    auto const part = read(5000);
    ASSERT_TRUE(part);
    got += *part;
  }
  EXPECT_EQ(got, text);
  type("");
  std::string echoed = text;
  for (usize at = 0; (at = echoed.find('\n', at)) != std::string::npos; at += 2)
    echoed.insert(at, "\r");
  EXPECT_EQ(serial_.written, echoed) << "all of it is seen";
}

TEST_F(TtyTest, CtrlCEndsAPaste) {
  int interrupts = 0;
  auto const on_signal = [&](TerminalSignal) { ++interrupts; };
  Foreground const cooked(tty_, InputMode::Cooked, on_signal);
  tty_.paste(std::string(100'000, 'x'));
  EXPECT_FALSE(tty_.has_room());
  scan({0x1d, 0x2e, 0xae, 0x9d});
  EXPECT_EQ(interrupts, 1);
  EXPECT_TRUE(tty_.has_room());
}

TEST_F(TtyTest, APasteThatIsTooLargeIsNone) {
  for (int i = 0; i < 5; ++i) tty_.paste(std::string(200'000, 'x'));
  std::string got;
  scan({0x1e, 0x9e});
  do got += read(4096).value_or("a");
  while (!got.ends_with('a'));
  EXPECT_EQ(got.size(), 400'001u) << "whole ones, and what was typed";
}

}  // namespace
}  // namespace nacre::console
