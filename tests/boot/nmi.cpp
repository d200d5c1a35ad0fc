#include "kernel/arch/x86_64/cpu.hpp"
#include "kernel/arch/x86_64/exceptions.hpp"
#include "kernel/hw/interrupts.hpp"
#include "kernel/hw/port.hpp"
#include "kernel/memory/kernel_memory.hpp"
#include "kernel/memory/mmio.hpp"
#include "tests/support/boot_test.hpp"

// Non-maskable interrupts, which this CPU's local APIC sends to itself. [intel/vol3: "Issuing
// Interprocessor Interrupts"]
namespace nacre {
namespace {

using base::u32;
using hw::VirtAddr;

constinit int received = 0;
constinit VirtAddr handler_stack{};
constinit VirtAddr interrupted_stack{};
constinit VirtAddr apic{};

void handle(hw::TrapFrame& frame) {
  ++received;
  handler_stack = VirtAddr{arch::frame_pointer()};
  interrupted_stack = VirtAddr{frame.rsp};
}

std::string_view range_at(VirtAddr at) {
  auto const* const range = memory::kernel_memory().ranges().find(at);
  return range == nullptr ? std::string_view("nowhere") : range->name.view();
}

void send_to_self() {
  int const before = received;
  u32 const own = hw::mmio_read_u32(apic + 0x20) >> 24;
  hw::mmio_write_u32(apic + 0x310, own << 24);
  constexpr u32 non_maskable = 4 << 8;
  constexpr u32 assert_level = 1 << 14;
  hw::mmio_write_u32(apic + 0x300, non_maskable | assert_level);
  for (int i = 0; i < 1'000'000 && received == before; ++i) asm volatile("pause" : : : "memory");
}

BOOT_TEST("there is a local APIC to send with") {
  auto const mapped = memory::map_device({0xfee0'0000}, 4096, memory::Caching::Uncached);
  ASSERT_TRUE(mapped.has_value());
  apic = *mapped;
  arch::set_exception_handler(hw::Exception::NonMaskable, handle);
}

BOOT_TEST("an NMI is handled on its own stack, interrupts being off") {
  ASSERT_TRUE(apic.value != 0);
  EXPECT_TRUE(!hw::interrupts_enabled());
  for (int i = 1; i <= 3; ++i) {
    send_to_self();
    EXPECT_EQ(received, i);
  }
  EXPECT_TRUE(range_at(handler_stack) == "stack NMI");
  EXPECT_TRUE(range_at(interrupted_stack) == "stack main");
}

BOOT_TEST("an NMI is nobody's fault: who catches faults is not disturbed") {
  ASSERT_TRUE(apic.value != 0);
  static constinit bool went_on = false;
  int const before = received;
  auto const fault = test::fault_of([] {
    send_to_self();
    went_on = true;
  });
  EXPECT_TRUE(!fault.raised);
  EXPECT_TRUE(went_on);
  EXPECT_EQ(received, before + 1);
}

BOOT_TEST("an NMI finds this CPU's data although the user's GS base is loaded") {
  ASSERT_TRUE(apic.value != 0);
  int const before = received;
  // As between the entry from user mode and its SWAPGS, and between SWAPGS and the return.
  asm volatile("swapgs" : : : "memory");
  asm volatile("int $2" : : : "memory");
  asm volatile("swapgs" : : : "memory");
  EXPECT_EQ(received, before + 1);
  EXPECT_EQ(arch::this_cpu().index, u32{0});
  arch::set_exception_handler(hw::Exception::NonMaskable, nullptr);
}

}  // namespace
}  // namespace nacre
