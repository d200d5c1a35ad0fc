#pragma once

#include <algorithm>
#include <span>

#include "lib/image/image.hpp"

namespace nacre::image {

struct Size {
  u32 width = 0;
  u32 height = 0;
  friend constexpr bool operator==(Size, Size) = default;
};

/// The largest size with the proportions of `image` that fits into `frame`, not larger than itself,
/// and at least one pixel either way.
constexpr Size fitted(Size image, Size frame) {
  if (image.width <= frame.width && image.height <= frame.height) return image;
  // Whichever side is too long by more.
  bool const by_width = u64{image.width} * frame.height >= u64{image.height} * frame.width;
  auto const part = [](u64 side, u64 multiplied, u64 divided) {
    return static_cast<u32>(std::max<u64>((side * multiplied + divided / 2) / divided, 1));
  };
  if (by_width) return {frame.width, part(image.height, frame.width, image.width)};
  return {part(image.width, frame.height, image.height), frame.height};
}
static_assert(fitted({2000, 1000}, {1000, 1000}) == Size{1000, 500} &&
              fitted({10, 10}, {100, 100}) == Size{10, 10} &&
              fitted({30'000, 1}, {100, 100}) == Size{100, 1});

/// `top` over an opaque colour.
constexpr Argb over(Argb top, Argb background) {
  u32 const alpha = top >> 24;
  auto const mixed = [&](unsigned shift) {
    u32 const sum = (top >> shift & 255) * alpha + (background >> shift & 255) * (255 - alpha);
    return (sum + 127) / 255;
  };
  return opaque(mixed(16), mixed(8), mixed(0));
}
static_assert(over(0x8000'0000, 0xffff'ffff) == 0xff7f'7f7f && over(0, 0xff12'3456) == 0xff12'3456);

/// Writes a part of a row of `image` as it is in the size `scaled`: the pixels from `x` on of row
/// `y`, over an opaque background. Each is the exact mean of all that it covers, so that nothing is
/// lost in small images, and the pixels of large ones have sharp edges.
void scale_row(const Image& image, Size scaled, u32 y, u32 x, Argb background, std::span<Argb> out);

}  // namespace nacre::image
