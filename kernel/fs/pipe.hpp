#pragma once

#include "kernel/fs/stream.hpp"
#include "lib/base/memory.hpp"

namespace nacre::fs {

namespace detail {
class Pipe;
}

/// An end of a pipe that is read from. What was written comes out in order; after that, the end of
/// file once no writer is left. Several may take turns with one pipe.
class PipeReader final : public Stream {
 public:
  PipeReader(PipeReader&& other) noexcept : pipe_(std::exchange(other.pipe_, nullptr)) {}
  PipeReader& operator=(PipeReader&&) = delete;
  ~PipeReader() override { close(); }
  /// This end is no more: from here on it is at the end of file. Nobody may be reading from it.
  void close();
  /// One more end of the same kind, of the same pipe.
  PipeReader another() const;

  exec::Task<Result<usize>> read(std::span<u8> buffer) override;
  exec::Task<Result<usize>> write(std::span<const u8> bytes) override;
  std::optional<Result<usize>> read_now(std::span<u8> buffer) override;
  Readiness readiness(Direction direction) const override;
  exec::WaitList* readiness_changed(Direction direction) override;
  std::expected<base::Box<Stream>, base::OutOfMemory> duplicate() const override;

 private:
  friend struct PipeEnds;
  /// It was counted already.
  explicit PipeReader(detail::Pipe& pipe) : pipe_(&pipe) {}
  bool is_at_end() const;

  detail::Pipe* pipe_;  // null once it is closed
};

/// An end of a pipe that is written to: waits while the pipe is full, and is answered Closed once
/// no reader is left.
class PipeWriter final : public Stream {
 public:
  /// What is no longer than this is not mixed with what others write.
  /// [posix/xbd: "limits.h", PIPE_BUF]
  static constexpr usize atomic_size = 4096;

  PipeWriter(PipeWriter&& other) noexcept : pipe_(std::exchange(other.pipe_, nullptr)) {}
  PipeWriter& operator=(PipeWriter&&) = delete;
  ~PipeWriter() override { close(); }
  /// This end is no more: writing to it is answered Closed. Nobody may be writing to it.
  void close();
  /// One more end of the same kind, of the same pipe.
  PipeWriter another() const;

  exec::Task<Result<usize>> read(std::span<u8> buffer) override;
  exec::Task<Result<usize>> write(std::span<const u8> bytes) override;
  std::optional<Result<usize>> write_now(std::span<const u8> bytes) override;
  Readiness readiness(Direction direction) const override;
  exec::WaitList* readiness_changed(Direction direction) override;
  std::expected<base::Box<Stream>, base::OutOfMemory> duplicate() const override;

 private:
  friend struct PipeEnds;
  explicit PipeWriter(detail::Pipe& pipe) : pipe_(&pipe) {}
  bool is_useless() const;

  detail::Pipe* pipe_;  // null once it is closed
};

/// A pipe: bytes from those who write to those who read, through a buffer. It goes with the last of
/// its ends.
struct PipeEnds {
  /// How many bytes wait in the pipe before who writes has to.
  static constexpr usize capacity = 65536;

  static std::expected<PipeEnds, base::OutOfMemory> create();

  PipeReader reader;
  PipeWriter writer;
};

}  // namespace nacre::fs
