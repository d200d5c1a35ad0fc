#pragma once

#include <array>
#include <expected>
#include <span>
#include <variant>

#include "lib/base/types.hpp"

/// What the kernel and the command on the host say to each other when the machine was started to
/// run one program, over whatever carries bytes both ways. A frame is
///
///     type: u8, length: u16 little endian, payload: length bytes
///
/// and its payload is at most `max_payload` bytes. The guest's first frame is Hello; the host sends
/// nothing before it.
namespace nacre::hostlink {

using base::i32;
using base::u16;
using base::u32;
using base::u8;
using base::usize;

inline constexpr u8 protocol_version = 2;
inline constexpr usize header_size = 3;
inline constexpr usize max_payload = 16384;
inline constexpr usize max_frame = header_size + max_payload;

// Guest to host. Bytes are borrowed.

/// Bytes of the program's standard output.
struct Stdout {
  static constexpr u8 type = 0x01;
  std::span<const u8> bytes;
};
/// Bytes of the program's standard error.
struct Stderr {
  static constexpr u8 type = 0x02;
  std::span<const u8> bytes;
};
/// The program has ended; the last frame.
struct Exit {
  static constexpr u8 type = 0x03;
  i32 code = 0;
};
/// The guest can take this many bytes of input, besides those it has announced before.
struct Credit {
  static constexpr u8 type = 0x04;
  u32 bytes = 0;
};
struct Hello {
  static constexpr u8 type = 0x05;
  u8 version = protocol_version;
};

/// A folder that the host wants back has changed: `change.hpp` says how.
struct Changed {
  static constexpr u8 type = 0x06;
  std::span<const u8> bytes;
};
/// The guest waits for a `Synced` of this number, which comes when all changes before have been
/// made; with `durable`, when they are on the host's disk.
struct Sync {
  static constexpr u8 type = 0x07;
  u32 number = 0;
  bool durable = false;
};

// Host to guest.

/// Bytes for the program's standard input; never more in all than there was credit for.
struct Stdin {
  static constexpr u8 type = 0x81;
  std::span<const u8> bytes;
};
/// There is no more input.
struct StdinEnd {
  static constexpr u8 type = 0x82;
};
/// Ctrl-C was typed at the host.
struct Interrupt {
  static constexpr u8 type = 0x83;
};
/// The size of the host's terminal, at the start and whenever it changes.
struct WindowSize {
  static constexpr u8 type = 0x84;
  u16 columns = 0;
  u16 rows = 0;
};
/// What a `Sync` waits for.
struct Synced {
  static constexpr u8 type = 0x85;
  /// How the changes since the last one went, by the first that failed.
  enum class Outcome : u8 { Done = 0, NoSpace = 1, Denied = 2, Failed = 3 };
  u32 number = 0;
  Outcome outcome = Outcome::Done;
};

using GuestMessage = std::variant<Stdout, Stderr, Exit, Credit, Hello, Changed, Sync>;
using HostMessage = std::variant<Stdin, StdinEnd, Interrupt, WindowSize, Synced>;

enum class EncodeError : u8 { PayloadTooLong, NoRoom };

/// Writes the frame of `message` to the start of `out` and gives the part that was written.
/// `max_frame` bytes are room for each.
std::expected<std::span<const u8>, EncodeError> encode(const GuestMessage& message,
                                                       std::span<u8> out);
std::expected<std::span<const u8>, EncodeError> encode(const HostMessage& message,
                                                       std::span<u8> out);

/// The header alone, for payloads that are sent from where they lie. `length` is at most
/// `max_payload`.
constexpr std::array<u8, header_size> encode_header(u8 type, usize length) {
  return {type, static_cast<u8>(length), static_cast<u8>(length >> 8)};
}
static_assert(encode_header(Stdout::type, 0x0102) == std::array<u8, 3>{1, 2, 1});

}  // namespace nacre::hostlink
