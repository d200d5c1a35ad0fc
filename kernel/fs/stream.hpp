#pragma once

#include <optional>
#include <span>

#include "kernel/fs/error.hpp"
#include "lib/base/memory.hpp"
#include "lib/exec/task.hpp"
#include "lib/exec/wait.hpp"

namespace nacre::fs {

class OpenFile;

/// Which way bytes go, as the user of a stream sees it.
enum class Direction : u8 { Read, Write };

/// What a stream could do at the moment, in one direction.
struct Readiness {
  /// Whether an operation would not wait: because it can move bytes, or has come to the end, or
  /// fails.
  bool ready = true;
  /// How many bytes it could move without waiting, as far as that is known; else 0.
  u64 bytes = 0;
  /// Whether the other end is gone.
  bool hung_up = false;
};

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
  /// Whether reading or writing would have to wait now. What never waits is always ready.
  virtual Readiness readiness(Direction) const { return {}; }
  /// Where to wait for that to change; null for what is always ready. A wake-up is a hint. Who asks
  /// for `Read` wants input as much as who reads does.
  virtual exec::WaitList* readiness_changed(Direction) { return nullptr; }
  /// Whether a person sits at the other end.
  virtual bool is_terminal() const { return false; }
  /// One more of the same, for someone else who is to have it open: a pipe ends with the last of
  /// those who have an end of it. Null where that makes no difference. Errors: OutOfMemory.
  virtual std::expected<base::Box<Stream>, base::OutOfMemory> duplicate() const {
    return base::Box<Stream>();
  }
  /// The file that this stream is open on, for what only files can do; null if it is none.
  virtual OpenFile* as_file() { return nullptr; }
};

/// Writes all of `bytes`. After an error some may have been taken.
exec::Task<Result<void>> write_all(Stream& stream, std::span<const u8> bytes);

}  // namespace nacre::fs
