#include "tests/support/boot_test.hpp"

namespace nacre {
namespace {

// Each call takes part of the stack and is needed after the next one returns, so it cannot become a
// loop.
[[gnu::noinline]] int descend(volatile int* outer) {
  volatile int block[64];
  block[0] = *outer + 1;
  if (block[0] < 0) return 0;
  return descend(block) + block[0];
}

BOOT_TEST("a stack overflow ends on the guard page and in the double fault handler") {
  test::panic_is_expected();
  volatile int start = 0;
  test::note("returned {}", descend(&start));
  EXPECT_TRUE(false);
}

}  // namespace
}  // namespace nacre
