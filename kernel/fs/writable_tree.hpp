#pragma once

#include "kernel/fs/tar_file_system.hpp"
#include "kernel/fs/tmp_file_system.hpp"

namespace nacre::fs {

/// A file system that begins with the files of an archive and can be changed. It borrows what the
/// files contain: the archive's bytes must outlive it, `archive` need not. The limits are for what
/// comes on top. Errors: OutOfMemory.
std::expected<base::Box<TmpFileSystem>, base::OutOfMemory> make_writable(
    const TarFileSystem& archive, const TmpFileSystem::Options& options);

}  // namespace nacre::fs
