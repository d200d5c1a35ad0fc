#include <algorithm>

#include "lib/wasi/buffers.hpp"
#include "lib/wasi/calls.hpp"

namespace nacre::wasi::calls {
namespace {

/// What is moved at a time: a file that never waits must not keep others from running.
constexpr usize chunk_size = 65536;

/// Something that can be read or written. Errors: IsDirectory, BadDescriptor, NotCapable, Again.
Result<Descriptor*> find_for(const Call& call, u32 number, Direction direction) {
  bool const reads = direction == Direction::Read;
  TRY(Descriptor* const found, call.descriptors().find(number));
  if (found->file->as_directory() != nullptr)
    return fail(reads ? Errno::IsDirectory : Errno::BadDescriptor);
  TRY(call.descriptors().find(number, reads ? rights::descriptor_read : rights::descriptor_write));
  if ((found->flags & descriptor_flags::non_blocking) != 0 &&
      !found->file->readiness(direction).ready)
    return fail(Errno::Again);
  return found;
}

Result<Descriptor*> find_at(const Call& call, u32 number, Direction direction, u64 offset) {
  TRY(Descriptor* const found, find_for(call, number, direction));
  if (!found->file->is_seekable()) return fail(Errno::NotSeekable);
  TRY(call.descriptors().find(number, rights::descriptor_seek));
  if (offset > static_cast<u64>(INT64_MAX)) return fail(Errno::Invalid);
  return found;
}

/// Bytes on their way between a file and a guest's buffers, piece by piece. It stops at the end,
/// when it would have to wait although something was moved, and at an error, which counts only if
/// nothing was.
class Transfer {
 public:
  /// At `offset`, or else at the file's position.
  Transfer(const Call& call, const Descriptor& descriptor, Direction direction, Buffers buffers,
           u32 result, std::optional<u64> offset)
      : memory_(call.memory),
        file_(*descriptor.file),
        buffers_(buffers),
        offset_(offset),
        result_(result),
        reads_(direction == Direction::Read),
        takes_what_there_is_(reads_ && !file_.is_seekable()),
        may_wait_((descriptor.flags & descriptor_flags::non_blocking) == 0) {}

  /// Goes on as long as that takes no waiting. Whether it came to its end.
  bool advance() {
    while (!is_at_end()) {
      auto const count = move_now();
      if (!count) return false;
      note(*count);
    }
    return true;
  }
  /// The same, waiting; the answer.
  static Answer finish(Transfer transfer) {
    while (!transfer.is_at_end()) transfer.note(co_await transfer.move());
    co_return transfer.answer();
  }
  bool has_moved() const { return moved_ != 0; }
  /// The answer, at the end.
  Result<void> answer() const {
    TRY(error_);
    return store(memory_, result_, static_cast<u32>(moved_));
  }

 private:
  bool is_at_end() {
    if (stopped_) return true;
    if (!rest_.empty()) return false;
    auto const buffer = buffers_.next();
    if (buffer) rest_ = *buffer;
    return !buffer;
  }
  std::span<u8> part() const { return rest_.first(std::min(rest_.size(), chunk_size)); }
  u64 place() const { return *offset_ + moved_; }

  std::optional<Result<usize>> move_now() {
    if (reads_) return offset_ ? file_.read_now_at(place(), part()) : file_.read_now(part());
    return offset_ ? file_.write_now_at(place(), part()) : file_.write_now(part());
  }
  [[clang::coro_wrapper]] exec::Task<Result<usize>> move() {
    if (reads_) return offset_ ? file_.read_at(place(), part()) : file_.read(part());
    return offset_ ? file_.write_at(place(), part()) : file_.write(part());
  }
  /// What became of a part.
  void note(const Result<usize>& count) {
    if (!count && moved_ == 0) error_ = std::unexpected(count.error());
    usize const taken = count.value_or(0);
    bool const is_short = reads_ && taken < part().size();
    moved_ += taken;
    rest_ = rest_.subspan(taken);
    // A file fills all buffers; of what may have to be waited for, the program gets what there is.
    stopped_ = taken == 0 || is_short || takes_what_there_is_ ||
               (!may_wait_ && !file_.readiness(reads_ ? Direction::Read : Direction::Write).ready);
  }

  GuestMemory memory_;
  File& file_;
  Buffers buffers_;
  std::span<u8> rest_;  // of the buffer that is being moved
  std::optional<u64> offset_;
  u64 moved_ = 0;
  u32 result_;
  bool reads_;
  bool takes_what_there_is_;
  bool may_wait_;
  bool stopped_ = false;
  Result<void> error_;
};

Begun begin(Transfer transfer) {
  if (transfer.advance()) return transfer.answer();
  Answer rest = Transfer::finish(transfer);
  // Without memory for the rest, what was moved is all.
  if (!rest && transfer.has_moved()) return transfer.answer();
  return rest;
}

Begun move(const Call& call, u32 descriptor, Direction direction, u32 buffers, u32 count,
           u32 result) {
  TRY(Buffers const checked, Buffers::create(call.memory, buffers, count));
  TRY(call.check(result, sizeof(u32)));
  TRY(Descriptor* const found, find_for(call, descriptor, direction));
  return begin(Transfer(call, *found, direction, checked, result, std::nullopt));
}

Begun move_at(const Call& call, u32 descriptor, Direction direction, u32 buffers, u32 count,
              u64 offset, u32 result) {
  TRY(Buffers const checked, Buffers::create(call.memory, buffers, count));
  TRY(call.check(result, sizeof(u32)));
  TRY(Descriptor* const found, find_at(call, descriptor, direction, offset));
  return begin(Transfer(call, *found, direction, checked, result, offset));
}

}  // namespace

Begun fd_read(Call call, u32 descriptor, u32 buffers, u32 count, u32 result) {
  return move(call, descriptor, Direction::Read, buffers, count, result);
}

Begun fd_write(Call call, u32 descriptor, u32 buffers, u32 count, u32 result) {
  return move(call, descriptor, Direction::Write, buffers, count, result);
}

Begun fd_pread(Call call, u32 descriptor, u32 buffers, u32 count, u64 offset, u32 result) {
  return move_at(call, descriptor, Direction::Read, buffers, count, offset, result);
}

Begun fd_pwrite(Call call, u32 descriptor, u32 buffers, u32 count, u64 offset, u32 result) {
  return move_at(call, descriptor, Direction::Write, buffers, count, offset, result);
}

}  // namespace nacre::wasi::calls
