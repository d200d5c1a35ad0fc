// Changes /given in every way, then ends as its argument says: `end`, `trap`, or `hang` after a
// sync.
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void check(const char* what, int result) {
  if (result < 0) perror(what);
}

static int make(const char* path, const char* text) {
  int const file = open(path, O_CREAT | O_RDWR | O_TRUNC, 0644);
  check(path, file);
  check(path, (int)write(file, text, strlen(text)));
  return file;
}

int main(int count, char** arguments) {
  const char* const how = count > 1 ? arguments[1] : "end";
  check("mkdir", mkdir("/given/made", 0755));
  close(make("/given/made/first", "moved"));
  check("rename", rename("/given/made/first", "/given/made/second"));
  check("link", link("/given/made/second", "/given/made/third"));
  check("symlink", symlink("second", "/given/made/link"));
  check("unlink", unlink("/given/old"));
  check("rmdir", rmdir("/given/empty"));

  int const large = make("/given/large", "");
  static unsigned char bytes[65536];
  for (int i = 0; i < 65536; ++i) bytes[i] = (unsigned char)(i * 7 + i / 256);
  for (int i = 0; i < 40; ++i) check("large", (int)write(large, bytes, sizeof bytes));
  check("truncate", ftruncate(large, 2500000));

  close(make("/given/new", "saved"));
  check("replace", rename("/given/new", "/given/replaced"));
  int const synced = make("/given/synced", "kept");
  check("sync", fsync(synced));
  printf("synced\n");
  fflush(stdout);
  if (strcmp(how, "hang") == 0)
    for (;;) {
    }
  check("late", (int)write(synced, " and more", 9));
  if (strcmp(how, "trap") == 0) __builtin_trap();
  return 5;
}
