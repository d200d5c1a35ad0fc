#pragma once

#include <optional>
#include <span>

#include "kernel/fs/error.hpp"
#include "lib/exec/task.hpp"

namespace nacre::fs {

class OpenFile;

/// Something that bytes can be read from and written to, in order: an open file, the terminal, the
/// host channel, an end of a pipe. Used by tasks; one reader and one writer at a time. The stream
/// and the bytes must outlive the returned task, and dropping the task cancels the operation.
class Stream {
 public:
  virtual ~Stream() = default;

  /// Waits until there is at least one byte, then takes what there is, at most `buffer.size()`.
  /// 0 at the end, and for an empty buffer. Errors: NotOpenForReading, Interrupted, DeviceFailed,
  /// OutOfMemory; then nothing was taken.
  virtual exec::Task<Result<usize>> read(std::span<u8> buffer) = 0;
  /// Waits until there is room, then takes at least one byte, unless `bytes` is empty. How many
  /// were taken. Errors: NotOpenForWriting, Closed, Interrupted, NoSpace, ReadOnly, DeviceFailed,
  /// OutOfMemory; then none was.
  virtual exec::Task<Result<usize>> write(std::span<const u8> bytes) = 0;
  /// What `read` and `write` would do, where that takes no waiting: without a task, so that it
  /// costs little. Nothing where it might, and then nothing was done.
  virtual std::optional<Result<usize>> read_now(std::span<u8>) { return std::nullopt; }
  virtual std::optional<Result<usize>> write_now(std::span<const u8>) { return std::nullopt; }
  /// Whether a person sits at the other end.
  virtual bool is_terminal() const { return false; }
  /// The file that this stream is open on, for what only files can do; null if it is none.
  virtual OpenFile* as_file() { return nullptr; }
};

/// Writes all of `bytes`. After an error some may have been taken.
exec::Task<Result<void>> write_all(Stream& stream, std::span<const u8> bytes);

}  // namespace nacre::fs
