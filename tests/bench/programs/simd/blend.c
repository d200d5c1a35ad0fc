// One picture over another with an alpha for each byte: u8 widened to u16, multiplied, narrowed.
#include "tests/bench/programs/simd/lanes.h"

enum { size = 1 << 18, turns = 80 };

/// (above * alpha + below * (255 - alpha)) / 255, rounded.
static inline u8x8 blend(u8x8 above, u8x8 below, u8x8 alpha) {
  u16x8 const weight = widen(alpha);
  u16x8 const sum = widen(above) * weight + widen(below) * (255 - weight) + 128;
  return narrow((sum + (sum >> 8)) >> 8);
}

static u64 kernel(void) {
  static u8 *above, *below, *alpha;
  if (!above) {
    above = allocate(size);
    below = allocate(size);
    alpha = allocate(size);
    fill_randomly(above, size);
    fill_randomly(alpha, size);
  }
  for (u32 i = 0; i < size; i++) below[i] = (u8)i;
  for (u32 turn = 0; turn < turns; turn++)
    for (u32 i = 0; i < size; i += 8)
      STORE(below + i, blend(LOAD(u8x8, above + i), LOAD(u8x8, below + i), LOAD(u8x8, alpha + i)));
  return sum_of_bytes(below, size);
}
