/* The part of <stdio.h> that libc++'s headers refer to. `remove` is never defined: libc++ overloads
   the name in <algorithm>. */
#pragma once
#define EOF (-1)

#ifdef __cplusplus
extern "C" {
#endif
int remove(const char* path);
#ifdef __cplusplus
}
#endif
