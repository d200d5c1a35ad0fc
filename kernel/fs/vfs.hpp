#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "kernel/fs/file_system.hpp"
#include "kernel/fs/open_file.hpp"
#include "kernel/fs/walk.hpp"
#include "lib/base/memory.hpp"
#include "lib/base/string.hpp"
#include "lib/base/vector.hpp"
#include "lib/exec/task.hpp"

namespace nacre::fs {

class Vfs;

/// How a file or directory is opened.
struct OpenOptions {
  Access access{};
  FileFlags flags{};
  /// Makes an empty file if there is none.
  bool create = false;
  /// With `create`: AlreadyExists if there is one, or a symbolic link.
  bool exclusive = false;
  /// Empties the file.
  bool truncate = false;
  /// The permissions of what is made, where those are kept; without it, those that the file system
  /// gives.
  std::optional<u32> mode{};
  /// NotADirectory if it is none. Nothing is created then.
  bool directory = false;
  WalkOptions walk{};
};

/// The entries of a directory, with what is mounted in it, in any order. Reading goes on where it
/// stopped; what `FileSystem::read_directory` says about changes in between holds here, too.
class Directory {
 public:
  Directory(const Vfs& vfs, HeldNode node) : vfs_(&vfs), node_(std::move(node)) {}

  /// Fills `out` with the next entries. How many; 0 at the end. Names are borrowed until the
  /// directory is changed. What is mounted comes first, and hides what it covers.
  Result<usize> read(std::span<DirectoryEntry> out);
  /// Where reading goes on: 0 at the start, else the `next` of the entry that was given last.
  u64 cookie() const { return cookie_; }
  /// Goes on behind the entry whose `next` this is; at the start for 0.
  void seek(u64 cookie) { cookie_ = cookie; }

  Stat stat() const { return stat_of(node_.location()); }
  /// Where paths can start.
  Location location() const { return node_.location(); }
  /// Errors: those of the file system.
  Result<void> set_times(std::optional<base::UnixTime> accessed,
                         std::optional<base::UnixTime> modified) {
    return node_.file_system().set_times(node_.node(), accessed, modified);
  }
  [[clang::coro_wrapper]] exec::Task<Result<void>> sync(SyncScope scope) {
    return node_.file_system().sync(node_.node(), scope);
  }

 private:
  usize read_mounts(std::span<DirectoryEntry> out);

  const Vfs* vfs_;
  HeldNode node_;
  u64 cookie_ = 0;  // of the file system, or number of a mount from `cookie_end` on
};

/// What a path was opened as.
using OpenNode = std::variant<OpenFile, Directory>;

/// The tree of everything that is mounted. File systems are owned; what is open in them must be
/// closed before this goes or is moved. Task context. Paths must outlive the returned tasks.
///
/// Each operation starts at a directory: `root()` or a `Directory`'s location. Errors are those of
/// `walk` and of the file system; an error's `path_end` is about the path that was given. Following
/// a path and doing what is to be done there is one step: nothing comes in between.
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
  /// Opens whatever is there. A directory can be read and nothing else. Errors: IsADirectory for a
  /// directory that is to be written, emptied or created; AlreadyExists, NotADirectory, as
  /// `OpenOptions` says; TooManyLinks for a symbolic link that is not followed; NoDevice;
  /// InvalidOptions for `create` and `directory` together.
  exec::Task<Result<OpenNode>> open_node(Location start, std::string_view path,
                                         OpenOptions options = {});
  /// The same for files and devices alone. Errors: IsADirectory for every directory.
  exec::Task<Result<OpenFile>> open(Location start, std::string_view path,
                                    OpenOptions options = {});
  exec::Task<Result<Directory>> open_directory(Location start, std::string_view path,
                                               WalkOptions options = {});
  /// The text of a symbolic link. Errors: NotASymlink, too.
  exec::Task<Result<base::String>> read_link(Location start, std::string_view path,
                                             WalkOptions options = {});

  // What changes something. Errors: ReadOnly, AlreadyExists, NotEmpty, Busy for what something is
  // mounted at or in, NoName for a path that ends in no name, AcrossFileSystems, NoSpace.
  exec::Task<Result<void>> create_directory(Location start, std::string_view path,
                                            WalkOptions options = {});
  exec::Task<Result<void>> create_symlink(std::string_view text, Location start,
                                          std::string_view path, WalkOptions options = {});
  exec::Task<Result<void>> remove_file(Location start, std::string_view path,
                                       WalkOptions options = {});
  exec::Task<Result<void>> remove_directory(Location start, std::string_view path,
                                            WalkOptions options = {});
  /// Moves a file, link or directory to `new_path`, over what is there. Neither path's last link is
  /// followed. `path_end` of an error is about `path`, unless only `new_path` can be meant.
  /// Errors: IntoItself, and as `FileSystem::rename`.
  exec::Task<Result<void>> rename(Location start, std::string_view path, Location new_start,
                                  std::string_view new_path, WalkOptions options = {});
  /// Gives what is at `path` a further name. Whether that is a symbolic link itself or where it
  /// leads, `follow_last` says. Errors: NotPermitted for a directory, TooManyNames.
  exec::Task<Result<void>> link(Location start, std::string_view path, Location new_start,
                                std::string_view new_path, WalkOptions options = {});
  exec::Task<Result<void>> set_mode(Location start, std::string_view path, u32 mode,
                                    WalkOptions options = {});
  exec::Task<Result<void>> set_times(Location start, std::string_view path,
                                     std::optional<base::UnixTime> accessed,
                                     std::optional<base::UnixTime> modified,
                                     WalkOptions options = {});
  /// Waits until everything is on its medium. The first error, after all were asked.
  exec::Task<Result<void>> sync_all();

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
  Result<OpenNode> open_now(Location start, std::string_view path, const OpenOptions& options);
  const Mount* mounted_at(Location directory, std::string_view name) const;
  const Mount& mount_of(const FileSystem& file_system) const {
    return mounts_[file_system.number()];
  }
  bool is_mount_root(Location location) const;
  bool is_pinned(Location location) const;
  Result<void> remove(Location start, std::string_view path, NodeType type, WalkOptions options);

  base::Vector<Mount> mounts_;
};

/// The bytes that everything that is mounted takes.
inline u64 used_space(const Vfs& vfs) {
  u64 sum = 0;
  for (const Vfs::Mount& mount : vfs.mounts()) sum += used_space(*mount.file_system);
  return sum;
}

}  // namespace nacre::fs
