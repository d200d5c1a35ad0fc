/* The part of <stdlib.h> that libc++'s headers refer to. */
#pragma once
#define __need_size_t
#define __need_NULL
#include <stddef.h>

typedef struct {
  int quot, rem;
} div_t;
typedef struct {
  long quot, rem;
} ldiv_t;
typedef struct {
  long long quot, rem;
} lldiv_t;

#ifdef __cplusplus
extern "C" {
#endif
__attribute__((noreturn)) void abort(void);
ldiv_t ldiv(long numerator, long denominator);
lldiv_t lldiv(long long numerator, long long denominator);
#ifdef __cplusplus
}
#endif
