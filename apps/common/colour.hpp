#pragma once

#include <stdint.h>

namespace arcade {

/// 0x00RRGGBB.
using Colour = uint32_t;

constexpr int red_of(Colour colour) { return colour >> 16 & 0xff; }
constexpr int green_of(Colour colour) { return colour >> 8 & 0xff; }
constexpr int blue_of(Colour colour) { return colour & 0xff; }

/// `share` 256ths of `b`, the rest of `a`.
constexpr Colour mix(Colour a, Colour b, int share) {
  Colour const red_blue = 0xff00ff;
  Colour const green = 0x00ff00;
  Colour const part = static_cast<Colour>(share);
  Colour const rest = 256 - part;
  return ((((a & red_blue) * rest + (b & red_blue) * part) >> 8) & red_blue) |
         ((((a & green) * rest + (b & green) * part) >> 8) & green);
}
static_assert(mix(0x204060, 0xffffff, 0) == 0x204060);
static_assert(mix(0x000000, 0x80ff40, 128) == 0x407f20);

constexpr Colour lighter(Colour colour, int share = 80) { return mix(colour, 0xffffff, share); }
constexpr Colour darker(Colour colour, int share = 80) { return mix(colour, 0x000000, share); }

/// What the games have in common.
namespace palette {
inline constexpr Colour night = 0x0e121c;
inline constexpr Colour panel = 0x161c2a;
inline constexpr Colour line = 0x46648c;
inline constexpr Colour text = 0xdce1e6;
inline constexpr Colour faint = 0x8494a8;
inline constexpr Colour gold = 0xf4c95d;
inline constexpr Colour red = 0xeb5050;
inline constexpr Colour orange = 0xf08c46;
inline constexpr Colour green = 0x5ac878;
inline constexpr Colour cyan = 0x4ecbd6;
inline constexpr Colour blue = 0x5a82f0;
inline constexpr Colour purple = 0xa078e6;
}  // namespace palette

}  // namespace arcade
