/* Nacre's game interface: what a WebAssembly program that draws on the screen imports from module
 * `env`.
 *
 *     clang --target=wasm32 -nostdlib -Wl,--no-entry -Wl,--export=_start -O2 game.c -o game.wasm
 *
 * The program exports `_start` and its memory. The first call of any of these gives it the whole
 * screen; the screen goes back when it ends. */
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NACRE_IMPORT(name) __attribute__((import_module("env"), import_name(#name)))

/* Draws one pixel; `r`, `g`, `b` are 0 to 255. Pixels outside of the screen are left out. It is
 * seen after `next_frame`. */
NACRE_IMPORT(put_pixel) void put_pixel(int32_t x, int32_t y, int32_t r, int32_t g, int32_t b);
/* Fills a rectangle, clipped at the screen's edges. */
NACRE_IMPORT(fill_rect)
void fill_rect(int32_t x, int32_t y, int32_t width, int32_t height, int32_t r, int32_t g,
               int32_t b);
/* Size of the screen in pixels. */
NACRE_IMPORT(screen_width) int32_t screen_width(void);
NACRE_IMPORT(screen_height) int32_t screen_height(void);

/* What a key does: a combination of NACRE_HELD, NACRE_PRESSED and NACRE_RELEASED, where the last
 * two tell of changes between the last two calls of `next_frame`. A key pressed and released in
 * between shows both. Keys are numbered as on USB keyboards; unknown ones answer 0. */
NACRE_IMPORT(key_state) int32_t key_state(int32_t key);
#define NACRE_HELD 1
#define NACRE_PRESSED 2
#define NACRE_RELEASED 4

/* Shows what was drawn and waits for the next of 60 frames a second. Returns the number of frames
 * since the first call, those that came too late included. */
NACRE_IMPORT(next_frame) int32_t next_frame(void);
/* 32 random bits. */
NACRE_IMPORT(random) int32_t nacre_random(void);

enum {
  NACRE_KEY_A = 0x04, /* B to Z follow */
  NACRE_KEY_1 = 0x1e, /* 2 to 9 and 0 follow */
  NACRE_KEY_ENTER = 0x28,
  NACRE_KEY_ESCAPE = 0x29,
  NACRE_KEY_SPACE = 0x2c,
  NACRE_KEY_RIGHT = 0x4f,
  NACRE_KEY_LEFT = 0x50,
  NACRE_KEY_DOWN = 0x51,
  NACRE_KEY_UP = 0x52
};

#ifdef __cplusplus
}
#endif
