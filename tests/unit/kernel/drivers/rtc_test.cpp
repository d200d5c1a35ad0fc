#include "kernel/drivers/rtc.hpp"

#include <ctime>
#include <gtest/gtest.h>

#include "tests/support/fake_machine.hpp"

namespace nacre::drivers {
namespace {

using base::u32;
using base::u64;
using base::u8;

/// A clock that can be caught in the middle of an update.
struct FakeRtc final : test::FakeDevice {
  std::array<u8, 128> cells{};
  int busy_for = 0;      // reads of status A that say so
  int ticks_after = -1;  // reads of cells after which a second passes
  bool ticking_forever = false;
  u8 index = 0;

  u32 read(u64 port, unsigned) override {
    if (port == hw::cmos::index_port) return 0xff;
    if (index == 0x0a) return busy_for != 0 && busy_for-- != 0 ? 0xa6 : 0x26;
    if (ticks_after >= 0 && ticks_after-- == 0) {
      cells[0] = 0;
      cells[2] = 0;
      cells[4] = 0;
      cells[7] = 1;
      cells[8] = 1;
      cells[9] = 0x27;
    }
    if (ticking_forever) cells[0] = static_cast<u8>((cells[0] + 1) & 0x7);
    return cells[index];
  }
  void write(u64 port, u32 value, unsigned) override {
    if (port == hw::cmos::index_port) index = static_cast<u8>(value & 0x7f);
  }
  void set(u8 year, u8 month, u8 day, u8 hour, u8 minute, u8 second, u8 status_b) {
    cells[9] = year;
    cells[8] = month;
    cells[7] = day;
    cells[4] = hour;
    cells[2] = minute;
    cells[0] = second;
    cells[0x0b] = status_b;
  }
};

struct Rtc : testing::Test {
  test::FakeMachine machine;
  FakeRtc clock;
  Rtc() { machine.add_ports(0x70, 2, clock); }
  auto read(u8 century = 0) { return read_rtc(century, test::FakePortIo{&machine}); }
};

TEST(UnixTime, AgreesWithTheHost) {
  for (u32 year = 1970; year < 2110; ++year) {
    for (u8 month = 1; month <= 12; ++month) {
      for (u8 const day : {u8{1}, days_in_month(year, month)}) {
        std::tm host{};
        host.tm_year = static_cast<int>(year) - 1900;
        host.tm_mon = month - 1;
        host.tm_mday = day;
        host.tm_hour = 23;
        host.tm_sec = 59;
        ASSERT_EQ(unix_time({year, month, day, 23, 0, 59}).seconds, timegm(&host));
      }
    }
  }
}

TEST_F(Rtc, DecimalAndBinary) {
  CalendarTime const expected{2026, 12, 31, 23, 59, 58};
  clock.set(0x26, 0x12, 0x31, 0x23, 0x59, 0x58, 0x02);
  EXPECT_EQ(read(), expected);
  clock.set(26, 12, 31, 23, 59, 58, 0x06);
  EXPECT_EQ(read(), expected);
}

TEST_F(Rtc, TwelveHourClock) {
  auto const hour = [&](u8 raw, u8 mode) {
    clock.set(0x26, 0x01, 0x01, raw, 0, 0, mode);
    return read()->hour;
  };
  EXPECT_EQ(hour(0x12, 0), 0);
  EXPECT_EQ(hour(0x01, 0), 1);
  EXPECT_EQ(hour(0x92, 0), 12);
  EXPECT_EQ(hour(0x91, 0), 23);
  EXPECT_EQ(hour(0x8b, 4), 23);
  clock.set(0x26, 0x01, 0x01, 0x13, 0, 0, 0);
  EXPECT_EQ(read().error(), RtcError::BadDate);
}

TEST_F(Rtc, Century) {
  clock.set(0x99, 0x02, 0x28, 0, 0, 0, 0x02);
  EXPECT_EQ(read()->year, 1999u);
  clock.cells[0x32] = 0x20;
  EXPECT_EQ(read(0x32)->year, 2099u);
  clock.cells[0x32] = 0;  // firmware that does not keep it
  EXPECT_EQ(read(0x32)->year, 1999u);
}

TEST_F(Rtc, AnUpdateBetweenTwoReadsIsNotMixed) {
  for (int after = 0; after < 20; ++after) {
    clock.set(0x26, 0x12, 0x31, 0x23, 0x59, 0x59, 0x02);
    clock.ticks_after = after;
    clock.busy_for = 3;
    auto const time = read();
    ASSERT_TRUE(time);
    EXPECT_TRUE((*time == CalendarTime{2026, 12, 31, 23, 59, 59}) ||
                (*time == CalendarTime{2027, 1, 1, 0, 0, 0}))
        << after;
  }
}

TEST_F(Rtc, WhatIsNoDateIsAnError) {
  for (auto const& [month, day] :
       {std::pair<u8, u8>{0, 1}, {0x13, 1}, {2, 0x30}, {1, 0}, {0x0c, 1}}) {
    clock.set(0x26, month, day, 0, 0, 0, 0x02);
    EXPECT_EQ(read().error(), RtcError::BadDate);
  }
  clock.busy_for = -1;
  EXPECT_EQ(read().error(), RtcError::NotPresent);
  clock.busy_for = 0;
  clock.ticking_forever = true;
  EXPECT_EQ(read().error(), RtcError::NotPresent);
}

TEST(RtcMissing, IsNoticed) {
  test::FakeMachine machine;
  EXPECT_EQ(read_rtc(0, test::FakePortIo{&machine}).error(), RtcError::NotPresent);
}

}  // namespace
}  // namespace nacre::drivers
