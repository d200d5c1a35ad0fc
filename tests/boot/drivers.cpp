#include <atomic>

#include "kernel/boot/devices.hpp"
#include "kernel/drivers/bochs_display.hpp"
#include "kernel/drivers/pci.hpp"
#include "kernel/drivers/ps2.hpp"
#include "kernel/drivers/rtc.hpp"
#include "kernel/hw/interrupts.hpp"
#include "lib/exec/wait.hpp"
#include "tests/support/boot_test.hpp"

namespace nacre {
namespace {

using base::u32;
using base::u64;
using base::u8;
using namespace base::literals;

boot::Devices& devices() {
  static boot::Devices& brought_up = boot::Devices::bring_up(test::boot_info(), {});
  return brought_up;
}

BOOT_TEST("the real-time clock gives a date of this century") {
  auto const& power = devices().acpi().power;
  auto const time = drivers::read_rtc(power ? power->century_register : u8{0});
  ASSERT_TRUE(time.has_value());
  EXPECT_TRUE(time->year >= 2024 && time->year < 2100);
}

BOOT_TEST("the one-shot timer interrupts once, and not before its time") {
  auto& timer = devices().timer();
  u64 const before = timer.expired();
  base::Instant const deadline = devices().now() + 3_ms;
  hw::disable_interrupts();
  timer.arm(deadline);
  while (timer.expired() == before) {
    hw::enable_interrupts_and_halt();
    hw::disable_interrupts();
  }
  base::Instant const woken = devices().now();
  // Half a percent is what calibration may be off.
  EXPECT_TRUE(woken + 20_us >= deadline);
  timer.arm(devices().now() + 1_ms);
  timer.disarm();
  hw::enable_interrupts();
  base::Instant const quiet = devices().now() + 3_ms;
  while (devices().now() < quiet) {
  }
  EXPECT_EQ(timer.expired(), before + 1);
}

BOOT_TEST("PCI devices are found, and the display shows what is drawn") {
  auto const found = drivers::PciScan<>::run();
  ASSERT_TRUE(found.has_value());
  for (auto const& device : *found) {
    test::note("{} {:04x}:{:04x} {}", device.at, device.vendor, device.device,
               drivers::pci_class_name(device.class_code, device.subclass));
  }
  EXPECT_TRUE(found->size() >= 3);
  auto framebuffer = drivers::create_display(*found, 800, 600);
  ASSERT_TRUE(framebuffer.has_value());
  framebuffer->fill({10, 10, 20, 20}, {1, 2, 3});
  EXPECT_TRUE(framebuffer->pixel(10, 10) == (drivers::Rgb{1, 2, 3}));
  ASSERT_TRUE(framebuffer->add_back_buffer().has_value());
  framebuffer->put_pixel(799, 599, 255, 128, 0);
  framebuffer->present();
  // Read from the screen itself.
  auto again = drivers::create_display(*found, 800, 600);
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(again->pixel(0, 0) == drivers::Rgb{});
}

std::atomic<int> keyboard_interrupts;

BOOT_TEST("the keyboard is set up, and its answers arrive by interrupt") {
  auto controller = drivers::Ps2Controller<>::create();
  if (!controller) test::note("{}", drivers::describe(controller.error()));
  ASSERT_TRUE(controller.has_value());
  static drivers::Ps2Keyboard<> keyboard(*controller, devices().executor());
  ASSERT_TRUE(devices()
                  .interrupts()
                  .route_line(
                      hw::ps2::keyboard_line,
                      [](void* context) {
                        keyboard_interrupts.fetch_add(1);
                        drivers::Ps2Keyboard<>::handle_interrupt(context);
                      },
                      &keyboard)
                  .has_value());
  devices().interrupts().unmask(hw::ps2::keyboard_line);
  EXPECT_EQ(keyboard.scancodes().try_next().has_value(), false);
  using hw::ps2::Leds;
  keyboard.controller().set_leds(Leds{}.with<Leds::CapsLock>(true));
  base::Instant const patience = devices().now() + 500_ms;
  u32 acknowledged = 0;
  while (acknowledged < 2 && devices().now() < patience) {
    while (auto const code = keyboard.scancodes().try_next())
      if (*code == hw::ps2::acknowledged) ++acknowledged;
  }
  EXPECT_EQ(acknowledged, 2u);
  EXPECT_TRUE(keyboard_interrupts.load() >= 1);
}

}  // namespace
}  // namespace nacre
