#pragma once

/* How keys reach a program that runs in a terminal of Nacre: docs/terminal.md. Write one of these
 * to the terminal, and flush:
 *
 *     fputs(NACRE_TERMINAL_KEYS, stdout);
 *     fflush(stdout);
 */

/* As they are pressed, without echo. Ctrl-C ends the program, Ctrl-Z stops it. */
#define NACRE_TERMINAL_KEYS "\x1b[?6010h"
/* The same, with Ctrl-C and Ctrl-Z as the bytes 3 and 26. */
#define NACRE_TERMINAL_RAW "\x1b[?6011h"
/* Lines, as at the beginning. */
#define NACRE_TERMINAL_LINES "\x1b[?6010l"
