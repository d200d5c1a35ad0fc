#pragma once

#include <array>
#include <optional>

#include "kernel/fs/byte_ranges.hpp"
#include "kernel/fs/file_system.hpp"
#include "kernel/fs/mirror_peer.hpp"
#include "kernel/fs/node_map.hpp"
#include "lib/base/string.hpp"
#include "lib/exec/wait.hpp"

namespace nacre::fs {

/// A file system as another one whose changes a peer is told of. They are kept in a list, in their
/// order, and go to the peer when somebody syncs and when many have come together. What is written
/// to a file stands in the list once, where it was first written to, as the ranges that are to be
/// told; their bytes are read when they go out.
///
/// Writing has to find a name for the file: the one by which it was opened is kept while it is
/// held, and another is looked for where that is gone. Removing needs memory here.
class MirrorFileSystem final : public FileSystem {
 public:
  /// The peer outlives this.
  MirrorFileSystem(base::Box<FileSystem> inner, MirrorPeer& peer)
      : inner_(std::move(inner)), peer_(peer) {}
  ~MirrorFileSystem() override;

  /// Tells the peer of what has come together, for ever. Spawn it, once.
  exec::Task<void> run();
  /// Waits until the peer has done everything. Errors: as for `sync`.
  [[clang::coro_wrapper]] exec::Task<Result<void>> deliver() { return settle(false); }
  /// How many entries the list has.
  usize pending() const { return static_cast<usize>(end_ - start_); }

  std::string_view kind() const override { return inner_->kind(); }
  NodeId root() const override { return inner_->root(); }
  Stat stat(NodeId node) const override { return inner_->stat(node); }
  NodeType type(NodeId node) const override { return inner_->type(node); }
  NodeId parent(NodeId directory) const override { return inner_->parent(directory); }
  std::string_view name(NodeId directory) const override { return inner_->name(directory); }
  Result<std::optional<NodeId>> lookup(NodeId directory, std::string_view name) const override;
  std::string_view link_text(NodeId node) const override { return inner_->link_text(node); }
  Result<usize> read_directory(NodeId directory, u64 cookie,
                               std::span<DirectoryEntry> out) override {
    return inner_->read_directory(directory, cookie, out);
  }
  std::optional<std::span<const u8>> contents(NodeId file) const override {
    return inner_->contents(file);
  }
  [[clang::coro_wrapper]] exec::Task<Result<usize>> read(NodeId file, u64 offset,
                                                         std::span<u8> buffer) override {
    return inner_->read(file, offset, buffer);
  }
  std::optional<Result<usize>> read_now(NodeId file, u64 offset, std::span<u8> buffer) override {
    return inner_->read_now(file, offset, buffer);
  }
  Stream* device(NodeId node) const override { return inner_->device(node); }
  bool is_read_only() const override { return inner_->is_read_only(); }
  Space space() const override { return inner_->space(); }

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
  /// Here alone: the peer keeps no modes.
  Result<void> set_mode(NodeId node, u32 mode) override { return inner_->set_mode(node, mode); }
  Result<void> set_times(NodeId node, std::optional<base::UnixTime> accessed,
                         std::optional<base::UnixTime> modified) override;

  /// Of all that was changed before, whatever node it is of. Errors: NoSpace, ReadOnly, too, when
  /// that is why the peer could not do something.
  [[clang::coro_wrapper]] exec::Task<Result<void>> sync(NodeId, SyncScope) override {
    return settle(true);
  }
  [[clang::coro_wrapper]] exec::Task<Result<void>> sync_all() override { return settle(true); }

  void hold(NodeId node) override;
  void release(NodeId node) override;

 private:
  using Kind = MirrorChange::Kind;

  /// Something that the peer has not been told of. For what is in a node, `kind` is Write.
  struct Entry {
    Kind kind;
    base::String path;
    base::String other;
    Entry* next = nullptr;
    // Of what is in a node, which is held meanwhile.
    NodeId node{};
    ByteRanges ranges;
    std::optional<u64> cut;  // the smallest size that it had meanwhile
    bool resized = false;
  };
  /// A node that somebody holds, or whose entry can still take more.
  struct Known {
    u32 holders = 0;
    Entry* entry = nullptr;
    std::optional<NodeId> directory;  // where its name is, if one is known
    base::String name;
  };
  class Turn;

  Result<base::Box<Entry>> make_entry(Kind kind, NodeId directory, std::string_view name) const;
  void append(base::Box<Entry> entry);
  void drop_front();
  Result<base::String> path_of(NodeId directory, std::string_view name) const;
  Result<Entry*> entry_for(NodeId node);
  Result<bool> find_name(NodeId node, Known& known) const;
  void forget_name(NodeId node, NodeId directory, std::string_view name);
  void forget_unused(NodeId node);
  Result<void> note_write(NodeId file, u64 offset, usize size);

  exec::Task<Result<void>> settle(bool durable);
  exec::Task<Result<void>> tell_until(u64 end);
  exec::Task<Result<void>> tell_contents(Entry& entry);
  exec::Task<Result<void>> tell(const MirrorChange& change);

  base::Box<FileSystem> inner_;
  MirrorPeer& peer_;
  NodeMap<Known> known_;

  // The list: its entries are numbered from `start_` up to `end_`.
  Entry* first_ = nullptr;
  Entry* last_ = nullptr;
  u64 start_ = 0;
  u64 end_ = 0;
  u64 noted_bytes_ = 0;  // that were written since the list was last empty
  exec::WaitList much_has_come_;

  /// Whose turn it is to tell the peer.
  bool telling_ = false;
  exec::WaitList turn_;
  std::array<u8, MirrorChange::max_bytes> piece_{};

  /// What was last looked up: whoever opens a file holds it right after.
  struct Looked {
    NodeId node{};
    NodeId directory{};
    std::array<char, 255> name{};
    usize size = 0;
    bool is_set = false;
  };
  void remember(NodeId node, NodeId directory, std::string_view name) const;
  mutable Looked looked_;
};

}  // namespace nacre::fs
