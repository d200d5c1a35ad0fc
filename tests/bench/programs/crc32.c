// CRC-32 by a table: a chain of byte loads, table loads, shifts.
#include "tests/bench/programs/bench.h"

enum { size = 1 << 20, turns = 10 };
static u32 table[256];

static u64 kernel(void) {
  static u8* data;
  if (!data) {
    data = allocate(size);
    fill_randomly(data, size);
    for (u32 byte = 0; byte < 256; byte++) {
      u32 remainder = byte;
      for (int bit = 0; bit < 8; bit++)
        remainder = remainder & 1 ? 0xedb88320 ^ remainder >> 1 : remainder >> 1;
      table[byte] = remainder;
    }
  }
  u32 crc = ~0u;
  for (int turn = 0; turn < turns; turn++)
    for (u32 i = 0; i < size; i++) crc = table[(crc ^ data[i]) & 255] ^ crc >> 8;
  return ~crc;
}
