#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <span>

#include "lib/base/types.hpp"

namespace nacre::base {

/// One block of the ChaCha20 stream cipher's key stream. [rfc8439: "The ChaCha20 Block Function"]
class ChaCha20 {
 public:
  static constexpr usize key_size = 32;
  static constexpr usize nonce_size = 12;
  static constexpr usize block_size = 64;
  using Key = std::array<u8, key_size>;
  using Nonce = std::array<u8, nonce_size>;
  using Block = std::array<u8, block_size>;

  static constexpr Block block(const Key& key, u32 counter, const Nonce& nonce) {
    std::array<u32, 16> input{0x6170'7865, 0x3320'646e, 0x7962'2d32, 0x6b20'6574};
    for (usize i = 0; i < 8; ++i) input[4 + i] = word(key, 4 * i);
    input[12] = counter;
    for (usize i = 0; i < 3; ++i) input[13 + i] = word(nonce, 4 * i);

    auto state = input;
    for (int round = 0; round < 10; ++round) {
      quarter_round(state, 0, 4, 8, 12);
      quarter_round(state, 1, 5, 9, 13);
      quarter_round(state, 2, 6, 10, 14);
      quarter_round(state, 3, 7, 11, 15);
      quarter_round(state, 0, 5, 10, 15);
      quarter_round(state, 1, 6, 11, 12);
      quarter_round(state, 2, 7, 8, 13);
      quarter_round(state, 3, 4, 9, 14);
    }
    Block output{};
    for (usize i = 0; i < 16; ++i) {
      u32 const sum = state[i] + input[i];
      for (usize b = 0; b < 4; ++b) output[4 * i + b] = static_cast<u8>(sum >> (8 * b));
    }
    return output;
  }

 private:
  template <usize Size>
  static constexpr u32 word(const std::array<u8, Size>& bytes, usize at) {
    return u32{bytes[at]} | u32{bytes[at + 1]} << 8 | u32{bytes[at + 2]} << 16 |
           u32{bytes[at + 3]} << 24;
  }
  static constexpr void quarter_round(std::array<u32, 16>& s, usize a, usize b, usize c, usize d) {
    s[a] += s[b];
    s[d] = std::rotl(s[d] ^ s[a], 16);
    s[c] += s[d];
    s[b] = std::rotl(s[b] ^ s[c], 12);
    s[a] += s[b];
    s[d] = std::rotl(s[d] ^ s[a], 8);
    s[c] += s[d];
    s[b] = std::rotl(s[b] ^ s[c], 7);
  }
};

/// Random bytes from a secret seed. Each request takes its bytes and the next key from the key
/// stream of the current one, which is then gone: who learns the state cannot tell what came
/// before.
class SecureRandom {
 public:
  using Seed = ChaCha20::Key;
  constexpr explicit SecureRandom(const Seed& seed) : key_(seed) {}
  SecureRandom(const SecureRandom&) = delete;
  SecureRandom& operator=(const SecureRandom&) = delete;

  /// Takes in what else is known to nobody: the state is as unknown as the better of both.
  constexpr void mix(const Seed& more) {
    for (usize i = 0; i < key_.size(); ++i) key_[i] ^= more[i];
    next_key();
  }
  constexpr void fill(std::span<u8> bytes) {
    ChaCha20::Key const key = next_key();
    // A block for each 64 bytes, numbered in 64 bits: no request is that long.
    for (u64 counter = 1; !bytes.empty(); ++counter) {
      ChaCha20::Nonce nonce{};
      nonce[0] = static_cast<u8>(counter >> 32);
      auto const block = ChaCha20::block(key, static_cast<u32>(counter), nonce);
      usize const count = std::min(bytes.size(), block.size());
      std::copy_n(block.begin(), count, bytes.begin());
      bytes = bytes.subspan(count);
    }
  }
  constexpr u32 next_u32() {
    std::array<u8, 4> bytes{};
    fill(bytes);
    return std::bit_cast<u32>(bytes);
  }

 private:
  /// Replaces the key; gives one for a single use.
  constexpr ChaCha20::Key next_key() {
    auto const block = ChaCha20::block(key_, 0, {});
    ChaCha20::Key once{};
    std::copy_n(block.begin(), once.size(), once.begin());
    std::copy_n(block.begin() + once.size(), key_.size(), key_.begin());
    return once;
  }

  ChaCha20::Key key_;
};

}  // namespace nacre::base
