#include <cstring>

#include "kernel/memory/kernel_memory.hpp"
#include "kernel/memory/mmio.hpp"
#include "kernel/memory/region.hpp"
#include "tests/support/boot_test.hpp"

namespace nacre {
namespace {

using base::u64;
using base::u8;
using base::usize;
using hw::PageCount;
using hw::VirtAddr;
using memory::kernel_memory;
using namespace base::literals;

/// An address range of the kernel's half that nothing uses.
constexpr VirtAddr spare{0xffff'b000'0000'0000};

volatile u64& word_at(VirtAddr at) { return *reinterpret_cast<volatile u64*>(at.value); }
volatile u64& word_at(hw::PhysAddr at) { return word_at(memory::direct_map(at)); }

BOOT_TEST("a mapped page shows its frame, and none when unmapped") {
  auto& frames = kernel_memory().frames();
  auto& space = kernel_memory().space();
  auto const frame = frames.allocate_zeroed(memory::single_frame);
  ASSERT_TRUE(frame.has_value());
  ASSERT_TRUE(space.map(spare, *frame, {1}, {.write = true}).has_value());
  word_at(spare) = 0x1234;
  EXPECT_EQ(static_cast<u64>(word_at(*frame)), u64{0x1234});
  ASSERT_TRUE(space.unmap(spare, {1}).has_value());
  EXPECT_EQ(test::fault_address_of([] { test::touch(spare); }), spare);
  frames.free(*frame, memory::single_frame);
}

BOOT_TEST("a remapped page shows the new frame: its translation was flushed") {
  auto& frames = kernel_memory().frames();
  auto& space = kernel_memory().space();
  auto const first = frames.allocate_zeroed(memory::single_frame);
  auto const second = frames.allocate_zeroed(memory::single_frame);
  ASSERT_TRUE(first && second);
  word_at(*first) = 1;
  word_at(*second) = 2;
  for (int round = 0; round < 100; ++round) {
    bool const even = round % 2 == 0;
    ASSERT_TRUE(space.map(spare, even ? *first : *second, {1}, {.global = true}).has_value());
    EXPECT_EQ(static_cast<u64>(word_at(spare)), even ? u64{1} : u64{2});
    ASSERT_TRUE(space.unmap(spare, {1}).has_value());
  }
  frames.free(*first, memory::single_frame);
  frames.free(*second, memory::single_frame);
}

BOOT_TEST("a protected page cannot be written, and can again") {
  auto& frames = kernel_memory().frames();
  auto& space = kernel_memory().space();
  auto const frame = frames.allocate_zeroed(memory::single_frame);
  ASSERT_TRUE(frame.has_value());
  ASSERT_TRUE(space.map(spare, *frame, {1}, {.write = true}).has_value());
  word_at(spare) = 1;
  ASSERT_TRUE(space.protect(spare, {1}, {}).has_value());
  EXPECT_EQ(test::fault_address_of([] { word_at(spare) = 2; }), spare);
  EXPECT_EQ(static_cast<u64>(word_at(spare)), u64{1});
  ASSERT_TRUE(space.protect(spare, {1}, {.write = true}).has_value());
  word_at(spare) = 3;
  EXPECT_EQ(static_cast<u64>(word_at(*frame)), u64{3});
  ASSERT_TRUE(space.unmap(spare, {1}).has_value());
  frames.free(*frame, memory::single_frame);
}

BOOT_TEST("one page in a large one is protected, the rest is not") {
  auto region = memory::Region::reserve("test", 4_MiB, hw::large_page_size);
  ASSERT_TRUE(region && region->commit(4_MiB));
  auto& space = kernel_memory().space();
  EXPECT_EQ(space.mapping_at(region->start())->bytes, hw::large_page_size);
  static constinit VirtAddr middle{};
  middle = region->start() + 1_MiB;
  word_at(middle) = 1;
  word_at(middle + 4096) = 1;
  ASSERT_TRUE(space.protect(middle, {1}, {}).has_value());
  EXPECT_EQ(test::fault_address_of([] { word_at(middle) = 2; }), middle);
  word_at(middle + 4096) = 2;
  EXPECT_EQ(static_cast<u64>(word_at(middle)), u64{1});
  EXPECT_EQ(static_cast<u64>(word_at(middle + 4096)), u64{2});
}

BOOT_TEST("tables and large pages take turns at one place") {
  auto& frames = kernel_memory().frames();
  auto& space = kernel_memory().space();
  auto const small = frames.allocate_zeroed(memory::single_frame);
  auto const large = frames.allocate_zeroed(memory::large_frame);
  ASSERT_TRUE(small && large);
  word_at(*small) = 1;
  word_at(*large) = 2;
  for (int round = 0; round < 10; ++round) {
    ASSERT_TRUE(space.map(spare, *small, {1}, {.write = true}).has_value());
    EXPECT_EQ(static_cast<u64>(word_at(spare)), u64{1});
    ASSERT_TRUE(space.unmap(spare, {1}).has_value());
    ASSERT_TRUE(space.map(spare, *large, PageCount::covering(2_MiB), {.write = true}).has_value());
    EXPECT_EQ(static_cast<u64>(word_at(spare)), u64{2});
    ASSERT_TRUE(space.unmap(spare, PageCount::covering(2_MiB)).has_value());
  }
  frames.free(*small, memory::single_frame);
  frames.free(*large, memory::large_frame);
}

BOOT_TEST("a region gives back what it took") {
  u64 const before = kernel_memory().frames().free_bytes();
  {
    auto region = memory::Region::reserve("test", 64_GiB);
    ASSERT_TRUE(region && region->commit(1) && region->commit(3_MiB));
    EXPECT_EQ(region->committed(), 3_MiB);
    EXPECT_EQ(static_cast<u64>(word_at(region->start() + (3_MiB - 8))), u64{0});
    EXPECT_TRUE(region->commit(64_GiB).error() == memory::MapError::OutOfMemory);
    EXPECT_EQ(region->committed(), 3_MiB);
    EXPECT_TRUE(region->commit(~u64{0}).error() == memory::MapError::OutOfRange);
    EXPECT_TRUE(region->commit(1).has_value());
    EXPECT_EQ(region->committed(), 3_MiB);
  }
  EXPECT_TRUE(!memory::Region::reserve("test", ~u64{0}));
  EXPECT_EQ(kernel_memory().frames().free_bytes(), before);
}

BOOT_TEST("device memory that cannot be is out of range") {
  using enum memory::MapError;
  auto const error_of = [](u64 phys, u64 size) {
    return memory::map_device({phys}, size, memory::Caching::Uncached).error();
  };
  EXPECT_TRUE(error_of(0xfee0'0000, 0) == OutOfRange);
  EXPECT_TRUE(error_of(0xfee0'0000, ~u64{0}) == OutOfRange);
  EXPECT_TRUE(error_of(u64{1} << 52, 4096) == OutOfRange);
  EXPECT_TRUE(error_of(~u64{0}, 4096) == OutOfRange);
  auto const apic = memory::map_device({0xfee0'0020}, 16, memory::Caching::Uncached);
  EXPECT_TRUE(apic && apic->value % 4096 == 0x20);
}

BOOT_TEST("a million allocations, and nothing is lost") {
  auto const before = kernel_memory().heap().statistics();
  constexpr usize alive = 512;
  static constinit std::array<u8*, alive> objects{};
  static constinit std::array<base::u16, alive> sizes{};
  u64 state = 88172645463325252;
  u64 wrong = 0;
  for (u64 i = 0; i < 1'000'000; ++i) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    usize const slot = state % alive;
    usize const size = state >> 32 & (i % 64 == 0 ? 0x1fff : 0xff);
    if (u8* const old = objects[slot]; old != nullptr) {
      if (*old != static_cast<u8>(slot) || old[sizes[slot]] != static_cast<u8>(slot)) ++wrong;
      base::deallocate(old, sizes[slot] + 1u, 16);
    }
    auto* const fresh = static_cast<u8*>(base::allocate(size + 1, 16));
    objects[slot] = fresh;
    sizes[slot] = static_cast<base::u16>(size);
    if (fresh == nullptr) {
      ++wrong;
      continue;
    }
    fresh[0] = fresh[size] = static_cast<u8>(slot);
  }
  for (usize slot = 0; slot < alive; ++slot) base::deallocate(objects[slot], sizes[slot] + 1u, 16);
  EXPECT_EQ(wrong, u64{0});
  auto const& after = kernel_memory().heap().statistics();
  EXPECT_EQ(after.allocations, before.allocations);
  EXPECT_EQ(after.used_bytes, before.used_bytes);
}

BOOT_TEST("a block larger than any run of frames") {
  u64 const before = kernel_memory().frames().free_bytes();
  constexpr usize size = 9_MiB + 1;
  auto* const bytes = static_cast<u8*>(base::allocate(size, 16));
  ASSERT_TRUE(bytes != nullptr);
  std::memset(bytes, 0x5a, size);
  EXPECT_TRUE(bytes[0] == 0x5a && bytes[size / 2] == 0x5a && bytes[size - 1] == 0x5a);
  static constinit VirtAddr end{};
  end = VirtAddr{reinterpret_cast<u64>(bytes) + base::align_up(size, hw::page_size)};
  EXPECT_EQ(test::fault_address_of([] { word_at(end) = 1; }), end);
  base::deallocate(bytes, size, 16);
  EXPECT_TRUE(kernel_memory().frames().free_bytes() + 64_KiB >= before);
}

/// Takes blocks of `size` until there are none, and gives them back. Returns how many there were.
u64 exhaust(usize size) {
  void** chain = nullptr;
  u64 count = 0;
  while (void* const block = base::allocate(size, 16)) {
    *static_cast<void***>(block) = chain;
    chain = static_cast<void**>(block);
    ++count;
  }
  while (chain != nullptr) {
    void** const next = static_cast<void**>(*chain);
    base::deallocate(chain, size, 16);
    chain = next;
  }
  return count;
}

BOOT_TEST("heap exhaustion is a value, for every size, again and again") {
  auto const allocations = kernel_memory().heap().statistics().allocations;
  for (usize const size : {usize{64}, usize{2048}, usize{4096}, usize{100'000}, usize{3'000'000}}) {
    u64 const free = kernel_memory().frames().free_bytes();
    u64 const first = exhaust(size);
    u64 const second = exhaust(size);
    test::note("  {} blocks of {} bytes in {} KiB", first, size, free >> 10);
    EXPECT_TRUE(first * size > free / 2);
    EXPECT_EQ(first, second);
  }
  EXPECT_EQ(kernel_memory().heap().statistics().allocations, allocations);
  EXPECT_TRUE(base::allocate(usize{1} << 62, 16) == nullptr);
}

}  // namespace
}  // namespace nacre
