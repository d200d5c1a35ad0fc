#include "kernel/hw/cpuid.hpp"

#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

namespace nacre::hw {
namespace {

/// A processor that answers as it is told, and zeros else.
class FakeProcessor {
 public:
  CpuidResult operator()(u32 leaf, u32 subleaf) const {
    auto const found = leaves.find({leaf, subleaf});
    return found == leaves.end() ? CpuidResult{} : found->second;
  }
  std::map<std::pair<u32, u32>, CpuidResult> leaves;
};

const CpuidFeature& feature_of(std::string_view name) {
  for (const CpuidFeature& feature : cpuid_features())
    if (feature.name == name) return feature;
  ADD_FAILURE() << "no feature " << name;
  return cpuid_features()[0];
}

TEST(Cpuid, TellsWhichProcessorItIs) {
  FakeProcessor processor;
  processor.leaves[{0, 0}] = {1, 0x756e'6547, 0x6c65'746e, 0x4965'6e69};
  processor.leaves[{1, 0}] = {0x0009'06ea, 0, 0, 0};
  EXPECT_EQ(std::string(identify_processor(processor).vendor.data(), 12), "GenuineIntel");
  EXPECT_EQ(identify_processor(processor).model, 0x9eu);
  EXPECT_EQ(identify_processor(processor).brand[0], 0);
  processor.leaves[{0x8000'0000, 0}] = {0x8000'0004, 0, 0, 0};
  processor.leaves[{0x8000'0003, 0}] = {0, 0x4443'4241, 0, 0};
  EXPECT_EQ(std::string(identify_processor(processor).brand.data() + 20, 4), "ABCD");
}

TEST(Cpuid, LooksOnlyIntoLeavesThatThereAre) {
  FakeProcessor processor;
  processor.leaves[{7, 0}] = {0, 1 << 7, 0, 0};
  EXPECT_FALSE(has_feature(processor, feature_of("smep")));
  processor.leaves[{0, 0}] = {7, 0, 0, 0};
  EXPECT_TRUE(has_feature(processor, feature_of("smep")));
  EXPECT_FALSE(has_feature(processor, feature_of("smap")));
  EXPECT_FALSE(has_feature(processor, feature_of("nx")));
}

TEST(Cpuid, GoesThroughAllLeavesAndTheirParts) {
  FakeProcessor processor;
  processor.leaves[{0, 0}] = {7, 0, 0, 0};
  processor.leaves[{1, 0}] = {0, 0, u32{1} << 31, 0};
  processor.leaves[{4, 0}] = {1, 0, 0, 0};
  processor.leaves[{4, 1}] = {2, 0, 0, 0};
  processor.leaves[{7, 0}] = {1, 0, 0, 0};
  processor.leaves[{0x4000'0000, 0}] = {0x4000'0001, 0, 0, 0};
  processor.leaves[{0x8000'0000, 0}] = {0x8000'0000, 0, 0, 0};
  std::vector<std::pair<u32, u32>> seen;
  for_each_cpuid_leaf(processor, [&](u32 leaf, u32 subleaf, const CpuidResult&) {
    seen.emplace_back(leaf, subleaf);
  });
  std::vector<std::pair<u32, u32>> const wanted{
      {0, 0}, {1, 0}, {2, 0}, {3, 0}, {4, 0},           {4, 1},           {4, 2},
      {5, 0}, {6, 0}, {7, 0}, {7, 1}, {0x4000'0000, 0}, {0x4000'0001, 0}, {0x8000'0000, 0}};
  EXPECT_EQ(seen, wanted);
}

TEST(Cpuid, IsBoundedWhateverTheProcessorSays) {
  auto const all_ones = [](u32, u32) { return CpuidResult{~0u, ~0u, ~0u, ~0u}; };
  usize count = 0;
  for_each_cpuid_leaf(all_ones, [&](u32, u32, const CpuidResult&) { ++count; });
  EXPECT_LT(count, 3u * 64 * 16);
}

}  // namespace
}  // namespace nacre::hw
