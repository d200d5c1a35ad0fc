/* Lines of standard input, behind a prompt that is seen before the reader waits. */
#include <readline/history.h>
#include <readline/readline.h>
#include <stdio.h>
#include <stdlib.h>

char* readline(const char* prompt) {
  fputs(prompt, stdout);
  fflush(stdout);
  char* line = NULL;
  size_t capacity = 0;
  ssize_t length = getline(&line, &capacity, stdin);
  if (length < 0) {
    free(line);
    return NULL;
  }
  if (length > 0 && line[length - 1] == '\n') line[length - 1] = '\0';
  return line;
}

int rl_bind_key(int key, int (*command)(int, int)) {
  (void)key;
  (void)command;
  return 0;
}

int rl_insert(int count, int key) {
  (void)count;
  (void)key;
  return 0;
}

void using_history(void) {}

void add_history(const char* line) { (void)line; }
