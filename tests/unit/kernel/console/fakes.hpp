#pragma once

#include <span>
#include <string>
#include <string_view>

#include "kernel/console/tty.hpp"
#include "lib/base/time.hpp"
#include "lib/exec/executor.hpp"

namespace nacre::console::test {

/// What the executor's clock tells.
inline base::Instant fake_now{};

/// Keeps what a tty sends.
class FakeSerial final : public SerialOutput {
 public:
  exec::Task<std::expected<void, base::OutOfMemory>> write(std::span<const u8> bytes) override {
    written.append(bytes.begin(), bytes.end());
    co_return std::expected<void, base::OutOfMemory>{};
  }
  std::string written;
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
