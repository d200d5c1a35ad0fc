#pragma once

#include <variant>

#include "kernel/fs/file_data.hpp"
#include "kernel/fs/file_system.hpp"
#include "kernel/fs/name_table.hpp"
#include "kernel/fs/slot_table.hpp"
#include "lib/base/siphash.hpp"
#include "lib/base/string.hpp"

namespace nacre::fs {

/// A file system in memory, whose files are gone when it goes.
///
/// What its files, names and nodes take is counted, and refused beyond a limit: the space that it
/// tells is memory. Bytes that a file borrows are not counted.
class TmpFileSystem final : public FileSystem {
 public:
  struct Limits {
    u64 bytes = UINT64_MAX;
    u64 nodes = UINT64_MAX;
  };
  struct Options {
    Limits limits{};
    /// The time of day. Task context.
    base::UnixTime (*now)() = nullptr;
    /// Random, so that nobody can choose names that take long to find.
    base::SipHash::Key key{};
  };
  /// How many names one file may have.
  static constexpr u32 max_names = 65'535;
  /// A single call reads or writes no more, so that it cannot take long.
  static constexpr usize max_transfer = usize{1} << 20;

  /// Errors: OutOfMemory.
  static std::expected<base::Box<TmpFileSystem>, base::OutOfMemory> create(const Options& options);
  explicit TmpFileSystem(const Options& options) : options_(options), budget_(UINT64_MAX) {}
  ~TmpFileSystem() override;

  std::string_view kind() const override { return "tmp"; }
  NodeId root() const override { return {0}; }
  Stat stat(NodeId node) const override;
  NodeType type(NodeId node) const override { return at(node).type; }
  NodeId parent(NodeId directory) const override { return {at(directory).parent}; }
  std::string_view name(NodeId directory) const override;
  Result<std::optional<NodeId>> lookup(NodeId directory, std::string_view name) const override;
  std::string_view link_text(NodeId node) const override;
  Result<usize> read_directory(NodeId directory, u64 cookie,
                               std::span<DirectoryEntry> out) override;
  std::optional<std::span<const u8>> contents(NodeId file) const override;
  exec::Task<Result<usize>> read(NodeId file, u64 offset, std::span<u8> buffer) override;
  std::optional<Result<usize>> read_now(NodeId file, u64 offset, std::span<u8> buffer) override;

  bool is_read_only() const override { return false; }
  Space space() const override;
  exec::Task<Result<usize>> write(NodeId file, u64 offset, std::span<const u8> bytes) override;
  std::optional<Result<usize>> write_now(NodeId file, u64 offset,
                                         std::span<const u8> bytes) override;
  Result<void> resize(NodeId file, u64 size) override;
  exec::Task<Result<void>> allocate(NodeId file, u64 offset, u64 length) override;
  Result<NodeId> create(NodeId directory, std::string_view name, NodeType type) override;
  Result<NodeId> create_symlink(NodeId directory, std::string_view name,
                                std::string_view text) override;
  Result<void> link(NodeId directory, std::string_view name, NodeId node) override;
  Result<void> remove(NodeId directory, std::string_view name, NodeType type) override;
  Result<void> rename(NodeId from, std::string_view name, NodeId to,
                      std::string_view new_name) override;
  Result<void> set_mode(NodeId node, u32 mode) override;
  Result<void> set_times(NodeId node, std::optional<base::UnixTime> accessed,
                         std::optional<base::UnixTime> modified) override;
  void hold(NodeId node) override { ++at(node).holders; }
  void release(NodeId node) override;

  // For who fills it before it is used.

  /// Creates a file whose bytes are borrowed until somebody writes to it. They outlive this.
  Result<NodeId> create_borrowing(NodeId directory, std::string_view name, BorrowedBytes bytes);
  /// Takes over mode, owner and times.
  void set_attributes(NodeId node, const Stat& stat);
  /// What is used already stays.
  void set_limits(Limits limits);

 private:
  using Content = std::variant<FileData, NameTable, base::String>;
  struct Node {
    template <class... Arguments>
    Node(NodeType node_type, u64 number, base::UnixTime now, Arguments&&... content)
        : type(node_type),
          inode(number),
          accessed(now),
          modified(now),
          changed(now),
          content(std::forward<Arguments>(content)...) {}

    NodeType type;
    u16 mode = 0;
    u32 links = 0;
    u32 holders = 0;
    u32 user_id = 0;
    u32 group_id = 0;
    u32 parent = 0;  // of a directory
    u64 inode;
    base::UnixTime accessed;
    base::UnixTime modified;
    base::UnixTime changed;
    /// Of a directory, in its parent. Null for the root and when it was removed.
    const NameTable::Entry* entry = nullptr;
    Content content;
  };

  Node& at(NodeId node) { return nodes_[static_cast<usize>(node.value)]; }
  const Node& at(NodeId node) const { return nodes_[static_cast<usize>(node.value)]; }
  FileData* file(NodeId node) { return std::get_if<FileData>(&at(node).content); }
  NameTable& names(NodeId directory) { return *std::get_if<NameTable>(&at(directory).content); }
  const NameTable& names(NodeId directory) const {
    return *std::get_if<NameTable>(&at(directory).content);
  }
  u32 hash(std::string_view name) const {
    return static_cast<u32>(base::SipHash::hash(options_.key, name));
  }
  base::UnixTime now() const { return options_.now == nullptr ? base::UnixTime{} : options_.now(); }

  template <class... Arguments>
  Result<NodeId> add_node(NodeType type, Arguments&&... content);
  void destroy(NodeId node);
  template <class Make>
  Result<NodeId> create_with(NodeId directory, std::string_view name, Make make);
  void give_name(NodeId directory, NameTable::Entry& entry);
  void drop_name(NodeId node, base::UnixTime time);
  void touch(NodeId node, base::UnixTime time);

  Options options_;
  Budget budget_;
  SlotTable<Node> nodes_;
  u64 next_inode_ = 1;
};

}  // namespace nacre::fs
