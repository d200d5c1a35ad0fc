#pragma once

#include <array>
#include <span>

#include "lib/compress/format.hpp"

namespace nacre::compress {

struct Match {
  u32 length = 0;  // 0 for none
  u32 distance = 0;
};

/// Finds what came before in a window of two halves, of which the second becomes the first when the
/// window slides. Positions are found by a hash of the bytes there, the latest first.
class MatchFinder {
 public:
  /// The longest match at `at` that a few looks find, among the positions that were added. Adds
  /// `at`.
  Match find(std::span<const u8> window, usize at);
  void add(std::span<const u8> window, usize at);
  /// The bytes have moved down by `window_size`.
  void slide();

 private:
  static constexpr unsigned hash_bits = 15;
  /// How many positions are looked at.
  static constexpr unsigned most_looks = 48;

  static usize hash(std::span<const u8> window, usize at);

  // Positions; 0 is none, so what begins there is not found.
  std::array<u16, 1 << hash_bits> latest_{};
  std::array<u16, window_size> before_{};  // the one before with the same hash, by position
};

}  // namespace nacre::compress
