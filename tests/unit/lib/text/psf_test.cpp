#include "lib/text/psf.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "tests/support/failing_allocator.hpp"

namespace nacre::text {
namespace {

using Bytes = std::vector<u8>;

void append(Bytes& bytes, std::string_view text) {
  bytes.insert(bytes.end(), text.begin(), text.end());
}
void append_u32(Bytes& bytes, u32 value) {
  for (unsigned i = 0; i < 4; ++i) bytes.push_back(static_cast<u8>(value >> (8 * i)));
}

/// A PSF2 font of `count` glyphs of 9 x 2 pixels, each filled with its number.
Bytes psf2(u32 count, bool has_table) {
  Bytes bytes{0x72, 0xb5, 0x4a, 0x86};
  for (u32 const field : {0u, 32u, has_table ? 1u : 0u, count, 4u, 2u, 9u})
    append_u32(bytes, field);
  for (u32 i = 0; i < count; ++i) bytes.insert(bytes.end(), 4, static_cast<u8>(i));
  return bytes;
}

Bytes psf2_with_table() {
  Bytes bytes = psf2(3, true);
  append(bytes, "?\xff");
  append(bytes,
         "a\xc3\xa4\xfe"
         "a\xcc\x88\xff");  // also a sequence, which is left out
  append(bytes,
         "\xe2\x94\x82"
         "a\xf0\x9f\x98\x80\xff");
  return bytes;
}

Bytes psf1(u8 mode, unsigned glyphs) {
  Bytes bytes{0x36, 0x04, mode, 2};
  for (unsigned i = 0; i < glyphs; ++i) bytes.insert(bytes.end(), 2, static_cast<u8>(i));
  return bytes;
}

FontError::Kind error_of(const Bytes& bytes) {
  auto const font = Font::parse(bytes);
  return font ? FontError::Kind{0xff} : font.error().kind;
}

TEST(Psf, ReadsVersion2) {
  Bytes const bytes = psf2_with_table();
  auto const font = Font::parse(bytes);
  ASSERT_TRUE(font);
  EXPECT_EQ(font->width(), 9u);
  EXPECT_EQ(font->height(), 2u);
  EXPECT_EQ(font->bytes_per_row(), 2u);
  EXPECT_EQ(font->glyph_count(), 3u);
  EXPECT_EQ(font->find(U'a'), 1u);  // the first glyph that names it
  EXPECT_EQ(font->find(U'ä'), 1u);
  EXPECT_EQ(font->find(U'│'), 2u);
  EXPECT_EQ(font->find(U'\U0001f600'), 2u);
  EXPECT_EQ(font->find(U'b'), std::nullopt);
  EXPECT_EQ(font->find(U'\u0308'), std::nullopt);
  EXPECT_EQ(font->find(0xffffffff), std::nullopt);
  EXPECT_EQ(font->find_or_fallback(U'b'), 0u);
  EXPECT_EQ(font->glyph(2).size(), 4u);
  EXPECT_EQ(font->glyph(2)[3], 2);
}

TEST(Psf, ReadsVersion1) {
  Bytes bytes = psf1(1 | 2, 512);
  for (unsigned i = 0; i < 512; ++i) {
    u16 const codepoint = static_cast<u16>(i == 300 ? 0x2502 : 0x400 + i);
    for (u16 const unit : {codepoint, u16{0xfffe}, u16{0x41}, u16{0xffff}}) {
      bytes.push_back(static_cast<u8>(unit));
      bytes.push_back(static_cast<u8>(unit >> 8));
    }
  }
  auto const font = Font::parse(bytes);
  ASSERT_TRUE(font);
  EXPECT_EQ(font->width(), 8u);
  EXPECT_EQ(font->glyph_count(), 512u);
  EXPECT_EQ(font->find(U'│'), 300u);
  EXPECT_EQ(font->find(0x400), 0u);
  EXPECT_EQ(font->find(U'A'), std::nullopt);
}

TEST(Psf, WithoutATableCodePointsAreGlyphNumbers) {
  Bytes const bytes = psf1(0, 256);
  auto const font = Font::parse(bytes);
  ASSERT_TRUE(font);
  EXPECT_EQ(font->find(U'A'), 0x41u);
  EXPECT_EQ(font->find(0x100), std::nullopt);
}

TEST(Psf, EveryCutIsAnError) {
  Bytes const whole = psf2_with_table();
  for (usize size = 0; size < whole.size(); ++size) {
    auto const font = Font::parse(std::span(whole).first(size));
    ASSERT_FALSE(font) << size;
    EXPECT_EQ(font.error().kind, size < 4 ? FontError::Kind::NotPsf : FontError::Kind::Truncated)
        << size;
  }
}

TEST(Psf, RefusesWhatCannotBe) {
  EXPECT_EQ(error_of({}), FontError::Kind::NotPsf);
  EXPECT_EQ(error_of({1, 2, 3, 4, 5, 6}), FontError::Kind::NotPsf);
  auto const with_field = [](usize field, u32 value) {
    Bytes bytes = psf2(3, false);
    for (usize i = 0; i < 4; ++i) bytes[field * 4 + i] = static_cast<u8>(value >> (8 * i));
    return error_of(bytes);
  };
  EXPECT_EQ(with_field(1, 1), FontError::Kind::BadHeader);
  EXPECT_EQ(with_field(2, 31), FontError::Kind::BadHeader);
  EXPECT_EQ(with_field(2, 0xffffffff), FontError::Kind::Truncated);
  EXPECT_EQ(with_field(4, 0), FontError::Kind::BadHeader);
  EXPECT_EQ(with_field(4, 0xffffffff), FontError::Kind::BadHeader);
  EXPECT_EQ(with_field(4, 60000), FontError::Kind::Truncated);
  EXPECT_EQ(with_field(5, 3), FontError::Kind::BadHeader);
  EXPECT_EQ(with_field(5, 0xffffffff), FontError::Kind::Truncated);
  EXPECT_EQ(with_field(6, 0), FontError::Kind::BadHeader);
  EXPECT_EQ(with_field(7, 0xffffffff), FontError::Kind::BadHeader);
  Bytes bad_utf8 = psf2(1, true);
  append(bad_utf8, "\x80\xff");
  EXPECT_EQ(Font::parse(bad_utf8).error(), (FontError{FontError::Kind::BadUnicodeTable, 36}));
  Bytes cut_utf8 = psf2(1, true);
  append(cut_utf8, "\xe2\x94\xff");
  EXPECT_EQ(error_of(cut_utf8), FontError::Kind::BadUnicodeTable);
}

TEST(Psf, OutOfMemoryIsAValue) {
  Bytes const bytes = psf2_with_table();
  auto const failures = test::fail_each_allocation([&] {
    auto const font = Font::parse(bytes);
    if (!font) EXPECT_EQ(font.error().kind, FontError::Kind::OutOfMemory);
  });
  EXPECT_GT(failures, 3u);
}

}  // namespace
}  // namespace nacre::text
