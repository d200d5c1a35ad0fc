#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "kernel/fs/file_system.hpp"

namespace nacre::fs::test {

/// A file system that can be changed, with the hosted library: what the tests of `Vfs` mount.
class MemoryFileSystem final : public FileSystem {
 public:
  struct Node {
    NodeType type = NodeType::Directory;
    u64 parent = 0;
    std::string name;
    std::string data;
    std::map<std::string, u64> children;
    int holders = 0;
  };
  std::vector<Node> nodes{Node()};

  Node& at(NodeId id) { return nodes[id.value]; }
  const Node& at(NodeId id) const { return nodes[id.value]; }

  std::string_view kind() const override { return "memory"; }
  NodeId root() const override { return {0}; }
  bool is_read_only() const override { return false; }
  Stat stat(NodeId id) const override {
    Stat stat;
    stat.type = at(id).type;
    stat.size = at(id).data.size();
    stat.inode = id.value + 1000;
    return stat;
  }
  NodeType type(NodeId id) const override { return at(id).type; }
  NodeId parent(NodeId id) const override { return {at(id).parent}; }
  std::string_view name(NodeId id) const override { return at(id).name; }
  Result<std::optional<NodeId>> lookup(NodeId directory, std::string_view name) const override {
    auto const found = at(directory).children.find(std::string(name));
    if (found == at(directory).children.end()) return std::nullopt;
    return NodeId{found->second};
  }
  std::string_view link_text(NodeId id) const override {
    return at(id).type == NodeType::Symlink ? at(id).data : std::string_view();
  }
  Result<usize> read_directory(NodeId directory, u64 position,
                               std::span<DirectoryEntry> out) override {
    usize index = 0;
    usize count = 0;
    for (auto const& [name, node] : at(directory).children)
      if (index++ >= position && count < out.size())
        out[count++] = {name, nodes[node].type, node + 1000, index};
    return count;
  }
  std::optional<std::span<const u8>> contents(NodeId) const override { return std::nullopt; }
  exec::Task<Result<usize>> read(NodeId file, u64 offset, std::span<u8> buffer) override {
    std::string const part =
        offset < at(file).data.size() ? at(file).data.substr(offset, buffer.size()) : "";
    std::copy(part.begin(), part.end(), buffer.begin());
    co_return part.size();
  }
  /// At most four bytes at a time, so that partial writes are seen.
  exec::Task<Result<usize>> write(NodeId file, u64 offset, std::span<const u8> bytes) override {
    auto const part = bytes.first(std::min<usize>(bytes.size(), 4));
    std::string& data = at(file).data;
    if (data.size() < offset + part.size()) data.resize(offset + part.size());
    std::copy(part.begin(), part.end(), data.begin() + static_cast<std::ptrdiff_t>(offset));
    co_return part.size();
  }
  Result<void> resize(NodeId file, u64 size) override {
    at(file).data.resize(size);
    return {};
  }
  Result<NodeId> create(NodeId directory, std::string_view name, NodeType type) override {
    if (at(directory).children.contains(std::string(name))) return fail(ErrorKind::AlreadyExists);
    NodeId const made{nodes.size()};
    nodes.push_back({type, directory.value, std::string(name), {}, {}, 0});
    at(directory).children[std::string(name)] = made.value;
    return made;
  }
  Result<NodeId> create_symlink(NodeId directory, std::string_view name,
                                std::string_view text) override {
    auto const made = create(directory, name, NodeType::Symlink);
    if (made) at(*made).data = text;
    return made;
  }
  Result<void> link(NodeId directory, std::string_view name, NodeId file) override {
    at(directory).children[std::string(name)] = file.value;
    return {};
  }
  Result<void> remove(NodeId directory, std::string_view name, NodeType) override {
    auto& children = at(directory).children;
    if (!nodes[children[std::string(name)]].children.empty()) return fail(ErrorKind::NotEmpty);
    children.erase(std::string(name));
    return {};
  }
  Result<void> rename(NodeId from, std::string_view name, NodeId to,
                      std::string_view new_name) override {
    u64 const node = at(from).children[std::string(name)];
    at(from).children.erase(std::string(name));
    at(to).children[std::string(new_name)] = node;
    nodes[node].parent = to.value;
    nodes[node].name = new_name;
    return {};
  }
  void hold(NodeId id) override { ++at(id).holders; }
  void release(NodeId id) override { --at(id).holders; }
};

}  // namespace nacre::fs::test
