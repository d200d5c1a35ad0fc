#include "kernel/boot/boot_log.hpp"
#include "kernel/boot/panic.hpp"
#include "kernel/boot/screen.hpp"
#include "kernel/drivers/power.hpp"
#include "kernel/hw/panic.hpp"
#include "tests/support/boot_test.hpp"

namespace nacre {
namespace {

constinit drivers::Framebuffer* screen = nullptr;

/// Pixels that are not of the background's colour, as the screen itself has them.
base::usize drawn_pixels() {
  auto const background = screen->pixel(screen->width() - 1, screen->height() - 1);
  base::usize count = 0;
  for (base::i32 y = 0; y < screen->height(); ++y) {
    for (base::i32 x = 0; x < screen->width(); ++x)
      count += screen->pixel(x, y) == background ? 0 : 1;
  }
  return count;
}

BOOT_TEST("a panic is written on the screen, though a program has it") {
  auto& devices = boot::Devices::bring_up(test::boot_info(), {});
  auto found = boot::find_screen(test::boot_info(), {}, devices.pci_devices());
  ASSERT_TRUE(found.has_value());
  screen = &*found;
  auto console = console::Console::create(*found);
  ASSERT_TRUE(console.has_value());
  console->redraw();
  base::usize const before = drawn_pixels();
  console->lend_screen().fill(screen->bounds(), {});
  boot::show_panic_on_screen(*console);
  static base::usize before_panic;
  before_panic = before;
  boot::set_panic_end([] {
    // A panic fills some twenty lines: thousands of pixels of text.
    constexpr base::usize some_lines = 2000;
    bool const seen = drawn_pixels() > before_panic + some_lines;
    drivers::debug_exit(seen ? 0x10 : 0x11);
  });
  hw::panic("shown on the screen");
}

}  // namespace
}  // namespace nacre
