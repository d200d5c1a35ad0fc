// `source MIB` writes so many MiB that do not repeat soon; `sink MIB` reads to the end, and
// compares every byte with what the other one has written.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { chunk = 65536, words = chunk / sizeof(uint64_t), step = 37 };

// Chunk number `n` is as much of this from word `n * step` on.
static uint64_t pool[2 * words];

static const uint64_t* chunk_of(long number) { return pool + number * step % words; }

static int write_all(long count) {
  for (long i = 0; i < count; ++i) {
    const char* const bytes = (const char*)chunk_of(i);
    for (size_t done = 0; done < chunk;) {
      ssize_t const written = write(1, bytes + done, chunk - done);
      if (written < 0) return 3;
      done += (size_t)written;
    }
  }
  return 0;
}

static int differs(const uint64_t* left, const uint64_t* right) {
  uint64_t difference = 0;
  for (int i = 0; i < words; i += 8)
    for (int k = 0; k < 8; ++k) difference |= left[i + k] ^ right[i + k];
  return difference != 0;
}

static int read_all(long count) {
  static uint64_t got[words];
  for (long i = 0;; ++i) {
    size_t done = 0;
    while (done < chunk) {
      ssize_t const size = read(0, (char*)got + done, chunk - done);
      if (size < 0) return 4;
      if (size == 0) break;
      done += (size_t)size;
    }
    if (done == 0) return i == count ? 0 : 5;
    if (done < chunk || i >= count) return 6;
    if (differs(got, chunk_of(i))) return 7;
  }
}

int main(int count, char** arguments) {
  if (count != 3) return 2;
  uint64_t state = 1;
  for (int i = 0; i < 2 * words; ++i)
    pool[i] = state = state * 6364136223846793005u + 1442695040888963407u;
  long const chunks = atol(arguments[2]) * (1 << 20) / chunk;
  return strcmp(arguments[1], "source") == 0 ? write_all(chunks) : read_all(chunks);
}
