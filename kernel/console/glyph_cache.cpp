#include "kernel/console/glyph_cache.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/try.hpp"
#include "lib/text/box_drawing.hpp"

namespace nacre::console {
namespace {

using text::Attribute;

/// Four pixels, which a processor computes and stores at once.
using FourPixels [[gnu::vector_size(16)]] = u32;

/// Eight pixels, a row of a glyph as most fonts have it.
using EightPixels = std::array<FourPixels, 2>;

/// All bits of a pixel for each bit of a byte that is set, the highest first.
constexpr std::array<EightPixels, 256> pixel_masks = [] {
  std::array<EightPixels, 256> masks{};
  for (u32 bits = 0; bits < 256; ++bits) {
    auto const mask = [bits](u32 bit) { return (bits & bit) != 0 ? 0xffffffffu : 0u; };
    masks[bits] = {FourPixels{mask(0x80), mask(0x40), mask(0x20), mask(0x10)},
                   FourPixels{mask(8), mask(4), mask(2), mask(1)}};
  }
  return masks;
}();

/// A row of an italic glyph: the upper third leans right, the lower third left.
constexpr unsigned slanted(unsigned bits, u32 row, u32 height) {
  if (row < height / 3) return bits >> 1;
  return row >= height - height / 3 ? bits << 1 : bits;
}

constexpr text::Attributes shaping = text::Attributes{}
                                         .with(Attribute::Bold)
                                         .with(Attribute::Italic)
                                         .with(Attribute::Underline)
                                         .with(Attribute::Strikethrough)
                                         .with(Attribute::WideTail);

/// Numbers that are near each other, far apart in their highest bits: multiples of the golden
/// ratio.
constexpr u64 spread(u64 value) { return value * 0x9e37'79b9'7f4a'7c15; }

}  // namespace

GlyphStyle::GlyphStyle(u32 foreground, u32 background, text::Attributes attributes)
    : colors_(u64{foreground} << 32 | background),
      shape_(attributes.only(shaping)),
      first_place_(static_cast<u32>(spread((spread(colors_) >> 32) + shape_.bits()) >> 48)) {}

std::expected<GlyphCache, base::OutOfMemory> GlyphCache::create(text::Font regular,
                                                                text::Font bold) {
  NACRE_ASSERT(regular.width() == bold.width() && regular.height() == bold.height());
  GlyphCache cache(std::move(regular), std::move(bold));
  TRY(cache.draw_boxes());
  TRY(cache.entries_, base::try_make<Entries>());
  TRY(cache.tiles_.try_resize(places * cache.tile_size_));
  return cache;
}

std::expected<void, base::OutOfMemory> GlyphCache::draw_boxes() {
  usize const size = usize{regular_.height()} * regular_.bytes_per_row();
  TRY(boxes_.try_resize(text::box_count * size));
  for (usize i = 0; i < text::box_count; ++i)
    text::draw_box(text::first_box + static_cast<char32_t>(i), regular_.width(), regular_.height(),
                   std::span(boxes_).subspan(i * size, size));
  return {};
}

/// What a cell shows, as rows of a font's glyph.
std::span<const u8> GlyphCache::glyph_of(const GlyphStyle& style, char32_t codepoint) const {
  // The right half of a wide character is empty: the font has narrow glyphs only.
  if (style.has(Attribute::WideTail)) codepoint = U' ';
  if (text::is_box(codepoint)) {
    usize const size = usize{regular_.height()} * regular_.bytes_per_row();
    return std::span(boxes_).subspan((codepoint - text::first_box) * size, size);
  }
  const text::Font& font = style.has(Attribute::Bold) ? bold_ : regular_;
  return font.glyph(font.find_or_fallback(codepoint));
}

void GlyphCache::draw(std::span<u32> tile, const GlyphStyle& style, char32_t codepoint) const {
  std::span<const u8> const glyph = glyph_of(style, codepoint);
  bool const is_slanted = style.has(Attribute::Italic) && !text::is_box(codepoint);
  u32 const foreground = style.foreground();
  u32 const background = style.background();
  u32 const width = regular_.width();
  u32 const height = regular_.height();
  usize const bytes_per_row = regular_.bytes_per_row();
  FourPixels const four = FourPixels{} + background;
  FourPixels const difference = FourPixels{} + (foreground ^ background);
  u32* row = tile.data();
  auto const write_eight = [&](unsigned shown) {
    const EightPixels& mask = pixel_masks[shown & 0xff];
    EightPixels const eight{four ^ (difference & mask[0]), four ^ (difference & mask[1])};
    __builtin_memcpy(row, &eight, sizeof eight);
    row += 8;
  };
  if (width == 8 && !is_slanted) {  // as most are
    for (u8 const bits : glyph) write_eight(bits);
  } else if (width == 8) {
    for (u32 y = 0; y < height; ++y) write_eight(slanted(glyph[y], y, height));
  } else {
    for (u32 y = 0; y < height; ++y, row += width) {
      auto const bits = glyph.subspan(usize{y} * bytes_per_row, bytes_per_row);
      for (u32 column = 0; column < width; ++column) {
        bool const is_set = (bits[column / 8] & (0x80u >> column % 8)) != 0;
        row[column] = is_set ? foreground : background;
      }
    }
  }
  auto const rule = [&](usize y) { std::ranges::fill(tile.subspan(y * width, width), foreground); };
  if (style.has(Attribute::Underline)) rule(std::max(height, 2u) - 2);
  if (style.has(Attribute::Strikethrough)) rule(height / 2);
}

}  // namespace nacre::console
