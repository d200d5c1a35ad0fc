// Prime numbers: byte stores with a stride, over more than the first caches hold.
#include "tests/bench/programs/bench.h"

enum { limit = 4000000, turns = 3 };

static u64 kernel(void) {
  static u8* is_prime;
  if (!is_prime) is_prime = allocate(limit + 1);
  u64 count = 0;
  for (int turn = 0; turn < turns; turn++) {
    for (u32 i = 0; i <= limit; i++) is_prime[i] = 1;
    for (u32 i = 2; i * i <= limit; i++)
      if (is_prime[i])
        for (u32 multiple = i * i; multiple <= limit; multiple += i) is_prime[multiple] = 0;
    for (u32 i = 2; i <= limit; i++) count += is_prime[i];
  }
  return count;
}
