#include "lib/wasi/preview1.hpp"

#include <utility>

#include "lib/base/try.hpp"
#include "lib/wasi/requests.hpp"

namespace nacre::wasi {
namespace {

/// Who calls, for the functions that answer at once.
struct Call {
  Host& host;
  GuestMemory memory;
};

/// One list of texts, as `args_get` and `environ_get` give it.
struct Texts {
  const Host& host;
  u32 (Host::*count)() const;
  std::string_view (Host::*text)(u32) const;

  u32 size() const { return (host.*count)(); }
  std::string_view operator[](u32 index) const { return (host.*text)(index); }
};
Texts arguments_of(const Call& call) { return {call.host, &Host::argument_count, &Host::argument}; }
Texts variables_of(const Call& call) { return {call.host, &Host::variable_count, &Host::variable}; }

Result<void> get_sizes(const Call& call, const Texts& texts, u32 count_pointer, u32 size_pointer) {
  u64 bytes = 0;
  for (u32 i = 0; i < texts.size(); ++i) bytes += texts[i].size() + 1;
  if (bytes > UINT32_MAX) return std::unexpected(Errno::Overflow);
  TRY(store(call.memory, count_pointer, texts.size()));
  return store(call.memory, size_pointer, static_cast<u32>(bytes));
}

/// Writes the texts to `buffer`, each with a NUL behind it, and where each begins to `pointers`.
Result<void> get_texts(const Call& call, const Texts& texts, u32 pointers, u32 buffer) {
  if (!call.memory.array(pointers, texts.size(), sizeof(u32))) return std::unexpected(Errno::Fault);
  u64 at = buffer;
  for (u32 i = 0; i < texts.size(); ++i) {
    std::string_view const text = texts[i];
    // Where the buffer is known to lie inside of the memory, the address has 32 bits.
    auto const target = at > UINT32_MAX
                            ? std::unexpected(wasm::OutOfBounds{UINT32_MAX, text.size() + 1})
                            : call.memory.span(static_cast<u32>(at), text.size() + 1);
    if (!target) return std::unexpected(Errno::Fault);
    text.copy(std::bit_cast<char*>(target->data()), text.size());
    target->back() = 0;
    TRY(store(call.memory, pointers + i * u32{sizeof(u32)}, static_cast<u32>(at)));
    at += text.size() + 1;
  }
  return {};
}

Result<void> args_get(const Call& call, u32 pointers, u32 buffer) {
  return get_texts(call, arguments_of(call), pointers, buffer);
}
Result<void> args_sizes_get(const Call& call, u32 count, u32 size) {
  return get_sizes(call, arguments_of(call), count, size);
}
Result<void> environ_get(const Call& call, u32 pointers, u32 buffer) {
  return get_texts(call, variables_of(call), pointers, buffer);
}
Result<void> environ_sizes_get(const Call& call, u32 count, u32 size) {
  return get_sizes(call, variables_of(call), count, size);
}

Result<void> clock_res_get(const Call& call, u32 clock, u32 result) {
  TRY(u64 const resolution, call.host.clock_resolution(ClockId{clock}));
  return store(call.memory, result, resolution);
}
/// The precision that the guest asks for is what it always gets.
Result<void> clock_time_get(const Call& call, u32 clock, u64 /*precision*/, u32 result) {
  TRY(u64 const time, call.host.clock_time(ClockId{clock}));
  return store(call.memory, result, time);
}

Result<void> fd_close(const Call& call, u32 descriptor) { return call.host.close(descriptor); }
Result<void> fd_fdstat_get(const Call& call, u32 descriptor, u32 result) {
  TRY(DescriptorStat const stat, call.host.stat(descriptor));
  return store(call.memory, result, stat);
}
Result<void> fd_seek(const Call& call, u32 descriptor, i64 offset, u32 whence, u32 result) {
  if (whence > static_cast<u32>(Whence::End)) return std::unexpected(Errno::Invalid);
  if (!call.memory.span(result, sizeof(u64))) return std::unexpected(Errno::Fault);
  TRY(u64 const position, call.host.seek(descriptor, offset, static_cast<Whence>(whence)));
  return store(call.memory, result, position);
}
Result<void> fd_tell(const Call& call, u32 descriptor, u32 result) {
  return fd_seek(call, descriptor, 0, static_cast<u32>(Whence::Current), result);
}
Result<void> fd_prestat_get(const Call& call, u32 descriptor, u32 result) {
  TRY(std::string_view const path, call.host.preopened_path(descriptor));
  return store(call.memory, result, Prestat{.name_size = static_cast<u32>(path.size())});
}
Result<void> fd_prestat_dir_name(const Call& call, u32 descriptor, u32 buffer, u32 size) {
  TRY(std::string_view const path, call.host.preopened_path(descriptor));
  if (path.size() > size) return std::unexpected(Errno::NameTooLong);
  auto const target = call.memory.span(buffer, path.size());
  if (!target) return std::unexpected(Errno::Fault);
  path.copy(std::bit_cast<char*>(target->data()), path.size());
  return {};
}

/// Nothing that a program has is a socket.
template <class... Rest>
Result<void> no_socket(const Call& call, u32 descriptor, Rest...) {
  TRY(call.host.stat(descriptor));
  return std::unexpected(Errno::NotASocket);
}

using Defined = std::expected<void, base::OutOfMemory>;

/// One function of preview 1.
struct Entry {
  std::string_view name;
  Defined (*define)(wasm::Linker& linker, std::string_view name, Host& host);
};

template <auto function, class = decltype(function)>
struct Now;
template <auto function, class... Arguments>
struct Now<function, Result<void> (*)(const Call&, Arguments...)> {
  static Defined define(wasm::Linker& linker, std::string_view name, Host& host) {
    return linker.define(preview1_module, name,
                         [&host](wasm::Caller& caller, Arguments... arguments) -> u32 {
                           auto const result = function(Call{host, caller.memory()}, arguments...);
                           return answer(result ? Errno::Success : result.error());
                         });
  }
};
template <auto function>
constexpr Entry now(std::string_view name) {
  return {name, &Now<function>::define};
}

template <WaitingCall call, class Signature>
constexpr Entry waiting(std::string_view name) {
  return {name, [](wasm::Linker& linker, std::string_view as, Host&) {
            return linker.define_waiting<Signature>(preview1_module, as, host_call_id(call));
          }};
}

template <class... Arguments>
struct Missing {
  static Defined define(wasm::Linker& linker, std::string_view name, Host&) {
    return linker.define(preview1_module, name, [](wasm::Caller&, Arguments...) -> u32 {
      return answer(Errno::NotImplemented);
    });
  }
};
template <class... Arguments>
constexpr Entry missing(std::string_view name) {
  return {name, &Missing<Arguments...>::define};
}

constexpr std::array<Entry, preview1_functions> functions{
    now<args_get>("args_get"),
    now<args_sizes_get>("args_sizes_get"),
    now<environ_get>("environ_get"),
    now<environ_sizes_get>("environ_sizes_get"),
    now<clock_res_get>("clock_res_get"),
    now<clock_time_get>("clock_time_get"),
    missing<u32, u64, u64, u32>("fd_advise"),
    missing<u32, u64, u64>("fd_allocate"),
    now<fd_close>("fd_close"),
    missing<u32>("fd_datasync"),
    now<fd_fdstat_get>("fd_fdstat_get"),
    missing<u32, u32>("fd_fdstat_set_flags"),
    missing<u32, u64, u64>("fd_fdstat_set_rights"),
    missing<u32, u32>("fd_filestat_get"),
    missing<u32, u64>("fd_filestat_set_size"),
    missing<u32, u64, u64, u32>("fd_filestat_set_times"),
    missing<u32, u32, u32, u64, u32>("fd_pread"),
    now<fd_prestat_get>("fd_prestat_get"),
    now<fd_prestat_dir_name>("fd_prestat_dir_name"),
    missing<u32, u32, u32, u64, u32>("fd_pwrite"),
    waiting<WaitingCall::Read, u32(u32, u32, u32, u32)>("fd_read"),
    missing<u32, u32, u32, u64, u32>("fd_readdir"),
    missing<u32, u32>("fd_renumber"),
    now<fd_seek>("fd_seek"),
    missing<u32>("fd_sync"),
    now<fd_tell>("fd_tell"),
    waiting<WaitingCall::Write, u32(u32, u32, u32, u32)>("fd_write"),
    missing<u32, u32, u32>("path_create_directory"),
    missing<u32, u32, u32, u32, u32>("path_filestat_get"),
    missing<u32, u32, u32, u32, u64, u64, u32>("path_filestat_set_times"),
    missing<u32, u32, u32, u32, u32, u32, u32>("path_link"),
    missing<u32, u32, u32, u32, u32, u64, u64, u32, u32>("path_open"),
    missing<u32, u32, u32, u32, u32, u32>("path_readlink"),
    missing<u32, u32, u32>("path_remove_directory"),
    missing<u32, u32, u32, u32, u32, u32>("path_rename"),
    missing<u32, u32, u32, u32, u32>("path_symlink"),
    missing<u32, u32, u32>("path_unlink_file"),
    waiting<WaitingCall::Poll, u32(u32, u32, u32, u32)>("poll_oneoff"),
    waiting<WaitingCall::Exit, void(u32)>("proc_exit"),
    missing<u32>("proc_raise"),
    waiting<WaitingCall::Random, u32(u32, u32)>("random_get"),
    waiting<WaitingCall::Yield, u32()>("sched_yield"),
    now<no_socket<u32, u32>>("sock_accept"),
    now<no_socket<u32, u32, u32, u32, u32>>("sock_recv"),
    now<no_socket<u32, u32, u32, u32>>("sock_send"),
    now<no_socket<u32>>("sock_shutdown"),
};

}  // namespace

Defined define_preview1(wasm::Linker& linker, Host& host) {
  for (Entry const& entry : functions) {
    TRY(entry.define(linker, entry.name, host));
  }
  return {};
}

Defined define_preview1_for(std::span<const wasm::Import> imports, wasm::Linker& linker,
                            Host& host) {
  for (wasm::Import const& import : imports) {
    if (import.module != preview1_module || linker.find(import.module, import.name)) continue;
    auto const* const entry = std::ranges::find(functions, import.name, &Entry::name);
    if (entry == std::end(functions)) continue;
    TRY(entry->define(linker, entry->name, host));
  }
  return {};
}

}  // namespace nacre::wasi
