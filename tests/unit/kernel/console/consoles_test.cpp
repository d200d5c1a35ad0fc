#include "kernel/console/consoles.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "lib/exec/executor.hpp"
#include "lib/text/layout_file.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tests/unit/kernel/console/fakes.hpp"

namespace nacre::console {
namespace {

using test::fake_now;

/// Remembers who was started and what was shown.
class FakeMachine final : public ConsoleStarter, public StatusSource, public KeyboardLights {
 public:
  bool start(Console&, Tty& tty, usize number) override {
    if (!may_start) return false;
    started.push_back(number);
    ttys.push_back(&tty);
    return true;
  }
  void describe(base::Sink& sink) override { sink.write("9 MiB"); }
  void show(bool caps_lock, bool num_lock) override {
    lights = std::string(caps_lock ? "C" : "-") + (num_lock ? "N" : "-");
  }

  bool may_start = true;
  std::vector<usize> started;
  std::vector<Tty*> ttys;
  std::string lights;
};

class ConsolesTest : public testing::Test {
 protected:
  ConsolesTest() { fake_now = {}; }
  void scan(std::initializer_list<int> codes) {
    for (int const code : codes) consoles_.receive_scan_code(static_cast<u8>(code));
  }
  void alt_function(int number) { scan({0x38, 0x3a + number, 0xba + number, 0xb8}); }
  static std::string input_of(Tty& tty) {
    std::string text;
    while (auto const byte = tty.try_read_byte()) text += static_cast<char>(*byte);
    return text;
  }

