#include "kernel/drivers/pci.hpp"

#include <gtest/gtest.h>

#include "tests/support/failing_allocator.hpp"
#include "tests/unit/kernel/drivers/fake_pci.hpp"

namespace nacre::drivers {
namespace {

using base::u32;
using base::u64;
using base::u8;
using test::FakeMachine;
using test::FakePci;
using test::FakePortIo;

struct Pci : testing::Test {
  FakeMachine machine;
  FakePci pci{machine};
  auto scan() { return PciScan<FakePortIo>::run({&machine}); }
};

TEST_F(Pci, FindsFunctionsAndWhatIsBehindBridges) {
  pci.at(0, 0).identity(0x8086, 0x1237, 6, 0);
  pci.at(0, 1).identity(0x8086, 0x7000, 6, 1).many_functions();
  pci.at(0, 1, 1).identity(0x8086, 0x7010, 1, 1);
  pci.at(0, 1, 3).identity(0x8086, 0x7113, 6, 0x80);
  pci.at(0, 2).identity(0x1234, 0x1111, 3, 0);
  pci.at(0, 2, 5).identity(0x1234, 0x9999, 3, 0);  // not there: the device has one function
  pci.at(0, 31).identity(0x8086, 0x244e, 6, 4).bridge_to(5);
  pci.at(5, 7).identity(0x8086, 0x100e, 2, 0).registers[0x3c] = 0x0000'010b;
  pci.at(5, 8).identity(0x8086, 0x244e, 6, 4).bridge_to(6);
  pci.at(6, 0).identity(0x1af4, 0x1000, 2, 0);
  pci.at(9, 0).identity(0x1af4, 0x1000, 2, 0);  // a bus that nothing leads to
  auto const devices = scan();
  ASSERT_TRUE(devices);
  std::vector<PciAddress> found;
  for (auto const& device : *devices) found.push_back(device.at);
  EXPECT_EQ(found, (std::vector<PciAddress>{{0, 0, 0},
                                            {0, 1, 0},
                                            {0, 1, 1},
                                            {0, 1, 3},
                                            {0, 2, 0},
                                            {0, 31, 0},
                                            {5, 7, 0},
                                            {5, 8, 0},
                                            {6, 0, 0}}));
  PciDevice const& network = (*devices)[6];
  EXPECT_EQ(network.vendor, 0x8086);
  EXPECT_EQ(network.device, 0x100e);
  EXPECT_EQ(network.class_code, 2);
  EXPECT_EQ(network.revision, 2);
  EXPECT_EQ(network.interrupt_line, 11);
  EXPECT_EQ(network.interrupt_pin, 1);
}

TEST_F(Pci, SizesRangesWithoutDisturbingThem) {
  auto& function = pci.at(0, 2).identity(0x1234, 0x1111, 3, 0);
  function.bar(0, 0xfd00'0008, 0xff00'0000);  // 16 MiB, prefetchable
  function.bar(1, 0xc001, 0xffe0);            // 32 ports, low half only
  function.bar(2, 0xfebf'0004, 0xffff'f000);  // 64 bits wide, 4 KiB
  function.bar(3, 0x0000'0001, 0xffff'ffff);
  function.bar(4, 0x0000'000c, 0x0000'0000);  // 64 bits wide, 8 GiB
  function.bar(5, 0x0000'0010, 0xffff'fffe);
  auto const before = function.registers;
  auto const devices = scan();
  ASSERT_TRUE(devices);
  auto const& bars = devices->front().bars;
  EXPECT_FALSE(bars[0].is_port);
  EXPECT_TRUE(bars[0].prefetchable);
  EXPECT_EQ(bars[0].address, 0xfd00'0000u);
  EXPECT_EQ(bars[0].size, 0x100'0000u);
  EXPECT_TRUE(bars[1].is_port);
  EXPECT_EQ(bars[1].address, 0xc000u);
  EXPECT_EQ(bars[1].size, 32u);
  EXPECT_EQ(bars[2].address, 0x1'febf'0000u);
  EXPECT_EQ(bars[2].size, 4096u);
  EXPECT_EQ(bars[3].size, 0u);
  EXPECT_EQ(bars[4].address, 0x10'0000'0000u);
  EXPECT_EQ(bars[4].size, 0x2'0000'0000u);

  EXPECT_EQ(function.registers, before) << "addresses and command must be as before";
  EXPECT_FALSE(function.sized_while_enabled);
}

TEST_F(Pci, HostBridgesAreNotProbed) {
  auto& function = pci.at(0, 0).identity(0x8086, 0x1237, 6, 0);
  function.bar(0, 0xe000'0008, 0xf000'0000);
  auto const devices = scan();
  ASSERT_TRUE(devices);
  EXPECT_EQ(devices->front().bars[0].address, 0xe000'0000u);
  EXPECT_EQ(devices->front().bars[0].size, 0u);
  EXPECT_FALSE(function.sized_while_enabled);
}

TEST_F(Pci, BridgesThatLeadInCirclesEnd) {
  pci.at(0, 1).identity(0x8086, 1, 6, 4).bridge_to(3);
  pci.at(3, 1).identity(0x8086, 1, 6, 4).bridge_to(3);
  pci.at(3, 2).identity(0x8086, 1, 6, 4).bridge_to(0);
  auto const devices = scan();
  ASSERT_TRUE(devices);
  EXPECT_EQ(devices->size(), 3u);
}

TEST_F(Pci, SeveralHostBridges) {
  pci.at(0, 0).identity(0x8086, 1, 6, 0).many_functions();
  pci.at(0, 0, 2).identity(0x8086, 2, 6, 0);
  pci.at(2, 4).identity(0x8086, 3, 2, 0);
  auto const devices = scan();
  ASSERT_TRUE(devices);
  EXPECT_EQ(devices->back().at, (PciAddress{2, 4, 0}));
}

TEST_F(Pci, EveryFailedAllocationIsReported) {
  for (u8 device = 0; device < 20; ++device) pci.at(0, device).identity(0x8086, device, 2, 0);
  u64 const failures = test::fail_each_allocation([&] {
    auto const devices = scan();
    if (!devices) EXPECT_EQ(devices.error(), PciProblem::OutOfMemory);
  });
  EXPECT_GT(failures, 2u);
}

TEST(PciMissing, IsNoticedAtOnce) {
  FakeMachine machine;
  EXPECT_EQ(PciScan<FakePortIo>::run({&machine}).error(), PciProblem::NoPci);
  EXPECT_LE(machine.timestamp, 5 * machine.ticks_per_access);
}

TEST(PciNames, AreThose) {
  EXPECT_EQ(pci_class_name(0x03, 0x00), "VGA compatible controller");
  EXPECT_EQ(pci_class_name(0x03, 0x77), "display controller");
  EXPECT_EQ(pci_class_name(0x06, 0x01), "ISA bridge");
  EXPECT_EQ(pci_class_name(0xff, 0x00), "unknown device");
  EXPECT_EQ(pci_vendor_name(0x8086), "Intel");
  EXPECT_EQ(pci_vendor_name(0x1b36), "QEMU");
  EXPECT_EQ(pci_vendor_name(0x0001), "");
  base::FixedText<16> const text("{}", PciAddress{1, 31, 7});
  EXPECT_EQ(text.view(), "01:1f.7");
}

}  // namespace
}  // namespace nacre::drivers
