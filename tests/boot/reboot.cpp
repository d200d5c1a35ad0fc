#include "kernel/boot/devices.hpp"
#include "kernel/drivers/power.hpp"
#include "kernel/hw/cmos.hpp"
#include "kernel/hw/interrupts.hpp"
#include "kernel/hw/port.hpp"
#include "tests/support/boot_test.hpp"

namespace nacre {
namespace {

using base::u8;

/// A byte of battery-backed memory that no firmware uses: it tells the second boot from the first.
constexpr u8 marker_index = 0x7e;
constexpr u8 was_here = 0x5a;

u8 read_marker() {
  hw::port_write_u8(hw::cmos::index_port, marker_index);
  return hw::port_read_u8(hw::cmos::data_port);
}
void write_marker(u8 value) {
  hw::port_write_u8(hw::cmos::index_port, marker_index);
  hw::port_write_u8(hw::cmos::data_port, value);
}

BOOT_TEST("the machine starts again") {
  if (read_marker() == was_here) {
    test::report("second boot");
    write_marker(0);
    return;
  }
  write_marker(was_here);
  ASSERT_TRUE(read_marker() == was_here);
  hw::disable_interrupts();
  if (test::boot_info().command_line == "no-acpi") {
    test::report("first boot, without ACPI");
    drivers::Power<>(nullptr).reboot();
  } else {
    auto& devices = boot::Devices::bring_up(test::boot_info(), {});
    auto const& power = devices.acpi().power;
    ASSERT_TRUE(power.has_value());
    test::note("first boot, reset register {}",
               power->reset_register ? std::string_view("found") : std::string_view("missing"));
    hw::disable_interrupts();
    devices.power().reboot();
  }
  test::fail("still running", __FILE__, __LINE__);
}

}  // namespace
}  // namespace nacre
