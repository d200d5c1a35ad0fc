// Copies and fills, large ones and many small ones: what bulk memory instructions cost.
#include "tests/bench/programs/bench.h"

enum { size = 1 << 20, large_turns = 100, bytes_of_a_size = 4 << 20, most_turns = 150000 };

static u64 kernel(void) {
  static u8 *to, *from;
  if (!from) {
    from = allocate(size);
    to = allocate(size);
    fill_randomly(from, size);
  }
  u64 sum = 0;
  for (u32 turn = 0; turn < large_turns; turn++) {
    __builtin_memcpy(to, from, size);
    __builtin_memmove(from + 1, from, size - 1);
    sum += (u64)from[turn * 97] + to[size - 1 - turn];
  }
  for (u32 block = 8; block <= 4096; block *= 2) {
    u32 const fitting = bytes_of_a_size / block;
    u32 const turns = fitting < most_turns ? fitting : most_turns;
    for (u32 turn = 0; turn < turns; turn++) {
      u32 const offset = (turn * 4099) & (size / 2 - 1);
      u32 const length = block - (turn & 7);
      __builtin_memcpy(to + offset, from + (offset ^ 64), length);
      __builtin_memset(to + offset + length, (int)turn, length >> 1);
      sum += to[offset];
    }
  }
  return sum;
}
