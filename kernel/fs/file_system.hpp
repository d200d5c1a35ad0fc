#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "kernel/fs/error.hpp"
#include "lib/base/time.hpp"
#include "lib/base/types.hpp"
#include "lib/exec/task.hpp"

namespace nacre::fs {

class Stream;

/// A file, directory or symbolic link of one file system. Which number that is, is the file
/// system's business; it may be used again once the node is gone.
using NodeId = base::Id<struct NodeTag, u64>;

enum class NodeType : u8 { File, Directory, Symlink, CharacterDevice };

/// What is known about a node.
struct Stat {
  NodeType type = NodeType::File;
  /// Bytes of a file, length of a symbolic link's text, number of entries of a directory.
  u64 size = 0;
  /// Permission, set-id and sticky bits, as they were stored. Nothing checks them: there is one
  /// user.
  u32 mode = 0;
  u32 user_id = 0;
  u32 group_id = 0;
  /// How many names the node has: 0 for one that was removed and is still open. A directory has
  /// one.
  u32 links = 1;
  /// The same for all names of one file, different for different nodes of one file system.
  u64 inode = 0;
  /// Which of the mounted file systems. Set by `stat_of`.
  u32 file_system = 0;
  /// When it was last read, as far as the file system keeps account of that.
  base::UnixTime accessed;
  /// When a file's bytes or a directory's names were last changed.
  base::UnixTime modified;
  /// When anything about the node was last changed. Nobody can set it.
  base::UnixTime changed;
};

/// A name in a directory. The name is borrowed from the file system and good until the directory
/// changes.
struct DirectoryEntry {
  std::string_view name;
  NodeType type = NodeType::File;
  u64 inode = 0;
  /// The cookie with which reading goes on behind this entry. Never 0.
  u64 next = 0;
};

/// The cookies that file systems give out are smaller.
inline constexpr u64 cookie_end = u64{1} << 62;

/// How much a file system can hold, and how much of that is left. Zeros where nobody knows.
struct Space {
  u64 total_bytes = 0;
  u64 free_bytes = 0;
  u64 total_nodes = 0;
  u64 free_nodes = 0;
};

/// What has to be on the medium before `sync` is done.
enum class SyncScope : u8 { Data, Everything };

/// What can be mounted. Functions get nodes of this file system only, names that are plain (not
/// empty, not `.` or `..`, of at most `max_name` bytes, without `/` and NUL) and, where they say
/// so, only directories. Names and attributes are answered at once, so that several of these calls
/// in a row are one step to everybody else; data may have to be waited for. Task context.
///
/// What changes something answers ReadOnly unless it is overridden; besides the errors that are
/// named, it may answer NoSpace and OutOfMemory. After an error everything is as it was.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  /// For listings and messages: "tar".
  virtual std::string_view kind() const = 0;
  virtual NodeId root() const = 0;
  virtual Stat stat(NodeId node) const = 0;
  virtual NodeType type(NodeId node) const = 0;
  /// Of a directory. That of the root is the root; a removed directory is its own.
  virtual NodeId parent(NodeId directory) const = 0;
  /// The name that a directory has in its parent; empty for the root and for a removed one.
  /// Borrowed.
  virtual std::string_view name(NodeId directory) const = 0;
  /// The node of that name in a directory. Nothing when there is none.
  virtual Result<std::optional<NodeId>> lookup(NodeId directory, std::string_view name) const = 0;
  /// The text of a symbolic link; empty for other nodes. Borrowed.
  virtual std::string_view link_text(NodeId node) const = 0;
  /// Fills `out` with entries of a directory, in any order. `cookie` is 0 for the first ones, else
  /// the `next` of an entry that was given before. How many there were; 0 at the end.
  ///
  /// Whatever is created and removed between calls: an entry that is there from the first call to
  /// the last one is given exactly once, and one that is gone is not given. The time for each entry
  /// does not depend on the size of the directory. A cookie that was never given out leads
  /// somewhere, or to the end.
  virtual Result<usize> read_directory(NodeId directory, u64 cookie,
                                       std::span<DirectoryEntry> out) = 0;

