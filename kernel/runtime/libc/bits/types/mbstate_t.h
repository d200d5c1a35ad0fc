/* Where libc++ looks for mbstate_t. The kernel has no multibyte conversion: only the name is
 * needed. */
#pragma once
typedef struct {
  int unused;
} mbstate_t;
