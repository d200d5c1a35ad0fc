#pragma once

#include <bit>
#include <cstring>
#include <span>

#include "lib/base/types.hpp"

namespace nacre::compress {

/// Bits of bytes in memory, the lowest of each byte first. [rfc1951: "Packing into bytes"]
class BitReader {
 public:
  /// As many can be looked at after `refill`, unless the bytes end before.
  static constexpr unsigned most_bits = 56;

  explicit BitReader(std::span<const base::u8> bytes) : bytes_(bytes) {}

  void refill() {
    if (bytes_.size() - at_ >= sizeof(base::u64) && std::endian::native == std::endian::little) {
      base::u64 word = 0;
      std::memcpy(&word, bytes_.data() + at_, sizeof word);
      bits_ |= word << count_;
      at_ += (63 - count_) / 8;
      count_ |= most_bits;
      return;
    }
    while (count_ <= most_bits && at_ < bytes_.size()) {
      bits_ |= base::u64{bytes_[at_++]} << count_;
      count_ += 8;
    }
  }
  /// The next bits, zeros behind the end.
  base::u64 peek() const { return bits_; }
  /// How many of them there are.
  unsigned available() const { return count_; }
  /// At most as many as are available.
  void drop(unsigned count) {
    bits_ >>= count;
    count_ -= count;
  }
  /// The next bits as a number; fewer than 32, and at most as many as are available.
  base::u32 take(unsigned count) {
    auto const value = static_cast<base::u32>(bits_ & ((base::u64{1} << count) - 1));
    drop(count);
    return value;
  }
  /// Goes to the start of the next byte.
  void align() { drop(count_ % 8); }
  /// The bytes from here on; only after `align`.
  std::span<const base::u8> rest() const { return bytes_.subspan(offset()); }
  void skip_bytes(base::usize count) {
    at_ = offset() + count;
    bits_ = 0;
    count_ = 0;
  }
  /// Of the byte that the next bit is in.
  base::usize offset() const { return at_ - count_ / 8; }

 private:
  std::span<const base::u8> bytes_;
  base::usize at_ = 0;
  base::u64 bits_ = 0;
  unsigned count_ = 0;
};

}  // namespace nacre::compress
