#pragma once

#include <string_view>

#include "lib/wasi/abi.hpp"

/// What `wasi_unstable`, the snapshot before preview 1, has otherwise. Everything else is the same,
/// but that it has no `sock_accept`. [wasi/snapshot0: "Types"]
namespace nacre::wasi {

enum class Version : u8 { Unstable, Preview1 };

/// The name under which programs import its functions.
constexpr std::string_view module_of(Version version) {
  return version == Version::Preview1 ? "wasi_snapshot_preview1" : "wasi_unstable";
}

/// Where a `fd_seek` counts from. Errors: Invalid.
Result<Whence> whence_of(Version version, u32 number);

/// Writes what `fd_filestat_get` and `path_filestat_get` tell. Errors: Fault.
Result<void> store_stat(Version version, GuestMemory memory, u32 address, const FileStat& stat);
u32 size_of_stat(Version version);

/// Reads number `index` of a list of subscriptions. Errors: Fault.
Result<Subscription> load_subscription(Version version, GuestMemory memory, u32 list, u32 index);
u32 size_of_subscription(Version version);

}  // namespace nacre::wasi
