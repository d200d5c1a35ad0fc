#pragma once

#include <expected>
#include <span>
#include <string_view>

#include "lib/base/format.hpp"
#include "lib/hostlink/message.hpp"

namespace nacre::hostlink {

using base::i64;
using base::u64;

/// One change of a folder that the host gave to the guest and gets back: the payload of a `Changed`
/// frame. Changes are applied in the order in which they come. The payload is
///
///     kind: u8, folder: u8, length of path: u16, length of other: u16, first: u64, second: u64,
///     path, other, bytes
///
/// with all numbers little endian. Paths are relative to the folder: names with `/` between them,
/// none of them empty, `.` or `..`. Texts and bytes are borrowed.
struct Change {
  enum class Kind : u8 {
    MakeDirectory = 1,
    MakeFile = 2,  // an empty one
    MakeLink = 3,  // a symbolic link at `path`; `other` is its text
    AddName = 4,   // `other` for the file at `path`
    RemoveFile = 5,
    RemoveDirectory = 6,
    Rename = 7,     // `path` to `other`
    Write = 8,      // `bytes` at offset `first`
    Resize = 9,     // to `first` bytes
    SetTimes = 10,  // accessed: `first`, modified: `second`; `no_time` leaves one as it is
  };
  Kind kind;
  /// Which of the folders, in the order in which the job names them.
  u8 folder = 0;
  std::string_view path;
  std::string_view other{};
  u64 first = 0;
  u64 second = 0;
  std::span<const u8> bytes{};
};

/// Times are nanoseconds since 1970, as 64 bits with a sign.
inline constexpr u64 no_time = u64{1} << 63;
inline constexpr usize change_header_size = 22;
inline constexpr usize max_change_path = 4096;
/// So many bytes fit into one change whatever its path.
inline constexpr usize max_change_bytes = max_payload - change_header_size - max_change_path;

enum class ChangeError : u8 {
  Truncated,  // shorter than its lengths say
  UnknownKind,
  BadPath,  // one that is missing, too long, or no relative path of plain names
  Surplus,  // bytes, a text or a number that changes of this kind have not
};
/// One line without its end.
void format_value(base::Sink& sink, ChangeError error);

/// Whether a path is one of plain names, so that it cannot lead out of its folder by itself.
bool is_plain_path(std::string_view path);

/// Writes the payload for a change, whose paths are plain, to the start of `out`.
std::expected<std::span<const u8>, EncodeError> encode_change(const Change& change,
                                                              std::span<u8> out);
std::expected<Change, ChangeError> decode_change(std::span<const u8> payload);

}  // namespace nacre::hostlink
