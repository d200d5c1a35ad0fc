#include "kernel/fs/pipe.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "lib/base/try.hpp"
#include "lib/exec/wait.hpp"

namespace nacre::fs {
namespace detail {

/// What the ends share. Whoever is woken goes on when the one who woke him waits or has had his
/// turn: by then the buffer is full, or empty, and not a byte's worth of work is there.
class Pipe {
 public:
  usize size() const { return static_cast<usize>(tail_ - head_); }
  usize room() const { return PipeEnds::capacity - size(); }

  /// As much as there is room for.
  usize put(std::span<const u8> bytes) {
    bytes = bytes.first(std::min(bytes.size(), room()));
    usize const at = tail_ % PipeEnds::capacity;
    usize const first = std::min(bytes.size(), PipeEnds::capacity - at);
    std::memcpy(bytes_.data() + at, bytes.data(), first);
    std::memcpy(bytes_.data(), bytes.data() + first, bytes.size() - first);
    tail_ += bytes.size();
    readable.wake_all();
    return bytes.size();
  }
  /// As much as there is.
  usize take(std::span<u8> buffer) {
    buffer = buffer.first(std::min(buffer.size(), size()));
    usize const at = head_ % PipeEnds::capacity;
    usize const first = std::min(buffer.size(), PipeEnds::capacity - at);
    std::memcpy(buffer.data(), bytes_.data() + at, first);
    std::memcpy(buffer.data() + first, bytes_.data(), buffer.size() - first);
    head_ += buffer.size();
    writable.wake_all();
    return buffer.size();
  }
  void release_if_unused() {
    if (readers == 0 && writers == 0) delete this;
  }

  usize readers = 1;
  usize writers = 1;
  /// Bytes came, or the last writer went.
  exec::WaitList readable;
  /// Bytes went, or the last reader did.
  exec::WaitList writable;

 private:
  static_assert(std::has_single_bit(PipeEnds::capacity));

  // What is in it: bytes `head_` up to `tail_`, counted from the beginning.
  u64 head_ = 0;
  u64 tail_ = 0;
  std::array<u8, PipeEnds::capacity> bytes_;
};

}  // namespace detail

std::expected<PipeEnds, base::OutOfMemory> PipeEnds::create() {
  TRY(auto pipe, base::try_make<detail::Pipe>());
  detail::Pipe& shared = *pipe.release();
  return PipeEnds{PipeReader(shared), PipeWriter(shared)};
}

void PipeReader::close() {
  detail::Pipe* const pipe = std::exchange(pipe_, nullptr);
  if (pipe == nullptr) return;
  if (--pipe->readers == 0) pipe->writable.wake_all();
  pipe->release_if_unused();
}

std::expected<base::Box<Stream>, base::OutOfMemory> PipeReader::duplicate() const {
  TRY(auto made, base::try_make<PipeReader>(another()));
  return base::Box<Stream>(std::move(made));
}

bool PipeReader::is_at_end() const {
  return pipe_ == nullptr || (pipe_->size() == 0 && pipe_->writers == 0);
}

PipeReader PipeReader::another() const {
  ++pipe_->readers;
  return PipeReader(*pipe_);
}

exec::Task<Result<usize>> PipeReader::read(std::span<u8> buffer) {
  for (;;) {
    if (auto const count = read_now(buffer)) co_return *count;
    co_await pipe_->readable.wait();
  }
}

std::optional<Result<usize>> PipeReader::read_now(std::span<u8> buffer) {
  if (buffer.empty() || is_at_end()) return usize{0};
  if (pipe_->size() == 0) return std::nullopt;
  return pipe_->take(buffer);
}

exec::Task<Result<usize>> PipeReader::write(std::span<const u8>) {
  co_return fail(ErrorKind::NotOpenForWriting);
}

Readiness PipeReader::readiness(Direction direction) const {
  if (direction == Direction::Write) return {};
  if (pipe_ == nullptr) return {.hung_up = true};
  bool const is_hung_up = pipe_->writers == 0;
  return {.ready = is_hung_up || pipe_->size() != 0, .bytes = pipe_->size(), .hung_up = is_hung_up};
}

exec::WaitList* PipeReader::readiness_changed(Direction direction) {
  return direction == Direction::Read && pipe_ != nullptr ? &pipe_->readable : nullptr;
}

void PipeWriter::close() {
  detail::Pipe* const pipe = std::exchange(pipe_, nullptr);
  if (pipe == nullptr) return;
  if (--pipe->writers == 0) pipe->readable.wake_all();
  pipe->release_if_unused();
}

std::expected<base::Box<Stream>, base::OutOfMemory> PipeWriter::duplicate() const {
  TRY(auto made, base::try_make<PipeWriter>(another()));
  return base::Box<Stream>(std::move(made));
}

bool PipeWriter::is_useless() const { return pipe_ == nullptr || pipe_->readers == 0; }

PipeWriter PipeWriter::another() const {
  ++pipe_->writers;
  return PipeWriter(*pipe_);
}

exec::Task<Result<usize>> PipeWriter::read(std::span<u8>) {
  co_return fail(ErrorKind::NotOpenForReading);
}

exec::Task<Result<usize>> PipeWriter::write(std::span<const u8> bytes) {
  for (;;) {
    if (auto const count = write_now(bytes)) co_return *count;
    co_await pipe_->writable.wait();
  }
}

std::optional<Result<usize>> PipeWriter::write_now(std::span<const u8> bytes) {
  if (bytes.empty()) return usize{0};
  if (is_useless()) return fail(ErrorKind::Closed);
  usize const needed = bytes.size() <= atomic_size ? bytes.size() : 1;
  if (pipe_->room() < needed) return std::nullopt;
  return pipe_->put(bytes);
}

Readiness PipeWriter::readiness(Direction direction) const {
  if (direction == Direction::Read) return {};
  if (is_useless()) return {.hung_up = true};
  // A short text that is not to be torn must not have to wait either.
  return {.ready = pipe_->room() >= atomic_size, .bytes = pipe_->room()};
}

exec::WaitList* PipeWriter::readiness_changed(Direction direction) {
  return direction == Direction::Write && pipe_ != nullptr ? &pipe_->writable : nullptr;
}

}  // namespace nacre::fs
