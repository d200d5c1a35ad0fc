#pragma once

#include <algorithm>
#include <array>
#include <span>

#include "lib/image/image.hpp"

/// What a PNG file is made of. [png: "Datastream structure"]
namespace nacre::image::png {

inline constexpr std::array<u8, 8> signature{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

/// A chunk's name, its first letter in the highest byte.
using ChunkName = u32;
consteval ChunkName name_of(const char (&text)[5]) {
  ChunkName name = 0;
  for (int i = 0; i < 4; ++i) name = name << 8 | static_cast<u8>(text[i]);
  return name;
}
inline constexpr ChunkName header_chunk = name_of("IHDR");
inline constexpr ChunkName palette_chunk = name_of("PLTE");
inline constexpr ChunkName transparency_chunk = name_of("tRNS");
inline constexpr ChunkName data_chunk = name_of("IDAT");
inline constexpr ChunkName end_chunk = name_of("IEND");

inline constexpr usize header_size = 13;

/// [png: "Colour types and values"]
enum class ColorType : u8 { Gray = 0, Rgb = 2, Palette = 3, GrayAlpha = 4, Rgba = 6 };

constexpr bool is_known(ColorType type) {
  switch (type) {
    case ColorType::Gray:
    case ColorType::Rgb:
    case ColorType::Palette:
    case ColorType::GrayAlpha:
    case ColorType::Rgba: return true;
  }
  return false;
}
constexpr u32 channels_of(ColorType type) {
  switch (type) {
    case ColorType::Rgb: return 3;
    case ColorType::GrayAlpha: return 2;
    case ColorType::Rgba: return 4;
    default: return 1;
  }
}
constexpr bool has_depth(ColorType type, u32 depth) {
  if (depth == 8) return true;
  if (depth == 16) return type != ColorType::Palette;
  return (depth == 1 || depth == 2 || depth == 4) && channels_of(type) == 1;
}

constexpr u32 big_endian_u32(std::span<const u8, 4> bytes) {
  return u32{bytes[0]} << 24 | u32{bytes[1]} << 16 | u32{bytes[2]} << 8 | bytes[3];
}
constexpr std::array<u8, 4> to_big_endian(u32 value) {
  return {static_cast<u8>(value >> 24), static_cast<u8>(value >> 16), static_cast<u8>(value >> 8),
          static_cast<u8>(value)};
}

}  // namespace nacre::image::png
