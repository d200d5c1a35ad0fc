#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "lib/base/format.hpp"
#include "lib/base/time.hpp"
#include "lib/wasm/platform.hpp"
#include "lib/wasm/runtime/tier.hpp"

namespace nacre::process {

using base::i64;
using base::u32;
using base::u64;
using base::u8;
using base::usize;

/// What one process may use. Who wants more is ended, and told what it was too much of.
struct Limits {
  /// Bytes of all its linear memories and its stack together.
  u64 memory = u64{1} << 30;
  /// How long the program itself may run; nothing if for ever.
  std::optional<base::Duration> cpu_time = base::Duration{i64{8} * 3600 * 1'000'000'000};
  /// How many descriptors may be open at a time: more are refused, as programs expect.
  u32 descriptors = 1024;
  /// Bytes by which it may make file systems fuller.
  u64 file_space = u64{1} << 30;
  /// Stack, call depth and fuel.
  wasm::GuestLimits guest;
};

/// The names of limits that can be set: "memory", "cpu", "descriptors", "space",
/// "depth", "fuel".
std::span<const std::string_view> limit_names();
/// Sets a limit from text: bytes with K, M or G behind them, seconds, counts; `unlimited` where
/// that can be. False if there is no such limit, or the text is no value of it.
bool set_limit(Limits& limits, std::string_view name, std::string_view value);
/// The value of a limit that has a name, as `set_limit` takes it.
void write_limit(base::Sink& sink, const Limits& limits, std::string_view name);

/// The memory of one process: that of the machine, up to a limit. What is committed is counted
/// until the process ends, for nothing of it is given back before that.
class LimitedPlatform final : public wasm::Platform {
 public:
  LimitedPlatform(wasm::Platform& inner, u64 limit) : inner_(inner), left_(limit) {}

  /// Whether more was asked for than there may be.
  bool exceeded() const { return exceeded_; }

  std::expected<u8*, base::OutOfMemory> reserve(usize size) override {
    return inner_.reserve(size);
  }
  std::expected<void, base::OutOfMemory> commit(u8* address, usize size) override;
  u64 available() const override { return inner_.available(); }
  void release(u8* address, usize size) override { inner_.release(address, size); }

 private:
  wasm::Platform& inner_;
  u64 left_;
  bool exceeded_ = false;
};

}  // namespace nacre::process
