#include "kernel/console/draw_text.hpp"

#include <utility>

#include "lib/text/utf8.hpp"

namespace nacre::console {
namespace {

using base::i64;
using base::u32;
using base::u8;
using base::usize;
using drivers::i32;
using drivers::Rect;

/// Fills squares of `scale` pixels for the set bits of a glyph, those beside each other at once.
void draw_glyph(drivers::Framebuffer& screen, const text::Font& font, std::span<const u8> glyph,
                i64 left, i64 top, i64 scale, drivers::Rgb color) {
  for (u32 row = 0; row < font.height(); ++row) {
    auto const bits = glyph.subspan(usize{row} * font.bytes_per_row(), font.bytes_per_row());
    auto const is_set = [&](u32 column) {
      return column < font.width() && (bits[column / 8] & (0x80u >> column % 8)) != 0;
    };
    for (u32 column = 0; column < font.width(); ++column) {
      if (!is_set(column)) continue;
      u32 const first = column;
      while (is_set(column)) ++column;
      i64 const y = top + row * scale;
      screen.fill(drivers::clipped(left + first * scale, y, left + column * scale, y + scale,
                                   screen.bounds()),
                  color);
    }
  }
}

}  // namespace

Rect draw_text(drivers::Framebuffer& screen, const text::Font& font, i32 left, i32 top,
               std::string_view text, i32 scale, drivers::Rgb color) {
  if (scale < 1) return {};
  i64 const width = i64{font.width()} * scale;
  i64 const height = i64{font.height()} * scale;
  i64 x = left;
  i64 y = top;
  Rect drawn{};
  text::for_each_codepoint(text, [&](char32_t codepoint) {
    if (codepoint == U'\n') {
      x = left;
      y += height;
      return;
    }
    i64 const at = std::exchange(x, x + width);
    Rect const seen = drivers::clipped(at, y, at + width, y + height, screen.bounds());
    if (seen.empty()) return;
    draw_glyph(screen, font, font.glyph(font.find_or_fallback(codepoint)), at, y, scale, color);
    drawn = drivers::bounding_box(drawn, seen);
  });
  return drawn;
}

}  // namespace nacre::console
