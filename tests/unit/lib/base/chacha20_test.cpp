#include "lib/base/chacha20.hpp"

#include <gmock/gmock.h>
#include <set>
#include <vector>

namespace nacre::base {
namespace {

using testing::Each;
using testing::ElementsAreArray;

// [rfc8439: "Test Vector for the ChaCha20 Block Function"]
TEST(ChaCha20, GivesTheBlockOfTheSpecification) {
  ChaCha20::Key key;
  for (usize i = 0; i < key.size(); ++i) key[i] = static_cast<u8>(i);
  ChaCha20::Nonce const nonce{0, 0, 0, 9, 0, 0, 0, 0x4a, 0, 0, 0, 0};
  constexpr u8 expected[] = {0x10, 0xf1, 0xe7, 0xe4, 0xd1, 0x3b, 0x59, 0x15, 0x50, 0x0f, 0xdd,
                             0x1f, 0xa3, 0x20, 0x71, 0xc4, 0xc7, 0xd1, 0xf4, 0xc7, 0x33, 0xc0,
                             0x68, 0x03, 0x04, 0x22, 0xaa, 0x9a, 0xc3, 0xd4, 0x6c, 0x4e, 0xd2,
                             0x82, 0x64, 0x46, 0x07, 0x9f, 0xaa, 0x09, 0x14, 0xc2, 0xd7, 0x05,
                             0xd9, 0x8b, 0x02, 0xa2, 0xb5, 0x12, 0x9c, 0xd1, 0xde, 0x16, 0x4e,
                             0xb9, 0xcb, 0xd0, 0x83, 0xe8, 0xa2, 0x50, 0x3c, 0x4e};
  EXPECT_THAT(ChaCha20::block(key, 1, nonce), ElementsAreArray(expected));
}

// [rfc8439: "The ChaCha20 Block Functions", test vector 1]
TEST(ChaCha20, GivesTheBlockOfZeros) {
  constexpr u8 start[] = {0x76, 0xb8, 0xe0, 0xad, 0xa0, 0xf1, 0x3d, 0x90,
                          0x40, 0x5d, 0x6a, 0xe5, 0x53, 0x86, 0xbd, 0x28};
  auto const block = ChaCha20::block({}, 0, {});
  EXPECT_THAT(std::span(block).first(16), ElementsAreArray(start));
}

TEST(SecureRandom, IsTheSameForTheSameSeedAndNeverRepeats) {
  SecureRandom one({1});
  SecureRandom same({1});
  SecureRandom other({2});
  std::set<u32> seen;
  for (int i = 0; i < 1000; ++i) {
    u32 const number = one.next_u32();
    EXPECT_EQ(number, same.next_u32());
    seen.insert(number);
    seen.insert(other.next_u32());
  }
  EXPECT_GT(seen.size(), 1995u);
}

TEST(SecureRandom, FillsAnySizeAndNothingElse) {
  for (usize const size : {0u, 1u, 63u, 64u, 65u, 1000u}) {
    std::vector<u8> bytes(size + 2, 0xee);
    SecureRandom({}).fill(std::span(bytes).subspan(1, size));
    EXPECT_EQ(bytes.front(), 0xee);
    EXPECT_EQ(bytes.back(), 0xee);
  }
  std::vector<u8> large(256 * 64);
  SecureRandom({}).fill(large);
  std::array<int, 256> count{};
  for (u8 const byte : large) ++count[byte];
  EXPECT_THAT(count, Each(testing::AllOf(testing::Gt(20), testing::Lt(120))));
}

TEST(SecureRandom, WhatIsMixedInChangesWhatComes) {
  SecureRandom plain({1});
  SecureRandom mixed({1});
  mixed.mix({7});
  EXPECT_NE(plain.next_u32(), mixed.next_u32());
}

}  // namespace
}  // namespace nacre::base
