// Counts lines and letters of a text, 16 bytes at a time: comparisons of u8x16, sums of masks.
#include "tests/bench/programs/simd/lanes.h"

enum { size = 1 << 20, turns = 30, bytes_of_a_batch = 255 * 16 };

static inline u64 sum_of_lanes(u8x16 lanes) {
  u64 sum = 0;
  for (int i = 0; i < 16; i++) sum += lanes[i];
  return sum;
}

static u64 kernel(void) {
  static u8* text;
  if (!text) {
    text = allocate(size);
    fill_randomly(text, size);
  }
  u64 lines = 0, letters = 0;
  for (u32 turn = 0; turn < turns; turn++) {
    text[turn] = '\n';
    // A lane counts up to 255 before it would wrap.
    for (u32 batch = 0; batch < size; batch += bytes_of_a_batch) {
      u32 const end = batch + bytes_of_a_batch < size ? batch + bytes_of_a_batch : size;
      u8x16 line_count = {0}, letter_count = {0};
      for (u32 i = batch; i < end; i += 16) {
        u8x16 const bytes = LOAD(u8x16, text + i);
        line_count -= (u8x16)(bytes == '\n');
        letter_count -= (u8x16)((u8x16)((bytes | 0x20) - 'a') < 26);
      }
      lines += sum_of_lanes(line_count);
      letters += sum_of_lanes(letter_count);
    }
  }
  return lines * 1000000007 + letters;
}
