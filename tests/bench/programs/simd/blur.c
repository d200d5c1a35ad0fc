// A picture of bytes blurred with the weights 1 2 1 both ways: shifted loads, sums of u16, shifts.
#include "tests/bench/programs/simd/lanes.h"

enum { width = 512, height = 512, size = width * height, turns = 40 };

static inline u16x8 weighted(const u8* at, i32 distance) {
  return widen(LOAD(u8x8, at - distance)) + (widen(LOAD(u8x8, at)) << 1) +
         widen(LOAD(u8x8, at + distance));
}
static NEVER_INLINE void blur(u8* to, const u8* from, i32 distance, u32 begin, u32 end) {
  for (u32 i = begin; i < end; i += 8)
    STORE(to + i, narrow((weighted(from + i, distance) + 2) >> 2));
}

static u64 kernel(void) {
  static u8 *picture, *between;
  if (!picture) {
    picture = allocate(size);
    between = allocate(size);
  }
  random_state = 99;
  fill_randomly(picture, size);
  for (u32 turn = 0; turn < turns; turn++) {
    blur(between, picture, 1, 8, size - 8);
    blur(picture, between, width, width, size - width);
  }
  return sum_of_bytes(picture, size);
}
