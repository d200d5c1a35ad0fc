#include "kernel/drivers/virtio/virtqueue.hpp"

#include <gtest/gtest.h>
#include <random>
#include <set>

#include "tests/unit/kernel/drivers/virtio/fake_virtio.hpp"

namespace nacre::drivers {
namespace {

using base::u16;
using base::u32;
using Direction = Virtqueue::Direction;

struct VirtqueueTest : testing::Test {
  test::PhysicalArena arena{64 * 1024};
  Virtqueue queue{arena.window(), {4096}, 8};
  test::DeviceQueue device{arena.window(), 8, queue.descriptors().value, queue.driver_ring().value,
                           queue.device_ring().value};
};

TEST_F(VirtqueueTest, BuffersGoAndComeBackInAnyOrder) {
  std::mt19937 random(3);
  std::set<u16> at_device;
  std::vector<u16> taken;
  // Often enough that all indexes wrap.
  for (int round = 0; round < 100'000; ++round) {
    u16 const buffer = static_cast<u16>(random() % 8);
    if (at_device.insert(buffer).second)
      queue.offer(buffer, {0x8000u + buffer * 0x100u}, 0x100, Direction::FromDevice);
    while (auto const offered = device.take()) taken.push_back(*offered);
    ASSERT_EQ(queue.outstanding(), at_device.size());
    if (random() % 2 == 0) continue;
    std::swap(taken.back(), taken[random() % taken.size()]);
    u16 const done = taken.back();
    ASSERT_EQ(device.descriptor(done).address, 0x8000u + done * 0x100u);
    ASSERT_EQ(device.descriptor(done).length, 0x100u);
    device.give_back(done, done + 1u);
    taken.pop_back();
    auto const used = queue.take_used();
    ASSERT_TRUE(used && *used);
    ASSERT_EQ((*used)->buffer, done);
    ASSERT_EQ((*used)->length, done + 1u);
    at_device.erase(done);
    ASSERT_FALSE(*queue.take_used());
  }
}

TEST_F(VirtqueueTest, WhatADeviceMakesUpIsRefused) {
  EXPECT_FALSE(*queue.take_used());
  queue.offer(2, {0x8000}, 100, Direction::FromDevice);
  queue.offer(3, {0x9000}, 100, Direction::ToDevice);

  device.device().index = 3;
  EXPECT_EQ(queue.take_used().error(), VirtqueueError::BadIndex);
  device.device().index = 0xffff;
  EXPECT_EQ(queue.take_used().error(), VirtqueueError::BadIndex);
  device.device().index = 0;

  for (u32 const number : {0u, 7u, 8u, 0x1'0002u, ~0u}) {
    device.device().index = 0;
    device.give_back(number, 0);
    EXPECT_EQ(queue.take_used().error(), VirtqueueError::BadDescriptor) << number;
  }
  device.device().index = 0;
  device.give_back(2, 101);
  EXPECT_EQ(queue.take_used().error(), VirtqueueError::BadLength);
  device.device().index = 0;
  device.give_back(3, 1);
  EXPECT_EQ(queue.take_used().error(), VirtqueueError::BadLength) << "that one is not for writing";

  device.device().index = 0;
  device.give_back(2, 100);
  device.give_back(2, 100);
  EXPECT_TRUE(*queue.take_used());
  EXPECT_EQ(queue.take_used().error(), VirtqueueError::BadDescriptor) << "given back twice";
}

TEST_F(VirtqueueTest, EachSideSaysWhatItWantsToHear) {
  EXPECT_TRUE(device.wants_interrupt());
  queue.set_interrupts(false);
  EXPECT_FALSE(device.wants_interrupt());
  queue.set_interrupts(true);
  EXPECT_TRUE(device.wants_interrupt());
  EXPECT_TRUE(queue.wants_notification());
  device.device().flags = 1;
  EXPECT_FALSE(queue.wants_notification());
}

}  // namespace
}  // namespace nacre::drivers
