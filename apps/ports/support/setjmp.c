/* What the compiler makes of setjmp and longjmp calls. */
#include <setjmp.h>

/* The compiler's number for the exception that longjmp is. */
enum { LONGJMP = 1 };

/* In the place of a call of setjmp, the `label`th of its function. */
void __wasm_setjmp(jmp_buf buffer, unsigned label, void* activation) {
  buffer->activation = activation;
  buffer->label = label;
}

/* Where an exception has come to a function that called setjmp: the label of the call that it is
 * meant for, 0 if that was in another function. */
unsigned __wasm_setjmp_test(jmp_buf buffer, void* activation) {
  return buffer->activation == activation ? buffer->label : 0;
}

/* In the place of a call of longjmp. */
_Noreturn void __wasm_longjmp(jmp_buf buffer, int value) {
  buffer->thrown.buffer = buffer;
  buffer->thrown.value = value != 0 ? value : 1;
  __builtin_wasm_throw(LONGJMP, &buffer->thrown);
}
