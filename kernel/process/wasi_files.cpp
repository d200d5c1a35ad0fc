#include "kernel/process/wasi_files.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "lib/base/try.hpp"

namespace nacre::process {
namespace {

using wasi::Errno;

constexpr u64 nanoseconds_per_second = 1'000'000'000;

std::unexpected<wasi::Error> failed(const fs::Error& error) {
  return std::unexpected(wasi::Error(errno_of(error.kind)));
}
/// What the file layer answered, as a program sees it.
template <class T>
wasi::Result<T> told(fs::Result<T> result) {
  if (!result) return failed(result.error());
  if constexpr (std::is_void_v<T>)
    return {};
  else
    return std::move(*result);
}

/// The same for what is done without waiting: `move` is, unless others are to have a turn first.
template <class Move>
std::optional<wasi::Result<usize>> told_now(const Turn& turn, Move move) {
  if (turn.is_over()) return std::nullopt;
  std::optional<fs::Result<usize>> const count = move();
  if (!count) return std::nullopt;
  return told(*count);
}

fs::Direction direction_of(wasi::Direction direction) {
  return direction == wasi::Direction::Read ? fs::Direction::Read : fs::Direction::Write;
}
wasi::Readiness readiness_of(const fs::Stream& stream, wasi::Direction direction) {
  fs::Readiness const state = stream.readiness(direction_of(direction));
  return {.ready = state.ready, .bytes = state.bytes, .hung_up = state.hung_up};
}

wasi::FileType type_of(fs::NodeType type) {
  switch (type) {
    case fs::NodeType::File: return wasi::FileType::RegularFile;
    case fs::NodeType::Directory: return wasi::FileType::Directory;
    case fs::NodeType::Symlink: return wasi::FileType::SymbolicLink;
    case fs::NodeType::CharacterDevice: return wasi::FileType::CharacterDevice;
  }
  return wasi::FileType::Unknown;
}

/// Programs know no times before 1970.
u64 nanoseconds_of(base::UnixTime time) {
  if (time.seconds < 0) return 0;
  return static_cast<u64>(time.seconds) * nanoseconds_per_second + time.nanoseconds;
}
std::optional<base::UnixTime> time_of(wasi::NewTime time) {
  if (!time) return std::nullopt;
  return base::UnixTime{static_cast<i64>(*time / nanoseconds_per_second),
                        static_cast<base::u32>(*time % nanoseconds_per_second)};
}

wasi::FileStat stat_of(const fs::Stat& stat) {
  return {.device = stat.file_system,
          .inode = stat.inode,
          .type = type_of(stat.type),
          .links = stat.links,
          .size = stat.size,
          .accessed = nanoseconds_of(stat.accessed),
          .modified = nanoseconds_of(stat.modified),
          .changed = nanoseconds_of(stat.changed)};
}

fs::FileFlags flags_of(wasi::DescriptorFlags flags) {
  namespace has = wasi::descriptor_flags;
  return {.append = (flags & has::append) != 0,
          .nonblock = (flags & has::non_blocking) != 0,
          .sync_data = (flags & has::data_sync) != 0,
          .sync = (flags & has::sync) != 0};
}

fs::SyncScope scope_of(bool data_only) {
  return data_only ? fs::SyncScope::Data : fs::SyncScope::Everything;
}

constexpr fs::WalkOptions beneath(bool follow = true) {
  return {.follow_last = follow, .beneath = true};
}

}  // namespace

Errno errno_of(fs::ErrorKind kind) {
  using fs::ErrorKind;
  switch (kind) {
    case ErrorKind::NotFound: return Errno::NoEntry;
    case ErrorKind::NotADirectory: return Errno::NotADirectory;
    case ErrorKind::IsADirectory: return Errno::IsDirectory;
    case ErrorKind::NotASymlink: return Errno::Invalid;
    case ErrorKind::AlreadyExists: return Errno::Exists;
    case ErrorKind::NotEmpty: return Errno::NotEmpty;
    case ErrorKind::ReadOnly: return Errno::ReadOnlyFileSystem;
    case ErrorKind::TooManyLinks: return Errno::Loop;
    case ErrorKind::NameTooLong: return Errno::NameTooLong;
    case ErrorKind::InvalidPath: return Errno::IllegalSequence;
    case ErrorKind::NoName: return Errno::Invalid;
    case ErrorKind::OutsideDirectory: return Errno::NotCapable;
    case ErrorKind::AcrossFileSystems: return Errno::AcrossDevices;
    case ErrorKind::IntoItself: return Errno::Invalid;
    case ErrorKind::Busy: return Errno::Busy;
    case ErrorKind::NotPermitted: return Errno::NotPermitted;
    case ErrorKind::TooManyNames: return Errno::TooManyLinks;
    case ErrorKind::NotOpenForReading:
    case ErrorKind::NotOpenForWriting: return Errno::BadDescriptor;
    case ErrorKind::NotSeekable: return Errno::NotSeekable;
    case ErrorKind::InvalidOffset: return Errno::Invalid;
    case ErrorKind::InvalidOptions: return Errno::Invalid;
    case ErrorKind::FileTooLarge: return Errno::FileTooBig;
    case ErrorKind::NoSpace: return Errno::NoSpace;
    case ErrorKind::WouldBlock: return Errno::Again;
    case ErrorKind::NoDevice: return Errno::NoSuchDevice;
    case ErrorKind::Closed: return Errno::BrokenPipe;
    case ErrorKind::Interrupted: return Errno::Interrupted;
    case ErrorKind::DeviceFailed: return Errno::Io;
    case ErrorKind::NotSupported: return Errno::NotSupported;
    case ErrorKind::OutOfMemory: return Errno::NoMemory;
  }
  return Errno::Io;
}

// ---- Streams

wasi::FileType StreamFile::type() const {
  return stream_.is_terminal() ? wasi::FileType::CharacterDevice : wasi::FileType::Unknown;
}

exec::Task<wasi::Result<usize>> StreamFile::read(std::span<u8> buffer) {
  auto const count = co_await stream_.read(buffer);
  co_await turn_.pause_if_over();
  co_return told(count);
}

exec::Task<wasi::Result<usize>> StreamFile::write(std::span<const u8> bytes) {
  auto const count = co_await stream_.write(bytes);
  co_await turn_.pause_if_over();
  co_return told(count);
}

std::optional<wasi::Result<usize>> StreamFile::read_now(std::span<u8> buffer) {
  return told_now(turn_, [&] { return stream_.read_now(buffer); });
}

std::optional<wasi::Result<usize>> StreamFile::write_now(std::span<const u8> bytes) {
  return told_now(turn_, [&] { return stream_.write_now(bytes); });
}

wasi::Readiness StreamFile::readiness(wasi::Direction direction) const {
  return readiness_of(stream_, direction);
}

exec::WaitList* StreamFile::readiness_changed(wasi::Direction direction) {
  return stream_.readiness_changed(direction_of(direction));
}

exec::Task<wasi::Result<wasi::FileStat>> StreamFile::stat() {
  co_return wasi::FileStat{.type = type(), .links = 1};
}

// ---- Files

NodeFile::~NodeFile() {
  // A file without a name goes with who holds it.
  fs::SpaceMeter::Step<fs::FileSystem> const step(&meter_, file_system());
  own_.reset();
}

wasi::FileType NodeFile::type() const { return type_of(file_.stat().type); }

exec::Task<wasi::Result<usize>> NodeFile::read(std::span<u8> buffer) {
  auto const count = co_await file_.read(buffer);
  co_await turn_.pause_if_over();
  co_return told(count);
}

exec::Task<wasi::Result<usize>> NodeFile::write(std::span<const u8> bytes) {
  auto const count = co_await file_.write(bytes, &meter_);
  co_await turn_.pause_if_over();
  co_return told(count);
}

std::optional<wasi::Result<usize>> NodeFile::read_now(std::span<u8> buffer) {
  return told_now(turn_, [&] { return file_.read_now(buffer); });
}

std::optional<wasi::Result<usize>> NodeFile::write_now(std::span<const u8> bytes) {
  return told_now(turn_, [&] { return file_.write_now(bytes, &meter_); });
}

/// A file never waits, but a device may.
wasi::Readiness NodeFile::readiness(wasi::Direction direction) const {
  if (const fs::Stream* const device = file_.device()) return readiness_of(*device, direction);
  if (direction == wasi::Direction::Write) return {};
  u64 const size = file_.stat().size;
  return {.bytes = size - std::min(size, file_.position())};
}

exec::WaitList* NodeFile::readiness_changed(wasi::Direction direction) {
  fs::Stream* const device = file_.device();
  return device == nullptr ? nullptr : device->readiness_changed(direction_of(direction));
}

exec::Task<wasi::Result<usize>> NodeFile::read_at(u64 offset, std::span<u8> buffer) {
  auto const count = co_await file_.read_at(offset, buffer);
  co_await turn_.pause_if_over();
  co_return told(count);
}

exec::Task<wasi::Result<usize>> NodeFile::write_at(u64 offset, std::span<const u8> bytes) {
  auto const count = co_await file_.write_at(offset, bytes, &meter_);
  co_await turn_.pause_if_over();
  co_return told(count);
}

std::optional<wasi::Result<usize>> NodeFile::read_now_at(u64 offset, std::span<u8> buffer) {
  return told_now(turn_, [&] { return file_.read_now_at(offset, buffer); });
}

std::optional<wasi::Result<usize>> NodeFile::write_now_at(u64 offset, std::span<const u8> bytes) {
  return told_now(turn_, [&] { return file_.write_now_at(offset, bytes, &meter_); });
}

wasi::Result<u64> NodeFile::seek(i64 offset, wasi::Whence whence) {
  using Whence = fs::OpenFile::Whence;
  static constexpr std::array whences{Whence::Start, Whence::Current, Whence::End};
  return told(file_.seek(offset, whences[static_cast<usize>(whence)]));
}

void NodeFile::set_flags(wasi::DescriptorFlags flags) { file_.set_flags(flags_of(flags)); }

exec::Task<wasi::Result<void>> NodeFile::set_size(u64 size) {
  fs::SpaceMeter::Step<fs::FileSystem> const step(&meter_, file_system());
  co_return told(file_.resize(size));
}

exec::Task<wasi::Result<void>> NodeFile::allocate(u64 offset, u64 size) {
  fs::SpaceMeter::Step<fs::FileSystem> const step(&meter_, file_system());
  co_return told(co_await file_.allocate(offset, size));
}

exec::Task<wasi::Result<void>> NodeFile::sync(bool data_only) {
  co_return told(co_await file_.sync(scope_of(data_only)));
}

exec::Task<wasi::Result<wasi::FileStat>> NodeFile::stat() { co_return stat_of(file_.stat()); }

exec::Task<wasi::Result<void>> NodeFile::set_times(wasi::NewTime accessed, wasi::NewTime modified) {
  co_return told(file_.set_times(time_of(accessed), time_of(modified)));
}

// ---- Directories

exec::Task<wasi::Result<usize>> NodeDirectory::read_entries(u64 cookie,
                                                            std::span<wasi::DirectoryEntry> out) {
  co_await turn_.pause_if_over();
  std::array<fs::DirectoryEntry, 32> entries;
  directory_.seek(cookie);
  auto const count =
      directory_.read(std::span(entries).first(std::min(out.size(), entries.size())));
  if (!count) co_return failed(count.error());
  std::ranges::transform(
      std::span(entries).first(*count), out.begin(), [](const fs::DirectoryEntry& entry) {
        return wasi::DirectoryEntry{entry.name, type_of(entry.type), entry.inode, entry.next};
      });
  co_return *count;
}

u64 NodeDirectory::parent_inode() const {
  fs::FileSystem& file_system = *start().file_system;
  return file_system.stat(file_system.parent(start().node)).inode;
}

exec::Task<wasi::Result<wasi::FileStat>> NodeDirectory::stat() {
  co_return stat_of(directory_.stat());
}

exec::Task<wasi::Result<void>> NodeDirectory::set_times(wasi::NewTime accessed,
                                                        wasi::NewTime modified) {
  co_return told(directory_.set_times(time_of(accessed), time_of(modified)));
}

exec::Task<wasi::Result<void>> NodeDirectory::sync(bool data_only) {
  co_return told(co_await directory_.sync(scope_of(data_only)));
}

exec::Task<wasi::Result<base::Box<wasi::File>>> NodeDirectory::open(std::string_view path,
                                                                    wasi::OpenRequest request) {
  fs::SpaceMeter::Step<fs::Vfs> const step(&meter_, files_);
  auto opened = co_await files_.open_node(start(), path,
                                          {.access = {.read = request.read, .write = request.write},
                                           .flags = flags_of(request.flags),
                                           .create = request.create,
                                           .exclusive = request.exclusive,
                                           .truncate = request.truncate,
                                           .directory = request.directory,
                                           .walk = beneath(request.follow)});
  if (!opened) co_return failed(opened.error());
  if (auto* const directory = std::get_if<fs::Directory>(&*opened)) {
    CO_TRY(auto made, base::try_make<NodeDirectory>(files_, std::move(*directory), turn_, meter_));
    co_return base::Box<wasi::File>(std::move(made));
  }
  CO_TRY(auto made,
         base::try_make<NodeFile>(std::get<fs::OpenFile>(std::move(*opened)), turn_, meter_));
  co_return base::Box<wasi::File>(std::move(made));
}

exec::Task<wasi::Result<wasi::FileStat>> NodeDirectory::stat_at(std::string_view path,
                                                                bool follow) {
  auto const stat = co_await files_.stat(start(), path, beneath(follow));
  if (!stat) co_return failed(stat.error());
  co_return stat_of(*stat);
}

exec::Task<wasi::Result<void>> NodeDirectory::set_times_at(std::string_view path, bool follow,
                                                           wasi::NewTime accessed,
                                                           wasi::NewTime modified) {
  co_return told(co_await files_.set_times(start(), path, time_of(accessed), time_of(modified),
                                           beneath(follow)));
}

exec::Task<wasi::Result<void>> NodeDirectory::change(exec::Task<fs::Result<void>> step) {
  fs::SpaceMeter::Step<fs::Vfs> const counted(&meter_, files_);
  co_return told(co_await std::move(step));
}

exec::Task<wasi::Result<void>> NodeDirectory::create_directory(std::string_view path) {
  co_return co_await change(files_.create_directory(start(), path, beneath()));
}

exec::Task<wasi::Result<void>> NodeDirectory::remove_directory(std::string_view path) {
  co_return co_await change(files_.remove_directory(start(), path, beneath()));
}

exec::Task<wasi::Result<void>> NodeDirectory::remove_file(std::string_view path) {
  co_return co_await change(files_.remove_file(start(), path, beneath()));
}

exec::Task<wasi::Result<void>> NodeDirectory::create_symlink(std::string_view text,
                                                             std::string_view path) {
  co_return co_await change(files_.create_symlink(text, start(), path, beneath()));
}

exec::Task<wasi::Result<usize>> NodeDirectory::read_link(std::string_view path,
                                                         std::span<u8> buffer) {
  auto const text = co_await files_.read_link(start(), path, beneath());
  if (!text) co_return failed(text.error());
  co_return text->view().copy(static_cast<char*>(static_cast<void*>(buffer.data())), buffer.size());
}

exec::Task<wasi::Result<void>> NodeDirectory::link(std::string_view path, bool follow,
                                                   wasi::Directory& to, std::string_view new_path) {
  co_return co_await change(files_.link(start(), path, static_cast<NodeDirectory&>(to).start(),
                                        new_path, beneath(follow)));
}

exec::Task<wasi::Result<void>> NodeDirectory::rename(std::string_view path, wasi::Directory& to,
                                                     std::string_view new_path) {
  co_return co_await change(
      files_.rename(start(), path, static_cast<NodeDirectory&>(to).start(), new_path, beneath()));
}

}  // namespace nacre::process
