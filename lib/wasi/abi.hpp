#pragma once

#include <array>
#include <cstddef>
#include <expected>
#include <type_traits>

#include "lib/base/memory.hpp"
#include "lib/base/try.hpp"
#include "lib/wasm/runtime/guest_memory.hpp"

/// Numbers and layouts that `wasi_snapshot_preview1` has in common with its guests. Layouts stand
/// as they lie in linear memory, padding included, so that nothing of the host's leaks through it.
/// [wasi/preview1: "Types"]
namespace nacre::wasi {

using base::i32;
using base::i64;
using base::u16;
using base::u32;
using base::u64;
using base::u8;
using base::usize;
using wasm::GuestMemory;

/// [wasi/preview1: "errno"]
enum class Errno : u16 {
  // clang-format off
  Success, TooBig, Access, AddressInUse, AddressNotAvailable, AddressFamilyNotSupported, Again,
  Already, BadDescriptor, BadMessage, Busy, Canceled, NoChild, ConnectionAborted,
  ConnectionRefused, ConnectionReset, Deadlock, DestinationAddressRequired, Domain, QuotaExceeded,
  Exists, Fault, FileTooBig, HostUnreachable, IdentifierRemoved, IllegalSequence, InProgress,
  Interrupted, Invalid, Io, IsConnected, IsDirectory, Loop, TooManyDescriptors, TooManyLinks,
  MessageSize, MultiHop, NameTooLong, NetworkDown, NetworkReset, NetworkUnreachable,
  TooManyFilesInSystem, NoBuffers, NoDevice, NoEntry, NotExecutable, NoLocks, NoLink, NoMemory,
  NoMessage, NoProtocolOption, NoSpace, NotImplemented, NotConnected, NotADirectory, NotEmpty,
  NotRecoverable, NotASocket, NotSupported, NotATerminal, NoSuchDevice, Overflow, OwnerDead,
  NotPermitted, BrokenPipe, Protocol, ProtocolNotSupported, WrongProtocolType, Range,
  ReadOnlyFileSystem, NotSeekable, NoSuchProcess, Stale, TimedOut, TextBusy, AcrossDevices,
  NotCapable,
  // clang-format on
};
static_assert(static_cast<u16>(Errno::BadDescriptor) == 8 && static_cast<u16>(Errno::Fault) == 21 &&
              static_cast<u16>(Errno::Invalid) == 28 && static_cast<u16>(Errno::NoEntry) == 44 &&
              static_cast<u16>(Errno::NotImplemented) == 52 &&
              static_cast<u16>(Errno::NotSeekable) == 70 &&
              static_cast<u16>(Errno::NotCapable) == 76);

/// Why a call failed: what the guest gets as its answer.
struct Error {
  Errno number;

