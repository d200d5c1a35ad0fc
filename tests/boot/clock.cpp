#include "kernel/boot/devices.hpp"
#include "kernel/drivers/rtc.hpp"
#include "kernel/hw/interrupts.hpp"
#include "tests/support/boot_test.hpp"

namespace nacre {
namespace {

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

BOOT_TEST("the machine has the timer that its description promises") {
  auto const kind = devices().timer().kind();
  bool const without_apic = test::boot_info().command_line.contains("pic");
  EXPECT_TRUE(without_apic ? kind == drivers::OneShotTimer::Kind::Pit
                           : kind == drivers::OneShotTimer::Kind::LocalApic ||
                                 kind == drivers::OneShotTimer::Kind::TscDeadline);
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
  timer.arm(devices().now() + 200_ms);
  timer.disarm();
  hw::enable_interrupts();
  base::Instant const quiet = devices().now() + 250_ms;
  while (devices().now() < quiet) {
  }
  bool const may_still_come = timer.kind() == drivers::OneShotTimer::Kind::Pit;
  EXPECT_TRUE(timer.expired() <= before + (may_still_come ? 2 : 1));
}

}  // namespace
}  // namespace nacre
