#pragma once

#include <utility>

#include "kernel/fs/file_system.hpp"
#include "kernel/fs/stream.hpp"

namespace nacre::fs {

/// A node of a mounted file system. Good as long as that is mounted and somebody holds the node.
struct Location {
  FileSystem* file_system = nullptr;
  NodeId node;
  friend bool operator==(Location, Location) = default;
};

/// Keeps a node from going away.
class HeldNode {
 public:
  explicit HeldNode(Location location) : location_(location) {
    location_.file_system->hold(location_.node);
  }
  HeldNode(HeldNode&& other) noexcept : location_(std::exchange(other.location_, {})) {}
  HeldNode& operator=(HeldNode&& other) noexcept {
    std::swap(location_, other.location_);
    return *this;
  }
  ~HeldNode() {
    if (location_.file_system != nullptr) location_.file_system->release(location_.node);
  }

  Location location() const { return location_; }
  FileSystem& file_system() const { return *location_.file_system; }
  NodeId node() const { return location_.node; }

 private:
  Location location_;
};

/// What an open file may be used for.
struct Access {
  bool read = true;
  bool write = false;
  /// Each write goes to the end.
  bool append = false;
};

/// A file with a position, where reading and writing go on.
class OpenFile final : public Stream {
 public:
  OpenFile(HeldNode node, Access access) : node_(std::move(node)), access_(access) {}

  /// At the position, which moves on by what was read. Errors: NotOpenForReading, those of the file
  /// system.
  exec::Task<Result<usize>> read(std::span<u8> buffer) override;
  exec::Task<Result<usize>> write(std::span<const u8> bytes) override;
  OpenFile* as_file() override { return this; }

  /// The same at a position of its own; the file's stays.
  exec::Task<Result<usize>> read_at(u64 offset, std::span<u8> buffer);
  exec::Task<Result<usize>> write_at(u64 offset, std::span<const u8> bytes);

  enum class Whence : u8 { Start, Current, End };
  /// Moves the position, also behind the file's end; gives the new one. Errors: InvalidOffset, and
  /// then it has not moved.
  Result<u64> seek(i64 offset, Whence whence);
  u64 position() const { return position_; }

  Stat stat() const { return node_.file_system().stat(node_.node()); }
  /// Errors: NotOpenForWriting, those of the file system.
  Result<void> resize(u64 size);
  Access access() const { return access_; }
  void set_append(bool append) { access_.append = append; }
  Location location() const { return node_.location(); }
  /// All bytes where they lie; nothing for a file that is not in memory as a whole.
  std::optional<std::span<const u8>> contents() const {
    return node_.file_system().contents(node_.node());
  }

 private:
  HeldNode node_;
  Access access_;
  u64 position_ = 0;
};

}  // namespace nacre::fs
