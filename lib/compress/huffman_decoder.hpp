#pragma once

#include <array>
#include <optional>
#include <span>

#include "lib/compress/format.hpp"

namespace nacre::compress {

/// A canonical Huffman code to read. [rfc1951: "Use of Huffman coding in the \"deflate\" format"]
class HuffmanDecoder {
 public:
  struct Symbol {
    u16 value;
    u8 length;  // of its code, in bits
  };

  /// Takes the code whose codes have these lengths, 0 for symbols without one. False where there is
  /// none such: too many short ones, or too few, unless there is but one code, of one bit, or none
  /// at all.
  bool build(std::span<const u8> lengths);

  /// The symbol whose code `bits` begin with; empty where it is none's.
  std::optional<Symbol> find(u64 bits) const {
    u16 const entry = quick_[bits & (quick_.size() - 1)];
    if (entry != 0) [[likely]]
      return Symbol{static_cast<u16>(entry >> 4), static_cast<u8>(entry & 15)};
    return find_long(bits);
  }

 private:
  /// Codes of at most so many bits are found at once.
  static constexpr unsigned quick_bits = 9;

  std::optional<Symbol> find_long(u64 bits) const;

  std::array<u16, 1 << quick_bits> quick_{};  // symbol and length, by the bits as they come
  /// For each length, of codes written from their first bit down and filled up to the longest
  /// length: the first, the one behind the last, and where its symbol stands.
  std::array<u32, longest_code + 1> first_{};
  std::array<u32, longest_code + 1> end_{};
  std::array<u16, longest_code + 1> index_{};
  std::array<u16, fixed_literal_count> symbols_{};  // by their codes
};

}  // namespace nacre::compress
