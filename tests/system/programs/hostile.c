// Does something that no system likes, as its argument says. It says so in a line when the system
// has not done what it should; else it is silent, or tells a number.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static unsigned char piece[65536];

static void expect(int holds, const char* what) {
  if (holds) return;
  printf("%s: %s\n", what, strerror(errno));
  exit(1);
}

// Counts in a file while others misbehave.
static void beat(void) {
  int const file = open("/tmp/beat", O_CREAT | O_RDWR, 0644);
  expect(file >= 0, "beat");
  struct timespec const pause = {0, 5000000};
  for (int count = 1;; ++count) {
    char text[16];
    int const size = snprintf(text, sizeof text, "%09d\n", count);
    expect(pwrite(file, text, (size_t)size, 0) == size, "beat");
    nanosleep(&pause, NULL);
  }
}

// Four GiB. Whether anybody takes them does not matter to it.
static void flood(void) {
  for (int i = 0; i < 65536; ++i) (void)!write(1, piece, sizeof piece);
}

static void flood_for_ever(void) {
  for (;;) flood();
}

static void read_one_byte(void) { expect(read(0, piece, 1) == 1, "read"); }

static void read_nothing(void) {
  fprintf(stderr, "deaf\n");
  struct timespec const long_time = {1000000, 0};
  nanosleep(&long_time, NULL);
}

static void open_until_refused(void) {
  int last = -1;
  for (int file; (file = open("/etc/motd", O_RDONLY)) >= 0;) last = file;
  expect(errno == EMFILE, "another error than too many files");
  printf("%d descriptors\n", last + 1);
  for (int file = 10; file <= last; ++file) expect(close(file) == 0, "close");
  expect(open("/etc/motd", O_RDONLY) == 10, "open again");
}

// Each word tells where it is.
static void write_until_full(void) {
  int const small = open("/tmp/small", O_CREAT | O_TRUNC | O_RDWR, 0644);
  expect(write(small, "kept", 4) == 4, "small");
  int const large = open("/tmp/large", O_CREAT | O_TRUNC | O_RDWR, 0644);
  uint64_t written = 0;
  for (;;) {
    for (uint64_t at = 0; at < sizeof piece; at += 512) {
      uint64_t const word = written + at;
      memcpy(piece + at, &word, sizeof word);
    }
    ssize_t const count = write(large, piece, sizeof piece);
    if (count < 0) break;
    written += (uint64_t)count;
    // A short one is followed by the error.
    if ((size_t)count < sizeof piece) {
      expect(write(large, piece, sizeof piece) < 0, "room after a short write");
      break;
    }
  }
  expect(errno == ENOSPC, "another error than no space");
  expect(written > 1 << 20, "hardly any space");
  struct stat stat;
  expect(fstat(large, &stat) == 0 && (uint64_t)stat.st_size == written, "size");
  for (uint64_t at = 0; at + sizeof(uint64_t) <= written; at += sizeof piece) {
    ssize_t const count = pread(large, piece, sizeof piece, (off_t)at);
    expect(count > 0, "pread");
    for (ssize_t i = 0; i + 8 <= count; i += 512) {
      uint64_t word;
      memcpy(&word, piece + i, sizeof word);
      expect(word == at + (uint64_t)i, "torn");
    }
  }
  expect(pread(small, piece, 10, 0) == 4 && memcmp(piece, "kept", 4) == 0, "small");
  expect(ftruncate(large, 0) == 0 && write(large, piece, sizeof piece) == sizeof piece, "again");
  expect(unlink("/tmp/large") == 0 && unlink("/tmp/small") == 0, "unlink");
}

enum { entries = 100000 };

static void list_many(void) {
  expect(mkdir("/tmp/many", 0755) == 0, "mkdir");
  int const directory = open("/tmp/many", O_RDONLY | O_DIRECTORY);
  char name[16];
  for (int i = 0; i < entries; ++i) {
    snprintf(name, sizeof name, "%d", i);
    expect(symlinkat("x", directory, name) == 0, name);
  }
  size_t const pages = __builtin_wasm_memory_size(0);
  DIR* const listing = opendir("/tmp/many");
  expect(listing != NULL, "opendir");
  static unsigned char seen[entries];
  int count = 0;
  errno = 0;
  for (struct dirent* entry; (entry = readdir(listing)) != NULL;) {
    if (entry->d_name[0] == '.') continue;
    int const number = atoi(entry->d_name);
    expect(number >= 0 && number < entries && !seen[number]++, entry->d_name);
    ++count;
  }
  expect(errno == 0 && count == entries, "listing");
  expect(__builtin_wasm_memory_size(0) <= pages + 2, "memory for a listing");
  for (int i = 0; i < entries; ++i) {
    snprintf(name, sizeof name, "%d", i);
    expect(unlinkat(directory, name, 0) == 0, name);
  }
  expect(rmdir("/tmp/many") == 0, "rmdir");
}

enum { depth = 300, longest_name = 255 };

static void go_deep(void) {
  expect(mkdir("/tmp/deep", 0755) == 0, "mkdir");
  int here = open("/tmp/deep", O_RDONLY | O_DIRECTORY);
  char path[2 * depth + 20] = "/tmp/deep";
  size_t const top = strlen(path);
  for (int i = 0; i < depth; ++i) {
    expect(mkdirat(here, "d", 0755) == 0, "mkdirat");
    int const below = openat(here, "d", O_RDONLY | O_DIRECTORY);
    expect(below >= 0 && close(here) == 0, "openat");
    here = below;
    strcat(path, "/d");
  }
  int const file = openat(here, "f", O_CREAT | O_RDWR, 0644);
  expect(file >= 0 && write(file, "deep", 4) == 4, "f");
  strcat(path, "/f");
  struct stat stat_of_file;
  expect(stat(path, &stat_of_file) == 0 && stat_of_file.st_size == 4, "stat");
  expect(unlink(path) == 0, "unlink");
  path[strlen(path) - 2] = 0;
  for (; strlen(path) > top; path[strlen(path) - 2] = 0) expect(rmdir(path) == 0, "rmdir");

  char name[10 + longest_name + 2] = "/tmp/deep/";
  memset(name + 10, 'n', longest_name + 1);
  expect(mkdir(name, 0755) < 0 && errno == ENAMETOOLONG, "a name of 256 bytes");
  name[10 + longest_name] = 0;
  expect(mkdir(name, 0755) == 0 && rmdir(name) == 0, "a name of 255 bytes");
  static char long_path[100001];
  for (int i = 0; i < 100000; i += 2) memcpy(long_path + i, "d/", 2);
  expect(open(long_path, O_RDONLY) < 0, "a path of 100,000 bytes");
  expect(errno == ENAMETOOLONG || errno == ENOENT, "another error for a long path");
  expect(rmdir("/tmp/deep") == 0, "rmdir");
}

int main(int count, char** arguments) {
  static const struct {
    const char* name;
    void (*does)(void);
  } all[] = {
      {"beat", beat},
      {"flood", flood},
      {"flood-for-ever", flood_for_ever},
      {"first", read_one_byte},
      {"deaf", read_nothing},
      {"descriptors", open_until_refused},
      {"space", write_until_full},
      {"many", list_many},
      {"deep", go_deep},
  };
  for (size_t i = 0; count > 1 && i < sizeof all / sizeof *all; ++i) {
    if (strcmp(arguments[1], all[i].name) != 0) continue;
    all[i].does();
    return 0;
  }
  return 2;
}
