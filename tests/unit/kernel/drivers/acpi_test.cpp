#include "kernel/drivers/acpi.hpp"

#include <gtest/gtest.h>
#include <random>

#include "tests/support/failing_allocator.hpp"
#include "tests/unit/kernel/drivers/fake_firmware.hpp"

namespace nacre::drivers {
namespace {

using base::u16;
using base::u32;
using base::u64;
using base::u8;
using base::usize;
using hw::PhysAddr;
using test::append;
using test::Blob;
using test::FakeFirmware;
using test::put;
using test::put_at;
using test::table;

/// `Name (\_S5, Package () {5, 4, Zero, Zero})` among other code.
Blob dsdt() {
  return table("DSDT", {0x10, 0x20, '_',  'S',  '5',  '_',  0x00, 0x08, '\\', '_',  'S',  '5',
                        '_',  0x12, 0x08, 0x04, 0x0a, 0x05, 0x0a, 0x04, 0x00, 0x00, 0xff, 0xff});
}

/// As QEMU's `pc` describes itself: two CPUs, one of them disabled, line 0 at input 2, level
/// triggered lines.
Blob madt() {
  Blob body;
  put(body, u32{0xfee0'0000});
  put(body, u32{1});
  append(body, {0, 8, 0, 0, 1, 0, 0, 0});                     // CPU 0
  append(body, {0, 8, 1, 1, 0, 0, 0, 0});                     // disabled
  append(body, {1, 12, 0, 0, 0, 0, 0xc0, 0xfe, 0, 0, 0, 0});  // I/O APIC
  append(body, {2, 10, 0, 0, 2, 0, 0, 0, 0, 0});              // 0 -> 2
  append(body, {2, 10, 0, 9, 9, 0, 0, 0, 0xd, 0});            // level, high
  append(body, {2, 10, 0, 11, 20, 0, 0, 0, 0xf, 0});          // level, low
  append(body, {2, 10, 1, 3, 7, 0, 0, 0, 0, 0});              // not ISA
  append(body, {2, 10, 0, 200, 7, 0, 0, 0, 0, 0});            // no line
  append(body, {4, 6, 0xff, 0, 0, 1});                        // NMI
  append(body, {99, 3, 0});                                   // unknown
  return table("APIC", body);
}

Blob fadt(u32 dsdt, usize size = sizeof(hw::acpi::FixedDescription)) {
  Blob whole(size);
  put_at(whole, 40, dsdt);
  put_at(whole, 48, u32{0xb2});
  whole[52] = 0xf1;
  put_at(whole, 64, u32{0x604});
  put_at(whole, 76, u32{0x608});
  whole[91] = 4;
  whole[108] = 0x32;
  put_at(whole, 109, u16{2});
  put_at(whole, 112, u32{1u << 10 | 1u << 8});
  whole[116] = 1;
  put_at(whole, 120, u64{0xcf9});
  whole[128] = 0x0f;
  whole.resize(size);
  whole.erase(whole.begin(), whole.begin() + sizeof(hw::acpi::TableHeader));
  return table("FACP", whole, 3);
}

u32 low(u64 at) { return static_cast<u32>(at); }

Blob rsdt(std::vector<u64> tables) {
  Blob body;
  for (u64 const at : tables) put(body, low(at));
  return table("RSDT", body);
}
Blob xsdt(std::vector<u64> tables) {
  Blob body;
  for (u64 const at : tables) put(body, at);
  return table("XSDT", body);
}

auto read(const FakeFirmware& firmware, std::optional<PhysAddr> root = std::nullopt) {
  return read_acpi([&](PhysAddr at, u64 size) { return firmware.read(at, size); }, root);
}

void expect_pc(const Acpi& acpi) {
  ASSERT_TRUE(acpi.interrupts);
  EXPECT_EQ(acpi.interrupts->local_address.value, 0xfee0'0000u);
  EXPECT_TRUE(acpi.interrupts->has_pic);
  ASSERT_EQ(acpi.interrupts->processors.size(), 1u);
  EXPECT_EQ(acpi.interrupts->processors[0].apic_id, 0u);
  ASSERT_EQ(acpi.interrupts->io_apics.size(), 1u);
  EXPECT_EQ(acpi.interrupts->io_apics[0].address.value, 0xfec0'0000u);
  EXPECT_EQ(acpi.interrupts->line(0).input, 2u);
  EXPECT_EQ(acpi.interrupts->line(0).signalling, Signalling{});
  EXPECT_EQ(acpi.interrupts->line(9).signalling, (Signalling{false, true}));
  EXPECT_EQ(acpi.interrupts->line(11).input, 20u);
  EXPECT_EQ(acpi.interrupts->line(11).signalling, (Signalling{true, true}));
  EXPECT_EQ(acpi.interrupts->line(3).input, 3u);
  EXPECT_EQ(acpi.interrupts->line(200).input, 200u);

  ASSERT_TRUE(acpi.power);
  EXPECT_FALSE(acpi.power->hardware_reduced);
  EXPECT_EQ(acpi.power->pm1a_control, 0x604);
  EXPECT_FALSE(acpi.power->pm1b_control);
  EXPECT_EQ(acpi.power->pm_timer_port, 0x608);
  EXPECT_TRUE(acpi.power->pm_timer_is_wide);
  EXPECT_EQ(acpi.power->century_register, 0x32);
  EXPECT_TRUE(acpi.power->has_keyboard_controller);
  ASSERT_TRUE(acpi.power->reset_register);
  EXPECT_TRUE(acpi.power->reset_register->is_port);
  EXPECT_EQ(acpi.power->reset_register->address, 0xcf9u);
  EXPECT_EQ(acpi.power->reset_value, 0x0f);
  ASSERT_TRUE(acpi.power->soft_off);
  EXPECT_EQ(acpi.power->soft_off->pm1a, 5);
  EXPECT_EQ(acpi.power->soft_off->pm1b, 4);
}

TEST(Acpi, FromTheLoadersPointerThroughTheXsdt) {
  FakeFirmware firmware;
  u64 const root = firmware.add(xsdt(
      {firmware.add(fadt(low(firmware.add(dsdt())))), firmware.add(madt()), 0xdead'beef'0000}));
  firmware.add_root_pointer(0x1234'5670, 0, root, 2);
  auto const acpi = read(firmware, PhysAddr{0x1234'5670});
  ASSERT_TRUE(acpi);
  expect_pc(*acpi);
}

TEST(Acpi, FoundInTheBiosAreaThroughTheRsdt) {
  FakeFirmware firmware;
  u64 const root = firmware.add(
      rsdt({firmware.add(madt()), firmware.add(fadt(low(firmware.add(dsdt())), 132))}));
  firmware.add_root_pointer(0, low(root), 0, 0);
  Blob area(0x2'0000);
  Blob const pointer = firmware.memory[0];
  firmware.memory.erase(0);
  std::memcpy(area.data() + 0x3330, "RSD PTR ", 8);  // looks like one
  std::ranges::copy(pointer, area.begin() + 0x5'240);
  firmware.memory[0xe'0000] = area;
  auto const acpi = read(firmware);
  ASSERT_TRUE(acpi);
  expect_pc(*acpi);

  // A wrong pointer from the loader does not matter.
  EXPECT_TRUE(read(firmware, PhysAddr{0x9999'0000}));
}

TEST(Acpi, FoundInTheExtendedBiosData) {
  FakeFirmware firmware;
  u64 const root = firmware.add(rsdt({firmware.add(madt())}));
  firmware.add_root_pointer(0, low(root), 0, 0);
  Blob area(1024);
  std::ranges::copy(firmware.memory[0], area.begin() + 0x20);
  firmware.memory[0x9'fc00] = area;
  firmware.memory[0x40e] = {0xc0, 0x9f};
  firmware.memory.erase(0);
  auto const acpi = read(firmware);
  ASSERT_TRUE(acpi);
  EXPECT_TRUE(acpi->interrupts);
}

TEST(Acpi, ABrokenXsdtFallsBackToTheRsdt) {
  FakeFirmware firmware;
  u64 const good = firmware.add(rsdt({firmware.add(madt())}));
  Blob broken = xsdt({firmware.add(madt())});
  broken.back() ^= 1;
  firmware.add_root_pointer(0x1000, low(good), firmware.add(broken), 2);
  auto const acpi = read(firmware, PhysAddr{0x1000});
  ASSERT_TRUE(acpi);
  EXPECT_TRUE(acpi->interrupts);
}

TEST(Acpi, WithoutTablesIsAnError) {
  FakeFirmware firmware;
  EXPECT_EQ(read(firmware).error(), AcpiProblem::NotFound);
  firmware.memory[0xe'0000] = Blob(0x2'0000);
  EXPECT_EQ(read(firmware).error(), AcpiProblem::NotFound);
  firmware.add_root_pointer(0x1000, 0x5000, 0x6000, 2);
  EXPECT_EQ(read(firmware, PhysAddr{0x1000}).error(), AcpiProblem::NoTables);
}

TEST(Acpi, ATableWithABadChecksumOrLengthIsIgnored) {
  FakeFirmware firmware;
  Blob bad_sum = madt();
  bad_sum.back() ^= 0x40;
  Blob too_long = fadt(0);
  put_at(too_long, 4, u32{0xffff'ffff});
  Blob too_short = madt();
  put_at(too_short, 4, u32{3});
  u64 const root =
      firmware.add(rsdt({firmware.add(bad_sum), firmware.add(too_long), firmware.add(too_short)}));
  firmware.add_root_pointer(0x1000, low(root), 0, 0);
  auto const acpi = read(firmware, PhysAddr{0x1000});
  ASSERT_TRUE(acpi);
  EXPECT_FALSE(acpi->interrupts);
  EXPECT_FALSE(acpi->power);
}

TEST(Acpi, ListsTablesRightOrNot) {
  FakeFirmware firmware;
  Blob bad_sum = madt();
  bad_sum.back() ^= 0x40;
  Blob too_long = madt();
  put_at(too_long, 4, u32{0xffff'ffff});
  u64 const root = firmware.add(xsdt({firmware.add(fadt(low(firmware.add(dsdt())))),
                                      firmware.add(bad_sum), firmware.add(too_long)}));
  firmware.add_root_pointer(0x1000, 0, root, 2);
  auto const acpi = read(firmware, PhysAddr{0x1000});
  ASSERT_TRUE(acpi);
  EXPECT_EQ(acpi->root.value, 0x1000u);
  std::string seen;
  auto const reader = [&](PhysAddr start, u64 size) { return firmware.read(start, size); };
  for_each_acpi_table(reader, acpi->root, [&](const AcpiTable& table) {
    auto const name = table.header.signature;
    seen += std::string(name.data(), name.size()) + (table.has_right_checksum ? "+ " : "- ");
    EXPECT_EQ(table.bytes.size(), table.header.length);
  });
  EXPECT_EQ(seen, "XSDT+ FACP+ DSDT+ APIC- ");
}

TEST(Acpi, HardwareReducedMachinesHaveSleepRegistersOnly) {
  // As QEMU's `microvm`.
  Blob whole(sizeof(hw::acpi::FixedDescription));
  put_at(whole, 64, u32{0x604});
  put_at(whole, 76, u32{0x608});
  put_at(whole, 112, u32{1u << 20 | 1u << 10});
  put_at(whole, 120, u64{0xfea0'0002});
  whole[128] = 0x42;
  put_at(whole, 248, u64{0xfea0'0000});
  whole.erase(whole.begin(), whole.begin() + sizeof(hw::acpi::TableHeader));
  AcpiPower const power = read_acpi_power(table("FACP", whole, 5));
  EXPECT_TRUE(power.hardware_reduced);
  EXPECT_FALSE(power.pm1a_control);
  EXPECT_FALSE(power.pm_timer_port);
  ASSERT_TRUE(power.sleep_control);
  EXPECT_FALSE(power.sleep_control->is_port);
  EXPECT_EQ(power.sleep_control->address, 0xfea0'0000u);
  ASSERT_TRUE(power.reset_register);
  EXPECT_EQ(power.reset_value, 0x42);
  EXPECT_FALSE(power.has_keyboard_controller);
}

TEST(Acpi, MadtGivesAddressOverrideAndLargeIds) {
  Blob body(8);
  append(body, {5, 12, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0});
  append(body, {9, 16, 0, 0, 0x23, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0});
  append(body, {1, 12, 0, 0});  // longer than what is left
  auto const interrupts = read_acpi_interrupts(table("APIC", body));
  ASSERT_TRUE(interrupts);
  EXPECT_EQ(interrupts->local_address.value, 0x2'0000'0000u);
  ASSERT_EQ(interrupts->processors.size(), 1u);
  EXPECT_EQ(interrupts->processors[0].apic_id, 0x123u);
  EXPECT_TRUE(interrupts->io_apics.empty());
}

TEST(Acpi, SoftOffIsFoundOnlyWhereItIsNamed) {
  auto const types = [](Blob code) { return find_soft_off(table("DSDT", code)); };
  EXPECT_FALSE(types({}));
  EXPECT_FALSE(types({'_', 'S', '5', '_', 0x12}));
  EXPECT_FALSE(types({0, 0, '_', 'S', '5', '_', 0x12, 6, 2, 1, 1}));
  EXPECT_FALSE(types({0x08, '_', 'S', '5', '_', 0x12, 0x06, 0x02, 0x0a})) << "truncated";
  auto const ones = types({0x08, '_', 'S', '5', '_', 0x12, 0x06, 0x04, 0x01, 0x00, 0x00, 0x00});
  ASSERT_TRUE(ones);
  EXPECT_EQ(ones->pm1a, 1);
  EXPECT_EQ(ones->pm1b, 0);
  // Two-byte package length, word and double word constants.
  auto const wide = types({0x08, '_', 'S', '5', '_', 0x12, 0x4a, 0x00, 0x02, 0x0b, 0x07, 0x00, 0x0c,
                           0x06, 0x00, 0x00, 0x00});
  ASSERT_TRUE(wide);
  EXPECT_EQ(wide->pm1a, 7);
  EXPECT_EQ(wide->pm1b, 6);
}

TEST(Acpi, HpetAndPciWindows) {
  Blob hpet(20);
  put_at(hpet, 4, u8{0});
  put_at(hpet, 8, u64{0xfed0'0000});
  Blob mcfg(8);
  put(mcfg, u64{0xb000'0000});
  put(mcfg, u16{0});
  put(mcfg, u8{0});
  put(mcfg, u8{255});
  put(mcfg, u32{0});
  put(mcfg, u32{0});  // half an entry
  FakeFirmware firmware;
  u64 const root =
      firmware.add(rsdt({firmware.add(table("HPET", hpet)), firmware.add(table("MCFG", mcfg))}));
  firmware.add_root_pointer(0x1000, low(root), 0, 0);
  auto const acpi = read(firmware, PhysAddr{0x1000});
  ASSERT_TRUE(acpi);
  EXPECT_EQ(acpi->hpet, PhysAddr{0xfed0'0000});
  ASSERT_EQ(acpi->pci_windows.size(), 1u);
  EXPECT_EQ(acpi->pci_windows[0].last_bus, 255);
}

TEST(Acpi, DamagedTablesNeverReadOutOfBounds) {
  std::mt19937 random(11);
  for (int round = 0; round < 3000; ++round) {
    FakeFirmware firmware;
    auto const damaged = [&](Blob blob) {
      for (unsigned i = random() % 4; i > 0; --i)
        blob[random() % blob.size()] = static_cast<u8>(random());
      if (random() % 4 == 0) blob.resize(1 + random() % blob.size());
      if (blob.size() >= 36) {
        if (random() % 4 != 0) put_at(blob, 4, static_cast<u32>(blob.size()));
        blob[9] = 0;
        blob[9] = static_cast<u8>(-test::sum(blob));
      }
      return blob;
    };
    u64 const code = firmware.add(damaged(dsdt()));
    u64 const root = firmware.add(
        damaged(rsdt({firmware.add(damaged(madt())), firmware.add(damaged(fadt(low(code))))})));
    firmware.add_root_pointer(0x1000, low(root), 0, 0);
    static_cast<void>(read(firmware, PhysAddr{0x1000}));
  }
}

TEST(Acpi, RunningOutOfMemoryIsAnError) {
  FakeFirmware firmware;
  u64 const root =
      firmware.add(rsdt({firmware.add(madt()), firmware.add(fadt(low(firmware.add(dsdt()))))}));
  firmware.add_root_pointer(0x1000, low(root), 0, 0);
  u64 const failures = test::fail_each_allocation([&] {
    auto const acpi = read(firmware, PhysAddr{0x1000});
    if (!acpi) EXPECT_EQ(acpi.error(), AcpiProblem::OutOfMemory);
  });
  EXPECT_EQ(failures, 2u);
  EXPECT_TRUE(read(firmware, PhysAddr{0x1000}));
}

/// As QEMU's `microvm` describes a virtio device.
Blob virtio_device(u32 address, u8 input, u8 flags = 0x01) {
  Blob code{0x5b, 0x82, 0x39, 'V', 'R', '0', '0', 0x08, '_', 'H', 'I', 'D', 0x0d};
  for (char const c : std::string_view("LNRO0005")) code.push_back(static_cast<u8>(c));
  append(code, {0, 0x08, '_', 'C', 'R', 'S', 0x11, 0x1a, 0x0a, 0x17, 0x86, 9, 0, 1});
  put(code, address);
  put(code, u32{0x200});
  append(code, {0x89, 6, 0, flags, 1, input, 0, 0, 0, 0x79, 0});
  return code;
}

TEST(AcpiDevices, VirtioDevicesAreFoundWithTheirInterrupts) {
  Blob code{0x86, 9, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2};  // somebody else's memory
  append(code, virtio_device(0xfeb0'0e00, 47));
  append(code, virtio_device(0xfeb0'0c00, 0x86, 0x07));  // as its input, what looks like a tag
  base::Vector<AcpiVirtioDevice> devices;
  ASSERT_TRUE(find_virtio_devices(code, devices));
  ASSERT_EQ(devices.size(), 2u);
  EXPECT_EQ(devices[0].address, PhysAddr{0xfeb0'0e00});
  EXPECT_EQ(devices[0].size, 0x200u);
  EXPECT_EQ(devices[0].input, 47u);
  EXPECT_EQ(devices[0].signalling, (Signalling{.active_low = false, .level_triggered = true}));
  EXPECT_EQ(devices[1].address, PhysAddr{0xfeb0'0c00});
  EXPECT_EQ(devices[1].input, 0x86u);
  EXPECT_EQ(devices[1].signalling, (Signalling{.active_low = true, .level_triggered = false}));
}

TEST(AcpiDevices, AVirtioDeviceThatIsCutOffIsNone) {
  Blob const whole = virtio_device(0xfeb0'0e00, 47);
  usize found = 0;
  for (usize size = 0; size <= whole.size(); ++size) {
    base::Vector<AcpiVirtioDevice> devices;
    ASSERT_TRUE(find_virtio_devices(std::span(whole).first(size), devices));
    found += devices.size();
  }
  EXPECT_EQ(found, 3u) << "only what is whole but for its end tag";

  Blob many;
  for (int i = 0; i < 100; ++i) append(many, whole);
  base::Vector<AcpiVirtioDevice> devices;
  ASSERT_TRUE(find_virtio_devices(many, devices));
  EXPECT_EQ(devices.size(), 64u);
}

}  // namespace
}  // namespace nacre::drivers
