#pragma once

#include <expected>

#include "kernel/boot/protocol/boot_info.hpp"
#include "kernel/fs/device_file_system.hpp"
#include "kernel/fs/tmp_file_system.hpp"
#include "kernel/fs/vfs.hpp"
#include "lib/base/chacha20.hpp"

namespace nacre::boot {

/// How a file system in memory is made that may take so many bytes, and a number of nodes to match.
fs::TmpFileSystem::Options tmp_options(base::u64 bytes, base::SecureRandom& random,
                                       base::UnixTime (*now)());

/// All files that there are.
struct Files {
  fs::Vfs vfs;
  fs::DeviceFileSystem* devices;  // a part of it; null where `/dev` is something else
};

/// Mounts something that the machine makes. Whether it was mounted: the archive may have something
/// in the way, which is told in the log. Errors: OutOfMemory.
std::expected<bool, base::OutOfMemory> mount(fs::Vfs& vfs, std::string_view path,
                                             base::Box<fs::FileSystem> file_system);

/// Mounts the files of the ramdisk, which can be changed in memory, as the root, an empty file
/// system at `/tmp`, and the devices at `/dev`. What is written to the root may take a quarter of
/// the memory that is free now, and what is written to `/tmp` half of it. `random` outlives the
/// files; `now` is the time of day. Context: boot. Errors: OutOfMemory.
std::expected<Files, base::OutOfMemory> mount_files(const BootInfo& info,
                                                    base::SecureRandom& random,
                                                    base::UnixTime (*now)());

}  // namespace nacre::boot
