#include "kernel/shell/stopwatch.hpp"

#include <gtest/gtest.h>

#include "tests/support/failing_allocator.hpp"

namespace nacre::shell {
namespace {

base::Instant now;

TEST(StopwatchTest, TellsWhatHasPassed) {
  now = {5'000'000'000};
  exec::Executor const executor([] { return now; });
  process::Group group;
  group.cpu_time = {1'000'000};
  Stopwatch const stopwatch(executor, group);
  now.ns += 71'234'999'999;
  group.cpu_time.ns += 2'059'000'000;
  EXPECT_EQ(stopwatch.report(Pipeline::Timing::Usual)->view(), "real 71.234 s\nuser 2.059 s\n");
  EXPECT_EQ(stopwatch.report(Pipeline::Timing::Portable)->view(),
            "real 71.23\nuser 2.05\nsys 0.00\n");
  nacre::test::FailingAllocations const none(0);
  EXPECT_FALSE(stopwatch.report(Pipeline::Timing::Usual));
}

}  // namespace
}  // namespace nacre::shell
