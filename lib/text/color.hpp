#pragma once

#include <array>

#include "lib/base/types.hpp"

namespace nacre::text {

using base::u32;
using base::u8;

/// A colour as pixels have it.
struct Rgb {
  u8 red = 0;
  u8 green = 0;
  u8 blue = 0;
  /// 0x00RRGGBB.
  constexpr u32 packed() const { return u32{red} << 16 | u32{green} << 8 | blue; }
  static constexpr Rgb from_packed(u32 value) {
    return {static_cast<u8>(value >> 16), static_cast<u8>(value >> 8), static_cast<u8>(value)};
  }
  friend constexpr bool operator==(Rgb, Rgb) = default;
};

/// A colour as terminals speak of it: the default, one of 256, or 24 bits.
class Color {
 public:
  enum class Kind : u8 { Default, Indexed, Direct };

  constexpr Color() = default;
  static constexpr Color indexed(u8 index) { return Color(u32{1} << 24 | index); }
  static constexpr Color direct(Rgb rgb) { return Color(u32{2} << 24 | rgb.packed()); }

  constexpr Kind kind() const { return static_cast<Kind>(bits_ >> 24); }
  constexpr u8 index() const { return static_cast<u8>(bits_); }
  constexpr Rgb rgb() const { return Rgb::from_packed(bits_ & 0xffffff); }
  friend constexpr bool operator==(Color, Color) = default;

 private:
  constexpr explicit Color(u32 bits) : bits_(bits) {}
  u32 bits_ = 0;
};

/// The colours that a terminal's user chooses.
struct Theme {
  Rgb foreground;
  Rgb background;
  Rgb cursor;
  /// Black, red, green, yellow, blue, magenta, cyan, white, and the bright ones.
  std::array<Rgb, 16> base;
};

/// Deep blue-grey with soft, clearly distinct colours.
inline constexpr Theme nacre_theme{
    .foreground = Rgb::from_packed(0xd8dee6),
    .background = Rgb::from_packed(0x10151c),
    .cursor = Rgb::from_packed(0xf2d7b6),
    .base = {Rgb::from_packed(0x1b222c), Rgb::from_packed(0xe0707a), Rgb::from_packed(0x8fc98a),
             Rgb::from_packed(0xe3c07b), Rgb::from_packed(0x6fa8e8), Rgb::from_packed(0xc792d9),
             Rgb::from_packed(0x68c7c9), Rgb::from_packed(0xc3cad4), Rgb::from_packed(0x5c6775),
             Rgb::from_packed(0xff8f98), Rgb::from_packed(0xb0e5a8), Rgb::from_packed(0xffdf9e),
             Rgb::from_packed(0x94c4ff), Rgb::from_packed(0xe2b3f0), Rgb::from_packed(0x92e6e6),
             Rgb::from_packed(0xf5f8fb)},
};

/// One of the 256: the theme's 16, a cube of 6 x 6 x 6, 24 greys. [xterm/ctlseqs: "SGR"]
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
