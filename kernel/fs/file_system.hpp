#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "kernel/fs/error.hpp"
#include "lib/base/time.hpp"
#include "lib/base/types.hpp"
#include "lib/exec/task.hpp"

namespace nacre::fs {

/// A file, directory or symbolic link of one file system. Which number that is, is the file
/// system's business.
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
  /// The same for all names of one file, different for different files of one file system.
  u64 inode = 0;
  /// Which of the mounted file systems; set by `Vfs`.
  u32 file_system = 0;
  base::UnixTime modified;
};

/// A name in a directory. The name is borrowed from the file system and good until the directory
/// changes.
struct DirectoryEntry {
  std::string_view name;
  NodeType type = NodeType::File;
  u64 inode = 0;
};

/// What can be mounted. Functions get nodes of this file system only, names that are plain (not
/// empty, not `.` or `..`, without `/` and NUL) and, where they say so, only directories. Names and
/// attributes are answered at once; data may have to be waited for. Task context.
///
/// What changes something answers ReadOnly unless it is overridden.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  /// For listings and messages: "tar".
  virtual std::string_view kind() const = 0;
  virtual NodeId root() const = 0;
  virtual Stat stat(NodeId node) const = 0;
  virtual NodeType type(NodeId node) const = 0;
  /// Of a directory. That of the root is the root.
  virtual NodeId parent(NodeId directory) const = 0;
  /// The name that a directory has in its parent; empty for the root. Borrowed.
  virtual std::string_view name(NodeId directory) const = 0;
  /// The node of that name in a directory. Nothing when there is none.
  virtual Result<std::optional<NodeId>> lookup(NodeId directory, std::string_view name) const = 0;
  /// The text of a symbolic link; empty for other nodes. Borrowed.
  virtual std::string_view link_text(NodeId node) const = 0;
  /// Fills `out` with the entries of a directory from number `position` on, sorted bytewise by
  /// name. How many there were; 0 at the end.
  virtual Result<usize> read_directory(NodeId directory, usize position,
                                       std::span<DirectoryEntry> out) = 0;

  /// The bytes of a file that lies in memory as a whole: borrowed until the file is changed or the
  /// file system goes. Nothing for others.
  virtual std::optional<std::span<const u8>> contents(NodeId file) const = 0;
  /// Reads from a file. How many bytes; 0 at and behind its end.
  virtual exec::Task<Result<usize>> read(NodeId file, u64 offset, std::span<u8> buffer) = 0;

  virtual bool is_read_only() const { return true; }
  /// Writes to a file, which grows as needed; a hole reads as zeros. How many bytes, at least one.
  virtual exec::Task<Result<usize>> write(NodeId file, u64 offset, std::span<const u8> bytes);
  virtual Result<void> resize(NodeId file, u64 size);
  /// Creates an empty file or directory. Errors: AlreadyExists.
  virtual Result<NodeId> create(NodeId directory, std::string_view name, NodeType type);
  virtual Result<NodeId> create_symlink(NodeId directory, std::string_view name,
                                        std::string_view text);
  /// Gives a file a further name.
  virtual Result<void> link(NodeId directory, std::string_view name, NodeId file);
  /// Removes a name of a file or symbolic link, or an empty directory. The node lives on while it
  /// is open. Errors: NotFound, IsADirectory, NotADirectory, NotEmpty.
  virtual Result<void> remove(NodeId directory, std::string_view name, NodeType type);
  /// Moves a node, over what has the name there. Errors: NotFound, NotEmpty, IsADirectory,
  /// NotADirectory.
  virtual Result<void> rename(NodeId from, std::string_view name, NodeId to,
                              std::string_view new_name);
  virtual Result<void> set_modified(NodeId node, base::UnixTime time);

  /// Someone holds the node from here on, and no more: a removed file goes with its last user.
  virtual void hold(NodeId) {}
  virtual void release(NodeId) {}
};

}  // namespace nacre::fs
