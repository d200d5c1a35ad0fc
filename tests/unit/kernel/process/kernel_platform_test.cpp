#include "kernel/process/kernel_platform.hpp"

#include <gtest/gtest.h>
#include <string_view>
#include <vector>

#include "lib/wasm/runtime/linear_memory.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tools/hosted_platform/hosted_platform.hpp"

namespace nacre::process {
namespace {

using base::u64;
using base::u8;

/// `memory::Region` over Linux' memory, with as much of it as a test gives.
struct FakeRegion {
  static inline u64 memory_left = UINT64_MAX;
  static inline int regions = 0;
  static inline u64 last_alignment = 0;
  static tools::HostedPlatform& system() {
    static tools::HostedPlatform platform;
    return platform;
  }

  static u64 available() { return memory_left; }

  struct Address {
    u64 value;
  };
  enum class Error : u8 { OutOfMemory };
  static std::expected<FakeRegion, Error> reserve(std::string_view, u64 size, u64 alignment) {
    last_alignment = alignment;
    auto const address = system().reserve(size);
    if (!address) return std::unexpected(Error::OutOfMemory);
    ++regions;
    return FakeRegion(*address, size);
  }
  FakeRegion(u8* address, u64 size) : address_(address), size_(size) {}
  FakeRegion(FakeRegion&& other) noexcept
      : address_(std::exchange(other.address_, nullptr)),
        size_(other.size_),
        committed_(other.committed_) {}
  ~FakeRegion() {
    if (address_ == nullptr) return;
    system().release(address_, size_);
    memory_left += committed_;
    --regions;
  }
  std::expected<void, Error> commit(u64 size) {
    if (size - committed_ > memory_left) return std::unexpected(Error::OutOfMemory);
    if (!system().commit(address_ + committed_, size - committed_))
      return std::unexpected(Error::OutOfMemory);
    memory_left -= size - committed_;
    committed_ = size;
    return {};
  }
  Address start() const { return {std::bit_cast<u64>(address_)}; }
  u64 size() const { return size_; }
  u64 committed() const { return committed_; }

 private:
  u8* address_;
  u64 size_;
  u64 committed_ = 0;
};

class KernelPlatformTest : public testing::Test {
 protected:
  KernelPlatformTest() { FakeRegion::memory_left = u64{1} << 30; }
  ~KernelPlatformTest() override { EXPECT_EQ(FakeRegion::regions, 0); }
  RegionPlatform<FakeRegion> platform_;
};

TEST_F(KernelPlatformTest, CarriesMemoriesThatGrowAndStayWhereTheyAre) {
  auto one = wasm::LinearMemory::create(platform_, {{1, {}}}, 100);
  auto two = wasm::LinearMemory::create(platform_, {{2, {}}}, 100);
  ASSERT_TRUE(one && two);
  u8* const first = one->data();
  u8* const second = two->data();
  EXPECT_NE(first, second);
  first[65535] = 7;
  EXPECT_TRUE(one->grow(9));
  EXPECT_TRUE(two->grow(1));
  EXPECT_EQ(one->data(), first);
  EXPECT_EQ(first[65535], 7);
  EXPECT_EQ(first[10 * 65536 - 1], 0);
  EXPECT_EQ(second[3 * 65536 - 1], 0);
  EXPECT_FALSE(one->grow(91));
}

TEST_F(KernelPlatformTest, MemoryThatRunsOutIsAValueAndComesBack) {
  FakeRegion::memory_left = 3 * 65536;
  {
    auto memory = wasm::LinearMemory::create(platform_, {{1, {}}}, 100);
    ASSERT_TRUE(memory);
    EXPECT_FALSE(memory->grow(3));
    EXPECT_TRUE(memory->grow(2));
    EXPECT_FALSE(wasm::LinearMemory::create(platform_, {{1, {}}}, 100));
  }
  EXPECT_EQ(FakeRegion::memory_left, 3 * 65536u);
}

TEST_F(KernelPlatformTest, WhatIsLargeBeginsWhereLargePagesDo) {
  for (u64 const size : {u64{4096}, u64{2} << 20, u64{8} << 30}) {
    auto const address = platform_.reserve(size);
    ASSERT_TRUE(address);
    EXPECT_EQ(FakeRegion::last_alignment, size < 2 << 20 ? 4096u : 2u << 20) << size;
    platform_.release(*address, size);
  }
}

TEST_F(KernelPlatformTest, EveryFailedAllocationIsAValue) {
  auto const tried = nacre::test::fail_each_allocation([&] {
    auto const address = platform_.reserve(1 << 20);
    if (address) platform_.release(*address, 1 << 20);
  });
  EXPECT_EQ(tried, 1u);
}

}  // namespace
}  // namespace nacre::process
