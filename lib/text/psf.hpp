#pragma once

#include <expected>
#include <optional>
#include <span>

#include "lib/base/memory.hpp"
#include "lib/base/vector.hpp"
#include "lib/text/utf8.hpp"

namespace nacre::text {

/// Why bytes are no font, and where in them.
struct FontError {
  enum class Kind : u8 {
    NotPsf,           // neither magic number
    Truncated,        // the header, glyphs or Unicode table end too early
    BadHeader,        // a version, header size or glyph size that cannot be
    BadUnicodeTable,  // not the UTF-8 that PSF2 asks for
    OutOfMemory,
  };
  Kind kind;
  usize offset = 0;

  constexpr FontError(Kind error, usize at) : kind(error), offset(at) {}
  constexpr FontError(base::OutOfMemory) : kind(Kind::OutOfMemory) {}
  friend constexpr bool operator==(FontError, FontError) = default;
};

/// A bitmap font in the Linux console's format, PSF version 1 or 2, over borrowed bytes. Glyphs are
/// numbered from 0; code points are mapped to them by the font's Unicode table or, if it has none,
/// by number. [linux/psf: "PC Screen Font"]
class Font {
 public:
  /// The bytes must outlive the font.
  static std::expected<Font, FontError> parse(std::span<const u8> bytes);

  /// In pixels.
  u32 width() const { return width_; }
  u32 height() const { return height_; }
  u32 bytes_per_row() const { return (width_ + 7) / 8; }
  u32 glyph_count() const { return glyph_count_; }

  /// `height()` rows of `bytes_per_row()` bytes, the leftmost pixel in the highest bit.
  std::span<const u8> glyph(u32 index) const {
    return glyphs_.subspan(usize{index} * glyph_size_, usize{height_} * bytes_per_row());
  }
  /// The glyph of a code point. Constant time.
  std::optional<u32> find(char32_t codepoint) const {
    usize const page = codepoint >> 8;
    if (page >= page_of_.size() || page_of_[page] == 0) return std::nullopt;
    u16 const entry = entries_[(page_of_[page] - 1u) * usize{256} + (codepoint & 0xff)];
    if (entry == 0) return std::nullopt;
    return entry - 1u;
  }
  /// The glyph of a code point or else of what stands for the unknown.
  u32 find_or_fallback(char32_t codepoint) const { return find(codepoint).value_or(fallback_); }

 private:
  std::expected<void, FontError> parse_psf1_table(std::span<const u8> bytes, usize offset);
  std::expected<void, FontError> parse_psf2_table(std::span<const u8> bytes, usize offset);
  std::expected<void, FontError> map_by_number();
  std::expected<void, base::OutOfMemory> map(char32_t codepoint, u32 glyph);

  std::span<const u8> glyphs_;
  u32 width_ = 0;
  u32 height_ = 0;
  u32 glyph_size_ = 0;
  u32 glyph_count_ = 0;
  u32 fallback_ = 0;
  // Two levels: `page_of_[codepoint / 256]` is 0 or one more than the number of a page of 256
  // entries, and each entry is 0 or one more than a glyph's number.
  base::Vector<u16> page_of_;
  base::Vector<u16> entries_;
};

}  // namespace nacre::text
