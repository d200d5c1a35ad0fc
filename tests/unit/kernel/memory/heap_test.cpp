#include "kernel/memory/heap.hpp"

#include <gtest/gtest.h>
#include <random>

#include "tests/support/failing_allocator.hpp"
#include "tests/support/physical_arena.hpp"

namespace nacre::memory {
namespace {

using base::operator""_KiB;
using base::operator""_MiB;
using test::ArenaFrames;
using test::FrameShortage;

u64 address_of(const void* pointer) { return reinterpret_cast<u64>(pointer); }

TEST(Heap, GivesEverySizeAtEveryAlignment) {
  ArenaFrames memory(64_MiB);
  Heap heap(memory.frames);
  for (usize alignment = 1; alignment <= 4096; alignment *= 2) {
    for (usize size = 0; size <= 8_KiB; size += size < 64 ? 1 : 37) {
      auto* const bytes = static_cast<u8*>(heap.allocate(size, alignment));
      ASSERT_NE(bytes, nullptr);
      ASSERT_EQ(address_of(bytes) % alignment, 0u) << size << " at " << alignment;
      std::memset(bytes, 0xab, size);
      heap.free(bytes);
    }
  }
  EXPECT_EQ(heap.statistics().allocations, 0u);
  EXPECT_EQ(heap.statistics().used_bytes, 0u);
}

TEST(Heap, ObjectsOfEveryClassAreApart) {
  ArenaFrames memory(64_MiB);
  Heap heap(memory.frames);
  for (usize const size : Heap::class_sizes) {
    std::vector<u8*> objects;
    for (usize i = 0; i < 40'000 / size; ++i) {
      objects.push_back(static_cast<u8*>(heap.allocate(size, 16)));
      std::memset(objects.back(), static_cast<int>(i), size);
    }
    for (usize i = 0; i < objects.size(); ++i) {
      ASSERT_EQ(objects[i][0], static_cast<u8>(i));
      ASSERT_EQ(objects[i][size - 1], static_cast<u8>(i));
    }
    for (u8* const object : objects) heap.free(object);
  }
  EXPECT_EQ(heap.statistics().used_bytes, 0u);
}

TEST(Heap, KeepsAtMostOneEmptySlabOfEachClass) {
  ArenaFrames memory(64_MiB);
  Heap heap(memory.frames);
  for (int round = 0; round < 3; ++round) {
    std::vector<void*> objects;
    for (usize const size : Heap::class_sizes)
      for (int i = 0; i < 3000; ++i) objects.push_back(heap.allocate(size, 16));
    for (void* const object : objects) heap.free(object);
    EXPECT_EQ(heap.statistics().allocations, 0u);
    EXPECT_LE(heap.statistics().held_bytes, Heap::class_sizes.size() * 16_KiB);
    EXPECT_EQ(memory.frames.free_bytes() + heap.statistics().held_bytes,
              memory.frames.total_bytes());
  }
}

TEST(Heap, FreeingNullIsNothing) {
  ArenaFrames memory(8_MiB);
  Heap heap(memory.frames);
  heap.free(nullptr);
  EXPECT_EQ(heap.statistics().allocations, 0u);
}

TEST(Heap, OutOfMemoryIsNull) {
  ArenaFrames memory(8_MiB);
  Heap heap(memory.frames);
  FrameShortage const shortage(memory.frames, 0);
  EXPECT_EQ(heap.allocate(1, 1), nullptr);
  EXPECT_EQ(heap.allocate(4096, 4096), nullptr);
  EXPECT_EQ(heap.allocate(~usize{0}, 16), nullptr);
  EXPECT_EQ(heap.statistics().allocations, 0u);
  EXPECT_EQ(heap.statistics().held_bytes, 0u);
}

TEST(Heap, FillsUpAndEmptiesAgain) {
  ArenaFrames memory(8_MiB);
  Heap heap(memory.frames);
  void** chain = nullptr;
  u64 count = 0;
  while (void* const object = heap.allocate(96, 16)) {
    *static_cast<void***>(object) = chain;
    chain = static_cast<void**>(object);
    ++count;
  }
  EXPECT_GT(count * 96, 6_MiB);
  EXPECT_LT(memory.frames.free_bytes(), 16_KiB);
  while (chain != nullptr) {
    void** const next = static_cast<void**>(*chain);
    heap.free(chain);
    chain = next;
  }
  EXPECT_EQ(heap.statistics().used_bytes, 0u);
  EXPECT_EQ(heap.statistics().held_bytes, 16_KiB);
}

TEST(Heap, AgreesWithAModel) {
  ArenaFrames memory(48_MiB);
  Heap heap(memory.frames);
  struct Object {
    u8* bytes;
    usize size;
    u8 canary;
  };
  std::vector<Object> objects;
  std::mt19937_64 random(3);
  u64 requested = 0;
  for (int step = 0; step < 15'000; ++step) {
    if (random() % 100 < 51) {
      usize const size = random() % 10 == 0 ? random() % 100'000 : random() % (random() % 3000 + 1);
      usize const alignment = usize{1} << random() % 13;
      auto* const bytes = static_cast<u8*>(heap.allocate(size, alignment));
      if (bytes == nullptr) continue;
      ASSERT_EQ(address_of(bytes) % alignment, 0u);
      auto const canary = static_cast<u8>(random());
      std::memset(bytes, canary, size);
      objects.push_back({bytes, size, canary});
      requested += size;
    } else if (!objects.empty()) {
      std::swap(objects[random() % objects.size()], objects.back());
      auto const [bytes, size, canary] = objects.back();
      objects.pop_back();
      ASSERT_TRUE(std::all_of(bytes, bytes + size, [&](u8 byte) { return byte == canary; }));
      heap.free(bytes);
      requested -= size;
    }
    ASSERT_EQ(heap.statistics().allocations, objects.size());
    ASSERT_GE(heap.statistics().used_bytes, requested);
    ASSERT_GE(heap.statistics().held_bytes, heap.statistics().used_bytes);
  }
  for (auto const& object : objects) heap.free(object.bytes);
  EXPECT_EQ(heap.statistics().allocations, 0u);
  EXPECT_EQ(heap.statistics().used_bytes, 0u);
  EXPECT_EQ(memory.frames.free_bytes() + heap.statistics().held_bytes, memory.frames.total_bytes());
}

/// A heap with page tables behind it. What they map cannot be touched here.
struct MappedHeap {
  explicit MappedHeap(u64 size) : memory(size) {}
  ArenaFrames memory;
  AddressSpace space =
      *AddressSpace::create(memory.frames, [](hw::VirtAddr) {}, NoExecute::Present);
  VirtualRanges ranges{{0xffff'c000'0000'0000}, {0xffff'c010'0000'0000}};
  MappedBlocks mapped{memory.frames, space, ranges};
  Heap heap{memory.frames, &mapped};
};

TEST(MappedHeap, BlocksLargerThanAnyRunOfFrames) {
  MappedHeap machine(64_MiB);
  u64 const before = machine.memory.frames.free_bytes();
  void* const block = machine.heap.allocate(21_MiB + 5, 64);
  ASSERT_NE(block, nullptr);
  hw::VirtAddr const at{address_of(block)};
  u64 const size = 21_MiB + 4096;
  EXPECT_EQ(machine.heap.statistics().used_bytes, size);
  EXPECT_EQ(machine.heap.statistics().held_bytes, size);
  for (u64 offset = 0; offset < size; offset += 4096) {
    auto const mapping = machine.space.mapping_at(at + offset);
    ASSERT_TRUE(mapping);
    EXPECT_TRUE(mapping->entry.get<hw::PageEntry::Writable>());
    EXPECT_TRUE(mapping->entry.get<hw::PageEntry::NoExecute>());
  }
  EXPECT_EQ(machine.space.mapping_at(at)->bytes, hw::large_page_size);
  EXPECT_FALSE(machine.space.translate({at.value - 1}));
  EXPECT_FALSE(machine.space.translate(at + size));
  machine.heap.free(block);
  EXPECT_FALSE(machine.space.translate(at));
  EXPECT_EQ(machine.heap.statistics().held_bytes, 0u);
  EXPECT_EQ(machine.heap.statistics().allocations, 0u);
  // The table in the root stays.
  EXPECT_EQ(machine.memory.frames.free_bytes(), before - 4096);
}

TEST(MappedHeap, WithoutARunOfFramesSingleOnesServe) {
  MappedHeap machine(16_MiB);
  std::vector<hw::PhysAddr> frames;
  while (auto const frame = machine.memory.frames.allocate(single_frame)) frames.push_back(*frame);
  for (usize i = 0; i < frames.size(); i += 2) machine.memory.frames.free(frames[i], single_frame);
  ASSERT_FALSE(machine.memory.frames.allocate({1}));
  void* const block = machine.heap.allocate(100_KiB, 16);
  ASSERT_NE(block, nullptr);
  EXPECT_TRUE(machine.space.translate({address_of(block) + 100_KiB - 1}));
  machine.heap.free(block);
  EXPECT_EQ(machine.heap.statistics().held_bytes, 0u);
  for (usize i = 1; i < frames.size(); i += 2) machine.memory.frames.free(frames[i], single_frame);
}

TEST(MappedHeap, FailingAtAnyFrameLeavesNothing) {
  MappedHeap machine(16_MiB);
  // The table in the root.
  machine.heap.free(machine.heap.allocate(1_MiB, 16));
  u64 const before = machine.memory.frames.free_bytes();
  for (u64 left = 0; left < 600; left += left < 10 ? 1 : 53) {
    {
      FrameShortage const shortage(machine.memory.frames, left);
      void* const block = machine.heap.allocate(1_MiB, 16);
      EXPECT_EQ(block == nullptr, left < 258) << left;  // the frames, and two tables
      machine.heap.free(block);
      EXPECT_EQ(machine.memory.frames.free_bytes(), left * 4096);
    }
    EXPECT_EQ(machine.memory.frames.free_bytes(), before);
  }
  EXPECT_EQ(
      test::fail_each_allocation([&] { machine.heap.free(machine.heap.allocate(1_MiB, 16)); }), 1u);
  EXPECT_EQ(machine.memory.frames.free_bytes(), before);
}

TEST(MappedHeap, ImpossibleSizesAreNull) {
  MappedHeap machine(16_MiB);
  for (u64 const size : {16_MiB, u64{1} << 40, u64{1} << 45, ~u64{0} - 4096, ~u64{0}})
    EXPECT_EQ(machine.heap.allocate(size, 16), nullptr);
  EXPECT_EQ(machine.heap.statistics().allocations, 0u);
}

TEST(MappedHeapDeathTest, FreeingTheInsideOfABlockIsABug) {
  MappedHeap machine(16_MiB);
  void* const block = machine.heap.allocate(1_MiB, 16);
  ASSERT_NE(block, nullptr);
  EXPECT_DEATH(machine.heap.free(static_cast<u8*>(block) + 4096), "assertion failed");
}

}  // namespace
}  // namespace nacre::memory
