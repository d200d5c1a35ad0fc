// The harness of the benchmark programs, which build natively and to WebAssembly without a C
// library. A program defines `kernel`; the harness runs it five times and prints `NAME CHECKSUM T1
// … T5`, the microseconds of processor time of each repetition. The checksum is the same wherever
// it runs.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t i32;
typedef int64_t i64;
typedef float f32;
typedef double f64;

#define NEVER_INLINE __attribute__((noinline))

enum { repetitions = 5 };

/// One repetition of the work; returns its checksum.
static NEVER_INLINE u64 kernel(void);

/// Read by kernels whose work is the same every time, so that no repetition is left out.
static volatile u32 always_zero = 0;

#ifdef __wasm__

struct Buffer {
  const char* bytes;
  size_t size;
};
__attribute__((import_module("wasi_snapshot_preview1"), import_name("fd_write"))) i32
wasi_fd_write(i32 descriptor, const struct Buffer* buffers, size_t count, size_t* written);
__attribute__((import_module("wasi_snapshot_preview1"), import_name("clock_time_get"))) i32
wasi_clock_time_get(i32 clock, u64 precision, u64* time);

static u64 processor_time_ns(void) {
  enum { process_processor_time = 2 };
  u64 time = 0;
  wasi_clock_time_get(process_processor_time, 1, &time);
  return time;
}
static void print(const char* text, size_t size) {
  struct Buffer const buffer = {text, size};
  size_t written;
  wasi_fd_write(1, &buffer, 1, &written);
}

extern u8 __heap_base;
/// Zeroed memory that is never given back, aligned to 64 bytes.
static inline void* allocate(size_t size) {
  static uintptr_t next = 0;
  enum { page = 65536, alignment = 64 };
  if (next == 0) next = (uintptr_t)&__heap_base;
  uintptr_t const start = (next + alignment - 1) & ~(uintptr_t)(alignment - 1);
  next = start + size;
  size_t const has = __builtin_wasm_memory_size(0);
  size_t const needs = (next + page - 1) / page;
  if (needs > has && __builtin_wasm_memory_grow(0, needs - has) == (size_t)-1) __builtin_trap();
  return (void*)start;
}
#define BENCH_ENTRY __attribute__((export_name("_start"))) void _start(void)
#define BENCH_END

#else

#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

static u64 processor_time_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (u64)time.tv_sec * 1000000000 + (u64)time.tv_nsec;
}
static void print(const char* text, size_t size) {
  if (write(1, text, size) != (ssize_t)size) _exit(1);
}
static inline void* allocate(size_t size) {
  void* const memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) _exit(1);
  return memory;
}
#define BENCH_ENTRY int main(void)
#define BENCH_END return 0

#endif

/// The same sequence everywhere. [Marsaglia's xorshift with 13, 7 and 17]
static u64 random_state = 0x9e3779b97f4a7c15;
static inline u64 next_random(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return random_state;
}
static inline void fill_randomly(u8* bytes, u32 size) {
  for (u32 i = 0; i < size; i++) bytes[i] = (u8)next_random();
}

/// Writes decimal digits and returns where they end.
static char* write_number(char* to, u64 value) {
  char digits[20];
  u32 count = 0;
  do digits[count++] = (char)('0' + value % 10);
  while ((value /= 10) != 0);
  while (count != 0) *to++ = digits[--count];
  return to;
}

BENCH_ENTRY {
  u64 times_ns[repetitions];
  u64 checksum = 0;
  for (u32 i = 0; i < repetitions; i++) {
    u64 const start = processor_time_ns();
    checksum = kernel();
    times_ns[i] = processor_time_ns() - start;
  }
  char line[256];
  char* end = line;
  for (const char* name = BENCH_NAME; *name != 0; name++) *end++ = *name;
  *end++ = ' ';
  end = write_number(end, checksum);
  for (u32 i = 0; i < repetitions; i++) {
    *end++ = ' ';
    end = write_number(end, times_ns[i] / 1000);
  }
  *end++ = '\n';
  print(line, (size_t)(end - line));
  BENCH_END;
}
