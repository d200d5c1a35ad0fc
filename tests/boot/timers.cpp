#include "kernel/boot/devices.hpp"
#include "lib/base/vector.hpp"
#include "lib/exec/wait.hpp"
#include "tests/support/boot_test.hpp"

namespace nacre {
namespace {

using base::u64;
using base::usize;
using exec::Task;
using namespace base::literals;

boot::Devices& devices() {
  static boot::Devices& brought_up = [] -> boot::Devices& {
    boot::Options options;
    options.force_pic = test::boot_info().command_line == "pic";
    return boot::Devices::bring_up(test::boot_info(), options);
  }();
  return brought_up;
}

struct Alarm {
  u64 number;
  base::Instant woken;
};
using Alarms = base::Vector<Alarm>;

Task<u64> sleep_then_note(u64 number, base::Instant deadline, Alarms& alarms) {
  co_await exec::sleep_until(deadline);
  alarms.push_back_reserved({number, devices().now()});
  co_return number;
}

BOOT_TEST("tasks wake in the order of their deadlines, none too early") {
  constexpr u64 count = 100;
  Alarms alarms;
  ASSERT_TRUE(alarms.try_reserve(count).has_value());
  base::Instant const start = devices().now() + 5_ms;
  auto const deadline_of = [&](u64 number) {
    return start + 200_us * static_cast<base::i64>(number);
  };
  for (u64 i = 0; i < count; ++i) {
    u64 const number = i * 37 % count;  // every number once, in no order
    ASSERT_TRUE(devices()
                    .executor()
                    .spawn_detached("sleeper", sleep_then_note(number, deadline_of(number), alarms))
                    .has_value());
  }
  devices().run_until([&] { return alarms.size() == count; });
  u64 wrong = 0;
  for (u64 i = 0; i < count; ++i) {
    if (alarms[i].number != i) ++wrong;
    if (alarms[i].woken < deadline_of(i)) ++wrong;
  }
  EXPECT_EQ(wrong, u64{0});
}

BOOT_TEST("an idle machine is interrupted for what is due, and not by a tick") {
  Alarms alarms;
  ASSERT_TRUE(alarms.try_reserve(1).has_value());
  u64 const before = devices().timer().expired();
  auto const slept = devices().executor().spawn_detached(
      "sleeper", sleep_then_note(0, devices().now() + 300_ms, alarms));
  ASSERT_TRUE(slept.has_value());
  devices().run_until([&] { return alarms.size() == 1; });
  u64 const interrupts = devices().timer().expired() - before;
  test::note("  {} timer interrupts in 300 ms", interrupts);
  // The PIT counts no further than 55 ms.
  EXPECT_TRUE(interrupts >= 1 && interrupts <= 12);
}

}  // namespace
}  // namespace nacre