  /// The bytes of a file, if they lie in memory as a whole and stay as they are for as long as the
  /// file system is there, even if the file is changed or removed. Nothing for others.
  virtual std::optional<std::span<const u8>> contents(NodeId file) const = 0;
  /// Reads from a file. How many bytes, which may be fewer than there are; 0 at and behind its end.
  /// Errors: IsADirectory.
  virtual exec::Task<Result<usize>> read(NodeId file, u64 offset, std::span<u8> buffer) = 0;
  /// The same at once; nothing where that would have to wait.
  virtual std::optional<Result<usize>> read_now(NodeId, u64, std::span<u8>) { return std::nullopt; }
  /// The stream that a character device is; null for other nodes and for a device that is not
  /// there.
  virtual Stream* device(NodeId) const { return nullptr; }

  virtual bool is_read_only() const { return true; }
  virtual Space space() const { return {}; }

  /// Writes to a file, which grows as needed; a hole reads as zeros. How many bytes, at least one
  /// unless `bytes` is empty: what there is room for. Errors: IsADirectory, FileTooLarge.
  virtual exec::Task<Result<usize>> write(NodeId file, u64 offset, std::span<const u8> bytes);
  virtual std::optional<Result<usize>> write_now(NodeId, u64, std::span<const u8>) {
    return std::nullopt;
  }
  /// Cuts a file off or lets it grow by a hole. Errors: IsADirectory, FileTooLarge.
  virtual Result<void> resize(NodeId file, u64 size);
  /// Makes sure that there is room for `length` bytes from `offset`; a file that ends before is as
  /// long then. Errors: IsADirectory, FileTooLarge.
  virtual exec::Task<Result<void>> allocate(NodeId file, u64 offset, u64 length);
  /// Creates an empty file or directory. Errors: AlreadyExists; NotFound in a directory that was
  /// removed.
  virtual Result<NodeId> create(NodeId directory, std::string_view name, NodeType type);
  /// Errors: as `create`.
  virtual Result<NodeId> create_symlink(NodeId directory, std::string_view name,
                                        std::string_view text);
  /// Gives a file or symbolic link a further name. Errors: as `create`; NotPermitted for a
  /// directory, NotFound for a node that was removed, TooManyNames.
  virtual Result<void> link(NodeId directory, std::string_view name, NodeId node);
  /// Removes a name of anything but a directory, or, with `NodeType::Directory`, an empty
  /// directory. The node lives on while it is held. Errors: NotFound, IsADirectory, NotADirectory,
  /// NotEmpty. Needs no memory.
  virtual Result<void> remove(NodeId directory, std::string_view name, NodeType type);
  /// Moves a node, over what has the name there: a directory over an empty one, others over
  /// anything but a directory. Nothing happens when both names are of one node. A directory is not
  /// moved to below itself; its user sees to that. Errors: NotFound, NotEmpty, IsADirectory,
  /// NotADirectory.
  virtual Result<void> rename(NodeId from, std::string_view name, NodeId to,
                              std::string_view new_name);
  /// Sets permission, set-id and sticky bits: others are left out.
  virtual Result<void> set_mode(NodeId node, u32 mode);
  /// Sets those times that are given.
  virtual Result<void> set_times(NodeId node, std::optional<base::UnixTime> accessed,
                                 std::optional<base::UnixTime> modified);

  /// Waits until a node is on the medium as it is now, as far as there is one. Errors:
  /// DeviceFailed.
  virtual exec::Task<Result<void>> sync(NodeId node, SyncScope scope);
  /// The same for the whole file system.
  virtual exec::Task<Result<void>> sync_all();

  /// Someone holds the node from here on, and no more: a removed node goes with its last user.
  virtual void hold(NodeId) {}
  virtual void release(NodeId) {}

  /// Which of the mounted file systems this is.
  u32 number() const { return number_; }

 private:
  friend class Vfs;
  u32 number_ = 0;
};

}  // namespace nacre::fs
