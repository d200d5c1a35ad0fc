#pragma once

#include <array>
#include <expected>
#include <span>

#include "lib/compress/bit_writer.hpp"
#include "lib/compress/huffman_code.hpp"
#include "lib/compress/matches.hpp"

namespace nacre::compress {

/// The literals and matches of one block, at most one for each byte of a window.
class DeflateBlock {
 public:
  void clear();
  void add_literal(u8 byte) {
    tokens_[count_++] = byte;
    ++literals_[byte];
  }
  void add_match(Match match);

  /// Adds the block to `output` in its smallest form. `bytes` are what it stands for. Errors:
  /// OutOfMemory, and then nothing was written.
  std::expected<void, base::OutOfMemory> write(std::span<const u8> bytes, bool is_last,
                                               BitWriter& bits, base::Vector<u8>& output);

 private:
  /// The lengths of both codes as they are written: symbols of a code of its own.
  struct CodeLengths {
    struct Item {
      u8 symbol;
      u8 repeat;  // its further bits
    };
    CodeLengths(const HuffmanCode& literals, const HuffmanCode& distances);
    void add(u8 symbol, u8 repeat);
    void add_run(u8 length, usize count);
    u64 size() const;  // in bits
    void write(BitWriter& bits, base::Vector<u8>& output) const;

    usize literal_end = literal_count;
    usize distance_end = distance_count;
    usize order_end = code_length_count;
    std::array<Item, literal_count + distance_count> items{};
    usize count = 0;
    std::array<u32, code_length_count> frequencies{};
    HuffmanCode code;
  };

  u64 coded_size(const HuffmanCode& literals, const HuffmanCode& distances) const;
  void write_coded(const HuffmanCode& literals, const HuffmanCode& distances, BitWriter& bits,
                   base::Vector<u8>& output) const;

  /// A literal, or `match_flag` with length and distance.
  static constexpr u32 match_flag = u32{1} << 31;
  std::array<u32, window_size> tokens_;
  usize count_ = 0;
  std::array<u32, fixed_literal_count> literals_{};  // how often each comes
  std::array<u32, distance_count> distances_{};
};

}  // namespace nacre::compress
