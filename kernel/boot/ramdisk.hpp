#pragma once

#include <expected>

#include "kernel/boot/protocol/boot_info.hpp"
#include "kernel/fs/vfs.hpp"

namespace nacre::boot {

/// The file system of the archive that the loader brought, with a log line for whatever is wrong
/// with it. Without an archive it is empty. Context: boot. Errors: OutOfMemory.
std::expected<fs::Vfs, base::OutOfMemory> mount_ramdisk(const BootInfo& info);

}  // namespace nacre::boot
