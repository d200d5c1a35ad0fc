#pragma once

#include <algorithm>

#include "lib/base/types.hpp"

namespace nacre::drivers {

using base::i32;
using base::i64;
using base::u16;
using base::u32;
using base::u64;
using base::u8;
using base::usize;

/// A rectangle of pixels; `x` grows to the right, `y` downwards. It may lie partly or wholly
/// outside of a screen. A width or height below one makes it empty.
struct Rect {
  i32 x = 0;
  i32 y = 0;
  i32 width = 0;
  i32 height = 0;
  friend constexpr bool operator==(Rect, Rect) = default;

  constexpr bool empty() const { return width <= 0 || height <= 0; }
  /// One past the last column and row, where no coordinate overflows.
  constexpr i64 right() const { return i64{x} + width; }
  constexpr i64 bottom() const { return i64{y} + height; }
};

/// The part of `bounds` from column `left` to before `right` and from row `top` to before `bottom`,
/// however far these are outside; an empty rectangle when there is none.
constexpr Rect clipped(i64 left, i64 top, i64 right, i64 bottom, Rect bounds) {
  left = std::max<i64>(left, bounds.x);
  top = std::max<i64>(top, bounds.y);
  right = std::min(right, bounds.right());
  bottom = std::min(bottom, bounds.bottom());
  if (left >= right || top >= bottom) return {};
  return {static_cast<i32>(left), static_cast<i32>(top), static_cast<i32>(right - left),
          static_cast<i32>(bottom - top)};
}
static_assert(clipped(INT64_MIN, -1, INT64_MAX, 3, {0, 0, 5, 5}) == Rect{0, 0, 5, 3});
static_assert(clipped(5, 0, 9, 9, {0, 0, 5, 5}) == Rect{});
static_assert(clipped(3, 0, 2, 9, {0, 0, 5, 5}) == Rect{});

/// What lies in both; an empty rectangle when there is nothing.
constexpr Rect intersection(Rect a, Rect b) { return clipped(a.x, a.y, a.right(), a.bottom(), b); }
static_assert(intersection({-2, -3, 10, 10}, {0, 0, 5, 5}) == Rect{0, 0, 5, 5});
static_assert(intersection({3, 4, INT32_MAX, INT32_MAX}, {0, 0, 5, 5}) == Rect{3, 4, 2, 1});
static_assert(intersection({INT32_MIN, 0, INT32_MAX, 1}, {0, 0, 5, 5}).empty());

/// The smallest rectangle around both. Empty ones do not count. Both lie on one screen.
constexpr Rect bounding_box(Rect a, Rect b) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  i32 const left = std::min(a.x, b.x);
  i32 const top = std::min(a.y, b.y);
  return {left, top, static_cast<i32>(std::max(a.right(), b.right()) - left),
          static_cast<i32>(std::max(a.bottom(), b.bottom()) - top)};
}
static_assert(bounding_box({0, 0, 2, 2}, {5, 1, 1, 9}) == Rect{0, 0, 6, 10});

}  // namespace nacre::drivers
