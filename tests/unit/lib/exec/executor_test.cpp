#include "lib/exec/executor.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <string>
#include <thread>
#include <vector>

#include "lib/exec/wait.hpp"
#include "tests/support/failing_allocator.hpp"

namespace nacre::exec {
namespace {

using base::Instant;
using base::OutOfMemory;
using namespace base::literals;

Instant fake_now{};
Instant fake_clock() { return fake_now; }

class ExecutorTest : public testing::Test {
 protected:
  ExecutorTest() { fake_now = Instant{}; }
  /// Runs until idle, moves the clock to the next deadline, and so on until there is neither.
  void run_to_the_end() {
    for (;;) {
      executor.run_until_idle();
      if (executor.next_deadline() == Instant::never()) return;
      fake_now = std::max(fake_now, executor.next_deadline());
    }
  }

  Executor executor{fake_clock};
  std::string log;
};

using Result = std::expected<int, OutOfMemory>;

Task<Result> number(int value) { co_return value; }
Task<Result> sum(int depth) {
  if (depth == 0) co_return 0;
  CO_TRY(int const rest, co_await sum(depth - 1));
  CO_TRY(int const own, co_await number(depth));
  co_return rest + own;
}

TEST_F(ExecutorTest, AwaitedTasksReturnThroughAllLevels) {
  auto handle = executor.spawn("sum", sum(100));
  ASSERT_TRUE(handle);
  int got = 0;
  auto joined = [](auto& of, int& result) -> Task<> {
    result = (co_await of.join()).value().value();
  }(*handle, got);
  ASSERT_TRUE(executor.spawn_detached("join", std::move(joined)));
  executor.run_until_idle();
  EXPECT_EQ(got, 5050);
}

Task<> append(std::string& log, char c, int times) {
  for (int i = 0; i < times; ++i) {
    log += c;
    co_await yield();
  }
}

TEST_F(ExecutorTest, TasksTakeTurns) {
  ASSERT_TRUE(executor.spawn_detached("a", append(log, 'a', 3)));
  ASSERT_TRUE(executor.spawn_detached("b", append(log, 'b', 3)));
  executor.run_until_idle();
  EXPECT_EQ(log, "ababab");
}

Task<> sleeper(std::string& log, char c, Instant until) {
  co_await sleep_until(until);
  log += c;
}

TEST_F(ExecutorTest, SleepersWakeInTheOrderOfTheirDeadlines) {
  for (auto [c, at] : {std::pair{'c', 30}, {'a', 10}, {'d', 40}, {'b', 20}, {'B', 20}}) {
    ASSERT_TRUE(executor.spawn_detached("sleeper", sleeper(log, c, Instant{at})));
  }
  run_to_the_end();
  EXPECT_EQ(log, "abBcd");
  EXPECT_EQ(fake_now, Instant{40});
}

struct Witness {
  std::string& log;
  char c;
  ~Witness() { log += c; }
};
Task<> holds(std::string& log, char c, Instant until) {
  Witness const witness{log, c};
  co_await sleep_until(until);
  log += '!';
}
Task<Result> nested(std::string& log) {
  Witness const outer{log, 'o'};
  auto inner = [](std::string& text) -> Task<Result> {
    Witness const witness{text, 'i'};
    co_await sleep_for(1_s);
    co_return 1;
  };
  co_return co_await inner(log);
}

TEST_F(ExecutorTest, CancellingRunsTheDestructorsOfEveryLevel) {
  auto handle = executor.spawn("nested", nested(log));
  ASSERT_TRUE(handle);
  executor.run_until_idle();
  EXPECT_EQ(executor.next_deadline(), Instant{} + 1_s);
  handle->cancel();
  EXPECT_EQ(log, "io");
  EXPECT_TRUE(handle->is_finished());
  EXPECT_EQ(executor.next_deadline(), Instant::never());
}

/// A level that waits for the next one; the innermost sleeps.
Task<Result> level(int depth, int& destroyed) {
  struct Counted {
    int& count;
    int depth;
    /// Only if all that are further in are gone.
    ~Counted() { count += count == depth ? 1 : 0; }
  } const counted{destroyed, depth};
  if (depth != 0) co_return co_await level(depth - 1, destroyed);
  co_await sleep_for(1_s);
  co_return 7;
}

TEST_F(ExecutorTest, DepthTakesNoStack) {
  constexpr int depth = 200'000;
  int destroyed = 0;
  auto handle = executor.spawn("deep", level(depth, destroyed));
  ASSERT_TRUE(handle);
  executor.run_until_idle();
  EXPECT_EQ(destroyed, 0);
  handle->cancel();
  EXPECT_EQ(destroyed, depth + 1) << "innermost first";

  destroyed = 0;
  auto again = executor.spawn("deep", level(depth, destroyed));
  ASSERT_TRUE(again);
  run_to_the_end();
  EXPECT_TRUE(again->is_finished());
  EXPECT_EQ(destroyed, depth + 1);
}

TEST_F(ExecutorTest, DroppingTheHandleCancels) {
  {
    auto handle = executor.spawn("held", holds(log, 'h', Instant{5}));
    ASSERT_TRUE(handle);
    executor.run_until_idle();
  }
  EXPECT_EQ(log, "h");
}

TEST_F(ExecutorTest, ATaskCancelledBeforeItStartedNeverRuns) {
  auto handle = executor.spawn("early", append(log, 'x', 1));
  ASSERT_TRUE(handle);
  handle->cancel();
  executor.run_until_idle();
  EXPECT_EQ(log, "");
}

TEST_F(ExecutorTest, ATaskCanCancelAnotherThatIsReadyInTheSameRound) {
  std::optional<JoinHandle<void>> victim;
  auto killer = [](std::optional<JoinHandle<void>>& target) -> Task<> {
    target->cancel();
    co_return;
  };
  ASSERT_TRUE(executor.spawn_detached("killer", killer(victim)));
  victim = std::move(executor.spawn("victim", append(log, 'v', 1)).value());
  executor.run_until_idle();
  EXPECT_EQ(log, "");
  EXPECT_TRUE(victim->is_finished());
}

TEST_F(ExecutorTest, ATaskThatCancelsItselfStopsWhereItNextWaits) {
  std::optional<JoinHandle<void>> self;
  auto suicidal = [](std::optional<JoinHandle<void>>& own, std::string& text) -> Task<> {
    own->cancel();
    text += 'a';
    co_await yield();
    text += 'b';
  };
  self = std::move(executor.spawn("self", suicidal(self, log)).value());
  executor.run_until_idle();
  EXPECT_EQ(log, "a");
  EXPECT_TRUE(self->is_finished());
}

TEST_F(ExecutorTest, JoiningACancelledTaskSaysSo) {
  auto victim = executor.spawn("victim", holds(log, 'v', Instant{100}));
  ASSERT_TRUE(victim);
  bool cancelled = false;
  auto join = [](JoinHandle<void>& of, bool& result) -> Task<> {
    auto const joined = co_await of.join();
    result = !joined && joined.error() == JoinError::Cancelled;
  };
  ASSERT_TRUE(executor.spawn_detached("join", join(*victim, cancelled)));
  executor.run_until_idle();
  victim->cancel();
  executor.run_until_idle();
  EXPECT_TRUE(cancelled);
}

TEST_F(ExecutorTest, AJoinerThatIsCancelledLeavesTheTaskAlone) {
  auto slow = executor.spawn("slow", sleeper(log, 's', Instant{10}));
  ASSERT_TRUE(slow);
  auto join = [](JoinHandle<void>& of) -> Task<> { co_await of.join(); };
  auto joiner = executor.spawn("joiner", join(*slow));
  ASSERT_TRUE(joiner);
  executor.run_until_idle();
  joiner->cancel();
  run_to_the_end();
  EXPECT_EQ(log, "s");
}

TEST_F(ExecutorTest, ASignalBeforeTheWaitIsRemembered) {
  Signal signal(executor);
  auto waiter = [](Signal& on, std::string& text) -> Task<> {
    for (;;) {
      co_await on.wait();
      text += 's';
    }
  };
  signal.notify();
  signal.notify();
  auto handle = executor.spawn("waiter", waiter(signal, log));
  ASSERT_TRUE(handle);
  executor.run_until_idle();
  EXPECT_EQ(log, "s");
  signal.notify();
  EXPECT_TRUE(executor.has_work());
  executor.run_until_idle();
  EXPECT_EQ(log, "ss");
  handle->cancel();
  signal.notify();
  executor.run_until_idle();
  EXPECT_EQ(log, "ss");
}

Task<Result> wait_for_any(WaitList& first, WaitList& second, Instant deadline, int times) {
  WaitSet set;
  CO_TRY(set.add(first));
  CO_TRY(set.add(second));
  int woken = 0;
  while (woken < times) {
    co_await set.wait_until(deadline);
    ++woken;
  }
  co_return woken;
}

TEST_F(ExecutorTest, ASetOfListsIsWokenByAnyOfThem) {
  WaitList first;
  WaitList second;
  auto handle = executor.spawn("any", wait_for_any(first, second, Instant::never(), 2));
  ASSERT_TRUE(handle);
  executor.run_until_idle();
  EXPECT_EQ(executor.next_deadline(), Instant::never());
  EXPECT_FALSE(first.empty());
  second.wake_all();
  executor.run_until_idle();
  EXPECT_FALSE(second.empty()) << "it waits at both again";
  first.wake_all();
  executor.run_until_idle();
  EXPECT_TRUE(handle->is_finished());
  EXPECT_TRUE(first.empty() && second.empty());
}

TEST_F(ExecutorTest, ASetOfListsWaitsNoLongerThanToItsDeadline) {
  WaitList first;
  WaitList second;
  auto handle = executor.spawn("any", wait_for_any(first, second, Instant{30}, 1));
  ASSERT_TRUE(handle);
  run_to_the_end();
  EXPECT_TRUE(handle->is_finished());
  EXPECT_EQ(fake_now, Instant{30});
}

TEST_F(ExecutorTest, ASetOfListsIsOffThemWhenItsTaskIsCancelled) {
  WaitList first;
  WaitList second;
  auto handle = executor.spawn("any", wait_for_any(first, second, Instant{30}, 1));
  ASSERT_TRUE(handle);
  executor.run_until_idle();
  handle->cancel();
  EXPECT_TRUE(first.empty() && second.empty());
  EXPECT_EQ(executor.next_deadline(), Instant::never());
}

TEST_F(ExecutorTest, StreamsLoseNothingBetweenThreads) {
  constexpr int count = 100'000;
  InterruptStream<int, 256> stream(executor);
  int received = 0;
  auto reader = [](InterruptStream<int, 256>& from, int& next) -> Task<> {
    while (next < count) {
      while (auto const item = from.try_next()) {
        EXPECT_EQ(*item, next);
        ++next;
      }
      if (next < count) co_await from.changed();
    }
  };
  auto handle = executor.spawn("reader", reader(stream, received));
  ASSERT_TRUE(handle);
  std::atomic<int> taken{0};
  std::thread producer([&] {
    for (int i = 0; i < count; ++i) {
      while (i - taken.load(std::memory_order_acquire) >= 256) std::this_thread::yield();
      stream.push(i);
    }
  });
  while (!handle->is_finished()) {
    executor.run_until_idle();
    taken.store(received, std::memory_order_release);
  }
  producer.join();
  EXPECT_EQ(received, count);
  EXPECT_EQ(stream.dropped(), 0u);
}

TEST_F(ExecutorTest, ManyThreadsNotifyManySignals) {
  constexpr int threads = 4;
  constexpr int rounds = 20'000;
  struct Counter {
    explicit Counter(Executor& on) : signal(on) {}
    Signal signal;
    std::atomic<int> sent{0};
    int seen = 0;
  };
  std::vector<std::unique_ptr<Counter>> counters;
  auto watch = [](Counter& counter) -> Task<> {
    while (counter.seen < rounds) {
      co_await counter.signal.wait();
      counter.seen = counter.sent.load(std::memory_order_acquire);
    }
  };
  std::vector<JoinHandle<void>> handles;
  for (int i = 0; i < threads; ++i) {
    counters.push_back(std::make_unique<Counter>(executor));
    handles.push_back(std::move(executor.spawn("watch", watch(*counters.back())).value()));
  }
  std::vector<std::thread> senders;
  for (auto& counter : counters) {
    senders.emplace_back([&counter] {
      for (int i = 0; i < rounds; ++i) {
        counter->sent.fetch_add(1, std::memory_order_release);
        counter->signal.notify();
      }
    });
  }
  auto const all_finished = [&] {
    return std::ranges::all_of(handles, [](auto& handle) { return handle.is_finished(); });
  };
  while (!all_finished()) executor.run_until_idle();
  for (auto& sender : senders) sender.join();
  for (auto& counter : counters) EXPECT_EQ(counter->seen, rounds);
}

TEST_F(ExecutorTest, AThousandTasks) {
  int finished = 0;
  auto work = [](int& count, int n) -> Task<> {
    co_await sleep_for(base::Duration{n % 7});
    co_await yield();
    ++count;
  };
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(executor.spawn_detached("work", work(finished, i)));
  run_to_the_end();
  EXPECT_EQ(finished, 1000);
  int left = 0;
  executor.for_each_task([&](const TaskState&) { ++left; });
  EXPECT_EQ(left, 0);
}

TEST_F(ExecutorTest, EveryAllocationMayFail) {
  auto const tried = test::fail_each_allocation([&] {
    auto handle = executor.spawn("sum", sum(4));
    if (!handle) return;
    executor.run_until_idle();
    ASSERT_TRUE(handle->is_finished());
  });
  EXPECT_GE(tried, 7u);  // two frames a level at its deepest, the root and its state
}

TEST_F(ExecutorTest, AFailedFrameIsAnErrorWhereItIsAwaited) {
  std::optional<std::expected<Result, JoinError>> got;
  auto handle = executor.spawn("sum", sum(3));
  ASSERT_TRUE(handle);
  auto join = [](auto& of, auto& result) -> Task<> { result = co_await of.join(); };
  ASSERT_TRUE(executor.spawn_detached("join", join(*handle, got)));
  {
    test::FailingAllocations const failing(1);
    executor.run_until_idle();
    EXPECT_TRUE(failing.triggered());
  }
  ASSERT_TRUE(got && *got);
  EXPECT_EQ((**got).error(), OutOfMemory{});
}

TEST_F(ExecutorTest, DestroyingTheExecutorCancelsWhatIsLeft) {
  {
    Executor doomed{fake_clock};
    ASSERT_TRUE(doomed.spawn_detached("left", holds(log, 'l', Instant{1000})));
    doomed.run_until_idle();
  }
  EXPECT_EQ(log, "l");
}

}  // namespace
}  // namespace nacre::exec
