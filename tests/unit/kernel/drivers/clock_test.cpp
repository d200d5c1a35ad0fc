#include "kernel/drivers/clock.hpp"

#include <cmath>
#include <gtest/gtest.h>

#include "kernel/drivers/calibration.hpp"
#include "kernel/drivers/one_shot_timer.hpp"
#include "tests/unit/kernel/drivers/fake_interrupt_controllers.hpp"

namespace nacre::drivers {
namespace {

using base::Instant;
using base::u32;
using base::u64;
using base::u8;
using test::FakeMachine;
using namespace base::literals;

/// Channel 0, counting down at its rate in a machine whose timestamps run at `timestamp_hz`.
struct FakePit final : test::FakeDevice {
  FakeMachine& machine;
  u64 timestamp_hz;
  u32 count = 0, latched = 0;
  u64 started = 0;
  int half_written = 0, half_read = 0;
  bool loaded = false;
  std::vector<u8> controls;

  FakePit(FakeMachine& in, u64 hz) : machine(in), timestamp_hz(hz) { in.add_ports(0x40, 4, *this); }
  u32 read(u64, unsigned) override {
    return (half_read++ % 2 == 0 ? latched : latched >> 8) & 0xff;
  }
  void write(u64 port, u32 value, unsigned) override {
    if (port == 0x43) {
      controls.push_back(static_cast<u8>(value));
      if ((value & 0x30) == 0) {
        u64 const passed = static_cast<u64>(static_cast<double>(machine.timestamp - started) *
                                            1193182.0 / static_cast<double>(timestamp_hz));
        latched = static_cast<u32>(count - passed) & 0xffff;
        half_read = 0;
      } else {
        half_written = 0;
        loaded = false;
      }
    } else if (half_written++ == 0) {
      count = value;
    } else {
      count |= value << 8;
      started = machine.timestamp;
      loaded = true;
    }
  }
};

struct FakePmTimer final : test::FakeDevice {
  FakeMachine& machine;
  u64 timestamp_hz;
  u32 start = 0;
  FakePmTimer(FakeMachine& in, u64 hz) : machine(in), timestamp_hz(hz) {
    in.add_ports(0x608, 4, *this);
  }
  u32 read(u64, unsigned) override {
    return (start + static_cast<u32>(static_cast<double>(machine.timestamp) * 3579545.0 /
                                     static_cast<double>(timestamp_hz))) &
           0xff'ffff;
  }
  void write(u64, u32, unsigned) override {}
};

void expect_near(u64 value, u64 expected, double tolerance) {
  EXPECT_LE(std::abs(static_cast<double>(value) / static_cast<double>(expected) - 1), tolerance)
      << value << " instead of " << expected;
}

TEST(TimeScale, ConvertsBothWays) {
  for (u64 const hz : {1'000'000ull, 1'193'182ull, 62'500'000ull, 999'999'999ull, 1'000'000'000ull,
                       2'693'487'123ull, 5'200'000'000ull, 30'000'000'000ull}) {
    TimeScale const scale = TimeScale::from_hz(hz);
    for (u64 const seconds : {1ull, 60ull, 86'400ull, 31'536'000ull})
      expect_near(static_cast<u64>(scale.to_duration(hz * seconds).ns), seconds * 1'000'000'000,
                  1e-6);
    for (base::i64 const ns : {1ll, 999ll, 1'000'000ll, 1'000'000'000ll, 1'000'000'000'000ll}) {
      u64 const ticks = scale.to_ticks({ns});
      // Not early by more than the scale is off.
      EXPECT_GE(static_cast<double>(ticks) * 1e9 / static_cast<double>(hz),
                static_cast<double>(ns) * (1 - 4e-6));
    }
    EXPECT_EQ(scale.to_ticks({0}), 0u);
    EXPECT_EQ(scale.to_ticks({-5}), 0u);
    EXPECT_EQ(scale.to_duration(0).ns, 0);
  }
  EXPECT_EQ(TimeScale::from_hz(1'000'000).to_duration(UINT64_MAX).ns, INT64_MAX);
  EXPECT_EQ(TimeScale::from_hz(30'000'000'000).to_ticks({INT64_MAX}), UINT64_MAX);
}

TEST(ClockRates, AgainstThePit) {
  for (u64 const hz : {1'000'000'000ull, 2'700'000'000ull, 5'100'000'000ull}) {
    FakeMachine machine;
    machine.ticks_per_access = 900;
    FakePit pit(machine, hz);
    auto const rates = measure_clock_rates(nullptr, nullptr);
    EXPECT_EQ(rates.source, RateSource::Pit);
    expect_near(rates.timestamp_hz, hz, 2e-3);
    EXPECT_FALSE(rates.apic_timer_hz);
    EXPECT_LT(machine.timestamp, hz / 250) << "it must not take much longer than 2 ms";
  }
}

TEST(ClockRates, AgainstTheAcpiTimerAcrossItsWrap) {
  FakeMachine machine;
  machine.ticks_per_access = 300;
  FakePmTimer timer(machine, 2'400'000'000);
  timer.start = 0xff'ff00;
  AcpiPower power;
  power.pm_timer_port = base::u16{0x608};
  auto const rates = measure_clock_rates(&power, nullptr);
  EXPECT_EQ(rates.source, RateSource::PmTimer);
  expect_near(rates.timestamp_hz, 2'400'000'000, 1e-3);
}

TEST(ClockRates, TheApicTimerIsMeasuredInTheSameWindow) {
  FakeMachine machine;
  FakePit pit(machine, 1'000'000'000);
  test::FakeLocalApic device(machine);
  device.timer_period = 16;
  LocalApic<> apic(LocalApicRegisters({0xfee0'0000}, false));
  auto const rates = measure_clock_rates(nullptr, &apic);
  ASSERT_TRUE(rates.apic_timer_hz);
  expect_near(*rates.apic_timer_hz, 62'500'000, 2e-3);
  EXPECT_EQ(device.registers[0x380], 0u) << "the timer must be stopped";
  EXPECT_NE(device.registers[0x320] & 1u << 16, 0u);
}

TEST(ClockRates, TheProcessorIsBelieved) {
  FakeMachine machine;
  machine.cpuid[0].eax = 0x16;
  machine.cpuid[0x15] = {2, 216, 24'000'000, 0};
  auto rates = measure_clock_rates(nullptr, nullptr);
  EXPECT_EQ(rates.source, RateSource::Processor);
  EXPECT_EQ(rates.timestamp_hz, 2'592'000'000u);
  machine.cpuid[0x15].ecx = 0;
  machine.cpuid[0x16].eax = 2600;
  EXPECT_EQ(measure_clock_rates(nullptr, nullptr).timestamp_hz, 2'600'000'000u);

  // The APIC's timer is then measured against it.
  test::FakeLocalApic device(machine);
  device.timer_period = 26;
  LocalApic<> apic(LocalApicRegisters({0xfee0'0000}, false));
  rates = measure_clock_rates(nullptr, &apic);
  ASSERT_TRUE(rates.apic_timer_hz);
  expect_near(*rates.apic_timer_hz, 100'000'000, 2e-3);
}

TEST(ClockRates, TheHypervisorIsBelieved) {
  FakeMachine machine;
  machine.cpuid[1].ecx = 1u << 31;
  machine.cpuid[0x4000'0000].eax = 0x4000'0010;
  machine.cpuid[0x4000'0010] = {2'100'000, 1'000'000, 0, 0};
  auto const rates = measure_clock_rates(nullptr, nullptr);
  EXPECT_EQ(rates.source, RateSource::Hypervisor);
  EXPECT_EQ(rates.timestamp_hz, 2'100'000'000u);
  EXPECT_EQ(rates.apic_timer_hz, 62'500'000u);
}

TEST(ClockRates, WithoutAnythingTheyAreAssumed) {
  FakeMachine machine;
  AcpiPower power;
  power.pm_timer_port = base::u16{0x608};  // where nothing is
  machine.cpuid[0].eax = 0x16;
  machine.cpuid[0x15] = {2, 0, 0, 0};
  auto const rates = measure_clock_rates(&power, nullptr);
  EXPECT_EQ(rates.source, RateSource::Assumed);
  EXPECT_NE(rates.timestamp_hz, 0u);
}

TEST(TimestampClock, CountsFromItsStart) {
  FakeMachine machine;
  machine.ticks_per_access = 0;
  machine.timestamp = 5'000;
  TimestampClock const clock(5'000, 2'000'000'000);
  EXPECT_EQ(clock.now(), Instant{0});
  machine.timestamp = 5'000 + 3'000'000'000;
  EXPECT_EQ(clock.now(), Instant{1'500'000'000});
  expect_near(clock.timestamp_at(Instant{1'500'000'000}), 3'000'005'000, 1e-6);
  EXPECT_EQ(clock.timestamp_at(Instant{-1}), 5'000u);
}

struct TimerTest : testing::Test {
  FakeMachine machine;
  test::FakePic pic{machine};
  FakePit pit{machine, 1'000'000'000};
  TimestampClock clock{0, 1'000'000'000};
  TimerTest() { machine.ticks_per_access = 0; }
};

TEST_F(TimerTest, PitCountsOnceForEachDeadline) {
  auto& controller = InterruptController::install(nullptr, {});
  OneShotTimer timer(controller, clock, {1'000'000'000, RateSource::Pit, {}});
  EXPECT_EQ(timer.kind(), OneShotTimer::Kind::Pit);
  EXPECT_EQ(pic.mask() & 1, 0);
  timer.arm(Instant{} + 1_ms);
  EXPECT_TRUE(pit.loaded);
  EXPECT_NEAR(pit.count, 1193, 2);
  EXPECT_EQ(pit.controls.back(), 0x30) << "mode 0: once";
  timer.arm(Instant{} + 10_s);
  EXPECT_EQ(pit.count, 0xffffu);
  timer.arm(Instant{-5});
  EXPECT_EQ(pit.count, 1u);
  timer.arm(Instant::never());
  EXPECT_FALSE(pit.loaded);
  machine.interrupts_enabled = true;
  EXPECT_TRUE(machine.interrupt({0x20}));
  EXPECT_EQ(timer.expired(), 1u);
}

struct ApicTimerTest : TimerTest {
  test::FakeLocalApic device{machine};
  test::FakeIoApic io_apic{machine, 0xfec0'0000, 24};
  AcpiInterrupts acpi;
  ApicTimerTest() {
    machine.cpuid[1].edx = 1u << 9;
    machine.model_registers[0x1b] = 0xfee0'0900;
    EXPECT_TRUE(acpi.io_apics.try_push_back({{0xfec0'0000}, 0}));
  }
};

TEST_F(ApicTimerTest, CountsOnceForEachDeadline) {
  auto& controller = InterruptController::install(&acpi, {});
  OneShotTimer timer(controller, clock, {1'000'000'000, RateSource::Pit, 62'500'000});
  EXPECT_EQ(timer.kind(), OneShotTimer::Kind::LocalApic);
  EXPECT_EQ(device.registers[0x320], 0x30u);
  EXPECT_EQ(device.registers[0x3e0], 3u);
  timer.arm(Instant{} + 2_ms);
  EXPECT_NEAR(device.registers[0x380], 125'000, 2);
  timer.arm(Instant{} + 1000_s);
  EXPECT_EQ(device.registers[0x380], UINT32_MAX);
  timer.arm(Instant{});
  EXPECT_EQ(device.registers[0x380], 1u);
  timer.disarm();
  EXPECT_EQ(device.registers[0x380], 0u);
  machine.interrupts_enabled = true;
  EXPECT_TRUE(machine.interrupt(hw::local_timer_vector));
  EXPECT_EQ(timer.expired(), 1u);
}

TEST_F(ApicTimerTest, DeadlinesAreTimestampsWhereTheProcessorCanDoThat) {
  machine.cpuid[1].ecx = 1u << 24;
  auto& controller = InterruptController::install(&acpi, {});
  OneShotTimer timer(controller, clock, {1'000'000'000, RateSource::Pit, {}});
  EXPECT_EQ(timer.kind(), OneShotTimer::Kind::TscDeadline);
  EXPECT_EQ(device.registers[0x320], 0x4'0030u);
  timer.arm(Instant{} + 2_ms);
  EXPECT_NEAR(static_cast<double>(machine.model_registers[0x6e0]), 2'000'000, 2);
  timer.arm(Instant{-7});
  EXPECT_EQ(machine.model_registers[0x6e0], 1u) << "zero would disarm";
  timer.disarm();
  EXPECT_EQ(machine.model_registers[0x6e0], 0u);
}

TEST(TimerMissing, IsSaid) {
  FakeMachine machine;
  TimestampClock const clock(0, 1'000'000'000);
  OneShotTimer timer(InterruptController::install(nullptr, {}), clock,
                     {1'000'000'000, RateSource::Assumed, {}});
  EXPECT_EQ(timer.kind(), OneShotTimer::Kind::None);
  timer.arm(Instant{5});
  timer.disarm();
}

}  // namespace
}  // namespace nacre::drivers
