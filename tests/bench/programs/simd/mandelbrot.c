// The Mandelbrot set, four points at a time: f32x4 arithmetic, comparisons, masks.
#include "tests/bench/programs/simd/lanes.h"

enum { width = 320, height = 240, most_steps = 256 };

/// How many steps each of four points stays inside.
static inline i32x4 steps_inside(f32x4 x0, f32x4 y0) {
  f32x4 x = {0}, y = {0};
  i32x4 steps = {0};
  for (int step = 0; step < most_steps; step++) {
    f32x4 const xx = x * x, yy = y * y;
    i32x4 const inside = xx + yy <= 4.0f;
    if ((inside[0] | inside[1] | inside[2] | inside[3]) == 0) break;
    steps -= inside;
    y = 2 * x * y + y0;
    x = xx - yy + x0;
  }
  return steps;
}

static u64 kernel(void) {
  u64 sum = 0;
  f32x4 const offsets = {0, 1, 2, 3};
  f32 const scale = 3.0f / width;
  u32 const rows = height + always_zero;
  for (u32 row = 0; row < rows; row++)
    for (u32 column = 0; column < width; column += 4) {
      f32x4 const x = (offsets + (f32)column) * scale - 2.2f;
      f32x4 const y = (f32x4){} + ((f32)row * scale - 1.125f);
      i32x4 const steps = steps_inside(x, y);
      sum += (u64)(steps[0] + 2 * steps[1] + 3 * steps[2] + 4 * steps[3]);
    }
  return sum;
}
