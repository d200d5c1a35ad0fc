#include "lib/wasi/functions.hpp"

#include <algorithm>
#include <utility>

namespace nacre::wasi {
namespace {

/// A function that is answered at once.
template <auto function, class = decltype(function)>
struct Now;
template <auto function, class... Arguments>
struct Now<function, Result<void> (*)(Call, Arguments...)> {
  static constexpr std::array<wasm::ValueType, sizeof...(Arguments)> parameters{
      wasm::value_type_of<Arguments>()...};
  static Defined define(wasm::Linker& linker, System& system, Version version, const Function& self,
                        wasm::HostCallId) {
    return linker.define(
        module_of(version), self.name,
        [&system, version](wasm::Caller& caller, Arguments... arguments) -> u32 {
          return number_of(function({system, caller.memory(), version}, arguments...));
        });
  }
};
template <auto function>
constexpr Function now(std::string_view name) {
  return {name, Now<function>::parameters, &Now<function>::define, nullptr};
}

/// A function that may have to wait.
template <auto function, class Value, class = decltype(function)>
struct Waiting;
template <auto function, class Value, class Answered, class... Arguments>
struct Waiting<function, Value, Answered (*)(Call, Arguments...)> {
  static constexpr std::array<wasm::ValueType, sizeof...(Arguments)> parameters{
      wasm::value_type_of<Arguments>()...};
  static Defined define(wasm::Linker& linker, System&, Version version, const Function& self,
                        wasm::HostCallId id) {
    return linker.define_waiting<Value(Arguments...)>(module_of(version), self.name, id);
  }
  template <usize... Index>
  static Begun begin_with(Call call, const wasm::exit::HostCall& host_call,
                          std::index_sequence<Index...>) {
    return function(call, host_call.argument<Arguments>(Index)...);
  }
  static Begun begin(Call call, const wasm::exit::HostCall& host_call) {
    return begin_with(call, host_call, std::index_sequence_for<Arguments...>{});
  }
};
template <auto function, class Value = u32>
constexpr Function waiting(std::string_view name) {
  using Kind = Waiting<function, Value>;
  return {name, Kind::parameters, &Kind::define, &Kind::begin};
}

constexpr Function since_preview1(Function function) {
  function.since_preview1 = true;
  return function;
}

constexpr std::array<Function, preview1_functions> table{
    now<calls::args_get>("args_get"),
    now<calls::args_sizes_get>("args_sizes_get"),
    now<calls::environ_get>("environ_get"),
    now<calls::environ_sizes_get>("environ_sizes_get"),
    now<calls::clock_res_get>("clock_res_get"),
    now<calls::clock_time_get>("clock_time_get"),
    now<calls::fd_advise>("fd_advise"),
    waiting<calls::fd_allocate>("fd_allocate"),
    now<calls::fd_close>("fd_close"),
    waiting<calls::fd_datasync>("fd_datasync"),
    now<calls::fd_fdstat_get>("fd_fdstat_get"),
    now<calls::fd_fdstat_set_flags>("fd_fdstat_set_flags"),
    now<calls::fd_fdstat_set_rights>("fd_fdstat_set_rights"),
    waiting<calls::fd_filestat_get>("fd_filestat_get"),
    waiting<calls::fd_filestat_set_size>("fd_filestat_set_size"),
    waiting<calls::fd_filestat_set_times>("fd_filestat_set_times"),
    waiting<calls::fd_pread>("fd_pread"),
    now<calls::fd_prestat_get>("fd_prestat_get"),
    now<calls::fd_prestat_dir_name>("fd_prestat_dir_name"),
    waiting<calls::fd_pwrite>("fd_pwrite"),
    waiting<calls::fd_read>("fd_read"),
    waiting<calls::fd_readdir>("fd_readdir"),
    now<calls::fd_renumber>("fd_renumber"),
    now<calls::fd_seek>("fd_seek"),
    waiting<calls::fd_sync>("fd_sync"),
    now<calls::fd_tell>("fd_tell"),
    waiting<calls::fd_write>("fd_write"),
    waiting<calls::path_create_directory>("path_create_directory"),
    waiting<calls::path_filestat_get>("path_filestat_get"),
    waiting<calls::path_filestat_set_times>("path_filestat_set_times"),
    waiting<calls::path_link>("path_link"),
    waiting<calls::path_open>("path_open"),
    waiting<calls::path_readlink>("path_readlink"),
    waiting<calls::path_remove_directory>("path_remove_directory"),
    waiting<calls::path_rename>("path_rename"),
    waiting<calls::path_symlink>("path_symlink"),
    waiting<calls::path_unlink_file>("path_unlink_file"),
    waiting<calls::poll_oneoff>("poll_oneoff"),
    waiting<calls::proc_exit, void>("proc_exit"),
    waiting<calls::proc_raise>("proc_raise"),
    waiting<calls::random_get>("random_get"),
    waiting<calls::sched_yield>("sched_yield"),
    since_preview1(now<calls::sock_accept>("sock_accept")),
    now<calls::sock_recv>("sock_recv"),
    now<calls::sock_send>("sock_send"),
    now<calls::sock_shutdown>("sock_shutdown"),
};

constexpr std::array versions{Version::Preview1, Version::Unstable};

bool has(Version version, const Function& function) {
  return version == Version::Preview1 || !function.since_preview1;
}

/// Those of `wasi_unstable` follow those of preview 1.
wasm::HostCallId host_call_id(const Function& function, Version version) {
  auto const index = static_cast<u32>(&function - table.data());
  u32 const skipped = version == Version::Preview1 ? 0 : u32{preview1_functions};
  return {first_host_call + skipped + index};
}

Answer known(Result<void> result) { co_return result; }

Defined define(wasm::Linker& linker, System& system, Version version, const Function& function) {
  return function.define(linker, system, version, function, host_call_id(function, version));
}

}  // namespace

std::span<const Function, preview1_functions> functions() { return table; }

Defined define_all(wasm::Linker& linker, System& system, Version version) {
  for (Function const& function : table) {
    if (!has(version, function)) continue;
    TRY(define(linker, system, version, function));
  }
  return {};
}

Defined define_for(std::span<const wasm::Import> imports, wasm::Linker& linker, System& system) {
  for (wasm::Import const& import : imports) {
    auto const* const version = std::ranges::find(versions, import.module, module_of);
    auto const* const function = std::ranges::find(table, import.name, &Function::name);
    if (version == std::end(versions) || function == std::end(table)) continue;
    if (!has(*version, *function) || linker.find(import.module, import.name)) continue;
    TRY(define(linker, system, *version, *function));
  }
  return {};
}

Called called(wasm::HostCallId id) {
  u32 const number = id.value - first_host_call;
  if (id.value < first_host_call || number >= versions.size() * preview1_functions)
    return {nullptr, Version::Preview1};
  return {&table[number % preview1_functions], versions[number / preview1_functions]};
}

Begun begin(System& system, const wasm::exit::HostCall& host_call) {
  auto const [function, version] = called(host_call.id);
  NACRE_ASSERT(function != nullptr && function->begin != nullptr);
  return function->begin({system, host_call.memory(), version}, host_call);
}

[[clang::coro_wrapper]] Answer answer(System& system, const wasm::exit::HostCall& host_call) {
  auto begun = begin(system, host_call);
  if (auto* const task = std::get_if<Answer>(&begun)) return std::move(*task);
  return known(std::get<Result<void>>(begun));
}

}  // namespace nacre::wasi
