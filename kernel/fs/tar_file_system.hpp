#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "kernel/fs/borrowed_bytes.hpp"
#include "kernel/fs/file_system.hpp"
#include "kernel/fs/name_index.hpp"
#include "lib/archive/tar.hpp"
#include "lib/base/chunked_table.hpp"
#include "lib/base/memory.hpp"
#include "lib/base/vector.hpp"

namespace nacre::fs {

/// A tar archive in memory as a file system that cannot be changed. File contents and names stay
/// where they lie in the archive, which must outlive this.
///
/// Later members replace earlier ones of their name. Directories that are needed and have no member
/// of their own are there all the same. A member's directory may be a symbolic link to a directory
/// of the archive. A hard link is its target's contents under another name; the target may come
/// later. Holes of sparse files are zeros. Devices and FIFOs are left out.
class TarFileSystem final : public FileSystem {
 public:
  /// Reads the whole archive. What is wrong with it is told to the listener and leaves the rest.
  /// Errors: OutOfMemory.
  static std::expected<base::Box<TarFileSystem>, base::OutOfMemory> create(
      std::span<const u8> archive, archive::ProblemListener listener);

  TarFileSystem() = default;

  std::string_view kind() const override { return "tar"; }
  NodeId root() const override { return {0}; }
  Stat stat(NodeId node) const override;
  NodeType type(NodeId node) const override { return at(node).type; }
  /// Of any node; of one of its names, if it has several.
  NodeId parent(NodeId node) const override { return {at(node).parent}; }
  std::string_view name(NodeId node) const override { return at(node).name; }
  Result<std::optional<NodeId>> lookup(NodeId directory, std::string_view name) const override;
  std::string_view link_text(NodeId node) const override;
  Result<usize> read_directory(NodeId directory, u64 cookie,
                               std::span<DirectoryEntry> out) override;
  std::optional<std::span<const u8>> contents(NodeId file) const override;
  exec::Task<Result<usize>> read(NodeId file, u64 offset, std::span<u8> buffer) override;

  /// What a file contains, where it lies in the archive. Errors: OutOfMemory.
  std::expected<BorrowedBytes, base::OutOfMemory> borrow(NodeId file) const;

  /// Nodes, the root included: numbers from 0 on, each after that of its directory. Each name of a
  /// file is a node of its own here.
  usize node_count() const { return nodes_.size(); }

 private:
  friend class TarTreeBuilder;
  static constexpr u32 none = NameIndex::none;

  /// A directory's entries are a range of `children_`, in any order until it is listed.
  struct Node {
    std::string_view name;
    std::span<const u8> data;  // of a file or the text of a symbolic link
    base::UnixTime modified;
    u32 parent = 0;
    u32 inode = 0;
    u32 links = 1;
    u32 member = 0;     // number of the member that it is of
    u32 sparse = none;  // of `sparse_files_`; then `data` are the bytes outside the holes
    u32 user_id = 0;
    u32 group_id = 0;
    u32 first_child = 0;
    u32 child_count = 0;
    u16 mode = 0755;
    NodeType type = NodeType::Directory;
    bool sorted = false;  // the directory's range is in order
  };

  struct SparseFile {
    archive::SparseMap map;
    u64 size;
  };

  const Node& at(NodeId node) const { return nodes_[static_cast<usize>(node.value)]; }
  u32 find(u32 directory, std::string_view name) const {
    return find(directory, name, NameIndex::hash(directory, name));
  }
  u32 find(u32 directory, std::string_view name, u32 hash) const;

  base::ChunkedTable<Node> nodes_;
  NameIndex index_;
  base::Vector<u32> children_;
  base::Vector<SparseFile> sparse_files_;
};

}  // namespace nacre::fs
