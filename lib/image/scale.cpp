#include "lib/image/scale.hpp"

namespace nacre::image {
namespace {

/// What a pixel of `to` covers of `from` pixels, in units of which a pixel has `to`: `from` of
/// them.
struct Covered {
  u64 begin;
  u64 end;
  u64 unit;

  Covered(u64 at, u64 from, u64 to) : begin(at * from), end(begin + from), unit(to) {}
  u32 first() const { return static_cast<u32>(begin / unit); }
  u32 last() const { return static_cast<u32>((end - 1) / unit); }
  /// How much of a pixel is covered.
  u64 weight(u32 pixel) const {
    return std::min(end, (u64{pixel} + 1) * unit) - std::max(begin, pixel * unit);
  }
};

}  // namespace

void scale_row(const Image& image, Size scaled, u32 y, u32 x, Argb background,
               std::span<Argb> out) {
  Covered const rows(y, image.height, scaled.height);
  u64 const whole = u64{image.width} * image.height;
  for (usize i = 0; i < out.size(); ++i) {
    Covered const columns(x + i, image.width, scaled.width);
    // Sums of at most 255 times the product of two sides.
    u64 red = 0;
    u64 green = 0;
    u64 blue = 0;
    for (u32 row = rows.first(); row <= rows.last(); ++row) {
      std::span<const Argb> const pixels = image.row(row);
      for (u32 column = columns.first(); column <= columns.last(); ++column) {
        u64 const weight = rows.weight(row) * columns.weight(column);
        Argb const color = over(pixels[column], background);
        red += weight * (color >> 16 & 255);
        green += weight * (color >> 8 & 255);
        blue += weight * (color & 255);
      }
    }
    auto const mean = [&](u64 sum) { return static_cast<u32>((sum + whole / 2) / whole); };
    out[i] = opaque(mean(red), mean(green), mean(blue));
  }
}

}  // namespace nacre::image
