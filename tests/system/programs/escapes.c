// Tries to get out of the directory that it was given, which tests/system/hostile_test.py fills,
// with each call that takes a path. It says what did not go as it should, and counts that.
#include <stdio.h>
#include <string.h>
#include <wasi/api.h>

enum { given = 3 };
#define ALL_RIGHTS (~(__wasi_rights_t)0)
#define RIGHTS_TO_WRITE \
  (__WASI_RIGHTS_FD_WRITE | __WASI_RIGHTS_FD_ALLOCATE | __WASI_RIGHTS_FD_FILESTAT_SET_SIZE)
#define SOME_RIGHTS (__WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_READDIR)

static int failures = 0;

static void expect(const char* call, const char* path, __wasi_errno_t got, __wasi_errno_t wanted) {
  if (got == wanted) return;
  printf("%s %s: errno %d instead of %d\n", call, path, got, wanted);
  ++failures;
}

static __wasi_errno_t open_in(__wasi_fd_t directory, const char* path, __wasi_oflags_t flags,
                              __wasi_fd_t* opened) {
  return __wasi_path_open(directory, __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW, path, flags, SOME_RIGHTS, 0,
                          0, opened);
}

// Each call, with a path that must be refused in this way.
static void try_each_call(__wasi_fd_t from, const char* path, __wasi_errno_t wanted) {
  __wasi_lookupflags_t const follow = __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW;
  __wasi_fd_t opened;
  __wasi_filestat_t stat;
  __wasi_size_t size;
  uint8_t text[16];
  expect("open", path, open_in(from, path, 0, &opened), wanted);
  expect("create", path, open_in(from, path, __WASI_OFLAGS_CREAT, &opened), wanted);
  expect("empty", path, open_in(from, path, __WASI_OFLAGS_TRUNC, &opened), wanted);
  expect("stat", path, __wasi_path_filestat_get(from, follow, path, &stat), wanted);
  expect("times", path,
         __wasi_path_filestat_set_times(from, follow, path, 0, 0, __WASI_FSTFLAGS_MTIM), wanted);
  expect("mkdir", path, __wasi_path_create_directory(from, path), wanted);
  expect("rmdir", path, __wasi_path_remove_directory(from, path), wanted);
  expect("unlink", path, __wasi_path_unlink_file(from, path), wanted);
  expect("readlink", path, __wasi_path_readlink(from, path, text, sizeof text, &size), wanted);
  expect("symlink", path, __wasi_path_symlink("file", from, path), wanted);
  expect("link from", path, __wasi_path_link(from, follow, path, given, "stolen"), wanted);
  expect("link to", path, __wasi_path_link(given, 0, "file", from, path), wanted);
  expect("rename from", path, __wasi_path_rename(from, path, given, "stolen"), wanted);
  expect("rename to", path, __wasi_path_rename(given, "file", from, path), wanted);
}

int main(void) {
  static const char* const outside[] = {
      "/etc/motd",
      "/run/job",
      "/dev/null",
      "/dev/tty",
      "/dev/random",
      "/dev/x",
      "/file",
      "//etc/motd",
      "../motd",
      "../../x",
      "./../x",
      "inside/../../x",
      "inside/./../../x",
      "absolute/x",
      "upwards/x",
      "inside/upwards/x",
      "absolute/../file",
      "first/x",
      "inside/../absolute/motd",
  };
  for (size_t i = 0; i < sizeof outside / sizeof *outside; ++i)
    try_each_call(given, outside[i], __WASI_ERRNO_NOTCAPABLE);
  try_each_call(given, "loop/x", __WASI_ERRNO_LOOP);
  try_each_call(given, "ping/x", __WASI_ERRNO_LOOP);

  __wasi_fd_t opened;
  expect("open", "file", open_in(given, "file", 0, &opened), __WASI_ERRNO_SUCCESS);
  expect("open", "back/file", open_in(given, "back/file", 0, &opened), __WASI_ERRNO_SUCCESS);
  static const char* const names[] = {"dev/null", "dev", "proc/self", "etc/motd", "stolen"};
  for (size_t i = 0; i < sizeof names / sizeof *names; ++i)
    expect("open", names[i], open_in(given, names[i], 0, &opened), __WASI_ERRNO_NOENT);

  // A directory is its own root, however it is moved, and whatever takes its place.
  __wasi_fd_t deep;
  expect("open", "inside/a/b",
         __wasi_path_open(given, 0, "inside/a/b", __WASI_OFLAGS_DIRECTORY,
                          ALL_RIGHTS & ~RIGHTS_TO_WRITE, ALL_RIGHTS, 0, &deep),
         __WASI_ERRNO_SUCCESS);
  try_each_call(deep, "../x", __WASI_ERRNO_NOTCAPABLE);
  expect("rename", "b", __wasi_path_rename(given, "inside/a/b", given, "b"), __WASI_ERRNO_SUCCESS);
  try_each_call(deep, "../x", __WASI_ERRNO_NOTCAPABLE);
  try_each_call(deep, "../../x", __WASI_ERRNO_NOTCAPABLE);
  expect("symlink to /etc", "a/b", __wasi_path_symlink("/etc", given, "inside/a/b"),
         __WASI_ERRNO_NOTCAPABLE);
  expect("symlink", "a/b", __wasi_path_symlink("../../..", given, "inside/a/b"),
         __WASI_ERRNO_SUCCESS);
  try_each_call(given, "inside/a/b/x", __WASI_ERRNO_NOTCAPABLE);
  expect("rename", "a/b", __wasi_path_rename(given, "inside/a/b", given, "link"),
         __WASI_ERRNO_SUCCESS);
  try_each_call(given, "link/x", __WASI_ERRNO_NOTCAPABLE);

  // Nothing else was given.
  for (__wasi_fd_t other = deep + 1; other < deep + 100; ++other) {
    __wasi_prestat_t prestat;
    expect("prestat", "", __wasi_fd_prestat_get(other, &prestat), __WASI_ERRNO_BADF);
  }
  if (failures == 0) printf("nothing got out\n");
  return failures != 0;
}
