#pragma once

#include <span>
#include <string_view>

#include "lib/exec/task.hpp"
#include "lib/wasi/file.hpp"

namespace nacre::wasi {

/// What a program's calls ask of the system it runs on, besides its files. What is no task answers
/// at once.
class Host {
 public:
  virtual u32 argument_count() const = 0;
  /// Without its terminating NUL, which it has none of inside.
  virtual std::string_view argument(u32 index) const = 0;
  virtual u32 variable_count() const = 0;
  /// `NAME=VALUE`, without NUL.
  virtual std::string_view variable(u32 index) const = 0;

  /// Nanoseconds; since 1970 for `Realtime`. Errors: Invalid for a clock that is not known.
  virtual Result<u64> clock_time(ClockId clock) const = 0;
  virtual Result<u64> clock_resolution(ClockId clock) const = 0;

  /// Fills `bytes` with what nobody can guess. They may be as many as the program has memory.
  virtual exec::Task<Result<void>> random(std::span<u8> bytes) = 0;
  /// Gives others a turn.
  virtual exec::Task<Result<void>> yield() = 0;

  struct Interest {
    File* file;
    Direction direction;
  };
  /// Waits until one of them may have become ready, or `timeout_ns` have passed; UINT64_MAX is
  /// never. A hint: look again.
  virtual exec::Task<Result<void>> wait(std::span<const Interest> interests, u64 timeout_ns) = 0;

 protected:
  ~Host() = default;
};

}  // namespace nacre::wasi
