#pragma once

#include <algorithm>
#include <span>

#include "lib/base/types.hpp"

namespace nacre::image::png {

/// What is subtracted from each byte of a row. [png: "Filter types for filter method 0"]
enum class Filter : base::u8 { None, Sub, Up, Average, Paeth };
inline constexpr base::u8 filter_count = 5;

/// Whichever of the left, the upper and the upper left byte is nearest to what a plane through them
/// has here.
constexpr base::u8 paeth(base::u8 left, base::u8 up, base::u8 corner) {
  int const from_left = up - corner;
  int const from_up = left - corner;
  int const from_corner = from_left + from_up;
  auto const size = [](int value) { return value < 0 ? -value : value; };
  if (size(from_left) <= size(from_up) && size(from_left) <= size(from_corner)) return left;
  return size(from_up) <= size(from_corner) ? up : corner;
}
static_assert(paeth(10, 20, 10) == 20 && paeth(10, 20, 20) == 10 && paeth(10, 30, 20) == 20);

/// Takes a filter off a row, in place. `up` is the row above, all zeros for the first; `distance`
/// is how many bytes lie between a byte and the one of the pixel to its left.
void take_off(Filter filter, std::span<base::u8> row, std::span<const base::u8> up,
              base::usize distance);
/// Puts `row` with a filter into `out`. How large the values are that came out, as signed bytes:
/// the smaller, the better they are compressed.
base::u64 put_on(Filter filter, std::span<const base::u8> row, std::span<const base::u8> up,
                 base::usize distance, std::span<base::u8> out);

}  // namespace nacre::image::png
