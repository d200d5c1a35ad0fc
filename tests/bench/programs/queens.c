// Ways to place queens, with boards as bits: recursion and integer logic.
#include "tests/bench/programs/bench.h"

static NEVER_INLINE u32 ways(u32 board, u32 columns, u32 left, u32 right) {
  if (columns == board) return 1;
  u32 count = 0;
  for (u32 free = board & ~(columns | left | right); free != 0; free &= free - 1) {
    u32 const queen = free & -free;
    count += ways(board, columns | queen, (left | queen) << 1, (right | queen) >> 1);
  }
  return count;
}

static u64 kernel(void) {
  static volatile u32 size = 12;
  return ways((1u << size) - 1, 0, 0, 0) * 100 + ways((1u << (size - 1)) - 1, 0, 0, 0);
}
