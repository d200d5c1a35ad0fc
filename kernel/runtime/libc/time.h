/* The types that libc++'s <chrono> names. The kernel keeps time itself. */
#pragma once
#define __need_size_t
#include <stddef.h>
typedef long time_t;
typedef long clock_t;
struct timespec {
  time_t tv_sec;
  long tv_nsec;
};
struct tm {
  int tm_sec;
};
