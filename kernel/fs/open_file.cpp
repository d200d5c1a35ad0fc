#include "kernel/fs/open_file.hpp"

#include "lib/base/try.hpp"

namespace nacre::fs {
namespace {

/// Positions are signed where they are moved.
constexpr u64 max_offset = static_cast<u64>(INT64_MAX);

}  // namespace

// ---- At the position

exec::Task<Result<usize>> OpenFile::read(std::span<u8> buffer) {
  CO_TRY(usize const count, co_await read_at(position_, buffer));
  position_ += count;
  co_return count;
}

exec::Task<Result<usize>> OpenFile::write(std::span<const u8> bytes, SpaceMeter* meter) {
  u64 const offset = write_position();
  CO_TRY(usize const count, co_await write_at(offset, bytes, meter));
  position_ = offset + count;
  co_return count;
}

std::optional<Result<usize>> OpenFile::read_now(std::span<u8> buffer) {
  auto const count = read_now_at(position_, buffer);
  if (count && *count) position_ += **count;
  return count;
}

std::optional<Result<usize>> OpenFile::write_now(std::span<const u8> bytes, SpaceMeter* meter) {
  u64 const offset = write_position();
  auto const count = write_now_at(offset, bytes, meter);
  if (count && *count) position_ = offset + **count;
  return count;
}

// ---- Anywhere

std::optional<Result<usize>> OpenFile::read_now_at(u64 offset, std::span<u8> buffer) {
  if (!access_.read) return fail(ErrorKind::NotOpenForReading);
  auto const count = node_.file_system().read_now(node_.node(), offset, buffer);
  if (!count && must_not_wait(Direction::Read)) return fail(ErrorKind::WouldBlock);
  return count;
}

std::optional<Result<usize>> OpenFile::write_now_at(u64 offset, std::span<const u8> bytes,
                                                    SpaceMeter* meter) {
  if (!access_.write) return fail(ErrorKind::NotOpenForWriting);
  if (offset > max_offset || bytes.size() > max_offset - offset)
    return fail(ErrorKind::FileTooLarge);
  if (flags_.sync || flags_.sync_data) return std::nullopt;
  SpaceMeter::Step<FileSystem> const step(meter, node_.file_system());
  auto const count = node_.file_system().write_now(node_.node(), offset, bytes);
  if (!count && must_not_wait(Direction::Write)) return fail(ErrorKind::WouldBlock);
  return count;
}

exec::Task<Result<usize>> OpenFile::read_at(u64 offset, std::span<u8> buffer) {
  if (auto const count = read_now_at(offset, buffer)) co_return *count;
  co_return co_await node_.file_system().read(node_.node(), offset, buffer);
}

exec::Task<Result<usize>> OpenFile::write_at(u64 offset, std::span<const u8> bytes,
                                             SpaceMeter* meter) {
  if (auto const count = write_now_at(offset, bytes, meter)) co_return *count;
  usize count = 0;
  {
    SpaceMeter::Step<FileSystem> const step(meter, node_.file_system());
    CO_TRY(count, co_await node_.file_system().write(node_.node(), offset, bytes));
  }
  if (flags_.sync || flags_.sync_data) {
    CO_TRY(co_await sync(flags_.sync ? SyncScope::Everything : SyncScope::Data));
  }
  co_return count;
}

Readiness OpenFile::readiness(Direction direction) const {
  const Stream* const stream = device();
  return stream == nullptr ? Readiness{} : stream->readiness(direction);
}

exec::WaitList* OpenFile::readiness_changed(Direction direction) {
  Stream* const stream = device();
  return stream == nullptr ? nullptr : stream->readiness_changed(direction);
}

bool OpenFile::is_terminal() const {
  const Stream* const stream = device();
  return stream != nullptr && stream->is_terminal();
}

Result<u64> OpenFile::seek(i64 offset, Whence whence) {
  if (is_terminal()) return fail(ErrorKind::NotSeekable);
  u64 const base = whence == Whence::Start     ? 0
                   : whence == Whence::Current ? position_
                                               : stat().size;
  i64 target = 0;
  if (__builtin_add_overflow(base, offset, &target) || target < 0)
    return fail(ErrorKind::InvalidOffset);
  position_ = static_cast<u64>(target);
  return position_;
}

Result<void> OpenFile::resize(u64 size) {
  if (!access_.write) return fail(ErrorKind::NotOpenForWriting);
  if (size > max_offset) return fail(ErrorKind::InvalidOffset);
  return node_.file_system().resize(node_.node(), size);
}

exec::Task<Result<void>> OpenFile::allocate(u64 offset, u64 length) {
  if (!access_.write) co_return fail(ErrorKind::NotOpenForWriting);
  if (length == 0) co_return fail(ErrorKind::InvalidOffset);
  if (offset > max_offset || length > max_offset - offset) co_return fail(ErrorKind::FileTooLarge);
  co_return co_await node_.file_system().allocate(node_.node(), offset, length);
}

}  // namespace nacre::fs
