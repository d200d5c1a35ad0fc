#include "kernel/boot/devices.hpp"
#include "kernel/drivers/power.hpp"
#include "kernel/hw/interrupts.hpp"
#include "tests/support/boot_test.hpp"

namespace nacre {
namespace {

// The runner expects that the machine is off, and lets it restart: a reset or a triple fault would
// boot this again and again until its time is over. The debug exit, which `power_off` falls back
// on, gives another status.
BOOT_TEST("the machine switches itself off") {
  auto& devices = boot::Devices::bring_up(test::boot_info(), {});
  ASSERT_TRUE(devices.acpi().power.has_value());
  test::report("switching off");
  hw::disable_interrupts();
  devices.power().power_off();
  test::fail("still running", __FILE__, __LINE__);
}

}  // namespace
}  // namespace nacre
