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

}  // namespace nacre::text
