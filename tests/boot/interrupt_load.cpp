#include "kernel/boot/devices.hpp"
#include "kernel/hw/interrupts.hpp"
#include "kernel/hw/port.hpp"
#include "lib/exec/wait.hpp"
#include "tests/support/boot_test.hpp"

// The way in from interrupts while they come as fast as the real-time clock can make them, at any
// instruction of what drains the queue. [mc146818: "Periodic Interrupt Selection"]
namespace nacre {
namespace {

using base::u64;
using base::u8;

constexpr u8 clock_line = 8;
constexpr u64 wanted = 2000;
using namespace base::literals;
using Stream = exec::InterruptStream<u64, 64>;

boot::Devices& devices() {
  static boot::Devices& brought_up = [] -> boot::Devices& {
    boot::Options options;
    options.force_pic = test::boot_info().command_line == "pic";
    return boot::Devices::bring_up(test::boot_info(), options);
  }();
  return brought_up;
}

u8 read_clock(u8 index) {
  hw::port_write_u8(0x70, index);
  return hw::port_read_u8(0x71);
}
void write_clock(u8 index, u8 value) {
  hw::port_write_u8(0x70, index);
  hw::port_write_u8(0x71, value);
}

constinit u64 pushed = 0;
void on_clock(void* context) {
  read_clock(0xc);  // says that it was seen
  // More than one item each time, so that the ring is full now and then.
  for (int i = 0; i < 5; ++i) static_cast<Stream*>(context)->push(pushed++);
}

struct Seen {
  u64 count = 0;
  u64 out_of_order = 0;
  u64 next = 0;
  u64 wakes = 0;
};

exec::Task<u64> drain(Stream& stream, Seen& seen) {
  for (;;) {
    while (auto const item = stream.try_next()) {
      ++seen.count;
      if (*item < seen.next) ++seen.out_of_order;
      seen.next = *item + 1;
    }
    // Too slow at times: the ring holds what a dozen interrupts push.
    if (++seen.wakes % 50 == 0) {
      base::Instant const end = devices().now() + 5_ms;
      while (devices().now() < end) {
      }
    }
    co_await stream.changed();
  }
}

/// Keeps the executor busy, so that interrupts strike in the middle of it.
exec::Task<u64> churn(u64& turns) {
  for (;;) {
    ++turns;
    co_await exec::yield();
    void* const object = base::allocate(turns % 500 + 1, 16);
    base::deallocate(object, turns % 500 + 1, 16);
    if (turns % 64 == 0) co_await exec::sleep_for(base::Duration{50'000});
  }
}

BOOT_TEST("nothing that interrupts push is lost unseen, doubled or out of order") {
  auto& executor = devices().executor();
  Stream stream(executor);
  Seen seen;
  u64 turns = 0;
  auto const drainer = executor.spawn("drain", drain(stream, seen));
  auto const churner = executor.spawn("churn", churn(turns));
  ASSERT_TRUE(drainer && churner);
  ASSERT_TRUE(devices().interrupts().route_line(clock_line, on_clock, &stream).has_value());
  constexpr u8 fastest = 0x23;  // 8,192 a second
  constexpr u8 periodic = 0x40;
  u8 const rate = read_clock(0xa);
  u8 const control = read_clock(0xb);
  write_clock(0xa, fastest);
  write_clock(0xb, control | periodic);
  read_clock(0xc);
  devices().interrupts().unmask(clock_line);
  devices().run_until([] { return pushed >= wanted * 5; });
  devices().interrupts().mask(clock_line);
  write_clock(0xb, control);
  write_clock(0xa, rate);
  executor.run_until_idle();
  test::note("  {} pushed, {} seen, {} dropped, {} turns beside them", pushed, seen.count,
             stream.dropped(), turns);
  EXPECT_EQ(seen.count + stream.dropped(), pushed);
  EXPECT_EQ(seen.out_of_order, u64{0});
  EXPECT_TRUE(seen.count >= wanted);
  EXPECT_TRUE(stream.dropped() > 0);
  EXPECT_TRUE(turns > wanted / 10);
}

}  // namespace
}  // namespace nacre
