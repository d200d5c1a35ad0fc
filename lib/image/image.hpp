#pragma once

#include <span>

#include "lib/base/vector.hpp"
#include "lib/image/error.hpp"

namespace nacre::image {

/// The largest images that are read, so that a few bytes cannot ask for more memory than there is:
/// in pixels along a side, and in all.
inline constexpr u32 max_side = 32'768;
inline constexpr u64 max_pixels = u64{1} << 25;

/// Errors: BadSize, TooLarge, at `offset`.
constexpr std::expected<void, Error> check_size(u64 width, u64 height, usize offset) {
  if (width == 0 || height == 0) return fail(ErrorKind::BadSize, offset);
  if (width > max_side || height > max_side || width * height > max_pixels)
    return fail(ErrorKind::TooLarge, offset);
  return {};
}

/// A colour as 0xAARRGGBB; alpha is 255 where nothing shines through, and colours are not
/// multiplied by it.
using Argb = u32;

constexpr Argb argb(u32 alpha, u32 red, u32 green, u32 blue) {
  return alpha << 24 | red << 16 | green << 8 | blue;
}
constexpr Argb opaque(u32 red, u32 green, u32 blue) { return argb(255, red, green, blue); }

/// `value` of `max`, a number of at most 16 bits, as one of 255, rounded.
constexpr u32 to_eight_bits(u32 value, u32 max) { return (value * 255 + max / 2) / max; }
static_assert(to_eight_bits(1, 1) == 255 && to_eight_bits(128, 0xffff) == 0 &&
              to_eight_bits(129, 0xffff) == 1);

/// Rows of pixels from the top.
struct Image {
  u32 width = 0;
  u32 height = 0;
  base::Vector<Argb> pixels;

  /// Transparent. The size has been checked.
  static std::expected<Image, base::OutOfMemory> create(u32 width, u32 height) {
    Image image{width, height, {}};
    TRY(image.pixels.try_resize(usize{width} * height));
    return image;
  }
  std::span<Argb> row(u32 y) { return {pixels.data() + usize{y} * width, width}; }
  std::span<const Argb> row(u32 y) const { return {pixels.data() + usize{y} * width, width}; }
};

}  // namespace nacre::image
