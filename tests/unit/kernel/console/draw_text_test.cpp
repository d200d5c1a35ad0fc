#include "kernel/console/draw_text.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "kernel/console/builtin_fonts.hpp"

namespace nacre::console {
namespace {

using base::u32;
using base::u8;
using base::usize;
using drivers::i32;
using drivers::Rect;
using drivers::Rgb;

constexpr Rgb ink{255, 200, 100};

struct DrawText : testing::Test {
  static constexpr i32 width = 64;
  static constexpr i32 height = 48;
  std::vector<u8> memory = std::vector<u8>(usize{width} * height * 4);
  drivers::Framebuffer screen = *drivers::Framebuffer::create(
      memory, {width, height, width * 4, drivers::PixelFormat::xrgb8888()});
  text::Font font = *text::Font::parse(builtin_font());

  Rect draw(i32 x, i32 y, std::string_view text, i32 scale = 1) {
    screen.fill(screen.bounds(), {});
    return draw_text(screen, font, x, y, text, scale, ink);
  }
  /// What should stand at a pixel when `glyphs` are drawn from (x, y) in one row.
  bool is_inked(i32 x, i32 y) const { return screen.pixel(x, y) == ink; }
  bool in_font(char32_t character, i32 column, i32 row) const {
    auto const glyph = font.glyph(font.find_or_fallback(character));
    return (glyph[static_cast<usize>(row)] & (0x80 >> column)) != 0;
  }
  /// Whether the screen shows one character with its cell at (x, y), and nothing else.
  void expect_only(char32_t character, i32 left, i32 top, i32 scale) const {
    for (i32 y = 0; y < height; ++y) {
      for (i32 x = 0; x < width; ++x) {
        bool const inside = x >= left && y >= top && x < left + 8 * scale && y < top + 16 * scale;
        bool const expected = inside && in_font(character, (x - left) / scale, (y - top) / scale);
        ASSERT_EQ(is_inked(x, y), expected) << x << "," << y;
        ASSERT_TRUE(expected || screen.pixel(x, y) == Rgb{});
      }
    }
  }
};

TEST_F(DrawText, DrawsTheFontsPixelsAndNothingElse) {
  EXPECT_EQ(draw(3, 5, "g"), (Rect{3, 5, 8, 16}));
  ASSERT_NO_FATAL_FAILURE(expect_only(U'g', 3, 5, 1));
  EXPECT_EQ(draw(1, 2, "\u00e9", 2), (Rect{1, 2, 16, 32}));
  ASSERT_NO_FATAL_FAILURE(expect_only(U'\u00e9', 1, 2, 2));
}

TEST_F(DrawText, IsClippedAtEveryEdge) {
  for (i32 const scale : {1, 2, 3}) {
    for (i32 const x : {-5, 60}) {
      for (i32 const y : {-9, 40}) {
        Rect const drawn = draw(x, y, "W", scale);
        ASSERT_NO_FATAL_FAILURE(expect_only(U'W', x, y, scale));
        EXPECT_EQ(drawn, drivers::intersection({x, y, 8 * scale, 16 * scale}, screen.bounds()));
      }
    }
  }
}

TEST_F(DrawText, OneCellForEachCodePointAndLinesBelowEachOther) {
  EXPECT_EQ(draw(2, 1, "ab\n\u00e9"), (Rect{2, 1, 16, 32}));
  EXPECT_TRUE(is_inked(2 + 2, 1 + 6) == in_font(U'a', 2, 6));
  for (i32 row = 0; row < 16; ++row) {
    for (i32 column = 0; column < 8; ++column) {
      EXPECT_EQ(is_inked(2 + column, 1 + row), in_font(U'a', column, row));
      EXPECT_EQ(is_inked(10 + column, 1 + row), in_font(U'b', column, row));
      EXPECT_EQ(is_inked(2 + column, 17 + row), in_font(U'\u00e9', column, row));
    }
  }
}

TEST_F(DrawText, WhatIsNoTextIsDrawnAsTheUnknown) {
  draw(0, 0, "\xff");
  ASSERT_NO_FATAL_FAILURE(expect_only(U'\ufffd', 0, 0, 1));
}

TEST_F(DrawText, NothingIsDrawnWhereNothingIsToBeSeen) {
  EXPECT_TRUE(draw(0, 0, "").empty());
  EXPECT_TRUE(draw(0, 0, "x", 0).empty());
  EXPECT_TRUE(draw(0, 0, "x", INT32_MIN).empty());
  EXPECT_TRUE(draw(width, 0, "x").empty());
  EXPECT_TRUE(draw(0, height, "x").empty());
  EXPECT_TRUE(draw(INT32_MIN, INT32_MIN, "x", 1'000'000).empty());
  EXPECT_TRUE(draw(INT32_MAX, INT32_MAX, "x", INT32_MAX).empty());
  for (u8 const byte : memory) ASSERT_EQ(byte, 0);
}

TEST_F(DrawText, LongTextsInHugeLettersAreClipped) {
  std::string const lines(10'000, '\n');
  EXPECT_TRUE(draw(INT32_MAX, INT32_MAX, lines + std::string(10'000, 'x'), INT32_MAX).empty());
  // The block fills its cell: of one that covers the screen, everything is seen.
  EXPECT_EQ(draw(-1000, -1000, "\u2588", 1'000'000), screen.bounds());
  EXPECT_TRUE(is_inked(0, 0) && is_inked(width - 1, height - 1));
}

}  // namespace
}  // namespace nacre::console
