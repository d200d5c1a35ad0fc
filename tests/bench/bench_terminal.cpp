#include <algorithm>
#include <cstring>
#include <string_view>

#include "kernel/boot/devices.hpp"
#include "kernel/boot/screen.hpp"
#include "kernel/console/tty.hpp"
#include "kernel/hw/cpu.hpp"
#include "kernel/hw/port.hpp"
#include "kernel/hw/ps2.hpp"
#include "lib/base/vector.hpp"
#include "tests/support/boot_test.hpp"

// What the terminal on the screen costs, against copying the pixels that change with memcpy, and
// from a key's interrupt to its glyph on the screen.
namespace nacre {
namespace {

using base::u32;
using base::u64;
using base::u8;
using base::usize;

constinit u64 interrupt_at = 0;
constinit boot::Devices::Ps2* keyboard = nullptr;

void timed_interrupt(void* context) {
  interrupt_at = hw::read_timestamp();
  boot::Devices::Ps2::handle_interrupt(context);
}

void press(u8 code) {
  constexpr u8 write_keyboard_output = 0xd2;
  hw::port_write_u8(hw::ps2::command_port, write_keyboard_output);
  hw::port_write_u8(hw::ps2::data_port, code);
}

/// The fewest of some times.
template <class Operation>
u64 instructions_of(Operation&& operation, int times = 3) {
  u64 best = UINT64_MAX;
  for (int i = 0; i < times; ++i) {
    u64 const start = hw::read_timestamp();
    operation();
    best = std::min(best, hw::read_timestamp() - start);
  }
  return best;
}

exec::Task<void> reads_lines(console::Tty& tty) {
  std::array<u8, 64> bytes;
  while (co_await tty.read(bytes)) continue;
}

exec::Task<void> rest(bool& is_over) {
  co_await exec::sleep_for(base::Duration{20'000'000});
  is_over = true;
}

/// Fills the screen, row by row; of each of its words, `color` is written before. Returns how many
/// bytes were written.
usize write_screenful(console::Console& console, std::string_view color) {
  constexpr std::string_view word = "abcdefg ";
  console.write("\x1b[H");
  usize written = 0;
  for (u32 row = 0; row < console.terminal().rows(); ++row) {
    for (u32 column = 0; column + word.size() <= console.terminal().columns();
         column += static_cast<u32>(word.size())) {
      console.write(color);
      console.write(word);
      written += color.size() + word.size();
    }
    if (row + 1u < console.terminal().rows()) console.write("\r\n");
  }
  console.flush();
  return written;
}

/// Writes a character to each cell of the screen, each in a colour of its own from `color` on,
/// which it moves on.
void write_unlike_cells(console::Console& console, u32& color) {
  console.write("\x1b[H");
  for (u32 row = 0; row < console.terminal().rows(); ++row) {
    for (u32 column = 0; column < console.terminal().columns(); ++column, ++color)
      console.write(base::FixedText<32>("\x1b[38;2;{};{};{}mx", color >> 16 & 0xff,
                                        color >> 8 & 0xff, color & 0xff)
                        .view());
    if (row + 1u < console.terminal().rows()) console.write("\r\n");
  }
}

BOOT_TEST("the terminal on the screen") {
  auto& devices = boot::Devices::bring_up(test::boot_info(), {});
  auto screen = boot::find_screen(test::boot_info(), {}, devices.pci_devices());
  ASSERT_TRUE(screen && screen->has_back_buffer());
  auto made = console::Console::create(*screen);
  ASSERT_TRUE(made.has_value());
  console::Console console = std::move(*made);
  ASSERT_TRUE(console.terminal().keep_scroll_back(usize{32} * 1024, 1000).has_value());

  auto const size = static_cast<usize>(screen->width()) * static_cast<usize>(screen->height());
  auto pixels = base::Vector<u32>::create(size);
  auto copy = base::Vector<u32>::create(size);
  ASSERT_TRUE(pixels && copy);
  u64 const plain =
      instructions_of([&] { std::memcpy(copy->data(), pixels->data(), size * sizeof(u32)); });
  auto const report = [&](std::string_view name, u64 spent) {
    test::note("bench: {} {} % of memcpy", name, (spent * 100 + plain / 2) / plain);
  };
  auto const report_text = [&](std::string_view name, std::string_view color) {
    usize written = 0;
    u64 const spent = instructions_of([&] { written = write_screenful(console, color); });
    report(name, spent);
    // A megabyte a second is one byte in a thousand instructions then.
    test::note("bench: {} {} kB/s at 10^9 instructions a second", name,
               written * 1'000'000 / spent);
  };
  report_text("terminal_plain_screenful", "");
  report_text("terminal_coloured_screenful", "\x1b[1;38;2;10;200;30;48;5;17m");
  u32 color = 0;
  u64 unlike = UINT64_MAX;
  for (int i = 0; i < 3; ++i) {
    write_unlike_cells(console, color);
    unlike = std::min(unlike, instructions_of([&] { console.flush(); }, 1));
  }
  report("terminal_unlike_cells", unlike);
  console.write("\x1b[0m");
  report("terminal_scroll_full_screen", instructions_of([&] {
           console.write("\n");
           console.flush();
         }));

  keyboard = devices.ps2();
  ASSERT_TRUE(keyboard != nullptr);
  ASSERT_TRUE(devices.interrupts()
                  .route_line(hw::ps2::keyboard_line, timed_interrupt, keyboard)
                  .has_value());
  devices.interrupts().unmask(hw::ps2::keyboard_line);
  console::Tty tty(&console, nullptr);
  console::Foreground const foreground(tty, console::InputMode::Cooked,
                                       [](console::TerminalSignal) {});
  auto pump =
      devices.executor().spawn("keyboard", console::pump_keyboard(tty, keyboard->scancodes()));
  auto display = devices.executor().spawn("display", tty.run_display());
  auto reader = devices.executor().spawn("reader", reads_lines(tty));
  ASSERT_TRUE(pump && display && reader);
  constexpr u8 key_a = 0x1e;
  u64 best = UINT64_MAX;
  for (int i = 0; i < 9; ++i) {
    // The cursor is shown where the next glyph comes: it moves on when that is drawn.
    console.write("\x1b[2J\x1b[H");
    console.flush();
    // The display waits a little after it has drawn.
    bool has_rested = false;
    ASSERT_TRUE(devices.executor().spawn_detached("rest", rest(has_rested)).has_value());
    devices.run_until([&] { return has_rested; });
    auto const second_cell = [&] { return screen->pixel(12, 8).to_u32(); };
    u32 const before = second_cell();
    interrupt_at = 0;
    u64 shown_at = 0;
    press(key_a);
    devices.run_until([&] {
      if (second_cell() == before) return false;
      shown_at = hw::read_timestamp();
      return true;
    });
    best = std::min(best, shown_at - interrupt_at);
  }
  test::note("bench: key_to_glyph {} instructions", best);
}

}  // namespace
}  // namespace nacre
