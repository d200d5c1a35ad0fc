#pragma once

#include <expected>

#include "kernel/drivers/rect.hpp"

namespace nacre::drivers {

/// A colour with eight bits for each channel.
struct Rgb {
  u8 red = 0;
  u8 green = 0;
  u8 blue = 0;
  friend constexpr bool operator==(Rgb, Rgb) = default;

  /// From and to 0x00RRGGBB.
  static constexpr Rgb from_u32(u32 value) {
    return {static_cast<u8>(value >> 16), static_cast<u8>(value >> 8), static_cast<u8>(value)};
  }
  constexpr u32 to_u32() const { return u32{red} << 16 | u32{green} << 8 | blue; }
};
static_assert(Rgb::from_u32(0x12'34'56) == Rgb{0x12, 0x34, 0x56});
static_assert(Rgb{0x12, 0x34, 0x56}.to_u32() == 0x12'34'56);

/// Where a colour stands in a pixel: `size` bits from bit `position` up.
struct Channel {
  u8 position = 0;
  u8 size = 0;
  friend constexpr bool operator==(Channel, Channel) = default;
  /// Its bits in a pixel.
  constexpr u64 mask() const { return size >= 64 ? 0 : ((u64{1} << size) - 1) << position; }
};

enum class PixelFormatError : u8 { UnsupportedDepth, BadChannels };

/// How a screen keeps its pixels: little-endian numbers of three or four bytes with three channels
/// of up to 16 bits anywhere in them. The other bits are written as zero.
class PixelFormat {
 public:
  /// Errors: UnsupportedDepth for anything but 24 and 32 bits, BadChannels for channels that are
  /// empty, too wide, overlapping or outside of the pixel.
  static constexpr std::expected<PixelFormat, PixelFormatError> create(u32 bits_per_pixel,
                                                                       Channel red, Channel green,
                                                                       Channel blue) {
    if (bits_per_pixel != 24 && bits_per_pixel != 32)
      return std::unexpected(PixelFormatError::UnsupportedDepth);
    u64 used = 0;
    for (Channel const channel : {red, green, blue}) {
      if (channel.size == 0 || channel.size > 16 ||
          channel.position + channel.size > static_cast<int>(bits_per_pixel) ||
          (used & channel.mask()) != 0)
        return std::unexpected(PixelFormatError::BadChannels);
      used |= channel.mask();
    }
    return PixelFormat(static_cast<u8>(bits_per_pixel / 8), red, green, blue);
  }
  /// 0x00RRGGBB in four bytes, what nearly every PC has.
  static constexpr PixelFormat xrgb8888() { return {4, {16, 8}, {8, 8}, {0, 8}}; }

  constexpr usize bytes_per_pixel() const { return bytes_; }
  constexpr Channel red() const { return red_; }
  constexpr Channel green() const { return green_; }
  constexpr Channel blue() const { return blue_; }
  friend constexpr bool operator==(const PixelFormat&, const PixelFormat&) = default;

  /// The pixel of a colour given as 0x00RRGGBB.
  constexpr u32 encode(u32 colour) const {
    return place(red_, colour >> 16) | place(green_, colour >> 8) | place(blue_, colour);
  }
  /// The colour of a pixel as 0x00RRGGBB, as near as eight bits for each channel come to it.
  constexpr u32 decode(u32 pixel) const {
    return extract(red_, pixel) << 16 | extract(green_, pixel) << 8 | extract(blue_, pixel);
  }

 private:
  constexpr PixelFormat(u8 bytes, Channel red, Channel green, Channel blue)
      : bytes_(bytes), red_(red), green_(green), blue_(blue) {}

  // The highest bits count: narrow channels drop the low ones, wide ones repeat the high ones, so
  // that white stays white.
  static constexpr u32 place(Channel channel, u32 value) {
    value &= 0xff;
    u32 const wide = value << 8 | value;
    return wide >> (16 - channel.size) << channel.position;
  }
  static constexpr u32 extract(Channel channel, u32 pixel) {
    u32 const value = (pixel >> channel.position) & ((u32{1} << channel.size) - 1);
    if (channel.size >= 8) return value >> (channel.size - 8);
    u32 filled = value << (8 - channel.size);
    for (u32 bits = channel.size; bits < 8; bits += channel.size) filled |= filled >> bits;
    return filled & 0xff;
  }

  u8 bytes_;
  Channel red_;
  Channel green_;
  Channel blue_;
};
static_assert(PixelFormat::xrgb8888().encode(0x12'34'56) == 0x12'34'56);
static_assert(PixelFormat::create(24, {0, 8}, {8, 8}, {16, 8})->encode(0x12'34'56) == 0x56'34'12);
static_assert(PixelFormat::create(32, {20, 10}, {10, 10}, {0, 10})->encode(0xff'00'80) ==
              (0x3ffu << 20 | 0x202u));
static_assert(!PixelFormat::create(16, {11, 5}, {5, 6}, {0, 5}));

}  // namespace nacre::drivers
