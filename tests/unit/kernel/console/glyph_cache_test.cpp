#include "kernel/console/glyph_cache.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <initializer_list>
#include <random>
#include <utility>
#include <vector>

#include "lib/text/box_drawing.hpp"
#include "tests/support/failing_allocator.hpp"

namespace nacre::console {
namespace {

using text::Attribute;
using Pixels = std::vector<u32>;

/// A PSF2 font without a table: glyphs of random bits for the first code points.
std::vector<u8> random_font(u32 width, u32 height, unsigned seed) {
  constexpr u32 glyphs = 128;
  u32 const size = (width + 7) / 8 * height;
  std::vector<u8> bytes{0x72, 0xb5, 0x4a, 0x86};
  for (u32 const field : {0u, 32u, 0u, glyphs, size, height, width})
    for (unsigned i = 0; i < 4; ++i) bytes.push_back(static_cast<u8>(field >> (8 * i)));
  std::mt19937 random(seed);
  for (u32 i = 0; i < glyphs * size; ++i) bytes.push_back(static_cast<u8>(random()));
  return bytes;
}

text::Attributes attributes(std::initializer_list<Attribute> set) {
  text::Attributes made;
  for (Attribute const attribute : set) made.set(attribute);
  return made;
}

/// Two fonts of a size, a cache of them, and what it has to show.
class Fonts {
 public:
  Fonts(u32 width, u32 height)
      : regular_bytes_(random_font(width, height, 1)), bold_bytes_(random_font(width, height, 2)) {}

  GlyphCache cache() const { return *GlyphCache::create(regular(), bold()); }
  text::Font regular() const { return *text::Font::parse(regular_bytes_); }
  text::Font bold() const { return *text::Font::parse(bold_bytes_); }

  /// The pixels of a cell, one by one.
  Pixels expected(u32 foreground, u32 background, text::Attributes look, char32_t codepoint) const {
    text::Font const font = look.has(Attribute::Bold) ? bold() : regular();
    auto const width = static_cast<int>(font.width());
    auto const height = static_cast<int>(font.height());
    usize const row_bytes = font.bytes_per_row();
    std::vector<u8> glyph(row_bytes * font.height());
    bool const is_box = text::is_box(codepoint);
    if (look.has(Attribute::WideTail)) codepoint = U' ';
    if (text::is_box(codepoint)) {
      text::draw_box(codepoint, font.width(), font.height(), glyph);
    } else {
      std::ranges::copy(font.glyph(font.find_or_fallback(codepoint)), glyph.begin());
    }
    auto const is_set = [&](int x, int y) {
      return x >= 0 && x < width &&
             (glyph[static_cast<usize>(y) * row_bytes + static_cast<usize>(x) / 8] >> (7 - x % 8) &
              1) != 0;
    };
    // Fonts of another width do not lean.
    bool const leans = look.has(Attribute::Italic) && !is_box && width == 8;
    Pixels pixels;
    for (int y = 0; y < height; ++y) {
      int const shift = !leans ? 0 : y < height / 3 ? -1 : y >= height - height / 3 ? 1 : 0;
      bool const is_line = (look.has(Attribute::Underline) && y == height - 2) ||
                           (look.has(Attribute::Strikethrough) && y == height / 2);
      for (int x = 0; x < width; ++x)
        pixels.push_back(is_line || is_set(x + shift, y) ? foreground : background);
    }
    return pixels;
  }

