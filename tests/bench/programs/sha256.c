// SHA-256: long straight stretches of 32-bit logic and rotations. [FIPS 180-4]
#include "tests/bench/programs/bench.h"

enum { size = 1 << 20, turns = 6, block_size = 64, rounds = 64 };

static const u32 constants[rounds] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static inline u32 rotate(u32 value, int bits) { return value >> bits | value << (32 - bits); }

static NEVER_INLINE void add_block(u32* hash, const u8* block) {
  u32 schedule[rounds];
  for (int i = 0; i < 16; i++) {
    u32 word;
    __builtin_memcpy(&word, block + 4 * i, sizeof(word));
    schedule[i] = __builtin_bswap32(word);
  }
  for (int i = 16; i < rounds; i++) {
    u32 const early = schedule[i - 15], late = schedule[i - 2];
    u32 const sigma0 = rotate(early, 7) ^ rotate(early, 18) ^ early >> 3;
    u32 const sigma1 = rotate(late, 17) ^ rotate(late, 19) ^ late >> 10;
    schedule[i] = schedule[i - 16] + sigma0 + schedule[i - 7] + sigma1;
  }
  u32 a = hash[0], b = hash[1], c = hash[2], d = hash[3];
  u32 e = hash[4], f = hash[5], g = hash[6], h = hash[7];
  for (int i = 0; i < rounds; i++) {
    u32 const choice = (e & f) ^ (~e & g), majority = (a & b) ^ (a & c) ^ (b & c);
    u32 const sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    u32 const sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    u32 const first = h + sum1 + choice + constants[i] + schedule[i];
    h = g, g = f, f = e, e = d + first;
    d = c, c = b, b = a, a = first + sum0 + majority;
  }
  hash[0] += a, hash[1] += b, hash[2] += c, hash[3] += d;
  hash[4] += e, hash[5] += f, hash[6] += g, hash[7] += h;
}

static u64 kernel(void) {
  static u8* data;
  if (!data) {
    data = allocate(size);
    fill_randomly(data, size);
  }
  u32 hash[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  for (int turn = 0; turn < turns; turn++)
    for (u32 i = 0; i < size; i += block_size) add_block(hash, data + i);
  return hash[0] ^ hash[7];
}
