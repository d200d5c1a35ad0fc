#pragma once

#include <array>
#include <span>
#include <string_view>

#include "lib/text/color.hpp"

namespace nacre::text {

using base::usize;

/// The colours that a terminal's user chooses.
struct Theme {
  std::string_view name;
  Rgb foreground;
  Rgb background;
  Rgb cursor;
  /// Black, red, green, yellow, blue, magenta, cyan, white, and the bright ones.
  std::array<Rgb, 16> base;
};

/// All themes; the first one is what a terminal begins with.
std::span<const Theme> themes();
/// The theme of that name, or null.
const Theme* find_theme(std::string_view name);

namespace detail {
constexpr std::array<Rgb, 16> colors(const std::array<u32, 16>& packed) {
  std::array<Rgb, 16> colors{};
  for (usize i = 0; i < packed.size(); ++i) colors[i] = Rgb::from_packed(packed[i]);
  return colors;
}
}  // namespace detail

/// Deep blue-grey with soft, clearly distinct colours.
inline constexpr Theme nacre_theme{
    .name = "nacre",
    .foreground = Rgb::from_packed(0xd8dee6),
    .background = Rgb::from_packed(0x10151c),
    .cursor = Rgb::from_packed(0xf2d7b6),
    .base = detail::colors({0x1b222c, 0xe0707a, 0x8fc98a, 0xe3c07b, 0x6fa8e8, 0xc792d9, 0x68c7c9,
                            0xc3cad4, 0x5c6775, 0xff8f98, 0xb0e5a8, 0xffdf9e, 0x94c4ff, 0xe2b3f0,
                            0x92e6e6, 0xf5f8fb}),
};

/// What a colour of the 256 is before anybody changes it: the theme's 16, a cube of 6 x 6 x 6, 24
/// greys. [xterm/ctlseqs: "SGR"]
constexpr Rgb indexed_rgb(const Theme& theme, u8 index) {
  if (index < 16) return theme.base[index];
  if (index >= 232) {
    u8 const grey = static_cast<u8>(8 + 10 * (index - 232));
    return {grey, grey, grey};
  }
  unsigned const cube = index - 16u;
  auto const level = [](unsigned step) {
    return static_cast<u8>(step == 0 ? 0u : 55u + 40u * step);
  };
  return {level(cube / 36), level(cube / 6 % 6), level(cube % 6)};
}
static_assert(indexed_rgb(nacre_theme, 196) == Rgb{255, 0, 0});
static_assert(indexed_rgb(nacre_theme, 255) == Rgb{238, 238, 238});

}  // namespace nacre::text
