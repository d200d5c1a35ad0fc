#include "kernel/fs/tar_tree_builder.hpp"

#include <algorithm>

namespace nacre::fs {
namespace {

using archive::Member;
using archive::MemberType;
using archive::ProblemKind;

u32 id_of(archive::i64 number) {
  return static_cast<u32>(std::clamp<archive::i64>(number, 0, UINT32_MAX));
}

std::span<const u8> bytes_of(std::string_view text) {
  return {static_cast<const u8*>(static_cast<const void*>(text.data())), text.size()};
}

}  // namespace

TarTreeBuilder::Outcome TarTreeBuilder::build(std::span<const u8> archive) {
  // The root is its own parent, and no name leads to it.
  TRY(tree_.index_.try_add(NameIndex::hash(0, {})));
  TRY(tree_.nodes_.try_push_back(TarFileSystem::Node{}));
  tree_.nodes_[0].inode = next_inode_++;

  archive::TarReader reader(archive, listener_);
  while (auto const member = reader.next()) {
    ++number_;
    TRY(member->type == MemberType::HardLink ? add_hard_link(*member) : add(*member));
  }
  TRY(resolve_late_links());
  TRY(count_links());
  return list_children();
}

TarTreeBuilder::Outcome TarTreeBuilder::add(const Member& member) {
  NodeType type = NodeType::File;
  std::span<const u8> data = member.data;
  switch (member.type) {
    case MemberType::File: break;
    case MemberType::Directory: type = NodeType::Directory; break;
    case MemberType::Symlink:
      type = NodeType::Symlink;
      data = bytes_of(member.link_target);
      break;
    default: return {};
  }
  TRY(auto const place, claim(member, type));
  if (!place) return {};
  TarFileSystem::Node& node = tree_.nodes_[*place];
  node.type = type;
  node.data = data;
  node.sparse = TarFileSystem::none;
  if (member.sparse_map) {
    TRY(tree_.sparse_files_.try_push_back({*member.sparse_map, member.size}));
    node.sparse = static_cast<u32>(tree_.sparse_files_.size() - 1);
  }
  node.mode = static_cast<u16>(member.mode);
  node.user_id = id_of(member.user_id);
  node.group_id = id_of(member.group_id);
  node.modified = member.modified;
  return {};
}

TarTreeBuilder::Place TarTreeBuilder::claim(const Member& member, NodeType type) {
  auto const [path, name] = member.name.split_last();
  if (name.empty()) return 0;
  TRY(auto const directory, directory_of(member, path));
  if (!directory) return std::nullopt;
  u32 const hash = NameIndex::hash(*directory, name);
  u32 const existing = tree_.find(*directory, name, hash);
  if (existing == TarFileSystem::none) return add_node(member, *directory, name, hash);
  TarFileSystem::Node& node = tree_.nodes_[existing];
  if (node.type == NodeType::Directory) {
    if (type == NodeType::Directory) return existing;
    if (node.child_count > 0) {
      report(ProblemKind::DirectoryInTheWay, member);
      return std::nullopt;
    }
  }
  // The way to the last directory may have led through here.
  last_name_ = {};
  last_directory_ = 0;
  // Another file from here on: the old one may live on under other names.
  node.inode = next_inode_++;
  node.member = number_;
  return existing;
}

TarTreeBuilder::Place TarTreeBuilder::directory_of(const Member& member,
                                                   const archive::MemberName& name) {
  if (name.first() == last_name_.first() && name.second() == last_name_.second())
    return last_directory_;
  u32 directory = 0;
  for (std::string_view const component : name) {
    TRY(auto const next, subdirectory(member, directory, component));
    if (!next) return std::nullopt;
    directory = *next;
  }
  last_name_ = name;
  last_directory_ = directory;
  return directory;
}

TarTreeBuilder::Place TarTreeBuilder::subdirectory(const Member& member, u32 directory,
                                                   std::string_view name) {
  u32 const hash = NameIndex::hash(directory, name);
  u32 const existing = tree_.find(directory, name, hash);
  if (existing == TarFileSystem::none) {
    TRY(auto const added, add_node(member, directory, name, hash));
    if (added) tree_.nodes_[*added].modified = member.modified;
    return added;
  }
  if (is_directory(existing)) return existing;
  if (link_text(existing)) {
    auto const end = walk(*this, directory, name);
    if (end && end->node && is_directory(*end->node)) return *end->node;
  }
  report(ProblemKind::NotADirectory, member);
  return std::nullopt;
}

TarTreeBuilder::Place TarTreeBuilder::add_node(const Member& member, u32 directory,
                                               std::string_view name, u32 hash) {
  if (name.size() > max_name) {
    report(ProblemKind::NameTooLong, member);
    return std::nullopt;
  }
  TRY(bool const added, tree_.index_.try_add(hash));
  if (!added) {
    report(ProblemKind::TooManyCollisions, member);
    return std::nullopt;
  }
  TarFileSystem::Node node;
  node.name = name;
  node.parent = directory;
  node.inode = next_inode_++;
  node.member = number_;
  TRY(tree_.nodes_.try_push_back(node));
  ++tree_.nodes_[directory].child_count;
  return static_cast<u32>(tree_.nodes_.size() - 1);
}

// ---- Hard links

TarTreeBuilder::Outcome TarTreeBuilder::add_hard_link(const Member& member) {
  if (auto const target = target_of(member)) return become_link(member, *target, number_);
  return late_links_.try_push_back({member, number_});
}

std::optional<u32> TarTreeBuilder::target_of(const Member& link) const {
  // Names in an archive are relative to its root, also when they begin with a slash.
  auto const end = walk(*this, Node{0}, link.link_target, {.follow_last = false});
  return end ? end->node : std::nullopt;
}

TarTreeBuilder::Outcome TarTreeBuilder::become_link(const Member& member, u32 target, u32 number) {
  if (is_directory(target)) {
    report(ProblemKind::LinkToDirectory, member, member.link_target);
    return {};
  }
  // Taken before the name is claimed: a member may be a link to what has its own name.
  TarFileSystem::Node const source = tree_.nodes_[target];
  auto const [path, name] = member.name.split_last();
  TRY(auto const directory, directory_of(member, path));
  if (!directory) return {};
  u32 const existing = tree_.find(*directory, name);
  if (existing != TarFileSystem::none &&
      (existing == target || tree_.nodes_[existing].member > number))
    return {};
  TRY(auto const place, claim(member, source.type));
  if (!place) return {};
  TarFileSystem::Node& node = tree_.nodes_[*place];
  node.type = source.type;
  node.data = source.data;
  node.sparse = source.sparse;
  node.inode = source.inode;
  node.mode = source.mode;
  node.user_id = source.user_id;
  node.group_id = source.group_id;
  node.modified = source.modified;
  return {};
}

TarTreeBuilder::Outcome TarTreeBuilder::resolve_late_links() {
  bool progress = true;
  // A link to a later link may need another round, but not without end.
  for (usize round = 0; progress && round < max_links; ++round) {
    progress = false;
    for (LateLink& late : late_links_) {
      if (late.done) continue;
      auto const target = target_of(late.member);
      if (!target) continue;
      TRY(become_link(late.member, *target, late.number));
      late.done = progress = true;
    }
  }
  for (const LateLink& late : late_links_)
    if (!late.done) report(ProblemKind::MissingLinkTarget, late.member, late.member.link_target);
  return {};
}

// ---- The end

/// Nodes with the same inode are names of one file.
TarTreeBuilder::Outcome TarTreeBuilder::count_links() {
  TRY(auto links, base::Vector<u32>::create(next_inode_));
  for (usize i = 0; i < tree_.nodes_.size(); ++i) ++links[tree_.nodes_[i].inode];
  for (usize i = 0; i < tree_.nodes_.size(); ++i)
    tree_.nodes_[i].links = links[tree_.nodes_[i].inode];
  return {};
}

TarTreeBuilder::Outcome TarTreeBuilder::list_children() {
  TRY(tree_.children_.try_resize(tree_.nodes_.size() - 1));
  u32 first = 0;
  for (usize i = 0; i < tree_.nodes_.size(); ++i) {
    TarFileSystem::Node& node = tree_.nodes_[i];
    node.first_child = first;
    first += node.child_count;
    node.child_count = 0;
  }
  for (usize i = 1; i < tree_.nodes_.size(); ++i) {
    TarFileSystem::Node& directory = tree_.nodes_[tree_.nodes_[i].parent];
    tree_.children_[directory.first_child + directory.child_count++] = static_cast<u32>(i);
  }
  return {};
}

void TarTreeBuilder::report(ProblemKind kind, const Member& member, std::string_view detail) {
  listener_({.kind = kind, .offset = member.offset, .name = member.name, .detail = detail});
}

// ---- For `walk`

Result<std::optional<u32>> TarTreeBuilder::lookup(u32 directory, std::string_view name) const {
  u32 const found = tree_.find(directory, name);
  if (found == TarFileSystem::none) return std::nullopt;
  return found;
}

std::optional<std::string_view> TarTreeBuilder::link_text(u32 node) const {
  if (tree_.nodes_[node].type != NodeType::Symlink) return std::nullopt;
  return tree_.link_text({node});
}

}  // namespace nacre::fs
