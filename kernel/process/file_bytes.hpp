#pragma once

#include <span>
#include <string_view>

#include "kernel/fs/vfs.hpp"
#include "lib/base/vector.hpp"

namespace nacre::process {

/// All bytes of a file, which nothing changes as long as this lives: where they lie, if their file
/// system has them there for good, else a copy. The file system stays mounted meanwhile.
class FileBytes {
 public:
  /// Errors: those of opening and reading.
  static exec::Task<fs::Result<FileBytes>> read(fs::Vfs& vfs, fs::Location start,
                                                std::string_view path);

  std::span<const base::u8> bytes() const { return bytes_; }
  std::string_view text() const {
    return {static_cast<const char*>(static_cast<const void*>(bytes_.data())), bytes_.size()};
  }

 private:
  explicit FileBytes(fs::OpenFile file) : file_(std::move(file)) {}

  fs::OpenFile file_;  // holds the node
  base::Vector<base::u8> copy_;
  std::span<const base::u8> bytes_;
};

}  // namespace nacre::process
