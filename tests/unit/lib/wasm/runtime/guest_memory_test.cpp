#include "lib/wasm/runtime/guest_memory.hpp"

#include <gtest/gtest.h>

#include "tools/hosted_platform/hosted_platform.hpp"

namespace nacre::wasm {
namespace {

class GuestMemoryTest : public testing::Test {
 protected:
  tools::HostedPlatform platform_;
  LinearMemory memory_ = *LinearMemory::create(platform_, {{1, {}}}, 10);
  GuestMemory view_{&memory_};
};

TEST_F(GuestMemoryTest, ReadsAndWritesUpToTheLastByte) {
  EXPECT_TRUE(view_.write<u32>(65532, 0x01020304));
  EXPECT_EQ(*view_.read<u32>(65532), 0x01020304u);
  EXPECT_EQ(*view_.read<u8>(65535), 1);
  EXPECT_EQ(view_.read<u32>(65533).error(), (OutOfBounds{65533, 4}));
  EXPECT_FALSE(view_.write<u8>(65536, 0));
  EXPECT_FALSE(view_.read<u64>(UINT32_MAX));
}

TEST_F(GuestMemoryTest, SpansDoNotOverflow) {
  EXPECT_TRUE(view_.span(65536, 0));
  EXPECT_FALSE(view_.span(65537, 0));
  EXPECT_FALSE(view_.span(1, 65536));
  EXPECT_FALSE(view_.span(8, UINT64_MAX - 4));
  EXPECT_FALSE(view_.span(UINT32_MAX, UINT32_MAX));
  // 2^29 elements of 8 bytes are 2^32: a product of 32 bits would be 0.
  EXPECT_FALSE(view_.array(0, 1u << 29, 8));
  EXPECT_EQ(view_.array(16, 2, 8)->size(), 16u);
}

TEST_F(GuestMemoryTest, FollowsTheMemoryWhenItGrows) {
  EXPECT_FALSE(view_.read<u8>(65536));
  auto const before = view_.span(0, 8)->data();
  EXPECT_TRUE(memory_.grow(1));
  EXPECT_EQ(*view_.read<u8>(65536), 0);
  EXPECT_EQ(view_.span(0, 8)->data(), before);  // It never moves.
  EXPECT_FALSE(memory_.grow(9));
  EXPECT_EQ(memory_.pages(), 2u);
}

TEST(GuestMemoryWithout, HasNothing) {
  GuestMemory const none;
  EXPECT_EQ(none.size(), 0u);
  EXPECT_TRUE(none.span(0, 0));
  EXPECT_TRUE(none.write_bytes(0, {}));
  EXPECT_FALSE(none.read<u8>(0));
}

}  // namespace
}  // namespace nacre::wasm
