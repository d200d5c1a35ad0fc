#include <algorithm>

#include "lib/wasi/buffers.hpp"
#include "lib/wasi/calls.hpp"

namespace nacre::wasi::calls {
namespace {

/// What is moved at a time: a file that never waits must not keep others from running.
constexpr usize chunk_size = 65536;

using Moved = exec::Task<Result<usize>>;

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

/// Moves bytes piece by piece with `move`, which gets the piece and how many came before it. Stops
/// at the end, when it would have to wait although something was moved, and at an error, which
/// counts only if nothing was.
template <class Move>
exec::Task<Result<void>> transfer(Call call, Descriptor& descriptor, Direction direction,
                                  Buffers buffers, u32 result, Move move) {
  File& file = *descriptor.file;
  // A file fills all buffers; of what may have to be waited for, the program gets what there is.
  bool const takes_what_there_is = direction == Direction::Read && !file.is_seekable();
  bool const may_wait = (descriptor.flags & descriptor_flags::non_blocking) == 0;
  u64 moved = 0;
  for (bool goes_on = true; goes_on;) {
    auto const buffer = buffers.next();
    if (!buffer) break;
    for (auto rest = *buffer; goes_on && !rest.empty();) {
      auto const part = rest.first(std::min(rest.size(), chunk_size));
      auto const count = co_await move(file, part, moved);
      if (!count && moved == 0) co_return std::unexpected(count.error());
      usize const taken = count.value_or(0);
      moved += taken;
      rest = rest.subspan(taken);
      bool const is_short = direction == Direction::Read && taken < part.size();
      goes_on = taken != 0 && !is_short && !takes_what_there_is &&
                (may_wait || file.readiness(direction).ready);
    }
  }
  co_return store(call.memory, result, static_cast<u32>(moved));
}

[[clang::coro_wrapper]] Moved read_next(File& file, std::span<u8> part, u64) {
  return file.read(part);
}
[[clang::coro_wrapper]] Moved write_next(File& file, std::span<u8> part, u64) {
  return file.write(part);
}

}  // namespace

Answer fd_read(Call call, u32 descriptor, u32 buffers, u32 count, u32 result) {
  CO_TRY(Buffers const into, Buffers::create(call.memory, buffers, count));
  CO_TRY(call.check(result, sizeof(u32)));
  CO_TRY(Descriptor* const found, find_for(call, descriptor, Direction::Read));
  co_return co_await transfer(call, *found, Direction::Read, into, result, read_next);
}

Answer fd_write(Call call, u32 descriptor, u32 buffers, u32 count, u32 result) {
  CO_TRY(Buffers const from, Buffers::create(call.memory, buffers, count));
  CO_TRY(call.check(result, sizeof(u32)));
  CO_TRY(Descriptor* const found, find_for(call, descriptor, Direction::Write));
  co_return co_await transfer(call, *found, Direction::Write, from, result, write_next);
}

Answer fd_pread(Call call, u32 descriptor, u32 buffers, u32 count, u64 offset, u32 result) {
  CO_TRY(Buffers const into, Buffers::create(call.memory, buffers, count));
  CO_TRY(call.check(result, sizeof(u32)));
  CO_TRY(Descriptor* const found, find_at(call, descriptor, Direction::Read, offset));
  auto const read = [offset] [[clang::coro_wrapper]] (File & file, std::span<u8> part,
                                                      u64 moved) -> Moved {
    return file.read_at(offset + moved, part);
  };
  co_return co_await transfer(call, *found, Direction::Read, into, result, read);
}

Answer fd_pwrite(Call call, u32 descriptor, u32 buffers, u32 count, u64 offset, u32 result) {
  CO_TRY(Buffers const from, Buffers::create(call.memory, buffers, count));
  CO_TRY(call.check(result, sizeof(u32)));
  CO_TRY(Descriptor* const found, find_at(call, descriptor, Direction::Write, offset));
  auto const write = [offset] [[clang::coro_wrapper]] (File & file, std::span<u8> part,
                                                       u64 moved) -> Moved {
    return file.write_at(offset + moved, part);
  };
  co_return co_await transfer(call, *found, Direction::Write, from, result, write);
}

}  // namespace nacre::wasi::calls
