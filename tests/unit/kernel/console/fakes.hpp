#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "kernel/console/tty.hpp"
#include "lib/base/time.hpp"
#include "lib/exec/executor.hpp"
#include "lib/exec/wait.hpp"

namespace nacre::console::test {

/// What the executor's clock tells.
inline base::Instant fake_now{};

/// Keeps what a tty sends.
class FakeSerial final : public SerialOutput {
 public:
  exec::Task<std::expected<void, base::OutOfMemory>> write(std::span<const u8> bytes) override {
    written.append(bytes.begin(), bytes.end());
    if (auto const happens = std::exchange(meanwhile, nullptr)) {
      happens();
      co_await exec::yield();
      co_await exec::yield();
    }
    co_return std::expected<void, base::OutOfMemory>{};
  }
  std::string written;
  /// Happens once, while something is written, which takes as long as others need.
  std::function<void()> meanwhile;
};

/// A serial port's side of reading.
class FakePort {
 public:
  explicit FakePort(exec::Executor& executor) : signal_(executor) {}
  usize try_read(std::span<u8> into) {
    usize const count = incoming.copy(reinterpret_cast<char*>(into.data()), into.size());
    incoming.erase(0, count);
    return count;
  }
  auto readable() { return signal_.wait(); }
  void arrive(std::string_view bytes) {
    incoming += bytes;
    signal_.notify();
  }
  std::string incoming;

 private:
  exec::Signal signal_;
};

}  // namespace nacre::console::test
