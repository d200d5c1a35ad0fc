#include "kernel/drivers/power.hpp"

#include <gtest/gtest.h>

#include "tests/support/fake_machine.hpp"

namespace nacre::drivers {
namespace {

using base::u16;
using base::u32;
using base::u64;
using base::u8;
using test::FakeMachine;
using test::FakePortIo;
using Writes = std::vector<FakeMachine::Write>;

/// PM1 control, which belongs to the firmware until ACPI is switched on by a system management
/// interrupt.
struct FakePm1 final : test::FakeDevice {
  u16 control = 0x0100;
  u32 read(u64, unsigned) override { return control; }
  void write(u64 port, u32 value, unsigned) override {
    if (port == 0xb2) {
      if (value == 0xf1) control |= 1;
    } else {
      control = static_cast<u16>(value);
    }
  }
};
struct Recorder final : test::FakeDevice {
  std::vector<std::pair<u64, u32>> writes;
  u32 read(u64, unsigned) override { return 0; }
  void write(u64 address, u32 value, unsigned size) override {
    EXPECT_EQ(size, 1u);
    writes.emplace_back(address, value);
  }
};

AcpiPower pc() {
  AcpiPower acpi;
  acpi.pm1a_control = u16{0x604};
  acpi.soft_off = SleepTypes{5, 3};
  acpi.smi_command = 0xb2;
  acpi.acpi_enable = 0xf1;
  return acpi;
}

TEST(PowerOff, ThroughPm1) {
  FakeMachine machine;
  FakePm1 pm1;
  machine.add_ports(0x604, 2, pm1);
  machine.add_ports(0xb2, 1, pm1);
  AcpiPower acpi = pc();
  Power<FakePortIo>(&acpi, {&machine}).power_off(7);
  EXPECT_EQ(machine.writes, (Writes{{0xb2, 0xf1}, {0x604, 0x1501}, {0x604, 0x3501}, {0xf4, 7}}));

  // Switched on already, and with a second register.
  machine.writes.clear();
  acpi.pm1b_control = u16{0x608};
  pm1.control = 1;
  Power<FakePortIo>(&acpi, {&machine}).power_off();
  EXPECT_EQ(
      machine.writes,
      (Writes{{0x604, 0x1401}, {0x604, 0x3401}, {0x608, 0xcfff}, {0x608, 0xefff}, {0xf4, 0}}));
}

TEST(PowerOff, ThroughTheSleepRegister) {
  FakeMachine machine;
  Recorder registers;
  machine.add_memory(0xfea0'0000, 16, registers);
  AcpiPower acpi;
  acpi.hardware_reduced = true;
  acpi.sleep_control = AcpiRegister{false, 0xfea0'0000};
  acpi.soft_off = SleepTypes{5, 0};
  Power<FakePortIo>(&acpi, {&machine}).power_off();
  ASSERT_EQ(registers.writes.size(), 1u);
  EXPECT_EQ(registers.writes[0], (std::pair<u64, u32>{0, 0x34}));
}

TEST(PowerOff, WithoutASleepTypeNothingIsGuessed) {
  FakeMachine machine;
  AcpiPower acpi = pc();
  acpi.soft_off.reset();
  acpi.sleep_control = AcpiRegister{true, 0x700};
  Power<FakePortIo>(&acpi, {&machine}).power_off(1);
  Power<FakePortIo>(nullptr, {&machine}).power_off(2);
  EXPECT_EQ(machine.writes, (Writes{{0xf4, 1}, {0xf4, 2}}));
}

TEST(Reboot, ByTheResetRegisterThenTheKeyboardController) {
  FakeMachine machine;
  AcpiPower acpi;
  acpi.reset_register = AcpiRegister{true, 0xcf9};
  acpi.reset_value = 0x0f;
  Power<FakePortIo>(&acpi, {&machine}).reboot();
  EXPECT_EQ(machine.writes, (Writes{{0xcf9, 0x0f}, {0x64, 0xfe}}));

  Recorder registers;
  machine.add_memory(0xfea0'0002, 1, registers);
  acpi.reset_register = AcpiRegister{false, 0xfea0'0002};
  acpi.reset_value = 0x42;
  Power<FakePortIo>(&acpi, {&machine}).reboot();
  EXPECT_EQ(registers.writes.size(), 1u);

  machine.mapping_fails = true;
  machine.writes.clear();
  Power<FakePortIo>(&acpi, {&machine}).reboot();
  EXPECT_EQ(machine.writes, (Writes{{0x64, 0xfe}}));
}

}  // namespace
}  // namespace nacre::drivers
