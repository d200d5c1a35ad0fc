#pragma once

#include <string_view>

#include "lib/wasi/abi.hpp"

namespace nacre::wasi {

/// What a program's WASI calls ask of the system it runs on. Everything here answers at once; what
/// may have to wait reaches the guest's owner as a request (requests.hpp).
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

  /// Errors of all of these: BadDescriptor.
  virtual Result<DescriptorStat> stat(u32 descriptor) const = 0;
  virtual Result<void> close(u32 descriptor) = 0;
  /// The new position. Errors: NotSeekable, Invalid.
  virtual Result<u64> seek(u32 descriptor, i64 offset, Whence whence) = 0;
  /// The path of a directory that the guest was given from the start. Errors: BadDescriptor for all
  /// others.
  virtual Result<std::string_view> preopened_path(u32 descriptor) const = 0;

 protected:
  ~Host() = default;
};

}  // namespace nacre::wasi
