#pragma once

#include <expected>
#include <span>
#include <string_view>

#include "lib/wasi/calls.hpp"
#include "lib/wasm/runtime/linker.hpp"
#include "lib/wasm/runtime/tier.hpp"

namespace nacre::wasi {

/// How many functions preview 1 has. [wasi/preview1: "Functions"]
inline constexpr usize preview1_functions = 46;

/// The host call ids from this one on are ours.
inline constexpr u32 first_host_call = 0x100;

using Defined = std::expected<void, base::OutOfMemory>;

/// One function of the interface.
struct Function {
  std::string_view name;
  std::span<const wasm::ValueType> parameters;
  /// Defines it under its name.
  Defined (*define)(wasm::Linker& linker, System& system, Version version, const Function& function,
                    wasm::HostCallId id);
  /// Begins to answer a call of it; null when calls never reach the guest's owner.
  Begun (*begin)(Call call, const wasm::exit::HostCall& host_call);
  bool since_preview1 = false;
};

/// All of preview 1, in the order of its documentation.
std::span<const Function, preview1_functions> functions();

/// Defines all functions of a version. `system` outlives the linker's store.
Defined define_all(wasm::Linker& linker, System& system, Version version = Version::Preview1);
/// Defines those functions of both versions that are among `imports`, unless the linker has them.
Defined define_for(std::span<const wasm::Import> imports, wasm::Linker& linker, System& system);

/// Which function a host call is of, and of which version; a null function when it is somebody
/// else's.
struct Called {
  const Function* function;
  Version version;
};
Called called(wasm::HostCallId id);

/// Answers a host call of ours, or begins to: gives the number for `Guest::finish_host_call`. But
/// look at `System::exit_code` first, which `proc_exit` sets at once: then there is nothing to
/// finish. The call and the system outlive the task; without memory for it, the answer is NoMemory.
Begun begin(System& system, const wasm::exit::HostCall& host_call);
/// The same for who waits in any case.
[[clang::coro_wrapper]] Answer answer(System& system, const wasm::exit::HostCall& host_call);
/// What a guest gets as the result.
constexpr u32 number_of(const Result<void>& result) {
  return static_cast<u32>(result ? Errno::Success : result.error().number);
}

}  // namespace nacre::wasi
