/* The users of a machine: one, root, at home in the root of all files. */
#pragma once

#include <sys/types.h>

struct passwd {
  char* pw_name;
  char* pw_dir;
};

/* That user, whatever the number. */
struct passwd* getpwuid(uid_t user);
