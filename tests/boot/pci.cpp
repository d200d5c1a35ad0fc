#include "kernel/drivers/pci.hpp"

#include <algorithm>

#include "kernel/drivers/bochs_display.hpp"
#include "tests/support/boot_test.hpp"

namespace nacre {
namespace {

using drivers::PciDevice;

bool machine_has_pci() { return test::boot_info().command_line != "no-pci"; }

BOOT_TEST("a machine without PCI says so") {
  if (machine_has_pci()) return;
  auto const found = drivers::PciScan<>::run();
  ASSERT_TRUE(!found.has_value());
  EXPECT_TRUE(found.error() == drivers::PciProblem::NoPci);
}

BOOT_TEST("the scan finds the host bridge and the display with its memory") {
  if (!machine_has_pci()) return;
  auto const found = drivers::PciScan<>::run();
  ASSERT_TRUE(found.has_value());
  for (auto const& device : *found) {
    test::note("  {} {:04x}:{:04x} {}", device.at, device.vendor, device.device,
               drivers::pci_class_name(device.class_code, device.subclass));
  }
  EXPECT_TRUE(std::ranges::any_of(*found, [](const PciDevice& device) {
    return device.class_code == hw::pci::class_bridge && device.subclass == 0;
  }));

  auto const* const display = drivers::find_display({found->data(), found->size()});
  ASSERT_TRUE(display != nullptr);
  EXPECT_EQ(display->vendor, hw::bochs_display::vendor);
  EXPECT_EQ(display->device, hw::bochs_display::device);
  auto const& memory = display->bars[0];
  EXPECT_TRUE(!memory.is_port && memory.prefetchable);
  EXPECT_TRUE(memory.address != 0 && memory.address % memory.size == 0);
  EXPECT_EQ(memory.size, base::u64{16} << 20);
  EXPECT_EQ(display->bars[2].size, base::u64{4096});
}

BOOT_TEST("devices answer at the same addresses after they were sized") {
  if (!machine_has_pci()) return;
  auto const first = drivers::PciScan<>::run();
  auto const second = drivers::PciScan<>::run();
  ASSERT_TRUE(first.has_value() && second.has_value());
  ASSERT_TRUE(first->size() == second->size());
  drivers::PciConfiguration<> configuration;
  for (base::usize i = 0; i < first->size(); ++i) {
    auto const& device = (*first)[i];
    EXPECT_EQ(device.at, (*second)[i].at);
    bool has_memory = false;
    for (base::usize bar = 0; bar < device.bars.size(); ++bar) {
      EXPECT_EQ(device.bars[bar].address, (*second)[i].bars[bar].address);
      EXPECT_EQ(device.bars[bar].size, (*second)[i].bars[bar].size);
      has_memory = has_memory || (!device.bars[bar].is_port && device.bars[bar].address != 0);
    }
    using hw::pci::CommandStatus;
    if (has_memory) {
      EXPECT_TRUE(
          configuration.read<CommandStatus>(device.at).template get<CommandStatus::MemorySpace>());
    }
  }
}

}  // namespace
}  // namespace nacre
