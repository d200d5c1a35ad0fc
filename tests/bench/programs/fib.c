// The naive Fibonacci number: calls and little else.
#include "tests/bench/programs/bench.h"

static NEVER_INLINE u32 fibonacci(u32 n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }

static u64 kernel(void) {
  static volatile u32 n = 34;
  return fibonacci(n);
}
