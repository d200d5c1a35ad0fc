#pragma once

#include <array>

#include "lib/base/types.hpp"

/// The numbers of the format. [rfc1951: "Compressed representation overview"]
namespace nacre::compress {

using base::u16;
using base::u32;
using base::u64;
using base::u8;
using base::usize;

/// How far back a match may lie.
inline constexpr usize window_size = 32'768;
inline constexpr usize shortest_match = 3;
inline constexpr usize longest_match = 258;

inline constexpr unsigned longest_code = 15;
inline constexpr usize end_of_block = 256;
/// Literals, the end of a block, and lengths; two more have codes in the fixed code only.
inline constexpr usize literal_count = 286;
inline constexpr usize fixed_literal_count = 288;
inline constexpr usize distance_count = 30;
inline constexpr usize code_length_count = 19;
inline constexpr unsigned longest_code_length_code = 7;

enum class BlockType : u8 { Stored, Fixed, Dynamic };

/// What a symbol stands for: `base` and so many further bits.
struct Range {
  u16 base;
  u8 bits;
};

/// Of the symbols behind `end_of_block`. [rfc1951: "Compressed blocks (length and distance codes)"]
inline constexpr std::array<Range, 29> length_ranges = [] {
  std::array<Range, 29> ranges{};
  u16 next = shortest_match;
  for (usize i = 0; i < ranges.size(); ++i) {
    u8 const bits = static_cast<u8>(i < 8 ? 0 : (i - 4) / 4);
    ranges[i] = {next, bits};
    next = static_cast<u16>(next + (1u << bits));
  }
  // The longest has a symbol of its own, although the one before could say it.
  ranges.back() = {longest_match, 0};
  return ranges;
}();
static_assert(length_ranges[8].base == 11 && length_ranges[27].base == 227 &&
              length_ranges[27].bits == 5);

inline constexpr std::array<Range, distance_count> distance_ranges = [] {
  std::array<Range, distance_count> ranges{};
  u32 next = 1;
  for (usize i = 0; i < ranges.size(); ++i) {
    u8 const bits = static_cast<u8>(i < 4 ? 0 : (i - 2) / 2);
    ranges[i] = {static_cast<u16>(next), bits};
    next += 1u << bits;
  }
  return ranges;
}();
static_assert(distance_ranges[4].base == 5 && distance_ranges[29].base == 24'577 &&
              distance_ranges[29].bits == 13);

/// In which order the lengths of the codes for code lengths stand.
inline constexpr std::array<u8, code_length_count> code_length_order{
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
/// The symbols that repeat: the last length, few zeros, many zeros.
inline constexpr u8 repeat_last = 16;
inline constexpr u8 repeat_zero = 17;
inline constexpr u8 repeat_zero_long = 18;

/// [rfc1951: "Compression with fixed Huffman codes"]
inline constexpr std::array<u8, fixed_literal_count> fixed_literal_lengths = [] {
  std::array<u8, fixed_literal_count> code{};
  for (usize i = 0; i < code.size(); ++i) code[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
  return code;
}();
inline constexpr std::array<u8, 32> fixed_distance_lengths = [] {
  std::array<u8, 32> code{};
  code.fill(5);
  return code;
}();

/// The lowest `count` bits of `value` in reverse.
constexpr u32 reversed(u32 value, unsigned count) {
  u32 result = 0;
  for (unsigned i = 0; i < count; ++i) result |= (value >> i & 1) << (count - 1 - i);
  return result;
}
static_assert(reversed(0b1101, 4) == 0b1011 && reversed(0b1, 3) == 0b100);

}  // namespace nacre::compress
