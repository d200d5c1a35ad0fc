#include "kernel/fs/tar_file_system.hpp"

#include <algorithm>

#include "kernel/fs/tar_tree_builder.hpp"

namespace nacre::fs {

std::expected<base::Box<TarFileSystem>, base::OutOfMemory> TarFileSystem::create(
    std::span<const u8> archive, archive::ProblemListener listener) {
  TRY(auto file_system, base::try_make<TarFileSystem>());
  TRY(TarTreeBuilder(*file_system, listener).build(archive));
  return file_system;
}

u32 TarFileSystem::find(u32 directory, std::string_view name, u32 hash) const {
  return index_.find(hash, [&](u32 candidate) {
    const Node& node = nodes_[candidate];
    return node.parent == directory && node.name == name;
  });
}

Result<std::optional<NodeId>> TarFileSystem::lookup(NodeId directory, std::string_view name) const {
  u32 const found = find(static_cast<u32>(directory.value), name);
  if (found == none) return std::nullopt;
  return NodeId{found};
}

Stat TarFileSystem::stat(NodeId id) const {
  const Node& node = at(id);
  return {.type = node.type,
          .size = node.type == NodeType::Directory ? node.child_count
                  : node.sparse != none            ? sparse_files_[node.sparse].size
                                                   : node.data.size(),
          .mode = node.mode,
          .user_id = node.user_id,
          .group_id = node.group_id,
          .links = node.links,
          .inode = node.inode,
          .accessed = node.modified,
          .modified = node.modified,
          .changed = node.modified};
}

std::string_view TarFileSystem::link_text(NodeId id) const {
  const Node& node = at(id);
  if (node.type != NodeType::Symlink) return {};
  return {static_cast<const char*>(static_cast<const void*>(node.data.data())), node.data.size()};
}

Result<usize> TarFileSystem::read_directory(NodeId id, u64 cookie, std::span<DirectoryEntry> out) {
  Node& directory = nodes_[static_cast<usize>(id.value)];
  auto const children = std::span(children_.data(), children_.size())
                            .subspan(directory.first_child, directory.child_count);
  if (!directory.sorted) {
    // Not when mounting: most directories are never listed, and many archives are in order.
    auto const before = [&](u32 left, u32 right) { return nodes_[left].name < nodes_[right].name; };
    if (!std::is_sorted(children.begin(), children.end(), before))
      std::sort(children.begin(), children.end(), before);
    directory.sorted = true;
  }
  // How many entries come before.
  if (cookie >= children.size()) return 0;
  usize const position = static_cast<usize>(cookie);
  usize const count = std::min(children.size() - position, out.size());
  for (usize i = 0; i < count; ++i) {
    u32 const child = children[position + i];
    out[i] = {nodes_[child].name, nodes_[child].type, nodes_[child].inode, position + i + 1};
  }
  return count;
}

std::optional<std::span<const u8>> TarFileSystem::contents(NodeId file) const {
  const Node& node = at(file);
  if (node.type != NodeType::File || node.sparse != none) return std::nullopt;
  return node.data;
}

std::expected<BorrowedBytes, base::OutOfMemory> TarFileSystem::borrow(NodeId file) const {
  const Node& node = at(file);
  BorrowedBytes bytes{node.data, stat(file).size, {}};
  if (node.sparse != none) {
    TRY(bytes.map, base::try_make<archive::SparseMap>(sparse_files_[node.sparse].map));
  }
  return bytes;
}

exec::Task<Result<usize>> TarFileSystem::read(NodeId file, u64 offset, std::span<u8> buffer) {
  const Node& node = at(file);
  if (node.type != NodeType::File) co_return fail(ErrorKind::IsADirectory);
  if (node.sparse != none) {
    const SparseFile& sparse = sparse_files_[node.sparse];
    co_return archive::read_sparse(sparse.map, node.data, sparse.size, offset, buffer);
  }
  if (offset >= node.data.size()) co_return usize{0};
  auto const rest = node.data.subspan(static_cast<usize>(offset));
  auto const taken = rest.first(std::min(rest.size(), buffer.size()));
  std::ranges::copy(taken, buffer.begin());
  co_return taken.size();
}

}  // namespace nacre::fs
