#pragma once

#include <expected>
#include <string_view>

#include "lib/base/memory.hpp"
#include "lib/base/types.hpp"

namespace nacre::fs {

using base::i64;
using base::u16;
using base::u32;
using base::u64;
using base::u8;
using base::usize;

enum class ErrorKind : u8 {
  NotFound,
  NotADirectory,
  IsADirectory,
  NotASymlink,
  AlreadyExists,
  NotEmpty,
  ReadOnly,           // the file system cannot be changed
  TooManyLinks,       // symbolic links that lead to symbolic links
  NameTooLong,        // a component of more than 255 bytes or a path of more than 4096
  InvalidPath,        // with a NUL in it
  NoName,             // ends in `.`, `..` or at the root, where a name is needed
  OutsideDirectory,   // leads out of the directory that it must stay in
  AcrossFileSystems,  // a link or a move from one file system to another
  IntoItself,         // a directory that is moved to below itself
  Busy,               // something is mounted there
  NotPermitted,       // a further name for a directory
  TooManyNames,       // of one file
  NotOpenForReading,
  NotOpenForWriting,
  NotSeekable,     // a stream without positions
  InvalidOffset,   // negative or too large
  InvalidOptions,  // that exclude each other
  FileTooLarge,    // it would become larger than files can be
  NoSpace,
  WouldBlock,  // and must not
  NoDevice,    // nothing is behind the name of a device
  Closed,      // nobody reads what is written, or the other end is gone
  Interrupted,
  DeviceFailed,
  NotSupported,
  OutOfMemory,
};

/// The kind as the end of a message: "no such file or directory".
std::string_view describe(ErrorKind kind);

/// Why a file operation failed, and at which part of the path that it was given.
struct Error {
  ErrorKind kind;
  /// The failing name is the last in this many bytes of the path; 0 when no path was given. In
  /// `a/b/c` where `a/b` is a file, 3.
  usize path_end = 0;

  constexpr Error(ErrorKind what, usize end = 0) : kind(what), path_end(end) {}
  constexpr Error(base::OutOfMemory) : kind(ErrorKind::OutOfMemory) {}

  /// The part of `path`, the one that the failed operation was given, that is to be shown.
  constexpr std::string_view part_of(std::string_view path) const {
    return path_end == 0 ? path : path.substr(0, path_end);
  }
  friend constexpr bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = std::expected<T, Error>;

constexpr std::unexpected<Error> fail(ErrorKind kind, usize path_end = 0) {
  return std::unexpected(Error(kind, path_end));
}

}  // namespace nacre::fs