 private:
  std::vector<u8> regular_bytes_;
  std::vector<u8> bold_bytes_;
};

Pixels tile_at(const GlyphCache& cache, u32 start) {
  auto const sheet = cache.sheet();
  auto const tile = sheet.pixels.subspan(start, static_cast<usize>(sheet.width * sheet.height));
  return {tile.begin(), tile.end()};
}

constexpr auto all_attributes = std::to_array(
    {Attribute::Bold, Attribute::Dim, Attribute::Italic, Attribute::Underline, Attribute::Blink,
     Attribute::Reverse, Attribute::Hidden, Attribute::Strikethrough, Attribute::WideHead,
     Attribute::WideTail, Attribute::Protected, Attribute::Wrapped});

TEST(GlyphCache, ShowsGlyphsOfAnySizeInAnyStyle) {
  std::mt19937 random(5);
  for (u32 const width : {1u, 5u, 8u, 9u, 16u, 24u}) {
    for (u32 const height : {2u, 3u, 16u}) {
      Fonts const fonts(width, height);
      GlyphCache cache = fonts.cache();
      // Many more looks than there are places, most of them more than once.
      for (int round = 0; round < 1000; ++round) {
        text::Attributes look;
        for (Attribute const attribute : all_attributes)
          if (random() % 5 == 0) look.set(attribute);
        u32 const foreground = random() % 4 * 0x40'50'60;
        u32 const background = random() % 4 * 0x10'20'30;
        char32_t const codepoint = random() % 4 == 0 ? text::first_box + random() % text::box_count
                                                     : U' ' + random() % 0x70;
        cache.begin_run();
        auto const start = cache.find(GlyphStyle(foreground, background, look), codepoint);
        ASSERT_TRUE(start);
        ASSERT_EQ(tile_at(cache, *start), fonts.expected(foreground, background, look, codepoint))
            << width << "x" << height << " " << static_cast<u32>(codepoint) << " " << look.bits();
      }
    }
  }
}

TEST(GlyphCache, TellsApartWhatSharesAPlace) {
  constexpr auto shaping = std::to_array({Attribute::Bold, Attribute::Italic, Attribute::Underline,
                                          Attribute::Strikethrough, Attribute::WideTail});
  Fonts const fonts(8, 16);
  GlyphCache cache = fonts.cache();
  auto const expect_found = [&](u32 color, text::Attributes look, char32_t codepoint) {
    cache.begin_run();
    auto const start = cache.find(GlyphStyle(color, 0, look), codepoint);
    ASSERT_TRUE(start);
    ASSERT_EQ(tile_at(cache, *start), fonts.expected(color, 0, look, codepoint))
        << color << " " << look.bits() << " " << static_cast<u32>(codepoint);
  };
  for (u32 color = 1; color <= 20; ++color) {
    for (u32 shape = 0; shape < 1u << shaping.size(); ++shape) {
      text::Attributes look;
      for (usize i = 0; i < shaping.size(); ++i)
        if ((shape >> i & 1) != 0) look.set(shaping[i]);
      ASSERT_NO_FATAL_FAILURE(expect_found(color, look, U'a'));
    }
    for (char32_t const codepoint : {U'a', U'\u0261', U'a', U'\u1061'})
      ASSERT_NO_FATAL_FAILURE(expect_found(color, {}, codepoint));
  }
}

TEST(GlyphCache, WhatARunFoundStaysUntilTheNext) {
  Fonts const fonts(8, 16);
  GlyphCache cache = fonts.cache();
  std::vector<std::pair<u32, Pixels>> found;
  int runs = 1;
  cache.begin_run();
  for (u32 color = 1; color <= 2000; ++color) {
    GlyphStyle const style(color * 0x1234, 0, {});
    auto start = cache.find(style, U'x');
    if (!start) {
      for (auto const& [at, pixels] : found) ASSERT_EQ(tile_at(cache, at), pixels);
      found.clear();
      ++runs;
      cache.begin_run();
      start = cache.find(style, U'x');
      ASSERT_TRUE(start);
    }
    found.emplace_back(*start, fonts.expected(color * 0x1234, 0, {}, U'x'));
  }
  EXPECT_GT(runs, 4) << "there is no room for more than some at once";
  EXPECT_LT(runs, 200) << "styles lie apart";
}

TEST(GlyphCache, WhatIsAlikeIsFoundWhereItWas) {
  Fonts const fonts(8, 16);
  GlyphCache cache = fonts.cache();
  cache.begin_run();
  auto const find = [&](text::Attributes look, char32_t codepoint) {
    return cache.find(GlyphStyle(0xffffff, 0, look), codepoint);
  };
  std::vector<std::optional<u32>> ascii;
  for (char32_t codepoint = U' '; codepoint < 0x7f; ++codepoint)
    ascii.push_back(find({}, codepoint));
  for (char32_t codepoint = U' '; codepoint < 0x7f; ++codepoint) {
    ASSERT_TRUE(ascii[codepoint - U' ']);
    EXPECT_EQ(find({}, codepoint), ascii[codepoint - U' ']);
  }
  EXPECT_EQ(find(attributes({Attribute::Blink, Attribute::Reverse, Attribute::Dim}), U'a'),
            find({}, U'a'))
      << "these are in the colours";
  EXPECT_NE(find(attributes({Attribute::Italic}), U'a'), find({}, U'a'));
  EXPECT_NE(cache.find(GlyphStyle(0, 0xffffff, {}), U'a'), find({}, U'a')) << "in reverse";
}

TEST(GlyphCache, OutOfMemoryIsAValue) {
  Fonts const fonts(8, 16);
  std::vector<std::pair<text::Font, text::Font>> pairs;
  for (int i = 0; i < 8; ++i) pairs.emplace_back(fonts.regular(), fonts.bold());
  auto const failures = nacre::test::fail_each_allocation([&] {
    auto pair = std::move(pairs.back());
    pairs.pop_back();
    auto const cache = GlyphCache::create(std::move(pair.first), std::move(pair.second));
    // The one that nothing failed of is the fourth.
    EXPECT_EQ(cache.has_value(), pairs.size() == 8 - 4);
  });
  EXPECT_EQ(failures, 3u);
}

}  // namespace
}  // namespace nacre::console
