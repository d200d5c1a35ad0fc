// Takeuchi's function on integers and on doubles: deep recursion with arguments.
#include "tests/bench/programs/bench.h"

enum { turns = 60 };

static NEVER_INLINE i32 tak(i32 x, i32 y, i32 z) {
  if (y >= x) return z;
  return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y));
}
static NEVER_INLINE f64 tak_double(f64 x, f64 y, f64 z) {
  if (y >= x) return z;
  return tak_double(tak_double(x - 1, y, z), tak_double(y - 1, z, x), tak_double(z - 1, x, y));
}

static u64 kernel(void) {
  static volatile i32 x = 18;
  u64 sum = 0;
  for (int turn = 0; turn < turns; turn++) sum += (u64)tak(x, 12, 6) + (u64)tak_double(x, 12, 6);
  return sum + (u64)tak(x + 4, 14, 6);
}
