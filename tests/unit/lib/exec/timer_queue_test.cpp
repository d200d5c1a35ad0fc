#include "lib/exec/timer_queue.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <memory>
#include <random>
#include <vector>

namespace nacre::exec {
namespace {

using base::Instant;

struct Recorder : Timer {
  Recorder(Instant at, std::vector<Recorder*>& into) : Timer(at), expired_in_order(into) {}
  void expired() override { expired_in_order.push_back(this); }
  std::vector<Recorder*>& expired_in_order;
};

TEST(TimerQueue, AgainstASortedList) {
  std::mt19937 random(1);
  TimerQueue queue;
  std::vector<Recorder*> order;
  std::vector<std::unique_ptr<Recorder>> timers;
  for (int i = 0; i < 2000; ++i) {
    timers.push_back(
        std::make_unique<Recorder>(Instant{static_cast<std::int64_t>(random() % 500)}, order));
    queue.arm(*timers.back());
    if (random() % 3 == 0)
      timers.erase(timers.begin() + static_cast<long>(random() % timers.size()));
  }
  std::vector<Recorder*> expected;
  for (auto& timer : timers) expected.push_back(timer.get());
  std::ranges::stable_sort(expected, {}, &Timer::deadline);
  EXPECT_EQ(queue.next_deadline(), expected.front()->deadline());
  std::size_t count = 0;
  for (int now = 0; now < 500; now += 13) count += queue.expire(Instant{now});
  count += queue.expire(Instant{500});
  EXPECT_EQ(count, expected.size());
  EXPECT_EQ(order, expected);
  EXPECT_EQ(queue.next_deadline(), Instant::never());
}

TEST(TimerQueue, ATimerArmedWhileExpiringWaitsForTheNextCall) {
  TimerQueue queue;
  struct Again : Timer {
    Again(TimerQueue& in) : Timer(Instant{1}), queue(in) {}
    void expired() override {
      ++times;
      queue.arm(*this);
    }
    TimerQueue& queue;
    int times = 0;
  } again(queue);
  queue.arm(again);
  EXPECT_EQ(queue.expire(Instant{5}), 1u);
  EXPECT_EQ(queue.expire(Instant{5}), 1u);
  EXPECT_EQ(again.times, 2);
  EXPECT_TRUE(again.is_armed());
}

}  // namespace
}  // namespace nacre::exec
