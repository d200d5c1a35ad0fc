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
/* Besides one of those: what would be mistaken for another key is told in full (Escape, Ctrl and
 * Alt with a character), and that keys are held and released. `CSI CODE ; MODIFIERS : EVENT u`,
 * where EVENT is 2 for a repetition and 3 for a release. The second one tells of all keys like
 * that, of Shift and its like, too, so that several keys that are held are told apart; the third
 * one gives back what was there before. */
#define NACRE_TERMINAL_KEY_EVENTS "\x1b[>3u"
#define NACRE_TERMINAL_ALL_KEY_EVENTS "\x1b[>11u"
#define NACRE_TERMINAL_NO_KEY_EVENTS "\x1b[<u"
/* The mouse's buttons, its wheel, and where it goes while a button is held: `CSI < BUTTON ; COLUMN
 * ; ROW M`, with `m` for a release. */
#define NACRE_TERMINAL_MOUSE "\x1b[?1002h\x1b[?1006h"
#define NACRE_TERMINAL_NO_MOUSE "\x1b[?1002l"
/* Lines, as at the beginning. */
#define NACRE_TERMINAL_LINES "\x1b[?6010l"
