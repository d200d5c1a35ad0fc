// Asks for keys, and for what its arguments name besides, each the part of a control sequence
// behind CSI; shows what comes, each sequence in a row of its own.
#include <stdio.h>
#include <unistd.h>

#include "nacre_terminal.h"

static void show(unsigned char byte) {
  if (byte == 0x1b)
    printf("\r\n^[");
  else if (byte < 0x20 || byte == 0x7f)
    printf("\r\n^%c", byte ^ 0x40);
  else
    putchar(byte);
}

int main(int count, char** arguments) {
  fputs(NACRE_TERMINAL_KEYS, stdout);
  for (int i = 1; i < count; ++i) printf("\x1b[%s", arguments[i]);
  printf("ready");
  fflush(stdout);
  unsigned char bytes[256];
  ssize_t size;
  while ((size = read(STDIN_FILENO, bytes, sizeof bytes)) > 0) {
    for (ssize_t i = 0; i < size; ++i) show(bytes[i]);
    fflush(stdout);
  }
  return 0;
}
