#pragma once

#include <span>

#include "lib/base/vector.hpp"

namespace nacre::compress {

/// Puts bits behind each other, the lowest of each byte first. [rfc1951: "Packing into bytes"]
class BitWriter {
 public:
  /// Adds to `output` as many bytes as `reserve` has made room for.
  void put(base::u32 value, unsigned count, base::Vector<base::u8>& output) {
    bits_ |= base::u64{value} << count_;
    count_ += count;
    while (count_ >= 8) {
      output.push_back_reserved(static_cast<base::u8>(bits_));
      bits_ >>= 8;
      count_ -= 8;
    }
  }
  /// Fills the byte up.
  void align(base::Vector<base::u8>& output) {
    if (count_ != 0) put(0, 8 - count_, output);
  }
  /// Bits in a byte that is not whole.
  unsigned pending() const { return count_; }

 private:
  base::u64 bits_ = 0;
  unsigned count_ = 0;
};

}  // namespace nacre::compress
