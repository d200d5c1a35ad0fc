#pragma once

#include <array>

#include "kernel/fs/devices.hpp"
#include "kernel/fs/file_system.hpp"

namespace nacre::fs {

/// What stands in `/dev`: `null`, `zero`, `full`, `random`, `urandom` and `tty`. Names cannot be
/// added or removed; devices can be read and written.
class DeviceFileSystem final : public FileSystem {
 public:
  /// The source of random bytes outlives this. All devices are as old as `created`.
  static std::expected<base::Box<DeviceFileSystem>, base::OutOfMemory> create(
      base::SecureRandom& random, base::UnixTime created);
  DeviceFileSystem(base::SecureRandom& random, base::UnixTime created)
      : random_(random), created_(created) {}

  /// What `tty` is, which outlives this or is replaced; without one, it cannot be opened.
  void set_terminal(Stream* terminal) { terminal_ = terminal; }

  std::string_view kind() const override { return "dev"; }
  NodeId root() const override { return {0}; }
  Stat stat(NodeId node) const override;
  NodeType type(NodeId node) const override {
    return node == root() ? NodeType::Directory : NodeType::CharacterDevice;
  }
  NodeId parent(NodeId) const override { return root(); }
  std::string_view name(NodeId) const override { return {}; }
  Result<std::optional<NodeId>> lookup(NodeId directory, std::string_view name) const override;
  std::string_view link_text(NodeId) const override { return {}; }
  Result<usize> read_directory(NodeId directory, u64 cookie,
                               std::span<DirectoryEntry> out) override;
  std::optional<std::span<const u8>> contents(NodeId) const override { return std::nullopt; }
  /// Where in the device makes no difference. Errors: NoDevice, those of the device.
  exec::Task<Result<usize>> read(NodeId node, u64 offset, std::span<u8> buffer) override;
  std::optional<Result<usize>> read_now(NodeId node, u64 offset, std::span<u8> buffer) override;
  exec::Task<Result<usize>> write(NodeId node, u64 offset, std::span<const u8> bytes) override;
  std::optional<Result<usize>> write_now(NodeId node, u64 offset,
                                         std::span<const u8> bytes) override;
  Stream* device(NodeId node) const override;

 private:
  /// By number, from 1 on.
  static constexpr std::array<std::string_view, 6> names{"null",   "zero",    "full",
                                                         "random", "urandom", "tty"};

  mutable NullDevice null_;
  mutable ZeroDevice zero_;
  mutable FullDevice full_;
  mutable RandomDevice random_;
  Stream* terminal_ = nullptr;
  base::UnixTime created_;
};

}  // namespace nacre::fs
