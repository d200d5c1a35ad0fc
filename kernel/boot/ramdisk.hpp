#pragma once

#include <expected>

#include "kernel/boot/protocol/boot_info.hpp"
#include "kernel/fs/tar_file_system.hpp"

namespace nacre::boot {

/// The files of the archive that the loader brought, with a log line for whatever is wrong with it.
/// Without an archive there are none. Context: boot. Errors: OutOfMemory.
std::expected<base::Box<fs::TarFileSystem>, base::OutOfMemory> read_ramdisk(const BootInfo& info);

}  // namespace nacre::boot
