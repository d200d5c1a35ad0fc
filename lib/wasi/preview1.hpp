#pragma once

#include <expected>
#include <optional>
#include <string_view>

#include "lib/wasi/host.hpp"
#include "lib/wasm/runtime/linker.hpp"

namespace nacre::wasi {

inline constexpr std::string_view preview1_module = "wasi_snapshot_preview1";

/// Calls that may have to wait: the guest's owner answers them. See requests.hpp.
enum class WaitingCall : u32 { Read, Write, Poll, Yield, Random, Exit };

/// The host call ids from `first_host_call` on are ours.
inline constexpr u32 first_host_call = 0x100;
constexpr wasm::HostCallId host_call_id(WaitingCall call) {
  return {first_host_call + static_cast<u32>(call)};
}
/// Nothing when it is somebody else's.
constexpr std::optional<WaitingCall> waiting_call_of(wasm::HostCallId id) {
  if (id.value < first_host_call || id.value > host_call_id(WaitingCall::Exit).value)
    return std::nullopt;
  return static_cast<WaitingCall>(id.value - first_host_call);
}

/// How many functions preview 1 has. [wasi/preview1: "Functions"]
inline constexpr usize preview1_functions = 46;

/// Defines all functions of preview 1. What is not there yet has its right signature and answers
/// NotImplemented, so that every program links. `host` outlives the linker's store.
std::expected<void, base::OutOfMemory> define_preview1(wasm::Linker& linker, Host& host);
/// Defines those of them that are among `imports`, unless the linker has them.
std::expected<void, base::OutOfMemory> define_preview1_for(std::span<const wasm::Import> imports,
                                                           wasm::Linker& linker, Host& host);

}  // namespace nacre::wasi
