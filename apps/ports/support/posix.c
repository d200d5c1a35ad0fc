/* One user, who may do everything, and temporary files. */
#include "posix.h"

#include <errno.h>
#include <pwd.h>

enum { ATTEMPTS = 100, TEMPORARY_NAME_SIZE = L_tmpnam };

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

static void draw_name(char* name) {
  unsigned number = 0;
  (void)getentropy(&number, sizeof number);
  snprintf(name, TEMPORARY_NAME_SIZE, "/tmp/%08x", number);
}

FILE* tmpfile(void) {
  char name[TEMPORARY_NAME_SIZE];
  for (int attempt = 0; attempt < ATTEMPTS; ++attempt) {
    draw_name(name);
    int const descriptor = open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (descriptor >= 0) {
      (void)unlink(name);
      FILE* const file = fdopen(descriptor, "w+");
      if (file == NULL) (void)close(descriptor);
      return file;
    }
    if (errno != EEXIST) return NULL;
  }
  return NULL;
}

char* tmpnam(char* buffer) {
  static char own[TEMPORARY_NAME_SIZE];
  char* const name = buffer != NULL ? buffer : own;
  for (int attempt = 0; attempt < ATTEMPTS; ++attempt) {
    draw_name(name);
    if (access(name, F_OK) != 0) return name;
  }
  return NULL;
}

int system(const char* command) {
  if (command == NULL) return 0;
  errno = ENOSYS;
  return -1;
}
