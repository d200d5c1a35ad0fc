#include "kernel/drivers/speaker.hpp"

#include <gtest/gtest.h>

#include "tests/support/fake_machine.hpp"

namespace nacre::drivers {
namespace {

using base::u16;
using base::u32;
using base::u64;
using base::u8;
using namespace base::literals;

constinit base::Instant now{};

/// The timer's second channel and the port that switches its output.
struct FakeSpeaker final : test::FakeDevice {
  u8 switches = 0x0c;  // error checks off, as firmware leaves them
  u8 control = 0;
  std::vector<u8> halves;

  u32 read(u64 port, unsigned) override { return port == 0x61 ? switches | 0xb0u : 0xff; }
  void write(u64 port, u32 value, unsigned) override {
    if (port == 0x61) {
      EXPECT_EQ(value & 0xf0, 0u) << "the upper half is read only";
      switches = static_cast<u8>(value & 0x0f);
    } else if (port == 0x43) {
      control = static_cast<u8>(value);
      halves.clear();
    } else {
      EXPECT_EQ(port, 0x42u) << "the other channels are others' business";
      halves.push_back(static_cast<u8>(value));
    }
  }
  bool sounds() const { return (switches & 3) == 3; }
  u32 count() const { return halves.at(0) | u32{halves.at(1)} << 8; }
};

struct SpeakerTest : testing::Test {
  test::FakeMachine machine;
  FakeSpeaker device;
  exec::Executor executor{[] { return now; }};
  test::FakePortIo io{&machine};

  SpeakerTest() {
    now = {};
    machine.add_ports(0x40, 4, device);
    machine.add_ports(0x61, 1, device);
  }
  void at(base::Duration time) {
    now = base::Instant{} + time;
    executor.run_until_idle();
  }
};

TEST_F(SpeakerTest, SoundsUntilItsTimeIsOver) {
  PcSpeaker<test::FakePortIo> speaker(executor, io);
  speaker.play(440, 200_ms);
  EXPECT_TRUE(device.sounds());
  EXPECT_EQ(device.control, 0xb6);
  EXPECT_EQ(device.count(), 1'193'182u / 440);
  EXPECT_EQ(device.switches & 0x0c, 0x0c) << "the error checks are not ours";
  at(199_ms);
  EXPECT_TRUE(device.sounds());
  at(200_ms);
  EXPECT_FALSE(device.sounds());
  EXPECT_EQ(device.switches, 0x0c);
  EXPECT_EQ(executor.next_deadline(), base::Instant::never());
}

TEST_F(SpeakerTest, AToneTakesThePlaceOfTheOneBefore) {
  PcSpeaker<test::FakePortIo> speaker(executor, io);
  speaker.play(440, 100_ms);
  at(50_ms);
  speaker.play(880, 100_ms);
  EXPECT_EQ(device.count(), 1'193'182u / 880);
  at(120_ms);
  EXPECT_TRUE(device.sounds());
  at(150_ms);
  EXPECT_FALSE(device.sounds());
}

TEST_F(SpeakerTest, IsSilencedAtOnce) {
  {
    PcSpeaker<test::FakePortIo> speaker(executor, io);
    speaker.play(440, 100_ms);
    speaker.silence();
    EXPECT_FALSE(device.sounds());
    EXPECT_EQ(executor.next_deadline(), base::Instant::never());
    speaker.silence();
    speaker.play(440, 100_ms);
    speaker.play(440, {});
    EXPECT_FALSE(device.sounds());
    speaker.play(440, 100_ms);
  }
  EXPECT_FALSE(device.sounds()) << "its end is the end of its tone";
  EXPECT_EQ(executor.next_deadline(), base::Instant::never());
}

TEST_F(SpeakerTest, FrequenciesAreBroughtToWhatItHas) {
  PcSpeaker<test::FakePortIo> speaker(executor, io);
  auto const count_of = [&](u32 frequency) {
    speaker.play(frequency, 1_ms);
    return device.count();
  };
  EXPECT_EQ(count_of(0), 1'193'182u / 20);
  EXPECT_EQ(count_of(1), 1'193'182u / 20);
  EXPECT_EQ(count_of(20'000), 59u);
  EXPECT_EQ(count_of(UINT32_MAX), 59u);
}

TEST_F(SpeakerTest, IsFoundAndLeftSilent) {
  device.switches = 0x0f;
  EXPECT_TRUE(PcSpeaker<test::FakePortIo>::is_present(io));
  EXPECT_EQ(device.switches, 0x0c);
}

TEST(SpeakerMissing, IsNoticed) {
  test::FakeMachine machine;
  EXPECT_FALSE(PcSpeaker<test::FakePortIo>::is_present({&machine}));
}

TEST(SpeakerMissing, WhatDoesNotReadBackIsNone) {
  struct Zeros final : test::FakeDevice {
    u32 read(u64, unsigned) override { return 0; }
    void write(u64, u32, unsigned) override {}
  } zeros;
  test::FakeMachine machine;
  machine.add_ports(0x61, 1, zeros);
  EXPECT_FALSE(PcSpeaker<test::FakePortIo>::is_present({&machine}));
}

}  // namespace
}  // namespace nacre::drivers
