#pragma once

#include <algorithm>
#include <array>
#include <expected>
#include <span>

#include "lib/image/image.hpp"

namespace nacre::image {

/// How the bits of a channel lie in a pixel; none for a channel that there is not.
struct BmpChannel {
  u32 shift = 0;
  u32 max = 0;

  /// Its value in a pixel, of 255.
  constexpr u32 of(u32 pixel) const {
    if (max == 0) return 0;
    u64 const value = pixel >> shift & max;
    return static_cast<u32>((value * 255 + max / 2) / max);
  }
  friend constexpr bool operator==(BmpChannel, BmpChannel) = default;
};

/// What stands in front of the pixels of a BMP file: of OS/2, of Windows, and all that came later.
/// [windows/bmp: "Bitmap Header Types"]
struct BmpHeader {
  enum class Compression : u8 { None, Rle8, Rle4 };

  u32 width = 0;
  u32 height = 0;
  bool is_top_down = false;
  u32 bits = 0;  // of a pixel: 1, 2, 4, 8, 16, 24 or 32
  Compression compression = Compression::None;
  BmpChannel red, green, blue, alpha;  // of 16, 24 and 32 bits
  std::array<Argb, 256> palette{};     // of 8 bits and fewer
  u32 palette_size = 0;
  usize pixels = 0;  // where they begin

  usize row_size() const { return (usize{width} * bits + 31) / 32 * 4; }

  /// Reads it from the start of a file. Errors: those of `ErrorKind`.
  static std::expected<BmpHeader, Error> read(std::span<const u8> bytes);
};

}  // namespace nacre::image
