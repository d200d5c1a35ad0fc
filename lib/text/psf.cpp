#include "lib/text/psf.hpp"

#include "lib/base/byte_cursor.hpp"
#include "lib/base/try.hpp"

namespace nacre::text {
namespace {

using Kind = FontError::Kind;

constexpr u16 psf1_magic = 0x0436;
constexpr u8 psf1_mode_512 = 1;
constexpr u8 psf1_mode_has_table = 2 | 4;
constexpr u16 psf1_sequence = 0xfffe;
constexpr u16 psf1_end = 0xffff;

constexpr u32 psf2_magic = 0x864ab572;
constexpr u32 psf2_header_size = 32;
constexpr u32 psf2_has_table = 1;
constexpr u8 psf2_sequence = 0xfe;
constexpr u8 psf2_end = 0xff;

// Far above any real font, and low enough that a hostile one costs little.
constexpr u32 max_glyphs = 0xfffe;
constexpr u32 max_side = 128;

std::unexpected<FontError> fail(Kind kind, usize offset) {
  return std::unexpected(FontError{kind, offset});
}

/// For reads that were checked against the size before.
template <class T>
T read(base::ByteCursor& cursor) {
  return cursor.little_endian<T>().value_or(T{});
}

}  // namespace

std::expected<Font, FontError> Font::parse(std::span<const u8> bytes) {
  Font font;
  bool has_table = false;
  bool is_psf2 = false;
  u32 header_size = 0;
  base::ByteCursor cursor(bytes);
  if (bytes.size() >= 4 && read<u32>(cursor) == psf2_magic) {
    if (bytes.size() < psf2_header_size) return fail(Kind::Truncated, bytes.size());
    is_psf2 = true;
    if (read<u32>(cursor) != 0) return fail(Kind::BadHeader, 4);
    header_size = read<u32>(cursor);
    has_table = (read<u32>(cursor) & psf2_has_table) != 0;
    font.glyph_count_ = read<u32>(cursor);
    font.glyph_size_ = read<u32>(cursor);
    font.height_ = read<u32>(cursor);
    font.width_ = read<u32>(cursor);
    if (header_size < psf2_header_size) return fail(Kind::BadHeader, 8);
  } else {
    cursor = base::ByteCursor(bytes);
    if (bytes.size() < 2 || read<u16>(cursor) != psf1_magic) return fail(Kind::NotPsf, 0);
    if (bytes.size() < 4) return fail(Kind::Truncated, bytes.size());
    header_size = 4;
    u8 const mode = read<u8>(cursor);
    font.glyph_size_ = font.height_ = read<u8>(cursor);
    font.width_ = 8;
    font.glyph_count_ = (mode & psf1_mode_512) != 0 ? 512 : 256;
    has_table = (mode & psf1_mode_has_table) != 0;
  }
  if (font.glyph_count_ == 0 || font.glyph_count_ > max_glyphs || font.width_ == 0 ||
      font.width_ > max_side || font.height_ == 0 || font.height_ > max_side ||
      font.glyph_size_ < font.height_ * font.bytes_per_row())
    return fail(Kind::BadHeader, 0);

  base::u64 const glyph_bytes = base::u64{font.glyph_count_} * font.glyph_size_;
  if (header_size > bytes.size() || glyph_bytes > bytes.size() - header_size)
    return fail(Kind::Truncated, bytes.size());
  font.glyphs_ = bytes.subspan(header_size, static_cast<usize>(glyph_bytes));
  usize const table = header_size + static_cast<usize>(glyph_bytes);
  if (!has_table) {
    TRY(font.map_by_number());
  } else if (is_psf2) {
    TRY(font.parse_psf2_table(bytes, table));
  } else {
    TRY(font.parse_psf1_table(bytes, table));
  }
  font.fallback_ = font.find(replacement_character).value_or(font.find(U'?').value_or(0));
  return font;
}

/// For each glyph: code points, then sequences of code points, each behind a mark, then an end
/// mark, all of 16 bits. Sequences are left out: a cell holds one code point.
std::expected<void, FontError> Font::parse_psf1_table(std::span<const u8> bytes, usize offset) {
  base::ByteCursor cursor(bytes, offset);
  for (u32 glyph = 0; glyph < glyph_count_; ++glyph) {
    for (bool in_sequence = false;;) {
      if (cursor.remaining() < 2) return fail(Kind::Truncated, cursor.offset());
      u16 const unit = read<u16>(cursor);
      if (unit == psf1_end) break;
      if (unit == psf1_sequence) in_sequence = true;
      if (!in_sequence) {
        TRY(map(unit, glyph));
      }
    }
  }
  return {};
}

/// As in version 1, but the code points are UTF-8 and the marks bytes that UTF-8 never has.
std::expected<void, FontError> Font::parse_psf2_table(std::span<const u8> bytes, usize offset) {
  base::ByteCursor cursor(bytes, offset);
  for (u32 glyph = 0; glyph < glyph_count_; ++glyph) {
    Utf8Decoder decoder;
    for (bool in_sequence = false;;) {
      if (cursor.at_end()) return fail(Kind::Truncated, cursor.offset());
      u8 const byte = read<u8>(cursor);
      if (byte == psf2_end || byte == psf2_sequence) {
        if (!decoder.at_boundary()) return fail(Kind::BadUnicodeTable, cursor.offset() - 1);
        if (byte == psf2_end) break;
        in_sequence = true;
        continue;
      }
      std::expected<void, base::OutOfMemory> mapped;
      bool valid = true;
      bool const was_at_boundary = decoder.at_boundary();
      decoder.feed(byte, [&](char32_t codepoint) {
        // A replacement that was spelled out ends in a continuation byte.
        if (codepoint == replacement_character && (was_at_boundary || (byte & 0xc0) != 0x80))
          valid = false;
        if (valid && !in_sequence) mapped = map(codepoint, glyph);
      });
      if (!valid) return fail(Kind::BadUnicodeTable, cursor.offset() - 1);
      TRY(std::move(mapped));
    }
  }
  return {};
}

std::expected<void, FontError> Font::map_by_number() {
  for (u32 glyph = 0; glyph < glyph_count_; ++glyph) {
    TRY(map(glyph, glyph));
  }
  return {};
}

/// The first glyph that names a code point has it.
std::expected<void, base::OutOfMemory> Font::map(char32_t codepoint, u32 glyph) {
  usize const page = codepoint >> 8;
  if (page >= page_of_.size()) {
    TRY(page_of_.try_resize(page + 1));
  }
  if (page_of_[page] == 0) {
    usize const pages = entries_.size() / 256;
    TRY(entries_.try_resize(entries_.size() + 256));
    page_of_[page] = static_cast<u16>(pages + 1);
  }
  u16& entry = entries_[(page_of_[page] - 1u) * usize{256} + (codepoint & 0xff)];
  if (entry == 0) entry = static_cast<u16>(glyph + 1);
  return {};
}

}  // namespace nacre::text
