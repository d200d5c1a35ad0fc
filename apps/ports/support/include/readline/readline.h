/* Lines that a person types, for programs that know GNU readline: the terminal has the editing. */
#pragma once

/* Writes the prompt and reads a line: a new string without the newline, for free; NULL at the end
 * of the input. */
char* readline(const char* prompt);
/* Without effect: 0. */
int rl_bind_key(int key, int (*command)(int, int));
int rl_insert(int count, int key);
