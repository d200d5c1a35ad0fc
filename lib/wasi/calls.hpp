#pragma once

#include <variant>

#include "lib/wasi/system.hpp"
#include "lib/wasi/version.hpp"

/// The functions of preview 1, by groups, as programs know them: the results stand last, as
/// addresses. Each looks at all of its memory before it does anything, and its error is the answer.
/// [wasi/preview1: "Functions"]
namespace nacre::wasi {

/// Who calls. Its system outlives the call.
struct Call {
  System& system;
  GuestMemory memory;
  Version version = Version::Preview1;

  Host& host() const { return system.host; }
  DescriptorTable& descriptors() const { return system.descriptors; }
  /// The text of a path. Errors: Fault.
  Result<std::string_view> text(u32 address, u32 size) const {
    TRY(auto const text, memory.text(address, size));
    return text;
  }
  /// Whether a result of that size can be written. Errors: Fault.
  Result<void> check(u32 address, u64 size) const {
    TRY(memory.span(address, size));
    return {};
  }
};

using Answer = exec::Task<Result<void>>;
/// The answer, where that takes no waiting; else the task that goes on and brings it.
using Begun = std::variant<Result<void>, Answer>;

namespace calls {

// arguments.cpp
Result<void> args_get(Call call, u32 pointers, u32 buffer);
Result<void> args_sizes_get(Call call, u32 count, u32 size);
Result<void> environ_get(Call call, u32 pointers, u32 buffer);
Result<void> environ_sizes_get(Call call, u32 count, u32 size);

// clocks.cpp
Result<void> clock_res_get(Call call, u32 clock, u32 result);
Result<void> clock_time_get(Call call, u32 clock, u64 precision, u32 result);

// descriptors.cpp
Result<void> fd_advise(Call call, u32 descriptor, u64 offset, u64 size, u32 advice);
Result<void> fd_close(Call call, u32 descriptor);
Result<void> fd_fdstat_get(Call call, u32 descriptor, u32 result);
Result<void> fd_fdstat_set_flags(Call call, u32 descriptor, u32 flags);
Result<void> fd_fdstat_set_rights(Call call, u32 descriptor, u64 rights, u64 inheriting_rights);
Result<void> fd_prestat_get(Call call, u32 descriptor, u32 result);
Result<void> fd_prestat_dir_name(Call call, u32 descriptor, u32 buffer, u32 size);
Result<void> fd_renumber(Call call, u32 from, u32 to);
Result<void> fd_seek(Call call, u32 descriptor, i64 offset, u32 whence, u32 result);
Result<void> fd_tell(Call call, u32 descriptor, u32 result);

// transfer.cpp
Begun fd_read(Call call, u32 descriptor, u32 buffers, u32 count, u32 result);
Begun fd_write(Call call, u32 descriptor, u32 buffers, u32 count, u32 result);
Begun fd_pread(Call call, u32 descriptor, u32 buffers, u32 count, u64 offset, u32 result);
Begun fd_pwrite(Call call, u32 descriptor, u32 buffers, u32 count, u64 offset, u32 result);

// files.cpp
Answer fd_allocate(Call call, u32 descriptor, u64 offset, u64 size);
Answer fd_datasync(Call call, u32 descriptor);
Answer fd_sync(Call call, u32 descriptor);
Answer fd_filestat_get(Call call, u32 descriptor, u32 result);
Answer fd_filestat_set_size(Call call, u32 descriptor, u64 size);
Answer fd_filestat_set_times(Call call, u32 descriptor, u64 accessed, u64 modified, u32 flags);

// directories.cpp
Answer fd_readdir(Call call, u32 descriptor, u32 buffer, u32 size, u64 cookie, u32 result);

// path_open.cpp
Answer path_open(Call call, u32 descriptor, u32 lookup, u32 path, u32 path_size, u32 flags,
                 u64 rights, u64 inheriting_rights, u32 descriptor_flags, u32 result);

// paths.cpp
Answer path_create_directory(Call call, u32 descriptor, u32 path, u32 path_size);
Answer path_filestat_get(Call call, u32 descriptor, u32 lookup, u32 path, u32 path_size,
                         u32 result);
Answer path_filestat_set_times(Call call, u32 descriptor, u32 lookup, u32 path, u32 path_size,
                               u64 accessed, u64 modified, u32 flags);
Answer path_link(Call call, u32 descriptor, u32 lookup, u32 path, u32 path_size, u32 new_descriptor,
                 u32 new_path, u32 new_path_size);
Answer path_readlink(Call call, u32 descriptor, u32 path, u32 path_size, u32 buffer, u32 size,
                     u32 result);
Answer path_remove_directory(Call call, u32 descriptor, u32 path, u32 path_size);
Answer path_rename(Call call, u32 descriptor, u32 path, u32 path_size, u32 new_descriptor,
                   u32 new_path, u32 new_path_size);
Answer path_symlink(Call call, u32 text, u32 text_size, u32 descriptor, u32 path, u32 path_size);
Answer path_unlink_file(Call call, u32 descriptor, u32 path, u32 path_size);

// poll.cpp
Answer poll_oneoff(Call call, u32 subscriptions, u32 events, u32 count, u32 result);

// process.cpp
[[clang::coro_wrapper]] Answer proc_exit(Call call, u32 code);
Answer proc_raise(Call call, u32 signal);
Answer random_get(Call call, u32 buffer, u32 size);
Answer sched_yield(Call call);

// sockets.cpp
Result<void> sock_accept(Call call, u32 descriptor, u32 flags, u32 result);
Result<void> sock_recv(Call call, u32 descriptor, u32 buffers, u32 count, u32 flags, u32 size,
                       u32 result_flags);
Result<void> sock_send(Call call, u32 descriptor, u32 buffers, u32 count, u32 flags, u32 size);
Result<void> sock_shutdown(Call call, u32 descriptor, u32 how);

/// What `accessed` and `modified` mean by these `time_flags`. Errors: Invalid.
struct NewTimes {
  NewTime accessed;
  NewTime modified;
};
Result<NewTimes> new_times(const Call& call, u64 accessed, u64 modified, u32 flags);

}  // namespace calls
}  // namespace nacre::wasi
