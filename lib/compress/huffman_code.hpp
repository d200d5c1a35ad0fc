#pragma once

#include <array>
#include <span>

#include "lib/compress/format.hpp"

namespace nacre::compress {

/// A canonical Huffman code to write with: for each symbol the bits as they are put down, and how
/// many; none for symbols that do not come.
struct HuffmanCode {
  std::array<u16, fixed_literal_count> bits{};
  std::array<u8, fixed_literal_count> lengths{};

  /// The code whose codes have these lengths.
  static constexpr HuffmanCode from_lengths(std::span<const u8> lengths);
  /// The best code for symbols that come so often, with no code longer than `longest` bits but for
  /// very few ways to be better. At least one symbol has a code.
  static HuffmanCode for_frequencies(std::span<const u32> frequencies, unsigned longest);
};

/// [rfc1951: "Use of Huffman coding in the \"deflate\" format"]
constexpr HuffmanCode HuffmanCode::from_lengths(std::span<const u8> lengths) {
  HuffmanCode code;
  // First how many codes are shorter, by one bit, then the first code of each length.
  std::array<u32, longest_code + 2> next{};
  for (u8 const length : lengths)
    if (length != 0) ++next[length + 1u];
  for (usize length = 1; length < next.size(); ++length)
    next[length] = (next[length] + next[length - 1]) << 1;
  for (usize i = 0; i < lengths.size(); ++i) {
    u8 const length = lengths[i];
    code.lengths[i] = length;
    if (length != 0) code.bits[i] = static_cast<u16>(reversed(next[length]++, length));
  }
  return code;
}

inline constexpr HuffmanCode fixed_literal_code = HuffmanCode::from_lengths(fixed_literal_lengths);
inline constexpr HuffmanCode fixed_distance_code =
    HuffmanCode::from_lengths(fixed_distance_lengths);
static_assert(fixed_literal_code.bits[0] == reversed(0b0011'0000, 8) &&
              fixed_literal_code.bits[144] == reversed(0b1'1001'0000, 9) &&
              fixed_literal_code.bits[256] == 0 &&
              fixed_literal_code.bits[280] == reversed(0b1100'0000, 8));

}  // namespace nacre::compress
