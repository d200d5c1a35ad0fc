#include "kernel/boot/devices.hpp"
#include "kernel/console/tty.hpp"
#include "kernel/hw/cpu.hpp"
#include "kernel/hw/port.hpp"
#include "kernel/hw/ps2.hpp"
#include "tests/support/boot_test.hpp"

namespace nacre {
namespace {

constinit base::u64 interrupt_at = 0;
constinit boot::Devices::Ps2* keyboard = nullptr;

void timed_interrupt(void* context) {
  interrupt_at = hw::read_timestamp();
  boot::Devices::Ps2::handle_interrupt(context);
}

/// Makes the PS/2 controller deliver `code` as if the keyboard had sent it.
void press(base::u8 code) {
  constexpr base::u8 write_keyboard_output = 0xd2;
  hw::port_write_u8(hw::ps2::command_port, write_keyboard_output);
  hw::port_write_u8(hw::ps2::data_port, code);
}

exec::Task<void> reads_a_key(console::Tty& tty, base::u64& read_at) {
  std::array<base::u8, 8> bytes;
  if (co_await tty.read(bytes)) read_at = hw::read_timestamp();
}

BOOT_TEST("from a key's interrupt to the task that reads it") {
  auto& devices = boot::Devices::bring_up(test::boot_info(), {});
  keyboard = devices.ps2();
  ASSERT_TRUE(keyboard != nullptr);
  ASSERT_TRUE(devices.interrupts()
                  .route_line(hw::ps2::keyboard_line, timed_interrupt, keyboard)
                  .has_value());

  devices.interrupts().unmask(hw::ps2::keyboard_line);

  console::Tty tty(nullptr, nullptr);
  console::Foreground const foreground(tty, console::InputMode::Raw,
                                       [](console::TerminalSignal) {});
  auto pump =
      devices.executor().spawn("keyboard", console::pump_keyboard(tty, keyboard->scancodes()));
  constexpr base::u8 key_a = 0x1e;
  constexpr int rounds = 9;
  base::u64 best = UINT64_MAX;
  for (int i = 0; i < rounds; ++i) {
    base::u64 read_at = 0;
    auto reader = devices.executor().spawn("shell", reads_a_key(tty, read_at));
    ASSERT_TRUE(pump && reader);
    devices.executor().run_until_idle();
    interrupt_at = 0;
    press(key_a);
    devices.run_until([&] { return read_at != 0; });
    best = std::min(best, read_at - interrupt_at);
  }
  test::note("bench: key_to_shell {} instructions", best);
}

}  // namespace
}  // namespace nacre
