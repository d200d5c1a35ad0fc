#pragma once

#include <nacre.h>

namespace arcade {

/// Quick random numbers from a seed of the machine's: xorshift. To be seeded before use.
class Random {
 public:
  void seed() { state_ = nacre_random() | 1; }

  uint32_t bits() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return state_;
  }
  /// From 0 to before `limit`.
  int below(int limit) {
    return static_cast<int>(uint64_t{bits()} * static_cast<uint32_t>(limit) >> 32);
  }
  int between(int lowest, int highest) { return lowest + below(highest - lowest + 1); }
  bool one_in(int chances) { return below(chances) == 0; }

 private:
  uint32_t state_ = 0;
};

}  // namespace arcade
