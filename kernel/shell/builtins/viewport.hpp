#pragma once

#include <algorithm>

#include "lib/image/scale.hpp"

namespace nacre::shell::builtin {

using base::i64;
using base::u32;
using base::u64;

/// Which part of an image is seen, and how large. Pure.
class Viewport {
 public:
  /// The image as a whole, in the middle, not larger than it is.
  constexpr Viewport(image::Size image, image::Size screen) : image_(image), screen_(screen) {
    fit();
  }

  constexpr void fit() {
    scaled_ = image::fitted(image_, screen_);
    center_x_ = center_y_ = middle;
  }
  /// Each pixel as one.
  constexpr void show_as_it_is() { scaled_ = image_; }
  /// As large as the next power of two makes it, up or down.
  constexpr void zoom_in() {
    u32 numerator = 1;
    u32 denominator = 128;
    while (denominator > 1 && side(denominator) <= longer(scaled_)) denominator /= 2;
    if (denominator == 1)
      while (numerator < 128 && u64{longer(image_)} * numerator <= longer(scaled_)) numerator *= 2;
    set(numerator, denominator);
  }
  constexpr void zoom_out() {
    u32 numerator = 128;
    u32 denominator = 1;
    while (numerator > 1 && u64{longer(image_)} * numerator >= longer(scaled_)) numerator /= 2;
    if (numerator == 1 && longer(image_) >= longer(scaled_)) {
      denominator = 2;
      while (denominator < 128 && side(denominator) >= longer(scaled_)) denominator *= 2;
    }
    set(numerator, denominator);
  }
  /// By quarters of the screen, as far as there is more to see.
  constexpr void move(int right, int down) {
    center_x_ = moved(center_x_, right, scaled_.width, screen_.width);
    center_y_ = moved(center_y_, down, scaled_.height, screen_.height);
  }

  constexpr image::Size scaled() const { return scaled_; }
  /// How large it is, in percent, rounded.
  constexpr u64 percent() const {
    return (u64{longer(scaled_)} * 100 + longer(image_) / 2) / longer(image_);
  }
  constexpr bool is_whole() const {
    return scaled_.width <= screen_.width && scaled_.height <= screen_.height;
  }

  /// The part of the scaled image that is seen, along one side: from `from` on, `count` pixels,
  /// at `at` of the screen.
  struct Part {
    u32 from;
    u32 count;
    u32 at;
  };
  constexpr Part columns() const { return part(center_x_, scaled_.width, screen_.width); }
  constexpr Part rows() const { return part(center_y_, scaled_.height, screen_.height); }

 private:
  /// Places along a side, whatever the size is.
  static constexpr u32 whole = 1u << 16;
  static constexpr u32 middle = whole / 2;

  /// What sizes are compared by: the other side may be one pixel in many of them.
  static constexpr u32 longer(image::Size size) { return std::max(size.width, size.height); }
  constexpr u32 side(u32 denominator) const { return std::max(longer(image_) / denominator, 1u); }
  constexpr void set(u32 numerator, u32 denominator) {
    u64 const width = u64{image_.width} * numerator / denominator;
    u64 const height = u64{image_.height} * numerator / denominator;
    if (std::max(width, height) > image::max_side) return;
    scaled_ = {std::max(static_cast<u32>(width), 1u), std::max(static_cast<u32>(height), 1u)};
  }
  static constexpr u32 moved(u32 center, int by, u32 scaled, u32 screen) {
    if (scaled <= screen) return middle;
    i64 const half = i64{screen} * whole / scaled / 2;
    i64 const step = i64{screen} * whole / scaled / 4;
    i64 const from = std::clamp<i64>(center, half, whole - half);
    return static_cast<u32>(std::clamp<i64>(from + by * step, half, whole - half));
  }
  static constexpr Part part(u32 center, u32 scaled, u32 screen) {
    if (scaled <= screen) return {0, scaled, (screen - scaled) / 2};
    i64 const from = i64{center} * scaled / whole - screen / 2;
    return {static_cast<u32>(std::clamp<i64>(from, 0, scaled - screen)), screen, 0};
  }

  image::Size image_;
  image::Size screen_;
  image::Size scaled_;
  u32 center_x_ = middle;
  u32 center_y_ = middle;
};

namespace detail {
constexpr Viewport zoomed(image::Size image, int steps) {
  Viewport viewport(image, {1000, 700});
  for (; steps > 0; --steps) viewport.zoom_in();
  for (; steps < 0; ++steps) viewport.zoom_out();
  return viewport;
}
}  // namespace detail
static_assert(detail::zoomed({100, 50}, 0).percent() == 100 &&
              detail::zoomed({100, 50}, 2).scaled() == image::Size{400, 200} &&
              detail::zoomed({100, 50}, -1).scaled() == image::Size{50, 25});
// 700 of 1500 rows are 47 per cent.
static_assert(detail::zoomed({2000, 1500}, 0).percent() == 47 &&
              detail::zoomed({2000, 1500}, 1).percent() == 50 &&
              detail::zoomed({2000, 1500}, 2).percent() == 100 &&
              detail::zoomed({2000, 1500}, -1).percent() == 25);
static_assert(detail::zoomed({30'000, 3}, 9).scaled().width == 30'000);
static_assert(detail::zoomed({1, 2800}, 0).percent() == 25 &&
              detail::zoomed({1, 2800}, 1).scaled() == image::Size{1, 1400} &&
              detail::zoomed({1, 2800}, -1).scaled() == image::Size{1, 350});
static_assert(Viewport({100, 50}, {1000, 700}).columns().at == 450 &&
              detail::zoomed({1000, 700}, 1).columns().from == 500);

}  // namespace nacre::shell::builtin
