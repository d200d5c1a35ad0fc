/* The C library of WASI has no setjmp. With -mllvm -wasm-enable-sjlj the compiler makes of it the
 * exceptions of WebAssembly, and setjmp.c is what it calls. */
#pragma once

typedef struct {
  /* The call of the function that called setjmp: only there can longjmp land. */
  void* activation;
  /* Which of that function's calls of setjmp it was; none is 0. */
  unsigned label;
  /* What the exception refers to: the compiler reads it where longjmp lands. */
  struct {
    void* buffer;
    int value;
  } thrown;
} jmp_buf[1];

int setjmp(jmp_buf buffer) __attribute__((returns_twice));
_Noreturn void longjmp(jmp_buf buffer, int value);
