/* The classification macros that libc++'s <math.h> refers to. Arithmetic comes from compiler
   builtins; there is no mathematical library. */
#pragma once
#define FP_NAN 0
#define FP_INFINITE 1
#define FP_ZERO 2
#define FP_SUBNORMAL 3
#define FP_NORMAL 4
typedef float float_t;
typedef double double_t;
