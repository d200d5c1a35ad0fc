#include "lib/compress/matches.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace nacre::compress {
namespace {

/// How many bytes from `a` and `b` on are the same, up to `most`.
u32 common_length(const u8* a, const u8* b, u32 most) {
  u32 length = 0;
  if constexpr (std::endian::native == std::endian::little) {
    for (; most - length >= sizeof(u64); length += sizeof(u64)) {
      u64 left = 0;
      u64 right = 0;
      std::memcpy(&left, a + length, sizeof left);
      std::memcpy(&right, b + length, sizeof right);
      if (u64 const difference = left ^ right; difference != 0)
        return length + static_cast<u32>(std::countr_zero(difference)) / 8;
    }
  }
  while (length < most && a[length] == b[length]) ++length;
  return length;
}

}  // namespace

usize MatchFinder::hash(std::span<const u8> window, usize at) {
  u32 const bytes = window[at] | u32{window[at + 1]} << 8 | u32{window[at + 2]} << 16;
  // Multiplied by a number near the golden ratio, the upper bits depend on all.
  return bytes * 0x9e37'79b1u >> (32 - hash_bits);
}

void MatchFinder::add(std::span<const u8> window, usize at) {
  if (window.size() - at < shortest_match) return;
  u16& latest = latest_[hash(window, at)];
  before_[at % window_size] = latest;
  latest = static_cast<u16>(at);
}

Match MatchFinder::find(std::span<const u8> window, usize at) {
  Match best;
  if (window.size() - at < shortest_match) return best;
  u32 const most = static_cast<u32>(std::min(longest_match, window.size() - at));
  u32 best_length = shortest_match - 1;
  usize candidate = latest_[hash(window, at)];
  for (unsigned look = 0; look < most_looks && candidate != 0; ++look) {
    if (at - candidate > window_size) break;
    const u8* const there = window.data() + candidate;
    const u8* const here = window.data() + at;
    if (there[best_length] == here[best_length]) {
      u32 const length = common_length(there, here, most);
      if (length > best_length) {
        best = {length, static_cast<u32>(at - candidate)};
        best_length = length;
        if (length == most) break;
      }
    }
    usize const before = before_[candidate % window_size];
    // What stands there may have been written over by a later position.
    if (before >= candidate) break;
    candidate = before;
  }
  add(window, at);
  return best;
}

void MatchFinder::slide() {
  auto const move = [](u16& position) {
    position = static_cast<u16>(position > window_size ? position - window_size : 0);
  };
  std::ranges::for_each(latest_, move);
  std::ranges::for_each(before_, move);
}

}  // namespace nacre::compress
