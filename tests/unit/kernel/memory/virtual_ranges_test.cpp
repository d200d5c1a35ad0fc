#include "kernel/memory/virtual_ranges.hpp"

#include <gtest/gtest.h>
#include <random>

#include "tests/support/failing_allocator.hpp"

namespace nacre::memory {
namespace {

using base::operator""_KiB;
using base::operator""_MiB;
using base::operator""_GiB;
using base::u64;
using hw::VirtAddr;

constexpr VirtAddr start{0xffff'c000'0000'0000};

TEST(VirtualRanges, PutsGuardsOnBothSides) {
  VirtualRanges ranges(start, start + 1_GiB);
  auto const first = ranges.allocate("first", 8_KiB, 4_KiB, 4_KiB);
  auto const second = ranges.allocate("second", 8_KiB, 4_KiB, 4_KiB);
  ASSERT_TRUE(first && second);
  EXPECT_EQ((*first)->start(), start + 4_KiB);
  EXPECT_EQ((*second)->start(), start + 4_KiB + 16_KiB);
  EXPECT_EQ((*first)->name.view(), "first");
}

TEST(VirtualRanges, FindsWhatAnAddressBelongsTo) {
  VirtualRanges ranges(start, start + 1_GiB);
  auto const range = ranges.allocate("it", 8_KiB, 4_KiB, 4_KiB);
  ASSERT_TRUE(range);
  for (u64 const inside : {0_KiB, 4_KiB, 12_KiB, 16_KiB - 1})
    EXPECT_EQ(ranges.find(start + inside), *range);
  EXPECT_EQ(ranges.find(start + 16_KiB), nullptr);
  EXPECT_EQ(ranges.find({start.value - 1}), nullptr);
  EXPECT_TRUE(ranges.covers(start) && ranges.covers(start + (1_GiB - 1)));
  EXPECT_FALSE(ranges.covers(start + 1_GiB) || ranges.covers({start.value - 1}));
}

TEST(VirtualRanges, AlignsTheInside) {
  VirtualRanges ranges(start, start + 1_GiB);
  ASSERT_TRUE(ranges.allocate("small", 4_KiB, 4_KiB, 4_KiB));
  auto const large = ranges.allocate("large", 4_MiB, 4_KiB, 2_MiB);
  ASSERT_TRUE(large);
  EXPECT_EQ((*large)->start().value % 2_MiB, 0u);
  // What was left before it is used.
  auto const small = ranges.allocate("small too", 4_KiB, 4_KiB, 4_KiB);
  ASSERT_TRUE(small);
  EXPECT_LT((*small)->start(), (*large)->start());
}

TEST(VirtualRanges, UsesWhatWasGivenBack) {
  VirtualRanges ranges(start, start + 64_KiB);
  auto const first = ranges.allocate("a", 24_KiB, 4_KiB, 4_KiB);
  auto const second = ranges.allocate("b", 24_KiB, 4_KiB, 4_KiB);
  ASSERT_TRUE(first && second);
  EXPECT_FALSE(ranges.allocate("c", 4_KiB, 0, 4_KiB));
  VirtAddr const place = (*first)->start();
  ranges.free(**first);
  auto const again = ranges.allocate("d", 24_KiB, 4_KiB, 4_KiB);
  ASSERT_TRUE(again);
  EXPECT_EQ((*again)->start(), place);
}

TEST(VirtualRanges, ExhaustionAndImpossibleWishesAreValues) {
  VirtualRanges ranges(start, start + 1_MiB);
  EXPECT_TRUE(ranges.allocate("all", 1_MiB - 8_KiB, 4_KiB, 4_KiB));
  EXPECT_FALSE(ranges.allocate("more", 4_KiB, 0, 4_KiB));
  VirtualRanges empty(start, start + 1_MiB);
  EXPECT_FALSE(empty.allocate("a", 1_MiB, 4_KiB, 4_KiB));
  EXPECT_FALSE(empty.allocate("b", ~u64{0} - 4095, 4_KiB, 4_KiB));
  EXPECT_FALSE(empty.allocate("c", 4_KiB, ~u64{0} - 4095, 4_KiB));
  EXPECT_FALSE(empty.allocate("d", 4_KiB, 0, u64{1} << 63));
  EXPECT_TRUE(empty.allocate("e", 1_MiB, 0, 4_KiB));
}

TEST(VirtualRanges, AStretchThatEndsAtTheTopOfAllAddresses) {
  VirtualRanges ranges({0xffff'ffff'fff0'0000}, {0xffff'ffff'ffff'f000});
  auto const range = ranges.allocate("a", 512_KiB, 4_KiB, 4_KiB);
  ASSERT_TRUE(range);
  EXPECT_FALSE(ranges.allocate("b", 4_KiB, 0, 2_MiB));
  EXPECT_TRUE(ranges.allocate("c", 4_KiB, 0, 4_KiB));
}

TEST(VirtualRanges, OutOfHeapTakesNothing) {
  VirtualRanges ranges(start, start + 64_KiB);
  EXPECT_GT(test::fail_each_allocation([&] {
              if (auto const range = ranges.allocate("a", 56_KiB, 4_KiB, 4_KiB))
                ranges.free(**range);
            }),
            0u);
  EXPECT_TRUE(ranges.allocate("b", 56_KiB, 4_KiB, 4_KiB));
}

TEST(VirtualRanges, NeverGivesAnAddressTwice) {
  VirtualRanges ranges(start, start + 16_MiB);
  std::mt19937_64 random(5);
  std::vector<VirtualRange*> taken;
  for (int step = 0; step < 3000; ++step) {
    if (random() % 2 == 0) {
      u64 const size = (random() % 64 + 1) * 4_KiB;
      u64 const guard = random() % 3 * 4_KiB;
      u64 const alignment = 4_KiB << random() % 10;
      auto const range = ranges.allocate("r", size, guard, alignment);
      if (!range) continue;
      ASSERT_EQ((*range)->start().value % alignment, 0u);
      ASSERT_EQ((*range)->size, size);
      ASSERT_GE((*range)->outer, start);
      ASSERT_LE((*range)->outer_end(), start + 16_MiB);
      for (const VirtualRange* const other : taken) {
        ASSERT_TRUE((*range)->outer_end() <= other->outer || other->outer_end() <= (*range)->outer);
      }
      taken.push_back(*range);
    } else if (!taken.empty()) {
      std::swap(taken[random() % taken.size()], taken.back());
      ranges.free(*taken.back());
      taken.pop_back();
    }
  }
  for (VirtualRange* const range : taken) ranges.free(*range);
  EXPECT_TRUE(ranges.allocate("all", 16_MiB, 0, 4_KiB));
}

}  // namespace
}  // namespace nacre::memory
