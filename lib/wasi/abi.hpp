#pragma once

#include <array>
#include <cstddef>
#include <expected>
#include <type_traits>

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

template <class T>
using Result = std::expected<T, Errno>;

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

/// What may be done with a descriptor. [wasi/preview1: "rights"]
namespace rights {
inline constexpr u64 read = u64{1} << 1;
inline constexpr u64 seek = u64{1} << 2;
inline constexpr u64 set_flags = u64{1} << 3;
inline constexpr u64 tell = u64{1} << 5;
inline constexpr u64 write = u64{1} << 6;
inline constexpr u64 stat = u64{1} << 21;
inline constexpr u64 poll = u64{1} << 27;
}  // namespace rights

/// [wasi/preview1: "fdflags"]
namespace descriptor_flags {
inline constexpr u16 append = 1;
}  // namespace descriptor_flags

/// [wasi/preview1: "fdstat"]
struct DescriptorStat {
  FileType type = FileType::Unknown;
  u8 padding = 0;
  u16 flags = 0;
  u32 more_padding = 0;
  u64 rights = 0;
  u64 inheriting_rights = 0;
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
  auto const bytes = memory.span(address, sizeof(T));
  if (!bytes) return std::unexpected(Errno::Fault);
  T value;
  std::memcpy(&value, bytes->data(), sizeof(T));
  return value;
}

/// Writes it. Errors: Fault, and then nothing was written.
template <class T>
  requires std::has_unique_object_representations_v<T>
Result<void> store(GuestMemory memory, u32 address, const T& value) {
  auto const bytes = memory.span(address, sizeof(T));
  if (!bytes) return std::unexpected(Errno::Fault);
  std::memcpy(bytes->data(), &value, sizeof(T));
  return {};
}

}  // namespace nacre::wasi
