#include "kernel/arch/x86_64/exceptions.hpp"

#include <cstring>

#include "kernel/arch/x86_64/cpu.hpp"
#include "tests/support/boot_test.hpp"

namespace nacre {
namespace {

using test::fault_of;

constinit int breakpoints = 0;
// In assembly: the compiler may make anything of a division by zero that it sees.
void divide_by_zero() { asm volatile("divl %0" : : "r"(0), "a"(1), "d"(0)); }
constexpr base::u64 unmapped = 0xffff'b000'1234'5678;

BOOT_TEST("a breakpoint returns to where it was") {
  arch::set_exception_handler(hw::Exception::Breakpoint, [](hw::TrapFrame&) { ++breakpoints; });
  arch::breakpoint();
  arch::breakpoint();
  EXPECT_EQ(breakpoints, 2);
  arch::set_exception_handler(hw::Exception::Breakpoint, nullptr);
}

BOOT_TEST("reading an unmapped page faults at that address") {
  EXPECT_EQ(test::fault_address_of(
                [] { static_cast<void>(*reinterpret_cast<volatile char*>(unmapped)); }),
            hw::VirtAddr{unmapped});
}

BOOT_TEST("dividing by zero is #DE") {
  auto const fault = fault_of(divide_by_zero);
  EXPECT_TRUE(fault.raised);
  EXPECT_EQ(fault.exception, hw::Exception::DivideError);
}

BOOT_TEST("an undefined instruction is #UD, a non-canonical address #GP") {
  EXPECT_EQ(fault_of([] { asm volatile("ud2"); }).exception, hw::Exception::InvalidOpcode);
  EXPECT_EQ(fault_of([] {
              static_cast<void>(*reinterpret_cast<volatile char*>(0x8000'0000'0000'0000));
            }).exception,
            hw::Exception::GeneralProtection);
}

/// RFLAGS, as they are now.
base::u64 flags() {
  base::u64 value;
  asm volatile("pushfq; popq %0" : "=r"(value));
  return value;
}

BOOT_TEST("after a fault in a copy that runs backwards, copies run forwards") {
  auto const fault = fault_of([] {
    auto* const there = reinterpret_cast<char*>(unmapped);
    std::memmove(there + 8, there, 64);
  });
  EXPECT_EQ(fault.exception, hw::Exception::PageFault);
  bool const backwards = (flags() & hw::flag_direction) != 0;
  asm volatile("cld");
  EXPECT_TRUE(!backwards);
}

BOOT_TEST("faults may be caught within a function whose fault is caught") {
  auto const outer = fault_of([] {
    auto const inner = fault_of([] { asm volatile("ud2"); });
    EXPECT_EQ(inner.exception, hw::Exception::InvalidOpcode);
    EXPECT_TRUE(!fault_of([] {}).raised);
    divide_by_zero();
  });
  EXPECT_TRUE(outer.raised);
  EXPECT_EQ(outer.exception, hw::Exception::DivideError);
  EXPECT_EQ(arch::this_cpu().catch_stack, base::u64{0});
}

BOOT_TEST("what raises no exception is not caught") {
  EXPECT_TRUE(!fault_of([] { asm volatile("nop"); }).raised);
}

BOOT_TEST("an exception keeps the SSE registers of what it interrupts") {
  arch::set_exception_handler(hw::Exception::Breakpoint, [](hw::TrapFrame&) {
    asm volatile("pxor %%xmm7, %%xmm7" : : : "xmm7");
  });
  base::u64 value = 0x1122'3344'5566'7788;
  asm volatile("movq %0, %%xmm7; int3; movq %%xmm7, %0" : "+r"(value) : : "xmm7", "memory");
  EXPECT_EQ(value, base::u64{0x1122'3344'5566'7788});
  arch::set_exception_handler(hw::Exception::Breakpoint, nullptr);
}

}  // namespace
}  // namespace nacre
