#pragma once

#include <optional>

#include "kernel/fs/vfs.hpp"
#include "kernel/process/turn.hpp"
#include "lib/wasi/file.hpp"

namespace nacre::process {

using base::i64;
using base::u64;
using base::u8;
using base::usize;

/// The errno that a program sees for an error of the file layer.
wasi::Errno errno_of(fs::ErrorKind kind);

/// What bytes go through in order, as a program's file. Gives others a turn when it moved much.
class StreamFile final : public wasi::File {
 public:
  /// Borrows the stream.
  StreamFile(fs::Stream& stream, Turn& turn) : stream_(stream), turn_(turn) {}
  StreamFile(base::Box<fs::Stream> stream, Turn& turn)
      : own_(std::move(stream)), stream_(*own_), turn_(turn) {}

  wasi::FileType type() const override;
  bool is_terminal() const override { return stream_.is_terminal(); }
  exec::Task<wasi::Result<usize>> read(std::span<u8> buffer) override;
  exec::Task<wasi::Result<usize>> write(std::span<const u8> bytes) override;
  std::optional<wasi::Result<usize>> read_now(std::span<u8> buffer) override;
  std::optional<wasi::Result<usize>> write_now(std::span<const u8> bytes) override;
  wasi::Readiness readiness(wasi::Direction direction) const override;
  exec::WaitList* readiness_changed(wasi::Direction direction) override;
  exec::Task<wasi::Result<wasi::FileStat>> stat() override;

 private:
  base::Box<fs::Stream> own_;
  fs::Stream& stream_;
  Turn& turn_;
};

/// A file or device of the file system: opened by the program, or one of its standard streams. What
/// the program makes it take is counted by `meter`, which outlives it as `turn` does.
class NodeFile final : public wasi::File {
 public:
  NodeFile(fs::OpenFile&& file, Turn& turn, fs::SpaceMeter& meter)
      : own_(std::move(file)), file_(*own_), turn_(turn), meter_(meter) {}
  /// Borrows it.
  NodeFile(fs::OpenFile& file, Turn& turn, fs::SpaceMeter& meter)
      : file_(file), turn_(turn), meter_(meter) {}
  NodeFile(const NodeFile&) = delete;
  NodeFile& operator=(const NodeFile&) = delete;
  ~NodeFile() override;

  wasi::FileType type() const override;
  bool is_terminal() const override { return file_.is_terminal(); }
  bool is_seekable() const override { return !file_.is_terminal(); }
  exec::Task<wasi::Result<usize>> read(std::span<u8> buffer) override;
  exec::Task<wasi::Result<usize>> write(std::span<const u8> bytes) override;
  std::optional<wasi::Result<usize>> read_now(std::span<u8> buffer) override;
  std::optional<wasi::Result<usize>> write_now(std::span<const u8> bytes) override;
  wasi::Readiness readiness(wasi::Direction direction) const override;
  exec::WaitList* readiness_changed(wasi::Direction direction) override;
  exec::Task<wasi::Result<usize>> read_at(u64 offset, std::span<u8> buffer) override;
  exec::Task<wasi::Result<usize>> write_at(u64 offset, std::span<const u8> bytes) override;
  std::optional<wasi::Result<usize>> read_now_at(u64 offset, std::span<u8> buffer) override;
  std::optional<wasi::Result<usize>> write_now_at(u64 offset, std::span<const u8> bytes) override;
  wasi::Result<u64> seek(i64 offset, wasi::Whence whence) override;
  void set_flags(wasi::DescriptorFlags flags) override;
  exec::Task<wasi::Result<void>> set_size(u64 size) override;
  exec::Task<wasi::Result<void>> allocate(u64 offset, u64 size) override;
  exec::Task<wasi::Result<void>> sync(bool data_only) override;
  exec::Task<wasi::Result<wasi::FileStat>> stat() override;
  exec::Task<wasi::Result<void>> set_times(wasi::NewTime accessed, wasi::NewTime modified) override;

 private:
  fs::FileSystem& file_system() const { return *file_.location().file_system; }

  std::optional<fs::OpenFile> own_;
  fs::OpenFile& file_;
  Turn& turn_;
  fs::SpaceMeter& meter_;
};

/// A directory of the file system. Whatever paths begin in it end below it.
class NodeDirectory final : public wasi::Directory {
 public:
  /// All references outlive the directory. What the program takes or gives back by what it does
  /// in it is counted by `meter`.
  NodeDirectory(fs::Vfs& files, fs::Directory directory, Turn& turn, fs::SpaceMeter& meter)
      : files_(files), directory_(std::move(directory)), turn_(turn), meter_(meter) {}

  exec::Task<wasi::Result<usize>> read_entries(u64 cookie,
                                               std::span<wasi::DirectoryEntry> out) override;
  u64 parent_inode() const override;
  exec::Task<wasi::Result<wasi::FileStat>> stat() override;
  exec::Task<wasi::Result<void>> set_times(wasi::NewTime accessed, wasi::NewTime modified) override;
  exec::Task<wasi::Result<void>> sync(bool data_only) override;

  exec::Task<wasi::Result<base::Box<wasi::File>>> open(std::string_view path,
                                                       wasi::OpenRequest request) override;
  exec::Task<wasi::Result<wasi::FileStat>> stat_at(std::string_view path, bool follow) override;
  exec::Task<wasi::Result<void>> set_times_at(std::string_view path, bool follow,
                                              wasi::NewTime accessed,
                                              wasi::NewTime modified) override;
  exec::Task<wasi::Result<void>> create_directory(std::string_view path) override;
  exec::Task<wasi::Result<void>> remove_directory(std::string_view path) override;
  exec::Task<wasi::Result<void>> remove_file(std::string_view path) override;
  exec::Task<wasi::Result<void>> create_symlink(std::string_view text,
                                                std::string_view path) override;
  exec::Task<wasi::Result<usize>> read_link(std::string_view path, std::span<u8> buffer) override;
  exec::Task<wasi::Result<void>> link(std::string_view path, bool follow, wasi::Directory& to,
                                      std::string_view new_path) override;
  exec::Task<wasi::Result<void>> rename(std::string_view path, wasi::Directory& to,
                                        std::string_view new_path) override;

 private:
  fs::Location start() const { return directory_.location(); }
  /// Something that may change what is in the file systems.
  exec::Task<wasi::Result<void>> change(exec::Task<fs::Result<void>> step);

  fs::Vfs& files_;
  fs::Directory directory_;
  Turn& turn_;
  fs::SpaceMeter& meter_;
};

}  // namespace nacre::process