  constexpr Error(Errno why) : number(why) {}
  constexpr Error(base::OutOfMemory) : number(Errno::NoMemory) {}
  constexpr Error(wasm::OutOfBounds) : number(Errno::Fault) {}
  friend constexpr bool operator==(Error, Error) = default;
};

template <class T>
using Result = std::expected<T, Error>;

constexpr std::unexpected<Error> fail(Errno why) { return std::unexpected(Error(why)); }

/// [wasi/preview1: "clockid"]
enum class ClockId : u32 { Realtime, Monotonic, ProcessCpuTime, ThreadCpuTime };

/// [wasi/preview1: "whence"]
enum class Whence : u8 { Start, Current, End };

/// [wasi/preview1: "filetype"]
enum class FileType : u8 {
  Unknown,  // pipes are that, too
  BlockDevice,
  CharacterDevice,
  Directory,
  RegularFile,
  DatagramSocket,
  StreamSocket,
  SymbolicLink,
};

/// What may be done with a descriptor: a set of `rights`. [wasi/preview1: "rights"]
using Rights = u64;
namespace rights {
// clang-format off
inline constexpr Rights descriptor_datasync             = Rights{1} << 0;
inline constexpr Rights descriptor_read                 = Rights{1} << 1;
inline constexpr Rights descriptor_seek                 = Rights{1} << 2;
inline constexpr Rights descriptor_set_flags            = Rights{1} << 3;
inline constexpr Rights descriptor_sync                 = Rights{1} << 4;
inline constexpr Rights descriptor_tell                 = Rights{1} << 5;
inline constexpr Rights descriptor_write                = Rights{1} << 6;
inline constexpr Rights descriptor_advise               = Rights{1} << 7;
inline constexpr Rights descriptor_allocate             = Rights{1} << 8;
inline constexpr Rights path_create_directory           = Rights{1} << 9;
inline constexpr Rights path_create_file                = Rights{1} << 10;
inline constexpr Rights path_link_source                = Rights{1} << 11;
inline constexpr Rights path_link_target                = Rights{1} << 12;
inline constexpr Rights path_open                       = Rights{1} << 13;
inline constexpr Rights descriptor_read_directory       = Rights{1} << 14;
inline constexpr Rights path_read_link                  = Rights{1} << 15;
inline constexpr Rights path_rename_source              = Rights{1} << 16;
inline constexpr Rights path_rename_target              = Rights{1} << 17;
inline constexpr Rights path_stat                       = Rights{1} << 18;
inline constexpr Rights path_set_size                   = Rights{1} << 19;
inline constexpr Rights path_set_times                  = Rights{1} << 20;
inline constexpr Rights descriptor_stat                 = Rights{1} << 21;
inline constexpr Rights descriptor_set_size             = Rights{1} << 22;
inline constexpr Rights descriptor_set_times            = Rights{1} << 23;
inline constexpr Rights path_symlink                    = Rights{1} << 24;
inline constexpr Rights path_remove_directory           = Rights{1} << 25;
inline constexpr Rights path_unlink_file                = Rights{1} << 26;
inline constexpr Rights poll                            = Rights{1} << 27;
inline constexpr Rights socket_shutdown                 = Rights{1} << 28;
inline constexpr Rights socket_accept                   = Rights{1} << 29;
// clang-format on
inline constexpr Rights all = (Rights{1} << 30) - 1;

/// What makes sense for a file, a directory, and for what bytes go through in order.
inline constexpr Rights of_files =
    descriptor_datasync | descriptor_read | descriptor_seek | descriptor_set_flags |
    descriptor_sync | descriptor_tell | descriptor_write | descriptor_advise | descriptor_allocate |
    descriptor_stat | descriptor_set_size | descriptor_set_times | poll;
inline constexpr Rights of_directories =
    descriptor_set_flags | descriptor_sync | descriptor_datasync | descriptor_advise |
    path_create_directory | path_create_file | path_link_source | path_link_target | path_open |
    descriptor_read_directory | path_read_link | path_rename_source | path_rename_target |
    path_stat | path_set_size | path_set_times | descriptor_stat | descriptor_set_times |
    path_symlink | path_remove_directory | path_unlink_file | poll;
inline constexpr Rights of_streams =
    descriptor_read | descriptor_write | descriptor_set_flags | descriptor_stat | poll;
}  // namespace rights

/// [wasi/preview1: "fdflags"]
using DescriptorFlags = u16;
namespace descriptor_flags {
inline constexpr DescriptorFlags append = 1 << 0;
inline constexpr DescriptorFlags data_sync = 1 << 1;
inline constexpr DescriptorFlags non_blocking = 1 << 2;
inline constexpr DescriptorFlags read_sync = 1 << 3;
inline constexpr DescriptorFlags sync = 1 << 4;
inline constexpr DescriptorFlags all = (1 << 5) - 1;
}  // namespace descriptor_flags

/// [wasi/preview1: "oflags"]
namespace open_flags {
inline constexpr u32 create = 1 << 0;
inline constexpr u32 directory = 1 << 1;
inline constexpr u32 exclusive = 1 << 2;
inline constexpr u32 truncate = 1 << 3;
inline constexpr u32 all = (1 << 4) - 1;
}  // namespace open_flags

/// [wasi/preview1: "lookupflags"]
namespace lookup_flags {
inline constexpr u32 follow_symlinks = 1;
inline constexpr u32 all = 1;
}  // namespace lookup_flags

/// [wasi/preview1: "fstflags"]
namespace time_flags {
inline constexpr u32 accessed = 1 << 0;
inline constexpr u32 accessed_now = 1 << 1;
inline constexpr u32 modified = 1 << 2;
inline constexpr u32 modified_now = 1 << 3;
inline constexpr u32 all = (1 << 4) - 1;
}  // namespace time_flags

/// How many kinds of `advice` there are. [wasi/preview1: "advice"]
inline constexpr u32 kinds_of_advice = 6;

/// Which ways of a socket end. [wasi/preview1: "sdflags"]
namespace shutdown_flags {
inline constexpr u32 all = 3;
}  // namespace shutdown_flags

/// [wasi/preview1: "fdstat"]
struct DescriptorStat {
  FileType type = FileType::Unknown;
  u8 padding = 0;
  DescriptorFlags flags = 0;
  u32 more_padding = 0;
  Rights rights = 0;
  Rights inheriting_rights = 0;
};
static_assert(sizeof(DescriptorStat) == 24 && offsetof(DescriptorStat, flags) == 2 &&
              offsetof(DescriptorStat, rights) == 8 &&
              offsetof(DescriptorStat, inheriting_rights) == 16);

/// Of a directory that the guest was given. [wasi/preview1: "prestat"]
struct Prestat {
  u8 tag = 0;
  std::array<u8, 3> padding{};
  u32 name_size = 0;
};
static_assert(sizeof(Prestat) == 8 && offsetof(Prestat, name_size) == 4);

/// A piece of the guest's memory to read from or to write into. [wasi/preview1: "iovec"]
struct Iovec {
  u32 address = 0;
  u32 size = 0;
};
static_assert(sizeof(Iovec) == 8 && offsetof(Iovec, size) == 4);

/// [wasi/preview1: "filestat"]
struct FileStat {
  u64 device = 0;
  u64 inode = 0;
  FileType type = FileType::Unknown;
  std::array<u8, 7> padding{};
  u64 links = 0;
  u64 size = 0;
  /// Nanoseconds since 1970.
  u64 accessed = 0;
  u64 modified = 0;
  u64 changed = 0;
};
static_assert(sizeof(FileStat) == 64 && offsetof(FileStat, type) == 16 &&
              offsetof(FileStat, links) == 24 && offsetof(FileStat, size) == 32 &&
              offsetof(FileStat, accessed) == 40 && offsetof(FileStat, changed) == 56);

/// What stands before each name of a directory. [wasi/preview1: "dirent"]
struct DirectoryEntryHeader {
  u64 next = 0;
  u64 inode = 0;
  u32 name_size = 0;
  FileType type = FileType::Unknown;
  std::array<u8, 3> padding{};
};
static_assert(sizeof(DirectoryEntryHeader) == 24 && offsetof(DirectoryEntryHeader, inode) == 8 &&
              offsetof(DirectoryEntryHeader, name_size) == 16 &&
              offsetof(DirectoryEntryHeader, type) == 20);

/// [wasi/preview1: "signal"]
enum class Signal : u8 {
  // clang-format off
  None, Hangup, Interrupt, Quit, IllegalInstruction, Trap, Abort, Bus, FloatingPoint, Kill, User1,
  Segment, User2, Pipe, Alarm, Terminate, Child, Continue, Stop, TerminalStop, TerminalInput,
  TerminalOutput, Urgent, CpuTime, FileSize, VirtualAlarm, Profile, Window, Poll, Power, System,
  // clang-format on
};
static_assert(static_cast<u8>(Signal::Kill) == 9 && static_cast<u8>(Signal::Terminate) == 15 &&
              static_cast<u8>(Signal::System) == 30);

/// [wasi/preview1: "eventtype"]
enum class EventType : u8 { Clock, DescriptorRead, DescriptorWrite };

/// What `poll_oneoff` waits for: a clock, or a descriptor whose number then stands in `clock`.
/// [wasi/preview1: "subscription"]
struct Subscription {
  static constexpr u16 absolute = 1;

