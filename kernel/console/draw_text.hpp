#pragma once

#include <string_view>

#include "kernel/drivers/framebuffer.hpp"
#include "lib/text/psf.hpp"

namespace nacre::console {

/// Draws UTF-8 text on whatever is there: every pixel of the font becomes a square of `scale` by
/// `scale` pixels in `color`. The first character's cell begins at `left`, `top`; each code point
/// takes one cell, and a line feed goes on below the first. Clipped at the screen's edges; nothing
/// is drawn if `scale` is below one. Returns the part of the screen in which it drew. Takes time
/// for each byte of `text`, besides that for what is seen.
drivers::Rect draw_text(drivers::Framebuffer& screen, const text::Font& font, drivers::i32 left,
                        drivers::i32 top, std::string_view text, drivers::i32 scale,
                        drivers::Rgb color);

}  // namespace nacre::console
