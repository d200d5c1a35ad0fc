#include "kernel/arch/x86_64/cpu.hpp"
#include "kernel/memory/region.hpp"
#include "tests/support/boot_test.hpp"

// Each ends in a panic, so the command line says which one: `case=NAME`.
namespace nacre {
namespace {

bool is_case(std::string_view name) { return test::boot_info().command_line == name; }

BOOT_TEST("a double fault without a usable stack is caught on a stack of its own") {
  for (int round = 0; round < 3; ++round) {
    auto const lost = test::fault_of([] { asm volatile("xorl %%esp, %%esp; pushq $0" : : :); });
    EXPECT_TRUE(lost.raised);
    EXPECT_EQ(lost.exception, hw::Exception::DoubleFault);
    auto const not_canonical = test::fault_of([] {
      asm volatile("movabsq $0x8000000000000000, %%rsp; pushq $0" : : :);
    });
    EXPECT_TRUE(not_canonical.raised);
    EXPECT_EQ(not_canonical.exception, hw::Exception::DoubleFault);
  }
}

[[gnu::noinline]] int descend_in_large_steps(volatile char* outer) {
  volatile char block[20'000];
  block[0] = static_cast<char>(*outer | 1);
  if (block[0] == 0) return 0;
  return descend_in_large_steps(block) + block[0];
}

BOOT_TEST("an overflow in steps larger than a page still meets the guard") {
  if (!is_case("case=large-frame")) return;
  test::panic_is_expected();
  volatile char start = 0;
  test::note("returned {}", descend_in_large_steps(&start));
}

BOOT_TEST("an overflow of another stack names that stack") {
  if (!is_case("case=other-stack")) return;
  test::panic_is_expected();
  auto stack = memory::create_stack("of the test", 16384);
  ASSERT_TRUE(stack.has_value());
  arch::run_on_stack(
      stack->end(),
      [](void*) {
        volatile char start = 0;
        test::note("returned {}", descend_in_large_steps(&start));
      },
      nullptr);
}

BOOT_TEST("a lost stack is not called an overflow, although one was met before") {
  if (!is_case("case=lost-stack")) return;
  test::panic_is_expected();
  // An earlier fault left the address of a guard page in CR2.
  static constinit hw::VirtAddr guard{};
  auto const region = memory::Region::reserve("stack decoy", 4096);
  ASSERT_TRUE(region.has_value());
  guard = hw::VirtAddr{region->start().value - 8};
  EXPECT_EQ(test::fault_address_of([] { test::touch(guard); }), guard);
  asm volatile("movabsq $0x8000000000000000, %%rsp; pushq $0" : : :);
}

}  // namespace
}  // namespace nacre
