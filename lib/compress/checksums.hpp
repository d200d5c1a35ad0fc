#pragma once

#include <algorithm>
#include <array>
#include <span>

#include "lib/base/types.hpp"

namespace nacre::compress {

/// The cyclic redundancy check of gzip and PNG, of bytes as they come. [rfc1952: "Appendix: Sample
/// CRC Code"], [png: "CRC algorithm"]
class Crc32 {
 public:
  constexpr void add(std::span<const base::u8> bytes) {
    base::u32 state = state_;
    for (base::u8 const byte : bytes) state = table[(state ^ byte) & 0xff] ^ state >> 8;
    state_ = state;
  }
  constexpr base::u32 value() const { return ~state_; }

 private:
  static constexpr std::array<base::u32, 256> table = [] {
    constexpr base::u32 polynomial = 0xedb8'8320;
    std::array<base::u32, 256> entries{};
    for (base::u32 i = 0; i < entries.size(); ++i) {
      base::u32 entry = i;
      for (int bit = 0; bit < 8; ++bit)
        entry = (entry & 1) != 0 ? polynomial ^ entry >> 1 : entry >> 1;
      entries[i] = entry;
    }
    return entries;
  }();

  base::u32 state_ = ~base::u32{0};
};

/// The checksum of zlib. [rfc1950: "ADLER32 algorithm"]
class Adler32 {
 public:
  constexpr void add(std::span<const base::u8> bytes) {
    while (!bytes.empty()) {
      auto const part = bytes.first(std::min(bytes.size(), most_unreduced));
      for (base::u8 const byte : part) {
        low_ += byte;
        high_ += low_;
      }
      low_ %= modulus;
      high_ %= modulus;
      bytes = bytes.subspan(part.size());
    }
  }
  constexpr base::u32 value() const { return high_ << 16 | low_; }

 private:
  static constexpr base::u32 modulus = 65'521;
  /// So many bytes cannot make the sums overflow.
  static constexpr base::usize most_unreduced = 5552;

  base::u32 low_ = 1;
  base::u32 high_ = 0;
};

template <class Checksum>
constexpr base::u32 checksum_of(std::span<const base::u8> bytes) {
  Checksum checksum;
  checksum.add(bytes);
  return checksum.value();
}
static_assert(checksum_of<Crc32>(std::array<base::u8, 4>{'I', 'E', 'N', 'D'}) == 0xae42'6082);
static_assert(checksum_of<Adler32>(std::array<base::u8, 3>{'a', 'b', 'c'}) == 0x024d'0127);

}  // namespace nacre::compress
