#include "kernel/fs/writable_tree.hpp"

#include <algorithm>

#include "lib/base/try.hpp"

namespace nacre::fs {
namespace {

constexpr NodeId nowhere{UINT64_MAX};

class TreeCopy {
 public:
  TreeCopy(const TarFileSystem& archive, TmpFileSystem& tree) : archive_(archive), tree_(tree) {}

  /// Directories come before what is in them. Errors: OutOfMemory; there are no limits yet.
  Result<void> run() {
    usize const count = archive_.node_count();
    u64 last_inode = 0;
    for (usize i = 0; i < count; ++i) last_inode = std::max(last_inode, archive_.stat({i}).inode);
    TRY(copies_.try_resize(count));
    TRY(by_inode_.try_resize(static_cast<usize>(last_inode) + 1));
    std::ranges::fill(by_inode_, nowhere);
    copies_[0] = tree_.root();
    for (usize i = 1; i < count; ++i) {
      TRY(copies_[i], copy({i}));
    }
    // In the end: a directory's time changes with each name that it gets.
    for (usize i = 0; i < count; ++i) tree_.set_attributes(copies_[i], archive_.stat({i}));
    return {};
  }

 private:
  Result<NodeId> copy(NodeId node) {
    NodeId const directory = copies_[static_cast<usize>(archive_.parent(node).value)];
    std::string_view const name = archive_.name(node);
    NodeType const type = archive_.type(node);
    if (type == NodeType::Directory) return tree_.create(directory, name, type);
    NodeId& first = by_inode_[static_cast<usize>(archive_.stat(node).inode)];
    // Beyond so many names, another file with the same bytes.
    if (first != nowhere && tree_.stat(first).links < TmpFileSystem::max_names) {
      TRY(tree_.link(directory, name, first));
      return first;
    }
    if (type == NodeType::Symlink) {
      TRY(first, tree_.create_symlink(directory, name, archive_.link_text(node)));
    } else {
      TRY(auto bytes, archive_.borrow(node));
      TRY(first, tree_.create_borrowing(directory, name, std::move(bytes)));
    }
    return first;
  }

  const TarFileSystem& archive_;
  TmpFileSystem& tree_;
  base::Vector<NodeId> copies_;    // by the archive's nodes
  base::Vector<NodeId> by_inode_;  // those that are no directories
};

u64 add_saturating(u64 left, u64 right) {
  return left > UINT64_MAX - right ? UINT64_MAX : left + right;
}

}  // namespace

std::expected<base::Box<TmpFileSystem>, base::OutOfMemory> make_writable(
    const TarFileSystem& archive, const TmpFileSystem::Options& options) {
  TRY(auto tree, TmpFileSystem::create({.limits = {}, .now = options.now, .key = options.key}));
  if (!TreeCopy(archive, *tree).run()) return std::unexpected(base::OutOfMemory{});
  Space const left = tree->space();
  tree->set_limits(
      {.bytes = add_saturating(left.total_bytes - left.free_bytes, options.limits.bytes),
       .nodes = add_saturating(left.total_nodes - left.free_nodes, options.limits.nodes)});
  return tree;
}

}  // namespace nacre::fs