  u64 user_data = 0;
  EventType type = EventType::Clock;
  std::array<u8, 7> padding{};
  u32 clock = 0;
  u32 more_padding = 0;
  u64 timeout = 0;
  u64 precision = 0;
  u16 flags = 0;
  std::array<u8, 6> last_padding{};
};
static_assert(sizeof(Subscription) == 48 && offsetof(Subscription, type) == 8 &&
              offsetof(Subscription, clock) == 16 && offsetof(Subscription, timeout) == 24 &&
              offsetof(Subscription, precision) == 32 && offsetof(Subscription, flags) == 40);

/// [wasi/preview1: "event"]
struct Event {
  static constexpr u16 hung_up = 1;

  u64 user_data = 0;
  Errno error = Errno::Success;
  EventType type = EventType::Clock;
  std::array<u8, 5> padding{};
  u64 bytes = 0;
  u16 flags = 0;
  std::array<u8, 6> more_padding{};
};
static_assert(sizeof(Event) == 32 && offsetof(Event, error) == 8 && offsetof(Event, type) == 10 &&
              offsetof(Event, bytes) == 16 && offsetof(Event, flags) == 24);

/// Reads a number or a layout at any alignment. Errors: Fault.
template <class T>
  requires std::is_trivially_copyable_v<T>
Result<T> load(GuestMemory memory, u32 address) {
  TRY(auto const bytes, memory.span(address, sizeof(T)));
  T value;
  std::memcpy(&value, bytes.data(), sizeof(T));
  return value;
}

/// Writes it. Errors: Fault, and then nothing was written.
template <class T>
  requires std::has_unique_object_representations_v<T>
Result<void> store(GuestMemory memory, u32 address, const T& value) {
  TRY(auto const bytes, memory.span(address, sizeof(T)));
  std::memcpy(bytes.data(), &value, sizeof(T));
  return {};
}

}  // namespace nacre::wasi
