#include "kernel/shell/stopwatch.hpp"

#include <algorithm>

namespace nacre::shell {
namespace {

u64 milliseconds(base::Duration duration) {
  return static_cast<u64>(std::max<base::i64>(duration.ns, 0)) / 1'000'000;
}

}  // namespace

std::expected<base::String, base::OutOfMemory> Stopwatch::report(Pipeline::Timing timing) const {
  u64 const real = milliseconds(executor_.now() - start_);
  u64 const user = milliseconds(group_.cpu_time - used_);
  if (timing == Pipeline::Timing::Portable) {
    // What the system does for programs is not told apart. [posix/xcu: "time"]
    return base::format("real {}.{:02}\nuser {}.{:02}\nsys 0.00\n", real / 1000, real / 10 % 100,
                        user / 1000, user / 10 % 100);
  }
  return base::format("real {}.{:03} s\nuser {}.{:03} s\n", real / 1000, real % 1000, user / 1000,
                      user % 1000);
}

}  // namespace nacre::shell
