/* The users of a machine. Nobody has a name. */
#pragma once

#include <sys/types.h>

struct passwd {
  char* pw_name;
  char* pw_dir;
};

/* NULL. */
struct passwd* getpwuid(uid_t user);
