#pragma once

#include <span>

#include "kernel/fs/vfs.hpp"
#include "kernel/process/process.hpp"
#include "lib/base/string.hpp"
#include "lib/base/vector.hpp"

namespace nacre::process {

/// The directories that a program gets which a person starts: the root, and the working directory
/// as `.`.
///
/// C libraries take `/` and `.` for one prefix, the empty one, of which the directory that comes
/// last counts. So the working directory comes last, and for the sake of absolute paths each
/// directory of the root comes by its own name, too: the longest prefix counts more. What the
/// working directory has itself it keeps.
class StartDirectories {
 public:
  /// Errors: OutOfMemory, those of the file systems.
  static exec::Task<fs::Result<StartDirectories>> create(fs::Vfs& files, fs::Location working);

  /// Good as long as this is not moved.
  std::span<const Preopened> all() const { return {directories_.data(), directories_.size()}; }

 private:
  std::expected<void, base::OutOfMemory> add(std::string_view name, fs::Location directory);
  exec::Task<fs::Result<void>> add_of_root(fs::Vfs& files, fs::Location working);

  base::Vector<base::Box<base::String>> names_;
  base::Vector<Preopened> directories_;
};

}  // namespace nacre::process
