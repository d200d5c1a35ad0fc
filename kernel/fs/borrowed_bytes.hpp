#pragma once

#include <span>

#include "kernel/fs/error.hpp"
#include "lib/archive/sparse.hpp"
#include "lib/base/memory.hpp"

namespace nacre::fs {

/// The bytes of a file that somebody else keeps and nobody changes.
struct BorrowedBytes {
  std::span<const u8> bytes;
  u64 size = 0;  // of the file, with its holes
  /// Where the bytes belong in the file, if it has holes.
  base::Box<archive::SparseMap> map;
};

}  // namespace nacre::fs
