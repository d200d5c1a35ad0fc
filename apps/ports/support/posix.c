/* One user, who may do everything, temporary files, and paths. */
#include "posix.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <string.h>

enum { ATTEMPTS = 100, LETTERS = 6 };

int chmod(const char* path, mode_t mode) {
  (void)mode;
  return access(path, F_OK);
}

int fchmod(int descriptor, mode_t mode) {
  (void)descriptor;
  (void)mode;
  return 0;
}

int chown(const char* path, uid_t owner, gid_t group) {
  (void)owner;
  (void)group;
  return access(path, F_OK);
}

int fchown(int descriptor, uid_t owner, gid_t group) {
  (void)descriptor;
  (void)owner;
  (void)group;
  return 0;
}

mode_t umask(mode_t mask) {
  (void)mask;
  return 0;
}

uid_t getuid(void) { return 0; }

uid_t geteuid(void) { return 0; }

struct passwd* getpwuid(uid_t user) {
  static struct passwd root = {"root", "/"};
  (void)user;
  return &root;
}

/* Replaces the X at the end of a name, `letters`. */
static void draw_letters(char* letters) {
  unsigned char numbers[LETTERS] = {0};
  (void)getentropy(numbers, sizeof numbers);
  for (int at = 0; at < LETTERS; ++at) letters[at] = (char)('a' + numbers[at] % 26);
}

int mkstemp(char* name) {
  size_t const length = strlen(name);
  if (length < LETTERS || strcmp(name + length - LETTERS, "XXXXXX") != 0) {
    errno = EINVAL;
    return -1;
  }
  int descriptor = -1;
  for (int attempt = 0; attempt < ATTEMPTS; ++attempt) {
    draw_letters(name + length - LETTERS);
    descriptor = open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (descriptor >= 0 || errno != EEXIST) break;
  }
  return descriptor;
}

FILE* tmpfile(void) {
  char name[] = "/tmp/XXXXXX";
  int const descriptor = mkstemp(name);
  if (descriptor < 0) return NULL;
  (void)unlink(name);
  FILE* const file = fdopen(descriptor, "w+");
  if (file == NULL) (void)close(descriptor);
  return file;
}

char* tmpnam(char* buffer) {
  static char own[L_tmpnam];
  char* const name = strcpy(buffer != NULL ? buffer : own, "/tmp/XXXXXX");
  for (int attempt = 0; attempt < ATTEMPTS; ++attempt) {
    draw_letters(name + strlen(name) - LETTERS);
    if (access(name, F_OK) != 0) return name;
  }
  return NULL;
}

char* realpath(const char* path, char* resolved) {
  if (access(path, F_OK) != 0) return NULL;
  if (resolved == NULL) return strdup(path);
  if (strlen(path) >= PATH_MAX) {
    errno = ENAMETOOLONG;
    return NULL;
  }
  return strcpy(resolved, path);
}

int system(const char* command) {
  if (command == NULL) return 0;
  errno = ENOSYS;
  return -1;
}
