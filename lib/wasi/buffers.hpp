#pragma once

#include <optional>
#include <span>

#include "lib/wasi/abi.hpp"

namespace nacre::wasi {

/// A guest's buffers, one after another. A guest may let them overlap with their own list, so each
/// is read and checked when its turn comes.
class Buffers {
 public:
  /// As many as POSIX systems take. [posix: "limits.h", IOV_MAX]
  static constexpr u32 max_count = 1024;

  /// Checks all of them. Errors: Fault; Invalid when there are too many, or more bytes in all than
  /// a `size` can count.
  static Result<Buffers> create(GuestMemory memory, u32 list, u32 count);

  /// The next one that is not empty; nothing at the end.
  std::optional<std::span<u8>> next();

 private:
  Buffers(GuestMemory memory, u32 list, u32 count) : memory_(memory), list_(list), left_(count) {}
  Result<std::span<u8>> take();

  GuestMemory memory_;
  u32 list_;
  u32 left_;
};

}  // namespace nacre::wasi
