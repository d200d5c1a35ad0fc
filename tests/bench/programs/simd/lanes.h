// Vectors of 128 bits in clang's portable form: SSE2 natively, `-msimd128` in WebAssembly.
// Comparisons give lanes of ones or zeros.
#pragma once
#include "tests/bench/programs/bench.h"

#define LANES(name, type, bytes) typedef type name __attribute__((vector_size(bytes)))
LANES(u8x8, u8, 8);
LANES(u8x16, u8, 16);
LANES(u16x8, u16, 16);
LANES(i32x4, i32, 16);
LANES(u32x4, u32, 16);
LANES(f32x4, f32, 16);

/// From and to addresses of any alignment.
#define LOAD(type, from)                                 \
  ({                                                     \
    type loaded_;                                        \
    __builtin_memcpy(&loaded_, (from), sizeof(loaded_)); \
    loaded_;                                             \
  })
#define STORE(to, vector)                             \
  do {                                                \
    __typeof__(vector) const stored_ = (vector);      \
    __builtin_memcpy((to), &stored_, sizeof stored_); \
  } while (0)

static inline u16x8 widen(u8x8 bytes) { return __builtin_convertvector(bytes, u16x8); }
/// The low byte of each lane.
static inline u8x8 narrow(u16x8 words) { return __builtin_convertvector(words, u8x8); }
static inline u64 sum_of_bytes(const u8* bytes, u32 size) {
  u64 sum = 0;
  for (u32 i = 0; i < size; i++) sum = sum * 3 + bytes[i];
  return sum;
}
