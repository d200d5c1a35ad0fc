#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "kernel/fs/file_system.hpp"
#include "kernel/fs/open_file.hpp"
#include "kernel/fs/walk.hpp"
#include "lib/base/memory.hpp"
#include "lib/base/string.hpp"
#include "lib/base/vector.hpp"
#include "lib/exec/task.hpp"

namespace nacre::fs {

class Vfs;

/// How a file is opened.
struct OpenOptions {
  Access access{};
  /// Makes an empty file if there is none.
  bool create = false;
  /// With `create`: AlreadyExists if there is one.
  bool exclusive = false;
  /// Empties the file.
  bool truncate = false;
  WalkOptions walk{};
};

/// The entries of a directory, with what is mounted in it, sorted bytewise by name. Reading goes on
/// where it stopped; a change in between may show an entry twice or not at all.
class Directory {
 public:
  Directory(const Vfs& vfs, HeldNode node) : vfs_(&vfs), node_(std::move(node)) {}

  /// Fills `out` with the next entries. How many; 0 at the end. Names are borrowed until the
  /// directory is changed.
  exec::Task<Result<usize>> read(std::span<DirectoryEntry> out);
  /// How many entries are before the next one.
  usize position() const { return position_; }
  /// Makes entry number `position` the next one.
  exec::Task<Result<void>> seek(usize position);

  Stat stat() const;
  Location location() const { return node_.location(); }

 private:
  Result<std::optional<DirectoryEntry>> next();
  const base::String* next_mount_name() const;

  const Vfs* vfs_;
  HeldNode node_;
  usize position_ = 0;
  usize own_position_ = 0;       // in the file system's directory
  std::string_view last_mount_;  // the last mounted name that was given, the mount's own
};

/// The tree of everything that is mounted. File systems are owned; what is open in them must be
/// closed before this goes or is moved. Task context. Paths must outlive the returned tasks.
///
/// Each operation starts at a directory: `root()` or a `Directory`'s location. Errors are those of
/// `walk` and of the file system; an error's `path_end` is about the path that was given.
class Vfs {
 public:
  /// Errors: OutOfMemory.
  static std::expected<Vfs, base::OutOfMemory> create(base::Box<FileSystem> root);

  /// Mounts at `path`, an absolute one. Its directory must be there; its last name need not, and
  /// what has the name is hidden. Errors: those of `walk`, Busy when something is mounted there
  /// already, NotADirectory.
  Result<void> mount(std::string_view path, base::Box<FileSystem> file_system);
  Location root() const { return {mounts_[0].file_system.get(), mounts_[0].file_system->root()}; }

  /// The node at a path. NotFound when there is none.
  exec::Task<Result<Location>> locate(Location start, std::string_view path,
                                      WalkOptions options = {});
  exec::Task<Result<Stat>> stat(Location start, std::string_view path, WalkOptions options = {});
  /// Errors: IsADirectory and AlreadyExists, too.
  exec::Task<Result<OpenFile>> open(Location start, std::string_view path,
                                    OpenOptions options = {});
  exec::Task<Result<Directory>> open_directory(Location start, std::string_view path,
                                               WalkOptions options = {});
  /// The text of a symbolic link. Errors: NotASymlink, too.
  exec::Task<Result<base::String>> read_link(Location start, std::string_view path,
                                             WalkOptions options = {});

  // What changes something. Errors: ReadOnly, AlreadyExists, NotEmpty, Busy for what something is
  // mounted at, AcrossFileSystems.
  exec::Task<Result<void>> create_directory(Location start, std::string_view path,
                                            WalkOptions options = {});
  exec::Task<Result<void>> create_symlink(std::string_view text, Location start,
                                          std::string_view path, WalkOptions options = {});
  exec::Task<Result<void>> remove_file(Location start, std::string_view path,
                                       WalkOptions options = {});
  exec::Task<Result<void>> remove_directory(Location start, std::string_view path,
                                            WalkOptions options = {});
  /// `path_end` of an error is about `path`, unless only `new_path` can be meant.
  exec::Task<Result<void>> rename(Location start, std::string_view path, Location new_start,
                                  std::string_view new_path, WalkOptions options = {});
  exec::Task<Result<void>> link(Location start, std::string_view path, Location new_start,
                                std::string_view new_path, WalkOptions options = {});

  /// The absolute path of a directory. Errors: NotFound when it was removed, OutOfMemory.
  exec::Task<Result<base::String>> path_of(Location directory);

  /// A file system and where it is mounted: the name in a directory of another one. The first is
  /// the root and is mounted nowhere.
  struct Mount {
    base::Box<FileSystem> file_system;
    Location directory;
    base::String name;
  };
  std::span<const Mount> mounts() const { return {mounts_.data(), mounts_.size()}; }

 private:
  friend class Directory;
  struct Tree;
  /// A walk to something that is there, whose `node` is set.
  struct Found {
    Location parent;
    std::string_view name;
    Location node;
  };

  Result<Walked<Location>> walk_to(Location start, std::string_view path,
                                   WalkOptions options) const;
  Result<Found> find(Location start, std::string_view path, WalkOptions options) const;
  Result<Walked<Location>> find_free(Location start, std::string_view path,
                                     WalkOptions options) const;
  Stat stat_of(Location location) const;
  const Mount* mounted_at(Location directory, std::string_view name) const;
  const Mount* mount_of(const FileSystem& file_system) const;
  bool is_mount_root(Location location) const;
  bool is_pinned(Location location) const;
  Result<void> remove(Location start, std::string_view path, NodeType type, WalkOptions options);

  base::Vector<Mount> mounts_;
};

}  // namespace nacre::fs
