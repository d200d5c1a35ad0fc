#include "kernel/drivers/framebuffer.hpp"

#include <array>
#include <gtest/gtest.h>
#include <random>
#include <vector>

#include "tests/support/failing_allocator.hpp"

namespace nacre::drivers {
namespace {

PixelFormat format(u32 bits, Channel red, Channel green, Channel blue) {
  return *PixelFormat::create(bits, red, green, blue);
}
PixelFormat const rgb888 = format(24, {0, 8}, {8, 8}, {16, 8});
PixelFormat const bgr888 = format(24, {16, 8}, {8, 8}, {0, 8});
PixelFormat const xrgb8888 = PixelFormat::xrgb8888();
PixelFormat const bgrx8888 = format(32, {8, 8}, {16, 8}, {24, 8});

/// A screen in host memory, with a margin of 0xee that nothing may touch.
struct Screen {
  static constexpr usize margin = 32;
  u32 stride;
  std::vector<u8> memory;
  Framebuffer framebuffer;

  Screen(u32 width, u32 height, PixelFormat pixels, u32 padding = 0)
      : stride(static_cast<u32>(width * pixels.bytes_per_pixel()) + padding),
        memory(usize{stride} * height + 2 * margin, 0xee),
        framebuffer(*Framebuffer::create(std::span(memory).subspan(margin, stride * height),
                                         {width, height, stride, pixels})) {}
  std::vector<u8> row(u32 y) const {
    auto const start = memory.begin() + static_cast<long>(margin + usize{y} * stride);
    return {start, start + stride};
  }
  bool margins_untouched() const {
    auto const is_margin = [](u8 byte) { return byte == 0xee; };
    return std::all_of(memory.begin(), memory.begin() + margin, is_margin) &&
           std::all_of(memory.end() - margin, memory.end(), is_margin);
  }
};

using Bytes = std::vector<u8>;

TEST(Framebuffer, WritesEachFormatAsItsBytes) {
  struct {
    PixelFormat format;
    Bytes row;
  } const cases[] = {
      {rgb888, {0xee, 0xee, 0xee, 0x11, 0x22, 0x33}},
      {bgr888, {0xee, 0xee, 0xee, 0x33, 0x22, 0x11}},
      {xrgb8888, {0xee, 0xee, 0xee, 0xee, 0x33, 0x22, 0x11, 0x00}},
      {bgrx8888, {0xee, 0xee, 0xee, 0xee, 0x00, 0x11, 0x22, 0x33}},
  };
  for (auto const& [pixels, row] : cases) {
    Screen screen(2, 1, pixels);
    screen.framebuffer.put_pixel(1, 0, 0x11, 0x22, 0x33);
    EXPECT_EQ(screen.row(0), row);
    EXPECT_EQ(screen.framebuffer.pixel(1, 0), (Rgb{0x11, 0x22, 0x33}));
    EXPECT_TRUE(screen.margins_untouched());
  }
}

TEST(Framebuffer, RefusesWhatItCannotDraw) {
  EXPECT_EQ(PixelFormat::create(16, {11, 5}, {5, 6}, {0, 5}).error(),
            PixelFormatError::UnsupportedDepth);
  EXPECT_EQ(PixelFormat::create(8, {0, 8}, {0, 8}, {0, 8}).error(),
            PixelFormatError::UnsupportedDepth);
  EXPECT_EQ(PixelFormat::create(32, {16, 8}, {8, 9}, {0, 8}).error(),
            PixelFormatError::BadChannels);
  EXPECT_EQ(PixelFormat::create(24, {20, 8}, {8, 8}, {0, 8}).error(),
            PixelFormatError::BadChannels);
  EXPECT_EQ(PixelFormat::create(32, {16, 0}, {8, 8}, {0, 8}).error(),
            PixelFormatError::BadChannels);
  EXPECT_EQ(PixelFormat::create(32, {255, 255}, {8, 8}, {0, 8}).error(),
            PixelFormatError::BadChannels);

  Bytes memory(100);
  auto const error = [&](u32 width, u32 height, u32 stride) {
    return Framebuffer::create(memory, {width, height, stride, xrgb8888}).error();
  };
  EXPECT_EQ(error(0, 5, 20), FramebufferError::EmptyScreen);
  EXPECT_EQ(error(5, 0, 20), FramebufferError::EmptyScreen);
  EXPECT_EQ(error(0xffff'ffff, 0xffff'ffff, 0xffff'ffff), FramebufferError::EmptyScreen);
  EXPECT_EQ(error(5, 5, 19), FramebufferError::StrideTooSmall);
  EXPECT_EQ(error(5, 6, 20), FramebufferError::MemoryTooSmall);
  EXPECT_TRUE(Framebuffer::create(memory, {5, 5, 20, xrgb8888}));
  // The last row needs no padding behind it.
  EXPECT_TRUE(Framebuffer::create(memory, {5, 4, 26, xrgb8888}));
}

TEST(Framebuffer, NarrowAndWideChannelsKeepWhiteAndBlack) {
  for (u8 size = 1; size <= 10; ++size) {
    u8 const second = size;
    u8 const third = static_cast<u8>(2 * size);
    PixelFormat const pixels = format(32, {0, size}, {second, size}, {third, size});
    EXPECT_EQ(pixels.decode(pixels.encode(0xffffff)), 0xffffffu) << int{size};
    EXPECT_EQ(pixels.decode(pixels.encode(0)), 0u);
    if (size >= 8) {
      EXPECT_EQ(pixels.decode(pixels.encode(0x12ab7f)), 0x12ab7fu);
    }
  }
}

/// The plainest screen: a matrix of colours.
struct Model {
  i32 width, height;
  std::vector<u32> colours;
  Model(i32 w, i32 h) : width(w), height(h), colours(static_cast<usize>(w * h)) {}
  u32* at(i64 x, i64 y) {
    if (x < 0 || y < 0 || x >= width || y >= height) return nullptr;
    return &colours[static_cast<usize>(y * width + x)];
  }
  void set(i64 x, i64 y, u32 colour) {
    if (u32* const pixel = at(x, y)) *pixel = colour;
  }
};

void expect_same(const Framebuffer& framebuffer, Model& model) {
  for (i32 y = 0; y < model.height; ++y)
    for (i32 x = 0; x < model.width; ++x)
      ASSERT_EQ(framebuffer.pixel(x, y).to_u32(), *model.at(x, y)) << x << "," << y;
}

/// Draws at random, far beyond all edges too, on the screen and on the model.
void draw_at_random(Framebuffer& framebuffer, Model& model, unsigned seed) {
  std::mt19937 random(seed);
  auto const coordinate = [&] { return static_cast<i32>(random() % 40) - 12; };
  auto const size = [&] { return static_cast<i32>(random() % 20) - 2; };
  for (int step = 0; step < 300; ++step) {
    u32 const colour = random() & 0xffffff;
    Rect const area{coordinate(), coordinate(), size(), size()};
    switch (random() % 5) {
      case 0:
        framebuffer.put_pixel(area.x, area.y, Rgb::from_u32(colour));
        model.set(area.x, area.y, colour);
        break;
      case 1:
        framebuffer.fill(area, Rgb::from_u32(colour));
        for (i32 y = 0; y < area.height; ++y)
          for (i32 x = 0; x < area.width; ++x) model.set(area.x + x, area.y + y, colour);
        break;
      case 2: {
        std::vector<u32> pixels;
        for (i32 i = 0; i < area.width * area.height; ++i) pixels.push_back(random() & 0xffffff);
        framebuffer.blit(area, pixels);
        for (i32 y = 0; y < area.height; ++y)
          for (i32 x = 0; x < area.width; ++x)
            model.set(area.x + x, area.y + y, pixels[static_cast<usize>(y * area.width + x)]);
        break;
      }
      case 3: {
        i32 const scale = static_cast<i32>(random() % 9) - 1;
        usize const stride = static_cast<usize>(std::max(area.width, 0)) + random() % 3;
        std::vector<u32> pixels(stride * static_cast<usize>(std::max(area.height, 0)));
        for (u32& pixel : pixels) pixel = random() & 0xffffff;
        framebuffer.blit_scaled(area, pixels, stride, scale);
        for (i32 y = 0; y < area.height * scale; ++y) {
          for (i32 x = 0; scale > 0 && x < area.width * scale; ++x) {
            usize const from = static_cast<usize>(y / scale) * stride;
            model.set(area.x + x, area.y + y, pixels[from + static_cast<usize>(x / scale)]);
          }
        }
        break;
      }
      default: {
        i32 const count = size() + 3;
        framebuffer.move_rows(area.y, area.x, count);
        Model const before = model;
        for (i32 row = 0; row < count; ++row) {
          for (i32 x = 0; x < model.width; ++x) {
            i32 const from = area.x + row;
            if (from < 0 || from >= model.height) continue;
            model.set(x, area.y + row, before.colours[static_cast<usize>(from * model.width + x)]);
          }
        }
      }
    }
    ASSERT_NO_FATAL_FAILURE(expect_same(framebuffer, model)) << "step " << step;
  }
}

TEST(Framebuffer, DrawsWhatAPlainModelDraws) {
  for (auto const& pixels : {rgb888, bgr888, xrgb8888, bgrx8888}) {
    for (u32 const padding : {0u, 1u, 7u}) {
      Screen screen(17, 13, pixels, padding);
      screen.framebuffer.fill(screen.framebuffer.bounds(), {});
      Model model(17, 13);
      ASSERT_NO_FATAL_FAILURE(draw_at_random(screen.framebuffer, model, padding));
      EXPECT_TRUE(screen.margins_untouched());
      for (u32 y = 0; y < 13; ++y) {
        auto const row = screen.row(y);
        for (u32 i = 1; i <= padding; ++i) ASSERT_EQ(row[row.size() - i], 0xee);
      }
    }
  }
}

void expect_shown_when_presented(PixelFormat pixels, u32 padding) {
  Screen screen(17, 13, pixels, padding);
  Screen direct(17, 13, pixels, padding);
  Bytes const before = screen.memory;
  ASSERT_TRUE(screen.framebuffer.add_back_buffer());
  EXPECT_EQ(screen.memory, before);

  Model model(17, 13);
  ASSERT_NO_FATAL_FAILURE(draw_at_random(screen.framebuffer, model, 7));
  EXPECT_EQ(screen.memory, before);

  screen.framebuffer.present({-5, 2, 8, 4});
  direct.framebuffer.blit({0, 2, 3, 4}, std::span(model.colours).subspan(2 * 17), 17);
  EXPECT_EQ(screen.memory, direct.memory);

  screen.framebuffer.present();
  direct.framebuffer.blit({0, 0, 17, 13}, model.colours);
  EXPECT_EQ(screen.memory, direct.memory);
}

TEST(Framebuffer, ABackBufferShowsNothingUntilPresented) {
  for (auto const& pixels : {rgb888, xrgb8888, bgrx8888})
    // Rows of the screen follow each other, or not.
    for (u32 const padding : {0u, 3u}) expect_shown_when_presented(pixels, padding);
}

/// Draws tiles of a size everywhere, partly and wholly outside of the screen too.
void draw_tiles_everywhere(Framebuffer& framebuffer, Model& model, i32 width, i32 height) {
  std::mt19937 random(static_cast<unsigned>(width * 100 + height));
  auto const size = static_cast<usize>(width * height);
  std::vector<u32> pixels(3 * size);
  for (u32& pixel : pixels) pixel = random() & 0xffffff;
  for (i32 y = -height; y <= model.height; y += 3) {
    for (i32 x = -2 * width - 1; x <= model.width; x += 5) {
      std::vector<u32> starts(random() % 5);
      for (u32& start : starts) start = random() % static_cast<u32>(2 * size + 1);
      framebuffer.blit_tiles(x, y, {pixels, width, height}, starts);
      for (usize tile = 0; tile < starts.size(); ++tile)
        for (i32 i = 0; i < width * height; ++i)
          model.set(x + static_cast<i32>(tile) * width + i % width, y + i / width,
                    pixels[starts[tile] + static_cast<usize>(i)]);
    }
    ASSERT_NO_FATAL_FAILURE(expect_same(framebuffer, model)) << y;
  }
}

TEST(Framebuffer, TilesOfAnySizeStandBesideEachOther) {
  for (auto const& pixels : {rgb888, xrgb8888}) {
    for (bool const is_direct : {false, true}) {
      Screen screen(52, 23, pixels, 1);
      screen.framebuffer.fill(screen.framebuffer.bounds(), {});
      if (!is_direct) {
        ASSERT_TRUE(screen.framebuffer.add_back_buffer());
        // Rows lie in another order from here on.
        screen.framebuffer.move_rows(2, 9, 14);
      }
      Model model(52, 23);
      for (i32 const width : {1, 4, 8, 9, 16, 24})
        for (i32 const height : {1, 3, 4, 7, 16})
          ASSERT_NO_FATAL_FAILURE(draw_tiles_everywhere(screen.framebuffer, model, width, height))
              << width << "x" << height;
      EXPECT_TRUE(screen.margins_untouched());
    }
  }
}

TEST(Framebuffer, ExtremeRectanglesAreClipped) {
  Screen screen(4, 4, xrgb8888, 5);
  auto& framebuffer = screen.framebuffer;
  framebuffer.fill({INT32_MIN, INT32_MIN, INT32_MAX, INT32_MAX}, {1, 1, 1});
  framebuffer.fill({4, 0, INT32_MAX, INT32_MAX}, {1, 1, 1});
  framebuffer.fill({0, 0, INT32_MIN, INT32_MIN}, {1, 1, 1});
  framebuffer.move_rows(INT32_MIN, 0, INT32_MAX);
  framebuffer.move_rows(0, INT32_MAX, INT32_MAX);
  framebuffer.move_rows(INT32_MAX, INT32_MIN, INT32_MAX);
  framebuffer.put_pixel(INT32_MIN, INT32_MAX, {1, 1, 1});
  std::vector<u32> const tile(8);
  framebuffer.blit_tiles(INT32_MAX, INT32_MIN, {tile, 8, 1}, std::array{0u, 0u, 0u});
  framebuffer.blit_tiles(INT32_MIN, INT32_MAX, {tile, 8, 1}, std::array{0u, 0u, 0u});
  EXPECT_EQ(screen.memory, Bytes(screen.memory.size(), 0xee));
  EXPECT_EQ(framebuffer.pixel(-1, 0), Rgb{});

  framebuffer.fill({-1, -1, INT32_MAX, INT32_MAX}, {1, 2, 3});
  EXPECT_EQ(framebuffer.pixel(3, 3), (Rgb{1, 2, 3}));
  EXPECT_TRUE(screen.margins_untouched());
}

TEST(Framebuffer, BlitOfTooFewPixelsLeavesOutTheRowsThatAreMissing) {
  Screen screen(4, 4, xrgb8888);
  screen.framebuffer.fill(screen.framebuffer.bounds(), {});
  std::vector<u32> const pixels(6, 0x010203);
  screen.framebuffer.blit({0, 0, 4, 4}, pixels);
  EXPECT_EQ(screen.framebuffer.pixel(3, 0), (Rgb{1, 2, 3}));
  EXPECT_EQ(screen.framebuffer.pixel(0, 1), Rgb{});
  screen.framebuffer.blit({0, -2, 4, 4}, pixels, SIZE_MAX / 2);
  screen.framebuffer.blit({0, 0, 4, 4}, {});
  EXPECT_EQ(screen.framebuffer.pixel(0, 1), Rgb{});
  EXPECT_TRUE(screen.margins_untouched());
}

TEST(Framebuffer, EnlargedBeyondAllMeasureItIsClipped) {
  for (bool const buffered : {false, true}) {
    Screen screen(4, 4, xrgb8888);
    auto& framebuffer = screen.framebuffer;
    if (buffered) {
      ASSERT_TRUE(framebuffer.add_back_buffer());
    }
    framebuffer.fill(framebuffer.bounds(), {});
    std::vector<u32> const pixels{0x010101, 0x020202, 0x030303, 0x040404};
    framebuffer.blit_scaled({INT32_MIN, 0, 1, 1}, pixels, 1, INT32_MAX);
    framebuffer.blit_scaled({4, 4, INT32_MAX, INT32_MAX}, pixels, SIZE_MAX, INT32_MAX);
    framebuffer.blit_scaled({0, 0, 2, 2}, pixels, 2, 0);
    framebuffer.blit_scaled({0, 0, 2, 2}, pixels, 2, INT32_MIN);
    framebuffer.blit_scaled({0, 0, 3, 2}, std::span(pixels).first(1), 3, 2);
    framebuffer.blit_scaled({0, -1, 1, 9}, pixels, SIZE_MAX / 2, 1);
    EXPECT_EQ(framebuffer.pixel(0, 0), Rgb{});
    // The corner where its four pixels meet.
    framebuffer.blit_scaled({2 - INT32_MAX, 1 - INT32_MAX, 2, 2}, pixels, 2, INT32_MAX);
    EXPECT_EQ(framebuffer.pixel(1, 0).to_u32(), pixels[0]);
    EXPECT_EQ(framebuffer.pixel(2, 0).to_u32(), pixels[1]);
    EXPECT_EQ(framebuffer.pixel(0, 1).to_u32(), pixels[2]);
    EXPECT_EQ(framebuffer.pixel(3, 3).to_u32(), pixels[3]);
    EXPECT_TRUE(screen.margins_untouched());
  }
}

TEST(Framebuffer, WithoutMemoryForABackBufferItDrawsDirectly) {
  Screen screen(4, 4, xrgb8888);
  test::fail_each_allocation([&] {
    if (screen.framebuffer.add_back_buffer()) return;
    EXPECT_FALSE(screen.framebuffer.has_back_buffer());
    screen.framebuffer.put_pixel(0, 0, 1, 2, 3);
    EXPECT_EQ(screen.row(0)[2], 1);
  });
  EXPECT_TRUE(screen.framebuffer.has_back_buffer());
}

}  // namespace
}  // namespace nacre::drivers
