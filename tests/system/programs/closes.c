// Writes a line, closes its output, and stays until the file that it is told of is there: whoever
// reads its output must come to the end meanwhile.
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

int main(int count, char** arguments) {
  if (count != 2) return 2;
  puts("before");
  if (fclose(stdout) != 0) return 3;
  while (access(arguments[1], F_OK) != 0) sched_yield();
  return 0;
}
