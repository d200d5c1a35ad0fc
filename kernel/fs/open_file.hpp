#pragma once

#include <optional>
#include <utility>

#include "kernel/fs/file_system.hpp"
#include "kernel/fs/space_meter.hpp"
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

/// What is known about a node, and in which file system that is.
inline Stat stat_of(Location location) {
  Stat stat = location.file_system->stat(location.node);
  stat.file_system = location.file_system->number();
  return stat;
}

/// What an open file may be used for.
struct Access {
  bool read = true;
  bool write = false;
};

/// How an open file behaves. Can be changed while it is open.
struct FileFlags {
  /// Each write goes to the end.
  bool append = false;
  /// What would have to wait answers WouldBlock. Files never wait; it is for devices.
  bool nonblock = false;
  /// A write is on the medium before it is done: the bytes and what is needed to find them.
  bool sync_data = false;
  /// And so is everything else about the file.
  bool sync = false;
  friend bool operator==(FileFlags, FileFlags) = default;
};

/// A file with a position, where reading and writing go on.
class OpenFile final : public Stream {
 public:
  OpenFile(HeldNode node, Access access, FileFlags flags = {})
      : node_(std::move(node)), access_(access), flags_(flags) {}

  /// At the position, which moves on by what was read. Errors: NotOpenForReading, those of the file
  /// system.
  exec::Task<Result<usize>> read(std::span<u8> buffer) override;
  /// At the position, or at the end with `append`; the position is behind what was written then.
  /// Errors: NotOpenForWriting, FileTooLarge, those of the file system.
  [[clang::coro_wrapper]] exec::Task<Result<usize>> write(std::span<const u8> bytes) override {
    return write(bytes, nullptr);
  }
  std::optional<Result<usize>> read_now(std::span<u8> buffer) override;
  std::optional<Result<usize>> write_now(std::span<const u8> bytes) override {
    return write_now(bytes, nullptr);
  }
  /// The same, with what the file takes by it counted by a meter, if there is one.
  exec::Task<Result<usize>> write(std::span<const u8> bytes, SpaceMeter* meter);
  std::optional<Result<usize>> write_now(std::span<const u8> bytes, SpaceMeter* meter);
  /// Those of the device, if this is open on one.
  Readiness readiness(Direction direction) const override;
  exec::WaitList* readiness_changed(Direction direction) override;
  bool is_terminal() const override;
  OpenFile* as_file() override { return this; }

  /// The same at a position of its own; the file's stays. `append` does not count here.
  exec::Task<Result<usize>> read_at(u64 offset, std::span<u8> buffer);
  exec::Task<Result<usize>> write_at(u64 offset, std::span<const u8> bytes,
                                     SpaceMeter* meter = nullptr);
  std::optional<Result<usize>> read_now_at(u64 offset, std::span<u8> buffer);
  std::optional<Result<usize>> write_now_at(u64 offset, std::span<const u8> bytes,
                                            SpaceMeter* meter = nullptr);

  enum class Whence : u8 { Start, Current, End };
  /// Moves the position, also behind the file's end; gives the new one. Errors: InvalidOffset,
  /// NotSeekable for a terminal; then it has not moved.
  Result<u64> seek(i64 offset, Whence whence);
  u64 position() const { return position_; }

  Stat stat() const { return stat_of(location()); }
  /// Errors: NotOpenForWriting, InvalidOffset for what is no length, those of the file system.
  Result<void> resize(u64 size);
  /// Makes sure that there is room. Errors: NotOpenForWriting, InvalidOffset for a length of 0,
  /// FileTooLarge, those of the file system.
  exec::Task<Result<void>> allocate(u64 offset, u64 length);
  /// Errors: those of the file system.
  Result<void> set_times(std::optional<base::UnixTime> accessed,
                         std::optional<base::UnixTime> modified) {
    return node_.file_system().set_times(node_.node(), accessed, modified);
  }
  [[clang::coro_wrapper]] exec::Task<Result<void>> sync(SyncScope scope) {
    return node_.file_system().sync(node_.node(), scope);
  }

  Access access() const { return access_; }
  FileFlags flags() const { return flags_; }
  void set_flags(FileFlags flags) { flags_ = flags; }
  Location location() const { return node_.location(); }
  /// The stream of the device that this is open on; null for files.
  Stream* device() const { return node_.file_system().device(node_.node()); }
  /// All bytes where they lie; nothing for a file that does not stay in memory as a whole.
  std::optional<std::span<const u8>> contents() const {
    return node_.file_system().contents(node_.node());
  }

 private:
  u64 write_position() const { return flags_.append ? stat().size : position_; }
  /// Whether an operation would have to wait, and must not.
  bool must_not_wait(Direction direction) const {
    return flags_.nonblock && !readiness(direction).ready;
  }

  HeldNode node_;
  Access access_;
  FileFlags flags_;
  u64 position_ = 0;
};

}  // namespace nacre::fs
