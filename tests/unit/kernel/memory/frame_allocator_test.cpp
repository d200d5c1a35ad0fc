#include "kernel/memory/frame_allocator.hpp"

#include <gtest/gtest.h>
#include <map>
#include <random>

#include "tests/support/physical_arena.hpp"

namespace nacre::memory {
namespace {

using base::operator""_KiB;
using base::operator""_MiB;
using base::operator""_GiB;
using enum hw::MemoryKind;
using test::ArenaFrames;
using test::PhysicalArena;

hw::MemoryMap map_of(std::initializer_list<hw::MemoryRange> ranges) {
  hw::MemoryMap map;
  for (auto const& range : ranges) map.add(range);
  map.normalise();
  return map;
}

/// How many blocks of each order can be had when the largest are taken first.
std::map<int, u64> census(FrameAllocator& frames) {
  std::map<int, u64> count;
  std::vector<std::pair<hw::PhysAddr, Order>> taken;
  for (int order = largest_order.value; order >= 0; --order) {
    while (auto const block = frames.allocate({static_cast<u8>(order)})) {
      ++count[order];
      taken.emplace_back(*block, Order{static_cast<u8>(order)});
    }
  }
  for (auto const& [block, order] : taken) frames.free(block, order);
  return count;
}

TEST(FrameAllocator, OrdersCoverBytes) {
  EXPECT_EQ(Order::covering(0), single_frame);
  EXPECT_EQ(Order::covering(4096), single_frame);
  EXPECT_EQ(Order::covering(4097), Order{1});
  EXPECT_EQ(Order::covering(2_MiB), large_frame);
  EXPECT_EQ(Order::covering(4_MiB), largest_order);
  EXPECT_GT(Order::covering(4_MiB + 1), largest_order);
  EXPECT_GT(Order::covering(~u64{0}), largest_order);
}

TEST(FrameAllocator, ManagesAllButTheFirstMebibyteAndItsOwnTable) {
  ArenaFrames memory(64_MiB);
  u64 const table = 64_MiB / hw::page_size;
  EXPECT_EQ(memory.frames.free_bytes(), 63_MiB - table);
  EXPECT_EQ(memory.frames.total_bytes(), memory.frames.free_bytes());
}

TEST(FrameAllocator, RefusesAnOrderThatThereIsNot) {
  ArenaFrames memory(64_MiB);
  EXPECT_TRUE(memory.frames.allocate(largest_order));
  EXPECT_FALSE(memory.frames.allocate({11}));
  EXPECT_FALSE(memory.frames.allocate({255}));
}

TEST(FrameAllocator, ZeroedBlocksAreZeroThroughout) {
  ArenaFrames memory(8_MiB);
  auto const first = memory.frames.allocate({4});
  ASSERT_TRUE(first);
  std::memset(memory.frames.window().at<u8>(*first), 0xee, Order{4}.bytes());
  memory.frames.free(*first, {4});
  while (auto const block = memory.frames.allocate_zeroed({4})) {
    const u8* const bytes = memory.frames.window().at<u8>(*block);
    EXPECT_TRUE(std::all_of(bytes, bytes + Order{4}.bytes(), [](u8 byte) { return byte == 0; }));
  }
}

TEST(FrameAllocator, MarksBelongToOneAllocation) {
  ArenaFrames memory(8_MiB);
  auto const block = memory.frames.allocate({2});
  ASSERT_TRUE(block);
  EXPECT_EQ(memory.frames.mark(*block), 0);
  EXPECT_EQ(memory.frames.order_of(*block), Order{2});
  memory.frames.set_mark(*block, 3);
  EXPECT_EQ(memory.frames.mark(*block), 3);
  memory.frames.free(*block, {2});
  while (auto const again = memory.frames.allocate(single_frame))
    EXPECT_EQ(memory.frames.mark(*again), 0);
}

TEST(FrameAllocator, ExhaustionIsAValueAndEverythingComesBack) {
  ArenaFrames memory(16_MiB);
  auto const before = census(memory.frames);
  {
    test::FrameShortage const shortage(memory.frames, 0);
    EXPECT_EQ(memory.frames.free_bytes(), 0u);
    EXPECT_FALSE(memory.frames.allocate(single_frame));
    EXPECT_FALSE(memory.frames.allocate(largest_order));
  }
  EXPECT_EQ(memory.frames.free_bytes(), memory.frames.total_bytes());
  EXPECT_EQ(census(memory.frames), before);
}

TEST(FrameAllocator, AgreesWithAModel) {
  ArenaFrames memory(24_MiB);
  FrameAllocator& frames = memory.frames;
  auto const before = census(frames);
  std::mt19937_64 random(7);
  std::map<u64, Order> model;  // by start
  u64 used = 0;
  for (int step = 0; step < 30'000; ++step) {
    if (random() % 100 < 52) {
      Order const order{static_cast<u8>(random() % (random() % 12 + 1))};
      auto const block = frames.allocate(order);
      if (!block) continue;
      ASSERT_LE(order, largest_order);
      ASSERT_EQ(block->value % order.bytes(), 0u);
      ASSERT_GE(block->value, 1_MiB);
      ASSERT_LE(block->value + order.bytes(), 24_MiB);
      auto const next = model.lower_bound(block->value);
      ASSERT_TRUE(next == model.end() || block->value + order.bytes() <= next->first);
      ASSERT_TRUE(next == model.begin() ||
                  std::prev(next)->first + std::prev(next)->second.bytes() <= block->value);
      model[block->value] = order;
      used += order.bytes();
    } else if (!model.empty()) {
      auto const victim = std::next(model.begin(), static_cast<long>(random() % model.size()));
      ASSERT_EQ(frames.order_of({victim->first}), victim->second);
      frames.free({victim->first}, victim->second);
      used -= victim->second.bytes();
      model.erase(victim);
    }
    ASSERT_EQ(frames.free_bytes() + used, frames.total_bytes());
  }
  for (auto const& [start, order] : model) frames.free({start}, order);
  EXPECT_EQ(frames.free_bytes(), frames.total_bytes());
  EXPECT_EQ(census(frames), before);
}

TEST(FrameAllocator, GivesNothingOutsideOfUsableRanges) {
  PhysicalArena arena(32_MiB);
  auto const map = map_of({{{0}, 640_KiB, Usable},
                           {{1_MiB + 100}, 3_MiB, Usable},  // not on page boundaries
                           {{6_MiB}, 4_KiB, Usable},
                           {{7_MiB}, 100, Usable},  // less than a page
                           {{8_MiB}, 1_MiB, AcpiReclaimable},
                           {{9_MiB}, 20_MiB, Usable},
                           {{12_MiB}, 1_MiB, InUse}});
  auto frames = FrameAllocator::create(map, arena.window());
  ASSERT_TRUE(frames);
  u64 count = 0;
  while (auto const frame = frames->allocate(single_frame)) {
    ++count;
    bool inside = false;
    for (auto const& range : map.ranges()) {
      inside |= range.kind == Usable && *frame >= range.start && *frame + 4096 <= range.end() &&
                frame->value >= 1_MiB;
    }
    ASSERT_TRUE(inside) << std::hex << frame->value;
  }
  u64 const table_pages = hw::PageCount::covering(29_MiB / 4096).value;
  EXPECT_EQ(count, 3_MiB / 4096 - 1 + 1 + 19_MiB / 4096 - table_pages);
}

TEST(FrameAllocator, WithoutUsableMemoryThereIsNone) {
  PhysicalArena arena(4_MiB);
  EXPECT_FALSE(FrameAllocator::create(map_of({}), arena.window()));
  EXPECT_FALSE(FrameAllocator::create(map_of({{{0}, 640_KiB, Usable}}), arena.window()));
  EXPECT_FALSE(FrameAllocator::create(map_of({{{1_MiB}, 1_MiB, Reserved}}), arena.window()));
  EXPECT_FALSE(FrameAllocator::create(map_of({{{1_MiB}, 4095, Usable}}), arena.window()));
}

TEST(FrameAllocator, TouchesNothingAboveWhatIsReachableUntilTold) {
  constexpr u64 reachable = 16_MiB;
  PhysicalArena arena(64_MiB);
  auto const map = map_of({{{1_MiB}, 23_MiB, Usable}, {{32_MiB}, 32_MiB, Usable}});
  auto* const bytes = arena.window().at<u8>({0});
  ASSERT_EQ(::mprotect(bytes + reachable, 64_MiB - reachable, PROT_NONE), 0);
  auto frames = FrameAllocator::create(map, arena.window(), {reachable});
  ASSERT_TRUE(frames);
  u64 const table = 64_MiB / hw::page_size;
  EXPECT_EQ(frames->total_bytes(), 15_MiB - table);

  ASSERT_EQ(::mprotect(bytes + reachable, 64_MiB - reachable, PROT_READ | PROT_WRITE), 0);
  frames->add_from({reachable}, map);
  EXPECT_EQ(frames->total_bytes(), 23_MiB + 32_MiB - table);
  EXPECT_EQ(frames->free_bytes(), frames->total_bytes());
  u64 given = 0;
  while (frames->allocate(single_frame)) given += hw::page_size;
  EXPECT_EQ(given, frames->total_bytes());
}

TEST(FrameAllocator, LeavesOutARangeThatIsNotWorthDescribing) {
  PhysicalArena arena(16_MiB);
  auto const map = map_of(
      {{{1_MiB}, 15_MiB, Usable}, {{u64{1} << 45}, 1_MiB, Usable}, {{300_GiB}, 1_MiB, Usable}});
  auto frames = FrameAllocator::create(map, arena.window());
  ASSERT_TRUE(frames);
  EXPECT_EQ(frames->total_bytes(), 15_MiB - 16_MiB / hw::page_size);
}

TEST(FrameAllocatorDeathTest, GivingABlockBackTwiceIsABug) {
  ArenaFrames memory(8_MiB);
  auto const block = memory.frames.allocate({1});
  ASSERT_TRUE(block);
  EXPECT_DEATH(memory.frames.free(*block, {0}), "assertion failed");
  memory.frames.free(*block, {1});
  EXPECT_DEATH(memory.frames.free(*block, {1}), "assertion failed");
}

}  // namespace
}  // namespace nacre::memory
