#pragma once

#include "kernel/fs/error.hpp"

namespace nacre::fs {

/// The memory that the files of one file system may take, in bytes.
class Budget {
 public:
  explicit Budget(u64 limit) : limit_(limit) {}

  /// Errors: NoSpace, and then nothing was taken.
  Result<void> take(u64 bytes) {
    if (bytes > left()) return fail(ErrorKind::NoSpace);
    used_ += bytes;
    return {};
  }
  void give_back(u64 bytes) { used_ -= bytes; }

  u64 limit() const { return limit_; }
  u64 used() const { return used_; }
  u64 left() const { return used_ < limit_ ? limit_ - used_ : 0; }
  /// What is taken already stays, also when it is more.
  void set_limit(u64 limit) { limit_ = limit; }

 private:
  u64 limit_;
  u64 used_ = 0;
};

}  // namespace nacre::fs
