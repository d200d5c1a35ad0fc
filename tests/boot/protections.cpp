#include <cstring>

#include "kernel/arch/x86_64/cpu.hpp"
#include "kernel/arch/x86_64/image.hpp"
#include "kernel/hw/cpu.hpp"
#include "kernel/memory/kernel_memory.hpp"
#include "tests/support/boot_test.hpp"

namespace nacre {
namespace {

using base::u32;
using base::u64;
using base::u8;
using hw::VirtAddr;
using memory::kernel_memory;

/// What a page fault said, or nothing.
struct PageFault {
  bool raised = false;
  VirtAddr address;
  hw::PageFaultCode code;
};
PageFault page_fault_of(void (*function)()) {
  arch::CaughtFault caught;
  struct Call {
    void (*function)();
  } call{function};
  if (!arch::catch_fault([](void* context) { static_cast<Call*>(context)->function(); }, &call,
                         caught)) {
    return {};
  }
  if (caught.frame.exception() != hw::Exception::PageFault) return {};
  return {true, caught.address, hw::PageFaultCode::from(caught.frame.error_code)};
}

bool is_on(bool on, std::string_view name) {
  if (!on) test::note("  skipped: {}", name);
  return on;
}

/// One page in the lower half, where user memory will be.
constexpr VirtAddr user_page{0x4000'0000};

bool map_user_page() {
  auto const frame = kernel_memory().frames().allocate_zeroed(memory::single_frame);
  if (!frame) return false;
  constexpr u8 return_instruction = 0xc3;
  *kernel_memory().frames().window().at<u8>(*frame) = return_instruction;
  return kernel_memory()
      .space()
      .map(user_page, *frame, {1}, {.write = true, .execute = true, .user = true})
      .has_value();
}
void unmap_user_page() {
  auto const frame = kernel_memory().space().translate(user_page);
  if (!frame) return;
  EXPECT_TRUE(kernel_memory().space().unmap(user_page, {1}).has_value());
  kernel_memory().frames().free(*frame, memory::single_frame);
}

BOOT_TEST("what the CPU offers is on") {
  auto const on = arch::active_protections();
  auto const extended = hw::cpuid(0x8000'0001);
  auto const features = hw::cpuid(0).eax >= 7 ? hw::cpuid(7) : hw::CpuidResult{};
  EXPECT_TRUE(on.write_protect);
  EXPECT_EQ(on.no_execute, (extended.edx & 1 << 20) != 0);
  EXPECT_EQ(on.supervisor_execution, (features.ebx & 1 << 7) != 0);
  EXPECT_EQ(on.supervisor_access, (features.ebx & 1 << 20) != 0);
  EXPECT_EQ(on.user_instructions, (features.ecx & 1 << 2) != 0);
  bool const offers_global_pages = (hw::cpuid(1).edx & 1 << 13) != 0;
  EXPECT_EQ((arch::read_cr4() & 1 << 7) != 0, offers_global_pages);
  is_on(on.no_execute, "NX");
  is_on(on.supervisor_execution, "SMEP");
  is_on(on.supervisor_access, "SMAP");
  // Its violation can only be committed in ring 3.
  is_on(on.user_instructions, "UMIP");
}

BOOT_TEST("the caches are on, and floating point is as the ABI wants it") {
  u32 control = 0;
  base::u16 x87_control = 0;
  asm volatile("stmxcsr %0; fnstcw %1" : "=m"(control), "=m"(x87_control));
  EXPECT_EQ(control & 0xffc0, u32{0x1f80});
  EXPECT_EQ(x87_control, base::u16{0x37f});
  EXPECT_EQ(arch::read_cr0() & (u64{3} << 29), u64{0});
}

constexpr u64 constant_word = 0x1122'3344'5566'7788;
volatile const u64 constant = constant_word;

BOOT_TEST("read-only data cannot be written") {
  auto const fault = page_fault_of([] { const_cast<volatile u64&>(constant) = 1; });
  EXPECT_TRUE(fault.raised && fault.code.get<hw::PageFaultCode::Present>());
  EXPECT_TRUE(fault.code.get<hw::PageFaultCode::Write>());
  EXPECT_EQ(static_cast<u64>(constant), constant_word);
}

BOOT_TEST("the kernel's code cannot be written, not through the direct map either") {
  auto const text = page_fault_of(
      [] { *reinterpret_cast<volatile u8*>(arch::image::text().start.value) = 0xcc; });
  EXPECT_TRUE(text.raised && text.code.get<hw::PageFaultCode::Write>());
  auto const alias = page_fault_of([] {
    u64 const phys = arch::image::text().start.value - arch::image::offset;
    *reinterpret_cast<volatile u8*>(memory::direct_map({phys}).value) = 0xcc;
  });
  EXPECT_TRUE(alias.raised && alias.code.get<hw::PageFaultCode::Write>());
}

alignas(16) constinit std::array<u8, 16> code_in_data{0xc3};

BOOT_TEST("data cannot be executed") {
  if (!is_on(arch::active_protections().no_execute, "NX")) return;
  auto const fault = page_fault_of([] { reinterpret_cast<void (*)()>(code_in_data.data())(); });
  EXPECT_TRUE(fault.raised && fault.code.get<hw::PageFaultCode::Fetch>());
  EXPECT_EQ(fault.address, VirtAddr{reinterpret_cast<u64>(code_in_data.data())});

  auto const on_stack = page_fault_of([] {
    volatile u8 code[16] = {0xc3};
    reinterpret_cast<void (*)()>(reinterpret_cast<u64>(&code[0]))();
  });
  EXPECT_TRUE(on_stack.raised && on_stack.code.get<hw::PageFaultCode::Fetch>());
}

BOOT_TEST("SMEP: user code cannot be executed by the kernel") {
  ASSERT_TRUE(map_user_page());
  auto const fault = page_fault_of([] { reinterpret_cast<void (*)()>(user_page.value)(); });
  if (is_on(arch::active_protections().supervisor_execution, "SMEP")) {
    EXPECT_TRUE(fault.raised && fault.code.get<hw::PageFaultCode::Fetch>());
    EXPECT_TRUE(fault.code.get<hw::PageFaultCode::Present>());
    EXPECT_EQ(fault.address, user_page);
  } else {
    EXPECT_TRUE(!fault.raised);
  }
  unmap_user_page();
}

BOOT_TEST("SMAP: user memory cannot be touched by the kernel, but where it says so") {
  ASSERT_TRUE(map_user_page());
  auto const read = [] { static_cast<void>(*reinterpret_cast<volatile u8*>(user_page.value)); };
  auto const fault = page_fault_of(read);
  if (is_on(arch::active_protections().supervisor_access, "SMAP")) {
    EXPECT_TRUE(fault.raised && fault.code.get<hw::PageFaultCode::Present>());
    EXPECT_EQ(fault.address, user_page);
    auto const allowed = page_fault_of([] {
      asm volatile("stac" : : : "memory");
      static_cast<void>(*reinterpret_cast<volatile u8*>(user_page.value));
      asm volatile("clac" : : : "memory");
    });
    EXPECT_TRUE(!allowed.raised);
    // A fault while it is allowed does not leave it allowed.
    auto const abandoned = page_fault_of([] { asm volatile("stac; ud2" : : : "memory"); });
    EXPECT_TRUE(!abandoned.raised);  // it was #UD
    EXPECT_TRUE(page_fault_of(read).raised);
    asm volatile("clac" : : : "memory");
  } else {
    EXPECT_TRUE(!fault.raised);
  }
  unmap_user_page();
}

}  // namespace
}  // namespace nacre
