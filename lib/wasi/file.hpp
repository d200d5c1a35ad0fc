#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "lib/exec/task.hpp"
#include "lib/exec/wait.hpp"
#include "lib/wasi/abi.hpp"

namespace nacre::wasi {

class Directory;

/// Which way bytes go, as the program sees it.
enum class Direction : u8 { Read, Write };

/// What could be done without waiting.
struct Readiness {
  bool ready = true;
  /// How many bytes, as far as that is known.
  u64 bytes = 0;
  bool hung_up = false;
};

/// What becomes of a time of a file: nothing, or this many nanoseconds since 1970.
using NewTime = std::optional<u64>;

/// What a descriptor is open on: a stream of bytes, a file with a position, or a directory. An
/// implementation overrides what it can do; the rest answers with the errno that POSIX has for it.
///
/// Whether the program may do it is decided before: rights are no business of a file. A file and
/// the bytes that it is given outlive the tasks.
class File {
 public:
  virtual ~File() = default;

  virtual FileType type() const = 0;
  /// Null if it is none.
  virtual Directory* as_directory() { return nullptr; }
  /// Whether a person sits at the other end.
  virtual bool is_terminal() const { return false; }
  /// Whether it has a position, and `read_at` and the like.
  virtual bool is_seekable() const { return false; }

  /// Takes what there is, waiting for the first byte; 0 is the end.
  virtual exec::Task<Result<usize>> read(std::span<u8> buffer);
  /// At least one byte, waiting for room for it.
  virtual exec::Task<Result<usize>> write(std::span<const u8> bytes);
  /// What `read` and `write` would do, where that takes no waiting: without a task, so that it
  /// costs little. Nothing where it might, and then nothing was done.
  virtual std::optional<Result<usize>> read_now(std::span<u8>) { return std::nullopt; }
  virtual std::optional<Result<usize>> write_now(std::span<const u8>) { return std::nullopt; }
  virtual Readiness readiness(Direction) const { return {}; }
  /// Where to wait for that to change, for hosts; null for what is always ready.
  virtual exec::WaitList* readiness_changed(Direction) { return nullptr; }

  virtual exec::Task<Result<usize>> read_at(u64 offset, std::span<u8> buffer);
  virtual exec::Task<Result<usize>> write_at(u64 offset, std::span<const u8> bytes);
  /// As `read_now` and `write_now`.
  virtual std::optional<Result<usize>> read_now_at(u64, std::span<u8>) { return std::nullopt; }
  virtual std::optional<Result<usize>> write_now_at(u64, std::span<const u8>) {
    return std::nullopt;
  }
  /// The new position.
  virtual Result<u64> seek(i64 offset, Whence whence);
  /// How writing goes: to the end, or to the medium at once. Whether it waits is not its business.
  virtual void set_flags(DescriptorFlags) {}
  virtual exec::Task<Result<void>> set_size(u64 size);
  /// Makes sure that there is room for `size` bytes from `offset`; the file ends no earlier then.
  virtual exec::Task<Result<void>> allocate(u64 offset, u64 size);
  /// Returns when what was written is safe; `data_only` may leave times out.
  virtual exec::Task<Result<void>> sync(bool data_only);

  virtual exec::Task<Result<FileStat>> stat() = 0;
  virtual exec::Task<Result<void>> set_times(NewTime accessed, NewTime modified);
};

/// How `path_open` opens what a path leads to.
struct OpenRequest {
  bool read = false;
  bool write = false;
  bool create = false;
  bool exclusive = false;
  bool truncate = false;
  /// NotADirectory for anything else.
  bool directory = false;
  /// Whether a symbolic link at the end is followed; else it is Loop.
  bool follow = false;
  /// As `File::set_flags` has them.
  DescriptorFlags flags = 0;
};

/// A name in a directory, borrowed until the task that read it gives way again.
struct DirectoryEntry {
  std::string_view name;
  FileType type = FileType::Unknown;
  u64 inode = 0;
  /// Where reading goes on behind it; good whatever happens to the directory.
  u64 next = 0;
};

/// A directory that a program has. No path leads out of it: neither an absolute one, nor `..`, nor
/// a link, nor what others change meanwhile; what would is NotCapable.
class Directory : public File {
 public:
  FileType type() const final { return FileType::Directory; }
  Directory* as_directory() final { return this; }

  /// Fills `out` from `cookie` on, 0 for the beginning, without `.` and `..`. How many; 0 at the
  /// end.
  virtual exec::Task<Result<usize>> read_entries(u64 cookie, std::span<DirectoryEntry> out) = 0;
  /// Of the directory that `..` names.
  virtual u64 parent_inode() const = 0;

  virtual exec::Task<Result<base::Box<File>>> open(std::string_view path, OpenRequest request) = 0;
  virtual exec::Task<Result<FileStat>> stat_at(std::string_view path, bool follow) = 0;
  virtual exec::Task<Result<void>> set_times_at(std::string_view path, bool follow,
                                                NewTime accessed, NewTime modified) = 0;
  virtual exec::Task<Result<void>> create_directory(std::string_view path) = 0;
  virtual exec::Task<Result<void>> remove_directory(std::string_view path) = 0;
  virtual exec::Task<Result<void>> remove_file(std::string_view path) = 0;
  virtual exec::Task<Result<void>> create_symlink(std::string_view text, std::string_view path) = 0;
  /// Writes as much of the link's text as there is room for; how much.
  virtual exec::Task<Result<usize>> read_link(std::string_view path, std::span<u8> buffer) = 0;
  /// `to` is of the same host.
  virtual exec::Task<Result<void>> link(std::string_view path, bool follow, Directory& to,
                                        std::string_view new_path) = 0;
  virtual exec::Task<Result<void>> rename(std::string_view path, Directory& to,
                                          std::string_view new_path) = 0;
};

}  // namespace nacre::wasi
