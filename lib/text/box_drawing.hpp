#pragma once

#include <span>

#include "lib/base/types.hpp"

namespace nacre::text {

using base::u32;
using base::u8;
using base::usize;

/// Lines, corners, blocks and shades, which must meet those of the cells around them: they are
/// drawn for the size of the cell, whatever a font has. [unicode/standard: "Box Drawing"]
inline constexpr char32_t first_box = U'\u2500';
inline constexpr char32_t last_box = U'\u259f';
inline constexpr usize box_count = last_box - first_box + 1;

constexpr bool is_box(char32_t codepoint) {
  return codepoint >= first_box && codepoint <= last_box;
}

/// Draws one of them into `glyph`, which is zero and laid out as a font's glyphs are: `height` rows
/// of whole bytes, the leftmost pixel in the highest bit.
void draw_box(char32_t codepoint, u32 width, u32 height, std::span<u8> glyph);

}  // namespace nacre::text
