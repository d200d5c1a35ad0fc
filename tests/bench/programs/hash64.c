// A hash table with open addressing, then a chain of 64-bit multiplications and rotations.
#include "tests/bench/programs/bench.h"

enum { slots = 1 << 17, distinct = 60000, insertions = 400000, mixes = 4000000 };

/// The 128-bit product, folded.
static inline u64 multiply_fold(u64 a, u64 b) {
  u64 const high_a = a >> 32, low_a = (u32)a, high_b = b >> 32, low_b = (u32)b;
  u64 const high = high_a * high_b, low = low_a * low_b;
  u64 const middle1 = high_a * low_b, middle2 = high_b * low_a;
  u64 const sum = low + (middle1 << 32);
  u64 carry = sum < low;
  u64 const folded_low = sum + (middle2 << 32);
  carry += folded_low < sum;
  return (high + (middle1 >> 32) + (middle2 >> 32) + carry) ^ folded_low;
}

static u64 kernel(void) {
  static u64 *keys, *values;
  if (!keys) {
    keys = allocate(slots * sizeof(u64));
    values = allocate(slots * sizeof(u64));
  }
  for (u32 i = 0; i < slots; i++) keys[i] = values[i] = 0;
  u64 state = 0;
  for (u32 i = 1; i < insertions; i++) {
    u64 const key = i % distinct + 1;
    u64 const hash = multiply_fold(key ^ 0xa0761d6478bd642f, key * 0xe7037ed1a0b428db);
    u32 slot = hash & (slots - 1);
    while (keys[slot] && keys[slot] != key) slot = (slot + 1) & (slots - 1);
    keys[slot] = key;
    values[slot] += hash >> 7;
    state ^= values[slot];
  }
  for (u32 i = 0; i < mixes; i++) {
    state = (state ^ state >> 29) * 0xbf58476d1ce4e5b9;
    state += state << 13 | state >> 51;
  }
  return state;
}
