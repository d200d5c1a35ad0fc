#include "lib/base/log.hpp"
#include "tests/support/boot_test.hpp"

// What a panic prints; variants.cmake says what must be found in it. The command line chooses the
// cause.
namespace nacre {
namespace {

constexpr base::u64 unmapped = 0xffff'b000'0000'1000;

[[gnu::noinline]] void write_where_nothing_is(base::u64 at) {
  asm volatile("movq %0, %%rbx; movq $0x1234567, %%rax; movq %%rax, (%%rbx)"
               :
               : "r"(at)
               : "rax", "rbx", "memory");
}

[[gnu::noinline]] void called_by_the_test() {
  std::string_view const cause = test::boot_info().command_line;
  if (cause == "assertion") NACRE_ASSERT(cause.empty());
  if (cause == "hardening") {
    std::array<int, 4> values{};
    volatile base::usize const index = 4;
    values[index] = 1;
  }
  write_where_nothing_is(unmapped);
  asm volatile("");  // no tail call
}

BOOT_TEST("a panic says what, where, and what was logged") {
  test::panic_is_expected();
  for (int i = 0; i < 20; ++i) base::log_info("test", "line {} of the log", i);
  called_by_the_test();
  EXPECT_TRUE(false);
}

}  // namespace
}  // namespace nacre
