#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <string_view>

#include "lib/base/types.hpp"

namespace nacre::base {

/// A hash that nobody can predict who does not know the key: names that are chosen to collide do
/// not. SipHash-1-3. [aumasson-bernstein/siphash]
class SipHash {
 public:
  using Key = std::array<u64, 2>;

  static constexpr u64 hash(const Key& key, std::string_view text) {
    SipHash state(key);
    usize const whole = text.size() & ~usize{7};
    for (usize at = 0; at < whole; at += 8) state.add(word(text.substr(at)));
    u64 last = u64{text.size()} << 56;
    for (usize i = whole; i < text.size(); ++i)
      last |= u64{static_cast<u8>(text[i])} << (8 * (i - whole));
    state.add(last);
    return state.finish();
  }

 private:
  constexpr explicit SipHash(const Key& key)
      : v0_(key[0] ^ 0x736f'6d65'7073'6575),
        v1_(key[1] ^ 0x646f'7261'6e64'6f6d),
        v2_(key[0] ^ 0x6c79'6765'6e65'7261),
        v3_(key[1] ^ 0x7465'6462'7974'6573) {}

  /// Little-endian, as the machine is.
  static constexpr u64 word(std::string_view bytes) {
    std::array<char, 8> word;
    std::copy_n(bytes.begin(), word.size(), word.begin());
    return std::bit_cast<u64>(word);
  }
  constexpr void round() {
    v0_ += v1_;
    v1_ = std::rotl(v1_, 13) ^ v0_;
    v0_ = std::rotl(v0_, 32);
    v2_ += v3_;
    v3_ = std::rotl(v3_, 16) ^ v2_;
    v0_ += v3_;
    v3_ = std::rotl(v3_, 21) ^ v0_;
    v2_ += v1_;
    v1_ = std::rotl(v1_, 17) ^ v2_;
    v2_ = std::rotl(v2_, 32);
  }
  constexpr void add(u64 word) {
    v3_ ^= word;
    round();
    v0_ ^= word;
  }
  constexpr u64 finish() {
    v2_ ^= 0xff;
    round();
    round();
    round();
    return v0_ ^ v1_ ^ v2_ ^ v3_;
  }

  u64 v0_;
  u64 v1_;
  u64 v2_;
  u64 v3_;
};

static_assert(SipHash::hash({0x0706'0504'0302'0100, 0x0f0e'0d0c'0b0a'0908}, "") ==
              0xabac'0158'050f'c4dc);
static_assert(SipHash::hash({}, "a") == 0x4074'48d2'b89b'1813 &&
              SipHash::hash({}, "abcdefgh") == 0x3f7b'849c'0b8e'35ea);

}  // namespace nacre::base
