/* Nacre's game interface: what a WebAssembly program that draws on the screen imports from module
 * `env`. For C and C++; docs/game-abi.md tells the whole story, with examples.
 *
 *     clang --target=wasm32 -mbulk-memory -O2 -nostdlib -Wl,--no-entry -Iapps/include game.c -o
 * game.wasm
 *     ./nacre run game.wasm
 *
 * The first call of any of these gives the program the whole screen, black, and the keyboard; both
 * go back when it ends. Where there is no screen, or another program has it, that call ends the
 * program with one line that says so.
 *
 * Coordinates and sizes are in pixels, x to the right and y downwards from the top left corner.
 * What lies outside of the screen is left out, however far; a size or a scale below one draws
 * nothing. A colour is given by its red, green and blue, of which the low eight bits count. Drawing
 * is seen after `next_frame`. Memory that is named by a pointer must lie in the program's own, all
 * of it, else the program ends with a trap. */
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NACRE_IMPORT(name) __attribute__((import_module("env"), import_name(#name)))
/* In front of the function in which the program begins: NACRE_EXPORT(_start) void start(void) */
#define NACRE_EXPORT(name) __attribute__((export_name(#name)))

/* --- The screen --- */

/* Its size in pixels; it does not change while the program runs. */
NACRE_IMPORT(screen_width) int32_t screen_width(void);
NACRE_IMPORT(screen_height) int32_t screen_height(void);
/* Gives all of it one colour. */
NACRE_IMPORT(clear_screen) void clear_screen(int32_t r, int32_t g, int32_t b);
/* Draws one pixel. */
NACRE_IMPORT(put_pixel) void put_pixel(int32_t x, int32_t y, int32_t r, int32_t g, int32_t b);
/* Fills a rectangle whose top left pixel is (x, y). */
NACRE_IMPORT(fill_rect)
void fill_rect(int32_t x, int32_t y, int32_t width, int32_t height, int32_t r, int32_t g,
               int32_t b);

/* Draws `height` rows of `width` pixels with the top left one at (x, y). Each pixel is a number
 * 0x00RRGGBB, whose highest byte does not matter; `stride` counts pixels from the start of one row
 * to the start of the next. `pixels` is a multiple of four, and `stride` not below `width`, else
 * the program traps. */
NACRE_IMPORT(blit)
void blit(int32_t x, int32_t y, int32_t width, int32_t height, const uint32_t* pixels,
          int32_t stride);
/* The same with every pixel enlarged to a square of `scale` by `scale`: width * scale by
 * height * scale pixels of the screen in all. */
NACRE_IMPORT(blit_scaled)
void blit_scaled(int32_t x, int32_t y, int32_t width, int32_t height, const uint32_t* pixels,
                 int32_t stride, int32_t scale);

/* Draws `length` bytes of UTF-8 in the console's font, over what is there, every pixel of the font
 * as a square of `scale` by `scale`. The first character's cell has its top left corner at (x, y);
 * each code point takes one cell, and '\n' goes on below the first one. At most 65536 bytes, else
 * the program traps. */
NACRE_IMPORT(draw_text)
void draw_text(int32_t x, int32_t y, const char* text, uint32_t length, int32_t scale, int32_t r,
               int32_t g, int32_t b);
/* Size of a character's cell in pixels, at scale 1. */
NACRE_IMPORT(character_width) int32_t character_width(void);
NACRE_IMPORT(character_height) int32_t character_height(void);

/* --- Frames and time --- */

/* Shows what was drawn and waits for the next of 60 frames a second. Returns the number of frames
 * since the first call, those that came too late included: one more than before, if none was. */
NACRE_IMPORT(next_frame) int32_t next_frame(void);
/* Nanoseconds on a clock that never goes back; where it begins means nothing. */
NACRE_IMPORT(time_ns) int64_t time_ns(void);

/* --- Keys --- */

/* What a key does: a combination of NACRE_HELD, NACRE_PRESSED and NACRE_RELEASED, where the last
 * two tell of changes between the last two calls of `next_frame`. A key that was pressed and
 * released in between shows both. 0 for keys that do not exist. */
NACRE_IMPORT(key_state) int32_t key_state(int32_t key);
#define NACRE_HELD 1
#define NACRE_PRESSED 2
#define NACRE_RELEASED 4

/* One thing that happened to a key. */
struct key_event {
  uint32_t key;       /* a NACRE_KEY_ number */
  uint32_t change;    /* NACRE_PRESSED, NACRE_RELEASED, or NACRE_HELD: pressed again by itself */
  uint32_t modifiers; /* a combination of NACRE_MODIFIER_ bits, this event included */
  uint32_t character; /* the code point that it types, 0 if none */
};
/* The oldest event that was not taken yet goes to `*event`: 1. Or there is none, and `*event` is
 * all zeros: 0. Does not wait, and tells of events before the next frame begins. The newest 128 are
 * kept for a program that takes none. */
NACRE_IMPORT(next_key) int32_t next_key(struct key_event* event);
#define NACRE_MODIFIER_SHIFT 1
#define NACRE_MODIFIER_CONTROL 2
#define NACRE_MODIFIER_ALT 4
#define NACRE_MODIFIER_ALT_GR 8
#define NACRE_MODIFIER_SUPER 16
#define NACRE_MODIFIER_CAPS_LOCK 32
#define NACRE_MODIFIER_NUM_LOCK 64

/* Keys by their place on the keyboard, named after what is there on a US one, and numbered as on
 * USB keyboards. */
enum {
  NACRE_KEY_A = 0x04, /* B to Z follow */
  NACRE_KEY_1 = 0x1e, /* 2 to 9 and 0 follow */
  NACRE_KEY_ENTER = 0x28,
  NACRE_KEY_ESCAPE = 0x29,
  NACRE_KEY_BACKSPACE = 0x2a,
  NACRE_KEY_TAB = 0x2b,
  NACRE_KEY_SPACE = 0x2c,
  NACRE_KEY_MINUS = 0x2d,
  NACRE_KEY_EQUAL = 0x2e,
  NACRE_KEY_COMMA = 0x36,
  NACRE_KEY_PERIOD = 0x37,
  NACRE_KEY_F1 = 0x3a, /* F2 to F12 follow */
  NACRE_KEY_HOME = 0x4a,
  NACRE_KEY_PAGE_UP = 0x4b,
  NACRE_KEY_DELETE = 0x4c,
  NACRE_KEY_END = 0x4d,
  NACRE_KEY_PAGE_DOWN = 0x4e,
  NACRE_KEY_RIGHT = 0x4f,
  NACRE_KEY_LEFT = 0x50,
  NACRE_KEY_DOWN = 0x51,
  NACRE_KEY_UP = 0x52,
  NACRE_KEY_LEFT_CONTROL = 0xe0,
  NACRE_KEY_LEFT_SHIFT = 0xe1,
  NACRE_KEY_LEFT_ALT = 0xe2,
  NACRE_KEY_RIGHT_CONTROL = 0xe4,
  NACRE_KEY_RIGHT_SHIFT = 0xe5,
  NACRE_KEY_RIGHT_ALT = 0xe6
};

/* --- The rest --- */

/* 32 random bits. */
NACRE_IMPORT(random) uint32_t nacre_random(void);
/* Sounds a tone of that frequency for so long, in place of the one before, and does not wait for
 * its end. Frequencies from 20 to 20000 Hz are made; others are brought to the nearer end. A
 * frequency or a duration that is not above zero silences. The end of the program silences, too.
 * Without a speaker nothing happens. */
NACRE_IMPORT(beep) void beep(int32_t frequency_hz, int32_t duration_ms);

#ifdef __cplusplus
}
#endif
