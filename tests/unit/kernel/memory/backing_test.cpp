#include "kernel/memory/backing.hpp"

#include <gtest/gtest.h>

#include "tests/support/physical_arena.hpp"

namespace nacre::memory {
namespace {

using base::operator""_KiB;
using base::operator""_MiB;
using test::ArenaFrames;
using test::FrameShortage;

class BackingTest : public testing::Test {
 protected:
  BackingTest() {
    // Dirty memory: whoever is given some must find zeros.
    std::vector<hw::PhysAddr> blocks;
    while (auto const block = memory.frames.allocate(single_frame)) {
      std::memset(memory.frames.window().at<u8>(*block), 0xdd, hw::page_size);
      blocks.push_back(*block);
    }
    for (auto const block : blocks) memory.frames.free(block, single_frame);
    // The table in the root stays, so have it now.
    EXPECT_TRUE(map_fresh_memory(space, memory.frames, start, 4_KiB, {}));
    unmap_and_free_memory(space, memory.frames, start, 4_KiB);
    free_before = memory.frames.free_bytes();
  }
  std::vector<u64> mapping_sizes() const {
    std::vector<u64> sizes;
    space.for_each_mapping(
        [&](const AddressSpace::Mapping& mapping) { sizes.push_back(mapping.bytes); });
    return sizes;
  }

  static constexpr hw::VirtAddr start{0xffff'c000'0020'0000};
  ArenaFrames memory{32_MiB};
  AddressSpace space =
      *AddressSpace::create(memory.frames, [](hw::VirtAddr) {}, NoExecute::Present);
  u64 free_before = 0;
};

TEST_F(BackingTest, UsesLargePagesForWholeOnes) {
  ASSERT_TRUE(map_fresh_memory(space, memory.frames, start, 4_MiB + 8_KiB, {.write = true}));
  EXPECT_EQ(mapping_sizes(), (std::vector<u64>{2_MiB, 2_MiB, 4_KiB, 4_KiB}));
  unmap_and_free_memory(space, memory.frames, start, 4_MiB + 8_KiB);
  EXPECT_TRUE(mapping_sizes().empty());
  EXPECT_EQ(memory.frames.free_bytes(), free_before);
}

TEST_F(BackingTest, AllOfItIsZero) {
  ASSERT_TRUE(
      map_fresh_memory(space, memory.frames, {start.value - 8_KiB}, 3_MiB, {.write = true}));
  for (u64 at = 0; at < 3_MiB; at += 4_KiB) {
    auto const phys = space.translate({start.value - 8_KiB + at});
    ASSERT_TRUE(phys);
    const u8* const bytes = memory.frames.window().at<u8>(*phys);
    ASSERT_TRUE(std::all_of(bytes, bytes + 4_KiB, [](u8 byte) { return byte == 0; }));
  }
}

TEST_F(BackingTest, WithoutLargeFramesSmallOnesServe) {
  std::vector<hw::PhysAddr> taken;
  while (auto const block = memory.frames.allocate(single_frame)) taken.push_back(*block);
  for (usize i = 0; i < taken.size(); i += 2) memory.frames.free(taken[i], single_frame);
  ASSERT_TRUE(map_fresh_memory(space, memory.frames, start, 2_MiB, {.write = true}));
  EXPECT_EQ(mapping_sizes().size(), 512u);
  unmap_and_free_memory(space, memory.frames, start, 2_MiB);
  for (usize i = 1; i < taken.size(); i += 2) memory.frames.free(taken[i], single_frame);
  EXPECT_EQ(memory.frames.free_bytes(), free_before);
}

TEST_F(BackingTest, ALargePageThatWasSplitGoesBackWhole) {
  ASSERT_TRUE(map_fresh_memory(space, memory.frames, start, 2_MiB, {.write = true}));
  ASSERT_TRUE(space.protect(start + 64_KiB, {3}, {.execute = true}));
  EXPECT_EQ(mapping_sizes().size(), 512u);
  unmap_and_free_memory(space, memory.frames, start, 2_MiB);
  EXPECT_EQ(memory.frames.free_bytes(), free_before);
}

TEST_F(BackingTest, OutOfMemoryAnywhereLeavesNothing) {
  for (u64 const left : {0u, 1u, 2u, 3u, 300u, 514u, 515u, 516u}) {
    {
      FrameShortage const shortage(memory.frames, left);
      auto const mapped =
          map_fresh_memory(space, memory.frames, {start.value - 4_KiB}, 3_MiB, {.write = true});
      ASSERT_FALSE(mapped);
      EXPECT_EQ(mapped.error(), MapError::OutOfMemory);
      EXPECT_TRUE(mapping_sizes().empty());
      EXPECT_EQ(memory.frames.free_bytes(), left * 4_KiB);
    }
    EXPECT_EQ(memory.frames.free_bytes(), free_before);
  }
}

TEST_F(BackingTest, WhatIsMappedAlreadyStaysAsItWas) {
  ASSERT_TRUE(map_fresh_memory(space, memory.frames, start + 2_MiB, 4_KiB, {.write = true}));
  auto const phys = space.translate(start + 2_MiB);
  u64 const free = memory.frames.free_bytes();
  EXPECT_EQ(map_fresh_memory(space, memory.frames, start, 4_MiB, {}).error(),
            MapError::AlreadyMapped);
  EXPECT_EQ(space.translate(start + 2_MiB), phys);
  EXPECT_EQ(mapping_sizes(), std::vector<u64>{4_KiB});
  EXPECT_EQ(memory.frames.free_bytes(), free);
}

}  // namespace
}  // namespace nacre::memory
