// Four generators and hashes side by side: shifts, exclusive ors and multiplications of u32x4.
#include "tests/bench/programs/simd/lanes.h"

enum { steps = 10000000 };

static u64 kernel(void) {
  u32x4 state = {1, 2, 3, 4};
  u32x4 hash = {0x811c9dc5, 0x811c9dc6, 0x811c9dc7, 0x811c9dc8};
  u32 const last = steps + always_zero;
  for (u32 step = 0; step < last; step++) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    hash = (hash ^ state) * 0x01000193;
    hash ^= hash >> 15;
  }
  return ((u64)(hash[0] ^ hash[1]) << 32) + (hash[2] ^ hash[3]);
}
