#include "kernel/memory/kernel_memory.hpp"
#include "lib/base/vector.hpp"
#include "lib/exec/executor.hpp"
#include "lib/exec/wait.hpp"
#include "tests/support/boot_test.hpp"

namespace nacre {
namespace {

using base::u64;
using base::usize;
using exec::Executor;
using exec::Task;
using memory::kernel_memory;

base::Instant no_clock() { return {}; }

Task<u64> count_up(u64 turns, u64& total) {
  u64 own = 0;
  for (u64 i = 0; i < turns; ++i) {
    co_await exec::yield();
    ++own;
    ++total;
  }
  co_return own;
}

BOOT_TEST("a thousand tasks take turns and all come to their end") {
  u64 const before = kernel_memory().heap().statistics().allocations;
  {
    Executor executor(no_clock);
    base::Vector<exec::JoinHandle<u64>> handles;
    ASSERT_TRUE(handles.try_reserve(1000).has_value());
    u64 total = 0;
    for (u64 i = 0; i < 1000; ++i) {
      auto handle = executor.spawn("counter", count_up(i % 10, total));
      ASSERT_TRUE(handle.has_value());
      handles.push_back_reserved(std::move(*handle));
    }
    executor.run_until_idle();
    EXPECT_EQ(total, u64{4500});
    for (auto const& handle : handles) EXPECT_TRUE(handle.is_finished());
  }
  EXPECT_EQ(kernel_memory().heap().statistics().allocations, before);
}

Task<u64> wait_for(exec::Signal& signal, u64& woken) {
  for (;;) {
    co_await signal.wait();
    ++woken;
  }
}

BOOT_TEST("cancelled tasks are gone, with what they waited for") {
  u64 const before = kernel_memory().heap().statistics().allocations;
  {
    Executor executor(no_clock);
    exec::Signal signal(executor);
    u64 woken = 0;
    {
      base::Vector<exec::JoinHandle<u64>> handles;
      for (u64 i = 0; i < 100; ++i) {
        auto handle = executor.spawn("waiter", wait_for(signal, woken));
        ASSERT_TRUE(handle && handles.try_push_back(std::move(*handle)));
      }
      executor.run_until_idle();
      signal.notify();
      executor.run_until_idle();
      EXPECT_EQ(woken, u64{100});
    }
    signal.notify();
    executor.run_until_idle();
    EXPECT_EQ(woken, u64{100});
  }
  EXPECT_EQ(kernel_memory().heap().statistics().allocations, before);
}

struct Chain {
  Chain* next;
};

/// Takes all memory away in pieces of every size.
Chain* take_everything() {
  Chain* chain = nullptr;
  for (usize size = 65536; size > 0; size = size > 4096 ? size / 2 : size - 16) {
    while (auto* const piece = static_cast<Chain*>(base::allocate(size, 16))) {
      piece->next = chain;
      chain = piece;
    }
  }
  return chain;
}
void give_back(Chain* chain) {
  while (chain != nullptr) {
    Chain* const next = chain->next;
    base::deallocate(chain, sizeof(Chain), 16);
    chain = next;
  }
}

Task<std::expected<u64, base::OutOfMemory>> inner() { co_return u64{7}; }
Task<u64> call_inner_without_memory() {
  Chain* const taken = take_everything();
  auto const result = co_await inner();
  give_back(taken);
  co_return result.has_value() ? *result : u64{0};
}
Task<u64> join_it(exec::JoinHandle<u64>& handle, u64& result) {
  auto const joined = co_await handle.join();
  result = joined.value_or(99);
  co_return 0;
}

BOOT_TEST("a coroutine without memory for its frame is an error, not a panic") {
  Executor executor(no_clock);
  u64 total = 0;
  Chain* const taken = take_everything();
  auto task = count_up(1, total);
  EXPECT_TRUE(!task);
  EXPECT_TRUE(!executor.spawn("none", std::move(task)));
  EXPECT_TRUE(!executor.spawn("none", count_up(1, total)));
  give_back(taken);
  executor.run_until_idle();
  EXPECT_EQ(total, u64{0});

  u64 result = 1;
  auto caller = executor.spawn("caller", call_inner_without_memory());
  ASSERT_TRUE(caller.has_value());
  auto joiner = executor.spawn("joiner", join_it(*caller, result));
  ASSERT_TRUE(joiner.has_value());
  executor.run_until_idle();
  EXPECT_EQ(result, u64{0});
}

}  // namespace
}  // namespace nacre
