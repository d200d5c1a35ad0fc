#pragma once

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "kernel/fs/stream.hpp"
#include "kernel/process/run.hpp"
#include "lib/exec/executor.hpp"
#include "lib/exec/wait.hpp"
#include "lib/wasm/interpret/interpreter.hpp"
#include "tools/hosted_platform/hosted_platform.hpp"

namespace nacre::process::test {

/// Keeps what is written; a chosen kind of error, once it is set.
class CollectingStream final : public fs::Stream {
 public:
  std::string text;
  std::optional<fs::ErrorKind> error;
  usize most_at_once = 1'000'000;
  bool terminal = false;

  exec::Task<fs::Result<usize>> read(std::span<u8>) override {
    co_return fs::fail(fs::ErrorKind::NotOpenForReading);
  }
  exec::Task<fs::Result<usize>> write(std::span<const u8> bytes) override {
    if (error) co_return fs::fail(*error);
    usize const count = std::min(bytes.size(), most_at_once);
    text.append(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
    co_return count;
  }
  bool is_terminal() const override { return terminal; }
};

/// Gives what a test puts in, piece by piece, and waits where there is nothing.
class PieceStream final : public fs::Stream {
 public:
  void put(std::string piece) {
    pieces_.push_back(std::move(piece));
    changed_.wake_all();
  }
  void end() {
    ended_ = true;
    changed_.wake_all();
  }
  bool someone_waits() const { return !changed_.empty(); }

  exec::Task<fs::Result<usize>> read(std::span<u8> buffer) override {
    while (pieces_.empty() && !ended_) co_await changed_.wait();
    if (pieces_.empty()) co_return usize{0};
    std::string& piece = pieces_.front();
    usize const count = piece.copy(std::bit_cast<char*>(buffer.data()), buffer.size());
    piece.erase(0, count);
    if (piece.empty()) pieces_.pop_front();
    co_return count;
  }
  exec::Task<fs::Result<usize>> write(std::span<const u8>) override {
    co_return fs::fail(fs::ErrorKind::NotOpenForWriting);
  }

 private:
  std::deque<std::string> pieces_;
  bool ended_ = false;
  exec::WaitList changed_;
};

/// Counts what is reserved.
class CountingPlatform final : public tools::HostedPlatform {
 public:
  int reservations = 0;
  std::expected<u8*, base::OutOfMemory> reserve(usize size) override {
    auto const address = HostedPlatform::reserve(size);
    reservations += address.has_value();
    return address;
  }
  void release(u8* address, usize size) override {
    --reservations;
    HostedPlatform::release(address, size);
  }
};

inline base::Instant fake_now{};
/// How far the clock goes each time that somebody looks at it.
inline base::Duration fake_tick{};

/// A machine for programs, with a clock that goes as the test says.
struct Machine {
  Machine() {
    fake_now = {};
    fake_tick = {};
  }

  exec::Executor executor{[] { return fake_now = fake_now + fake_tick; }};
  CountingPlatform platform;
  wasm::Interpreter interpreter;
  base::SecureRandom random{{}};
  ProcessTable processes;
  Services services{.executor = executor,
                    .platform = platform,
                    .tier = interpreter,
                    .random = random,
                    .wall_clock = [] { return base::UnixTime{1'000'000, 5}; },
                    .processes = processes};
  PieceStream input;
  CollectingStream output;
  CollectingStream error;

  ProcessRequest request(std::span<const std::string_view> arguments = {}) {
    return {.name = "prog",
            .arguments = arguments,
            .environment = {},
            .working_directory = "/",
            .streams = {&input, &output, &error},
            .limits = {}};
  }

  /// Runs a task, and moves the clock to the next deadline whenever nothing else can be done.
  template <class T>
  std::optional<T> finish(exec::Task<T> task) {
    std::optional<T> result;
    auto const keep = [](exec::Task<T> inner, std::optional<T>& out) -> exec::Task<void> {
      out.emplace(co_await std::move(inner));
    };
    auto handle = executor.spawn("test", keep(std::move(task), result));
    if (!handle) return std::nullopt;
    for (;;) {
      executor.run_until_idle();
      base::Instant const next = executor.next_deadline();
      if (handle->is_finished() || next == base::Instant::never()) break;
      fake_now = std::max(fake_now, next);
    }
    return result;
  }
  /// The exit code of a module; -1 when memory ran out, -2 when it waits for ever.
  int run(std::span<const u8> module, const ProcessRequest& what) {
    auto const result = finish(process::run(services, module, what));
    if (!result) return -2;
    return *result ? (*result)->code : -1;
  }
  int run(std::span<const u8> module) { return run(module, request()); }
};

}  // namespace nacre::process::test
