#pragma once

#include <span>
#include <string_view>

#include "kernel/fs/error.hpp"
#include "lib/exec/task.hpp"

namespace nacre::fs {

/// Something that happened in a file system. Paths begin at its root, without a slash before the
/// first name. Texts and bytes are borrowed.
struct MirrorChange {
  enum class Kind : u8 {
    MakeDirectory,
    MakeFile,  // an empty one
    MakeLink,  // a symbolic link at `path`; `other` is its text
    AddName,   // `other` for the node at `path`
    RemoveFile,
    RemoveDirectory,
    Rename,    // `path` to `other`
    Write,     // `bytes` at `offset`
    Resize,    // to `offset` bytes
    SetTimes,  // both, in nanoseconds since 1970
  };
  /// The longest path, and the most bytes of one write.
  static constexpr usize max_path = 4096;
  static constexpr usize max_bytes = 8192;

  Kind kind;
  std::string_view path;
  std::string_view other{};
  u64 offset = 0;
  std::span<const u8> bytes{};
  i64 accessed_ns = 0;
  i64 modified_ns = 0;
};

/// Who does what a `MirrorFileSystem` tells of, in the order in which it is told.
class MirrorPeer {
 public:
  /// Waits until one change can be put. Whoever puts it does not wait in between. Errors: Closed,
  /// OutOfMemory.
  virtual exec::Task<Result<void>> room() = 0;
  virtual void put(const MirrorChange& change) = 0;
  /// Waits until all that was put before has been done; with `durable`, until it is on the peer's
  /// medium. Errors: those of what was to be done: NoSpace, ReadOnly, DeviceFailed; and of `room`.
  virtual exec::Task<Result<void>> sync(bool durable) = 0;

 protected:
  ~MirrorPeer() = default;
};

}  // namespace nacre::fs
