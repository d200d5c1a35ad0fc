#pragma once

#include <span>
#include <string_view>

#include "kernel/boot/session/session.hpp"
#include "kernel/fs/mirror_file_system.hpp"
#include "kernel/process/host_folder.hpp"

namespace nacre::boot {

/// The directories of a job whose changes the host wants: a file system of its own is mounted at
/// each, a copy of what was there, and the host is told of what changes in it.
class Mirrors {
 public:
  explicit Mirrors(process::HostChannel& channel) : channel_(channel) {}

  /// Errors: those of the directory, with its path.
  exec::Task<fs::Result<void>> mount(Session& session, std::string_view path);
  /// Waits until the host has everything. What it could not do, it tells its user.
  exec::Task<std::expected<void, base::OutOfMemory>> deliver();

 private:
  process::HostChannel& channel_;
  base::Vector<base::Box<process::HostFolder>> folders_;
  base::Vector<fs::MirrorFileSystem*> mounted_;
};

}  // namespace nacre::boot
