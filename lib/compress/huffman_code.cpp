#include "lib/compress/huffman_code.hpp"

#include <algorithm>

namespace nacre::compress {
namespace {

struct Leaf {
  u32 frequency;
  u16 symbol;
};

/// How many codes have which length.
using Counts = std::array<u32, fixed_literal_count>;

/// The lengths of the codes of an unlimited code. `leaves` are at least two, the rarest first.
Counts tree_depths(std::span<const Leaf> leaves) {
  // Inner nodes are made with rising weights, so both queues are sorted.
  std::array<u32, fixed_literal_count> weights{};
  std::array<u16, fixed_literal_count> parents{};  // of inner nodes
  std::array<u16, fixed_literal_count> leaf_parents{};
  usize leaf = 0;
  usize inner = 0;
  usize const inner_count = leaves.size() - 1;
  for (usize made = 0; made < inner_count; ++made) {
    for (int child = 0; child < 2; ++child) {
      bool const takes_leaf =
          leaf < leaves.size() && (inner == made || leaves[leaf].frequency <= weights[inner]);
      weights[made] += takes_leaf ? leaves[leaf].frequency : weights[inner];
      (takes_leaf ? leaf_parents[leaf++] : parents[inner++]) = static_cast<u16>(made);
    }
  }
  Counts counts{};
  std::array<u16, fixed_literal_count> depths{};  // the last inner node is the root
  for (usize i = inner_count - 1; i-- > 0;) depths[i] = static_cast<u16>(depths[parents[i]] + 1);
  for (usize i = 0; i < leaves.size(); ++i) ++counts[depths[leaf_parents[i]] + 1u];
  return counts;
}

/// Makes codes that are too long as long as may be, and others longer until all have room.
void limit(Counts& counts, unsigned longest) {
  u64 used = 0;
  for (usize length = 1; length < counts.size(); ++length) {
    if (length > longest) {
      counts[longest] += counts[length];
      counts[length] = 0;
    }
  }
  for (unsigned length = 1; length <= longest; ++length)
    used += u64{counts[length]} << (longest - length);
  for (; used > u64{1} << longest; --used) {
    unsigned split = longest - 1;
    while (counts[split] == 0) --split;
    // One of the longest moves to beside one that becomes longer.
    --counts[split];
    counts[split + 1] += 2;
    --counts[longest];
  }
}

}  // namespace

HuffmanCode HuffmanCode::for_frequencies(std::span<const u32> frequencies, unsigned longest) {
  std::array<Leaf, fixed_literal_count> all{};
  usize count = 0;
  for (usize i = 0; i < frequencies.size(); ++i)
    if (frequencies[i] != 0) all[count++] = {frequencies[i], static_cast<u16>(i)};
  std::span<Leaf> const leaves = std::span(all).first(std::max<usize>(count, 1));
  std::array<u8, fixed_literal_count> lengths{};
  if (count < 2) {
    lengths[leaves[0].symbol] = 1;
    return from_lengths(std::span(lengths).first(frequencies.size()));
  }
  std::ranges::sort(leaves, [](const Leaf& a, const Leaf& b) {
    return a.frequency != b.frequency ? a.frequency < b.frequency : a.symbol < b.symbol;
  });
  Counts counts = tree_depths(leaves);
  limit(counts, longest);
  usize next = 0;
  for (unsigned length = longest; length > 0; --length)
    for (u32 i = 0; i < counts[length]; ++i)
      lengths[leaves[next++].symbol] = static_cast<u8>(length);
  return from_lengths(std::span(lengths).first(frequencies.size()));
}

}  // namespace nacre::compress
