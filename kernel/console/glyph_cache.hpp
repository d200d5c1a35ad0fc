#pragma once

#include <array>
#include <expected>
#include <optional>
#include <span>
#include <utility>

#include "kernel/drivers/framebuffer.hpp"
#include "lib/base/memory.hpp"
#include "lib/base/vector.hpp"
#include "lib/text/cell.hpp"
#include "lib/text/psf.hpp"

namespace nacre::console {

using base::u32;
using base::u64;
using base::u8;
using base::usize;

/// What cells have in common that look alike but for their characters.
class GlyphStyle {
 public:
  GlyphStyle() = default;
  /// Colours are 0x00RRGGBB. Of the attributes those count that change the shape of a glyph.
  GlyphStyle(u32 foreground, u32 background, text::Attributes attributes);

  u32 foreground() const { return static_cast<u32>(colors_ >> 32); }
  u32 background() const { return static_cast<u32>(colors_); }
  bool has(text::Attribute attribute) const { return shape_.has(attribute); }

 private:
  friend class GlyphCache;

  /// One number for a character and its shape.
  u64 glyph(char32_t codepoint) const { return u64{shape_.bits()} << 32 | codepoint; }

  u64 colors_ = 0;
  text::Attributes shape_;
  u32 first_place_ = 0;  // where the cache looks for the first character; others follow it
};

/// Cells as pixels: made of the glyphs of two fonts, and kept for the next time, since most of what
/// a screen shows are the same few characters in the same few colours.
class GlyphCache {
 public:
  /// The fonts' glyphs are of one size. Errors: OutOfMemory.
  static std::expected<GlyphCache, base::OutOfMemory> create(text::Font regular, text::Font bold);

  /// The regular one of both.
  const text::Font& font() const { return regular_; }

  /// What is found from here on stays as it is until this is called again; one tile at least is
  /// found.
  void begin_run() { ++run_; }
  /// Where in the sheet the tile of a cell begins. Nothing if that needs the place of another one
  /// of this run.
  std::optional<u32> find(const GlyphStyle& style, char32_t codepoint) {
    usize const place = (style.first_place_ + codepoint) % places;
    Entry& entry = (*entries_)[place];
    u64 const glyph = style.glyph(codepoint);
    if (entry.colors != style.colors_ || entry.glyph != glyph) {
      if (entry.run == run_) return std::nullopt;
      entry = {style.colors_, glyph, 0};
      draw(tile(place), style, codepoint);
    }
    entry.run = run_;
    return static_cast<u32>(place * tile_size_);
  }
  drivers::TileSheet sheet() const {
    return {tiles_, static_cast<drivers::i32>(regular_.width()),
            static_cast<drivers::i32>(regular_.height())};
  }

 private:
  /// A power of two, and more than a font has ASCII characters.
  static constexpr usize places = 512;

  /// What a place shows, and when it was found last.
  struct Entry {
    u64 colors = ~u64{0};  // which none are
    u64 glyph = 0;
    u64 run = 0;
  };
  using Entries = std::array<Entry, places>;

  GlyphCache(text::Font regular, text::Font bold)
      : regular_(std::move(regular)),
        bold_(std::move(bold)),
        tile_size_(usize{regular_.width()} * regular_.height()) {}

  std::expected<void, base::OutOfMemory> draw_boxes();
  std::span<const u8> glyph_of(const GlyphStyle& style, char32_t codepoint) const;
  std::span<u32> tile(usize place) {
    return std::span(tiles_).subspan(place * tile_size_, tile_size_);
  }
  void draw(std::span<u32> tile, const GlyphStyle& style, char32_t codepoint) const;

  text::Font regular_;
  text::Font bold_;
  usize tile_size_;         // in pixels
  base::Vector<u8> boxes_;  // glyphs that join, from `text::first_box` on
  base::Box<Entries> entries_;
  base::Vector<u32> tiles_;  // of the entries
  u64 run_ = 1;
};

}  // namespace nacre::console
