#include "lib/wasi/calls.hpp"

namespace nacre::wasi::calls {
namespace {

/// A file whose size can be told: no stream, no directory.
Result<Descriptor*> find_sized(const Call& call, u32 number, Rights wanted) {
  TRY(Descriptor* const found, call.descriptors().find(number));
  if (found->file->as_directory() != nullptr) return fail(Errno::BadDescriptor);
  if (!found->file->is_seekable()) return fail(Errno::Invalid);
  return call.descriptors().find(number, wanted);
}

}  // namespace

Answer fd_allocate(Call call, u32 descriptor, u64 offset, u64 size) {
  CO_TRY(Descriptor* const found, find_sized(call, descriptor, rights::descriptor_allocate));
  if (size == 0) co_return fail(Errno::Invalid);
  constexpr u64 largest = INT64_MAX;
  if (offset > largest || size > largest - offset) co_return fail(Errno::FileTooBig);
  co_return co_await found->file->allocate(offset, size);
}

Answer fd_datasync(Call call, u32 descriptor) {
  CO_TRY(Descriptor* const found, call.descriptors().find(descriptor, rights::descriptor_datasync));
  co_return co_await found->file->sync(true);
}

Answer fd_sync(Call call, u32 descriptor) {
  CO_TRY(Descriptor* const found, call.descriptors().find(descriptor, rights::descriptor_sync));
  co_return co_await found->file->sync(false);
}

Answer fd_filestat_get(Call call, u32 descriptor, u32 result) {
  CO_TRY(call.check(result, size_of_stat(call.version)));
  CO_TRY(Descriptor* const found, call.descriptors().find(descriptor, rights::descriptor_stat));
  CO_TRY(FileStat const stat, co_await found->file->stat());
  co_return store_stat(call.version, call.memory, result, stat);
}

Answer fd_filestat_set_size(Call call, u32 descriptor, u64 size) {
  CO_TRY(Descriptor* const found, find_sized(call, descriptor, rights::descriptor_set_size));
  if (size > static_cast<u64>(INT64_MAX)) co_return fail(Errno::FileTooBig);
  co_return co_await found->file->set_size(size);
}

Answer fd_filestat_set_times(Call call, u32 descriptor, u64 accessed, u64 modified, u32 flags) {
  CO_TRY(Descriptor* const found,
         call.descriptors().find(descriptor, rights::descriptor_set_times));
  CO_TRY(auto const times, new_times(call, accessed, modified, flags));
  co_return co_await found->file->set_times(times.accessed, times.modified);
}

Result<NewTimes> new_times(const Call& call, u64 accessed, u64 modified, u32 flags) {
  constexpr u32 both_accessed = time_flags::accessed | time_flags::accessed_now;
  constexpr u32 both_modified = time_flags::modified | time_flags::modified_now;
  if ((flags & ~time_flags::all) != 0 || (flags & both_accessed) == both_accessed ||
      (flags & both_modified) == both_modified)
    return fail(Errno::Invalid);
  NewTimes times;
  if ((flags & time_flags::accessed) != 0) times.accessed = accessed;
  if ((flags & time_flags::modified) != 0) times.modified = modified;
  if ((flags & (time_flags::accessed_now | time_flags::modified_now)) == 0) return times;
  TRY(u64 const now, call.host().clock_time(ClockId::Realtime));
  if ((flags & time_flags::accessed_now) != 0) times.accessed = now;
  if ((flags & time_flags::modified_now) != 0) times.modified = now;
  return times;
}

}  // namespace nacre::wasi::calls
