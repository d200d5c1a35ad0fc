/* Greets, shows its arguments, and ends with the status that its first argument names. */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char** argv) {
  printf("Hello from WebAssembly.\n");
  for (int i = 1; i < argc; ++i) printf("argument %d: %s\n", i, argv[i]);
  return argc > 1 ? atoi(argv[1]) : 0;
}
