#pragma once

#include "kernel/fs/tar_file_system.hpp"
#include "kernel/fs/walk.hpp"

namespace nacre::fs {

/// Makes the tree of a `TarFileSystem` from the members of its archive, one after another.
class TarTreeBuilder {
 public:
  TarTreeBuilder(TarFileSystem& tree, archive::ProblemListener listener)
      : tree_(tree), listener_(listener) {}

  std::expected<void, base::OutOfMemory> build(std::span<const u8> archive);

  // What `walk` needs, to follow symbolic links that stand in members' names.
  using Node = u32;
  Node root() const { return 0; }
  bool is_directory(Node node) const { return tree_.nodes_[node].type == NodeType::Directory; }
  Node parent(Node node) const { return tree_.nodes_[node].parent; }
  Result<std::optional<Node>> lookup(Node directory, std::string_view name) const;
  std::optional<std::string_view> link_text(Node node) const;

 private:
  using Outcome = std::expected<void, base::OutOfMemory>;
  /// A node, or nothing when the member was reported and is left out.
  using Place = std::expected<std::optional<Node>, base::OutOfMemory>;

  /// A hard link whose target has not come yet, and the number of its member: what comes after it
  /// under the same name stays.
  struct LateLink {
    archive::Member member;
    u32 number;
    bool done = false;
  };

  Outcome add(const archive::Member& member);
  Outcome add_hard_link(const archive::Member& member);
  /// The directory that the member belongs in, by what its name says before the last component;
  /// those that are not there are made.
  Place directory_of(const archive::Member& member, const archive::MemberName& name);
  Place subdirectory(const archive::Member& member, Node directory, std::string_view name);
  /// The node for the member's last name, new or emptied of what it was.
  Place claim(const archive::Member& member, NodeType type);
  Place add_node(const archive::Member& member, Node directory, std::string_view name, u32 hash);
  std::optional<Node> target_of(const archive::Member& link) const;
  Outcome become_link(const archive::Member& member, Node target, u32 number);
  Outcome resolve_late_links();
  Outcome count_links();
  Outcome list_children();
  void report(archive::ProblemKind kind, const archive::Member& member,
              std::string_view detail = {});

  TarFileSystem& tree_;
  archive::ProblemListener listener_;
  base::Vector<LateLink> late_links_;
  u32 next_inode_ = 1;
  u32 number_ = 0;  // of the member that is being added

  // Where the last member went: many in a row stand in one directory.
  archive::MemberName last_name_;
  Node last_directory_ = 0;
};

}  // namespace nacre::fs
