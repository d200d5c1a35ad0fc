#include "lib/image/scale.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace nacre::image {
namespace {

Image image_of(u32 width, std::initializer_list<Argb> pixels) {
  auto image = Image::create(width, static_cast<u32>(pixels.size()) / width);
  std::ranges::copy(pixels, image->pixels.begin());
  return std::move(*image);
}

std::vector<Argb> scaled(const Image& image, Size size, Argb background = opaque(0, 0, 0)) {
  std::vector<Argb> all;
  for (u32 y = 0; y < size.height; ++y) {
    std::vector<Argb> row(size.width);
    scale_row(image, size, y, 0, background, row);
    all.insert(all.end(), row.begin(), row.end());
  }
  return all;
}

constexpr Argb gray(u32 value) { return opaque(value, value, value); }

TEST(Scale, LeavesTheSameSizeAsItIs) {
  Image const image = image_of(2, {gray(1), gray(2), gray(3), gray(4)});
  EXPECT_EQ(scaled(image, {2, 2}), (std::vector{gray(1), gray(2), gray(3), gray(4)}));
}

TEST(Scale, TakesTheMeanOfWhatAPixelCovers) {
  Image const image = image_of(3, {gray(30), gray(60), gray(90), gray(0), gray(0), gray(0)});
  EXPECT_EQ(scaled(image, {1, 1}), (std::vector{gray(30)}));
  // One and a half pixels each.
  EXPECT_EQ(scaled(image, {2, 2}), (std::vector{gray(40), gray(80), gray(0), gray(0)}));
}

TEST(Scale, EnlargesPixelsToSquares) {
  Image const image = image_of(2, {gray(10), gray(20)});
  EXPECT_EQ(scaled(image, {4, 2}), (std::vector{gray(10), gray(10), gray(20), gray(20), gray(10),
                                                gray(10), gray(20), gray(20)}));
  EXPECT_EQ(scaled(image, {3, 1}), (std::vector{gray(10), gray(15), gray(20)}));
}

TEST(Scale, ShowsTheBackgroundThrough) {
  Image const image = image_of(2, {0, argb(255, 255, 255, 255)});
  EXPECT_EQ(scaled(image, {1, 1}, opaque(101, 0, 0)), (std::vector{opaque(178, 128, 128)}));
}

TEST(Scale, GivesAPartOfARow) {
  Image const image = image_of(4, {gray(1), gray(2), gray(3), gray(4)});
  std::vector<Argb> part(2);
  scale_row(image, {4, 1}, 0, 1, gray(0), part);
  EXPECT_EQ(part, (std::vector{gray(2), gray(3)}));
}

}  // namespace
}  // namespace nacre::image
