#include "lib/image/png_filter.hpp"

namespace nacre::image::png {
namespace {

using base::u64;
using base::u8;
using base::usize;

/// Calls `visit(i, predicted)` for each byte of a row, from the left. `row` may be changed by that.
template <class Visit>
void for_each_prediction(Filter filter, std::span<const u8> row, std::span<const u8> up,
                         usize distance, Visit visit) {
  usize const first = std::min(distance, row.size());
  switch (filter) {
    case Filter::None:
      for (usize i = 0; i < row.size(); ++i) visit(i, u8{0});
      break;
    case Filter::Sub:
      for (usize i = 0; i < first; ++i) visit(i, u8{0});
      for (usize i = first; i < row.size(); ++i) visit(i, row[i - distance]);
      break;
    case Filter::Up:
      for (usize i = 0; i < row.size(); ++i) visit(i, up[i]);
      break;
    case Filter::Average:
      for (usize i = 0; i < first; ++i) visit(i, static_cast<u8>(up[i] / 2));
      for (usize i = first; i < row.size(); ++i)
        visit(i, static_cast<u8>((row[i - distance] + up[i]) / 2));
      break;
    case Filter::Paeth:
      for (usize i = 0; i < first; ++i) visit(i, up[i]);
      for (usize i = first; i < row.size(); ++i)
        visit(i, paeth(row[i - distance], up[i], up[i - distance]));
      break;
  }
}

}  // namespace

void take_off(Filter filter, std::span<u8> row, std::span<const u8> up, usize distance) {
  if (filter == Filter::None) return;
  for_each_prediction(filter, row, up, distance,
                      [&](usize i, u8 predicted) { row[i] = static_cast<u8>(row[i] + predicted); });
}

u64 put_on(Filter filter, std::span<const u8> row, std::span<const u8> up, usize distance,
           std::span<u8> out) {
  u64 sum = 0;
  for_each_prediction(filter, row, up, distance, [&](usize i, u8 predicted) {
    u8 const difference = static_cast<u8>(row[i] - predicted);
    out[i] = difference;
    sum += difference < 128 ? difference : 256u - difference;
  });
  return sum;
}

}  // namespace nacre::image::png