  std::vector<u8> memory_ = std::vector<u8>(320 * 64 * 4);
  drivers::Framebuffer framebuffer_ =
      *drivers::Framebuffer::create(memory_, {320, 64, 1280, drivers::PixelFormat::xrgb8888()});
  Console console_ = *Console::create(framebuffer_);
  exec::Executor executor_{[] { return fake_now; }};
  Tty tty_{&console_, nullptr};
  FakeMachine machine_;
  Consoles consoles_{&console_, tty_, machine_, machine_};
};

TEST_F(ConsolesTest, AltAndFunctionKeysSwitch) {
  alt_function(3);
  EXPECT_EQ(consoles_.front(), 3u);
  EXPECT_EQ(machine_.started, std::vector<usize>{3});
  EXPECT_FALSE(console_.is_in_front());
  scan({0x1e, 0x9e});
  EXPECT_EQ(input_of(*machine_.ttys[0]), "a");
  EXPECT_EQ(input_of(tty_), "") << "neither the keys that switch nor those for others";
  alt_function(1);
  EXPECT_EQ(consoles_.front(), 1u);
  EXPECT_TRUE(console_.is_in_front());
  scan({0x30});
  EXPECT_EQ(input_of(tty_), "b");
  alt_function(3);
  EXPECT_EQ(machine_.started.size(), 1u) << "it was there already";
  scan({0x38, 0x41, 0xc1, 0xb8});  // Alt-F7 is for programs.
  EXPECT_EQ(input_of(*machine_.ttys[0]), "\x1b[18;3~");
}

TEST_F(ConsolesTest, EachHasAScreenOfItsOwn) {
  console_.write("█");
  console_.flush();
  u32 const ink = text::nacre_theme.foreground.packed();
  EXPECT_EQ(framebuffer_.pixel(3, 3).to_u32(), ink);
  alt_function(2);
  EXPECT_NE(framebuffer_.pixel(3, 3).to_u32(), ink);
  console_.write("\r\n█");
  console_.flush();
  EXPECT_NE(framebuffer_.pixel(3, 19).to_u32(), ink) << "seen when it is in front again";
  alt_function(1);
  EXPECT_EQ(framebuffer_.pixel(3, 3).to_u32(), ink);
  EXPECT_EQ(framebuffer_.pixel(3, 19).to_u32(), ink);
}

TEST_F(ConsolesTest, WhoHasTheScreenKeepsIt) {
  auto const lease = tty_.take_screen();
  alt_function(2);
  EXPECT_EQ(consoles_.front(), 1u);
}

TEST_F(ConsolesTest, TheScreenIsForWhoIsInFront) {
  alt_function(2);
  EXPECT_EQ(tty_.take_screen().error(), ScreenError::Taken);
  EXPECT_TRUE(machine_.ttys[0]->take_screen());
}

TEST_F(ConsolesTest, ProgramsThatAskAreToldOfTheFocus) {
  console_.write("\x1b[?1004h");
  alt_function(2);
  EXPECT_EQ(input_of(tty_), "\x1b[O");
  alt_function(1);
  EXPECT_EQ(input_of(tty_), "\x1b[I");
}

TEST_F(ConsolesTest, WithoutAShellThereIsNoConsole) {
  machine_.may_start = false;
  alt_function(2);
  EXPECT_EQ(consoles_.front(), 1u);
  machine_.may_start = true;
  alt_function(2);
  EXPECT_EQ(consoles_.front(), 2u);
}

TEST_F(ConsolesTest, OutOfMemoryLeavesTheFirstInFront) {
  EXPECT_GE(nacre::test::fail_each_allocation([&] {
              if (consoles_.front() == 2) return;
              consoles_.switch_to(2);
              EXPECT_EQ(consoles_.front() == 2, !machine_.started.empty());
            }),
            8u);
  EXPECT_EQ(consoles_.front(), 2u);
}

TEST_F(ConsolesTest, ThemeAndLayoutAreForAll) {
  alt_function(2);
  consoles_.set_theme(*text::find_theme("paper"));
  consoles_.set_layout(*text::find_layout("de"));
  EXPECT_EQ(console_.terminal().palette().background, text::find_theme("paper")->background);
  scan({0x15, 0x95});
  EXPECT_EQ(input_of(*machine_.ttys[0]), "z");
  alt_function(3);
  scan({0x15, 0x95, 0x0d, 0x8d, 0x12, 0x92});
  EXPECT_EQ(input_of(*machine_.ttys[1]), "zé");
  alt_function(1);
  scan({0x27, 0xa7});
  EXPECT_EQ(input_of(tty_), "ö");
}

TEST_F(ConsolesTest, LightsShowWhatIsLocked) {
  scan({0x3a, 0xba});
  EXPECT_EQ(machine_.lights, "C-");
  scan({0x45, 0xc5});
  EXPECT_EQ(machine_.lights, "CN");
  scan({0x3a, 0x3a, 0xba});
  EXPECT_EQ(machine_.lights, "-N") << "held is not pressed again";
}

TEST_F(ConsolesTest, TheStatusLineTellsWhoIsInFront) {
  ASSERT_TRUE(consoles_.show_status_line(true));
  EXPECT_EQ(console_.terminal().rows(), 3);
  auto status = executor_.spawn("status", consoles_.run_status_line(machine_));
  ASSERT_TRUE(status);
  executor_.run_until_idle();
  u32 const current = text::nacre_theme.base[4].packed();
  console_.flush();
  EXPECT_EQ(framebuffer_.pixel(9, 49).to_u32(), current);
  alt_function(2);
  EXPECT_NE(framebuffer_.pixel(9, 49).to_u32(), current);
  EXPECT_EQ(framebuffer_.pixel(9 + 24, 49).to_u32(), current);
  EXPECT_EQ(machine_.ttys[0]->size().rows, 3);
  ASSERT_TRUE(consoles_.show_status_line(false));
  EXPECT_EQ(machine_.ttys[0]->size().rows, 4);
  status->cancel();
  executor_.run_until_idle();
}

TEST_F(ConsolesTest, ShiftPageUpLooksBack) {
  console_.write("█\r\n2\r\n3\r\n4\r\n5\r\n6");
  scan({0x2a, 0xe0, 0x49, 0xe0, 0xc9, 0xaa});
  EXPECT_EQ(console_.terminal().view_offset(), 2u);
  EXPECT_EQ(console_.terminal().visible_row(0)[0].codepoint, U'█');
  EXPECT_EQ(input_of(tty_), "");
  scan({0x1e, 0x9e});
  EXPECT_EQ(console_.terminal().view_offset(), 0u) << "who types wants to see it";
  EXPECT_EQ(input_of(tty_), "a");
}

TEST(Consoles, WithoutAScreenThereIsOne) {
  exec::Executor executor{[] { return fake_now; }};
  test::FakeSerial serial;
  Tty tty(nullptr, &serial);
  FakeMachine machine;
  Consoles consoles(nullptr, tty, machine, machine);
  EXPECT_FALSE(consoles.switch_to(2));
  EXPECT_TRUE(consoles.show_status_line(true));
  EXPECT_FALSE(consoles.has_status_line());
  for (int const code : {0x38, 0x3c, 0xbc, 0xb8}) consoles.receive_scan_code(static_cast<u8>(code));
  std::string text;
  while (auto const byte = tty.try_read_byte()) text += static_cast<char>(*byte);
  EXPECT_EQ(text, "\x1b[1;3Q");
}

}  // namespace
}  // namespace nacre::console
