// Dot products of floats in four running sums: loads, multiplications, additions of f32x4.
#include "tests/bench/programs/simd/lanes.h"

enum { count = 4096, turns = 20000, sums = 4, step = 4 * sums };

static u64 kernel(void) {
  static f32 *a, *b;
  if (!a) {
    a = allocate(count * sizeof(f32));
    b = allocate(count * sizeof(f32));
    for (u32 i = 0; i < count; i++) a[i] = (f32)(i % 13), b[i] = (f32)(i % 7);
  }
  u64 checksum = 0;
  u32 const last = turns + always_zero;
  for (u32 turn = 0; turn < last; turn++) {
    f32x4 sum[sums] = {0};
    a[turn % count] += 1;
    for (u32 i = 0; i < count; i += step)
      for (u32 k = 0; k < sums; k++)
        sum[k] += LOAD(f32x4, a + i + 4 * k) * LOAD(f32x4, b + i + 4 * k);
    f32x4 const total = sum[0] + sum[1] + sum[2] + sum[3];
    checksum += (u64)(total[0] + total[1] + total[2] + total[3]);
  }
  for (u32 i = 0; i < turns; i++) a[i % count] -= 1;
  return checksum;
}
