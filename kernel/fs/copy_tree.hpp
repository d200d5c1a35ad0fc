#pragma once

#include "kernel/fs/tmp_file_system.hpp"

namespace nacre::fs {

/// Copies what is in a directory, and what is below it, to the root of an empty file system: files,
/// directories and symbolic links with their attributes. Bytes that lie in memory are borrowed, so
/// `from` outlives `to`. Names of one file are names of one
/// file there, too, as far as they are below `directory`. Errors: those of both; then a part
/// has been copied.
exec::Task<Result<void>> copy_tree(FileSystem& from, NodeId directory, TmpFileSystem& to);

}  // namespace nacre::fs
