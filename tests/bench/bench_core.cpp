#include "kernel/arch/x86_64/cpu.hpp"
#include "kernel/arch/x86_64/exceptions.hpp"
#include "kernel/hw/cpu.hpp"
#include "kernel/memory/kernel_memory.hpp"
#include "lib/exec/executor.hpp"
#include "lib/exec/wait.hpp"
#include "tests/support/boot_test.hpp"

// What the kernel's core operations cost. Prints `bench: NAME VALUE instructions`; the time stamp
// counter counts instructions when QEMU does (-icount shift=0). Nothing is asserted but that they
// work.
namespace nacre {
namespace {

using base::u64;
using memory::kernel_memory;

/// The cost of two readings of the counter with nothing between them.
u64 overhead() {
  u64 const start = hw::read_timestamp();
  return hw::read_timestamp() - start;
}

template <class Operation>
void measure(std::string_view name, Operation&& operation) {
  constexpr u64 warm_up = 16;
  constexpr u64 rounds = 1000;
  for (u64 i = 0; i < warm_up; ++i) operation();
  u64 const start = hw::read_timestamp();
  for (u64 i = 0; i < rounds; ++i) operation();
  u64 const spent = hw::read_timestamp() - start;
  test::note("bench: {} {} instructions", name, (spent - overhead()) / rounds);
}

BOOT_TEST("memory") {
  auto& frames = kernel_memory().frames();
  auto& space = kernel_memory().space();
  bool good = true;
  measure("heap_allocate_free_64", [&] {
    void* const object = base::allocate(64, 16);
    good = good && object != nullptr;
    base::deallocate(object, 64, 16);
  });
  measure("heap_allocate_free_4096", [&] {
    void* const object = base::allocate(4096, 16);
    good = good && object != nullptr;
    base::deallocate(object, 4096, 16);
  });
  measure("heap_allocate_free_1MiB", [&] {
    void* const object = base::allocate(1 << 20, 16);
    good = good && object != nullptr;
    base::deallocate(object, 1 << 20, 16);
  });
  measure("frame_allocate_free", [&] {
    auto const frame = frames.allocate(memory::single_frame);
    good = good && frame.has_value();
    frames.free(*frame, memory::single_frame);
  });
  constexpr hw::VirtAddr spare{0xffff'b000'0000'0000};
  measure("map_unmap_alone",
          [&] { good = good && space.map(spare, {0}, {1}, {}) && space.unmap(spare, {1}); });
  good = good && space.map(spare, {0}, {1}, {});
  measure("map_unmap_beside_another", [&] {
    good = good && space.map(spare + 4096, {0}, {1}, {}) && space.unmap(spare + 4096, {1});
  });
  EXPECT_TRUE(good);
}

exec::Task<u64> nothing() { co_return 1; }
exec::Task<u64> spawn_and_join(exec::Executor& executor, u64& sum) {
  auto handle = executor.spawn("child", nothing());
  if (!handle) co_return 0;
  auto const result = co_await handle->join();
  sum += result.value_or(0);
  co_return 1;
}

constinit u64 woken_at = 0;
exec::Task<u64> wait_for(exec::Signal& signal) {
  for (;;) {
    co_await signal.wait();
    woken_at = hw::read_timestamp();
  }
}

BOOT_TEST("tasks") {
  exec::Executor executor([] { return base::Instant{}; });
  u64 sum = 0;
  measure("spawn_run_free", [&] {
    auto const handle = executor.spawn("task", nothing());
    executor.run_until_idle();
    sum += handle && handle->is_finished() ? 1 : 0;
  });
  measure("spawn_join_within_task", [&] {
    auto const handle = executor.spawn("parent", spawn_and_join(executor, sum));
    executor.run_until_idle();
  });
  EXPECT_EQ(sum, u64{2 * 1016});

  exec::Signal signal(executor);
  auto const waiter = executor.spawn("waiter", wait_for(signal));
  ASSERT_TRUE(waiter.has_value());
  executor.run_until_idle();
  u64 total = 0;
  constexpr u64 rounds = 1000;
  for (u64 i = 0; i < rounds; ++i) {
    u64 const start = hw::read_timestamp();
    signal.notify();
    executor.run_until_idle();
    total += woken_at - start - overhead();
  }
  test::note("bench: signal_to_task {} instructions", total / rounds);
}

BOOT_TEST("exceptions") {
  static constinit u64 count = 0;
  arch::set_exception_handler(hw::Exception::Breakpoint, [](hw::TrapFrame&) { ++count; });
  measure("exception_round_trip", [] { arch::breakpoint(); });
  arch::set_exception_handler(hw::Exception::Breakpoint, nullptr);
  EXPECT_EQ(count, u64{1016});
  u64 raised = 0;
  measure("caught_fault",
          [&] { raised += test::fault_of([] { asm volatile("ud2"); }).raised ? 1 : 0; });
  EXPECT_EQ(raised, u64{1016});
}

}  // namespace
}  // namespace nacre
