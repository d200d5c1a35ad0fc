#pragma once

#include <string_view>

#include "lib/base/format.hpp"
#include "lib/base/memory.hpp"
#include "lib/base/types.hpp"
#include "lib/compress/error.hpp"

namespace nacre::image {

using base::i32;
using base::i64;
using base::u16;
using base::u32;
using base::u64;
using base::u8;
using base::usize;

enum class ErrorKind : u8 {
  NoImage,         // of no known kind
  UnexpectedEnd,   // of the file
  BadSize,         // no width or height
  TooLarge,        // more than `max_side` or `max_pixels`
  BadHeader,       // fields that cannot be so, or not together
  UnknownVersion,  // a header of a kind that there is not
  UnknownFormat,   // pixels or compression of a kind that is not read
  BadColorFormat,  // depths, masks or channels that there are not
  BadPalette,      // none where one must be, or one too large
  NotInPalette,    // a pixel without a colour
  WrongChecksum,   // of a chunk
  BadChunkName,
  UnknownChunk,     // that must be understood
  ChunkOutOfPlace,  // before its time, behind it, or twice
  BadChunkSize,
  NoPixels,      // in the whole file
  BadFilter,     // of a row
  TooFewPixels,  // in the compressed data
  TooManyPixels,
  OutsideOfImage,  // runs that go on behind the end of a row, or of all
  BadEnd,          // not what has to stand at the end
  DamagedData,     // compressed data: see `compression`
  OutOfMemory,
};

/// The kind as the end of a message: "the file ends too early".
std::string_view describe(ErrorKind kind);

/// Why bytes are no image, and at which of them.
struct Error {
  ErrorKind kind;
  usize offset = 0;
  /// Of `DamagedData`.
  compress::ErrorKind compression{};

  constexpr Error(ErrorKind what, usize at) : kind(what), offset(at) {}
  constexpr Error(compress::ErrorKind what, usize at)
      : kind(ErrorKind::DamagedData), offset(at), compression(what) {}
  constexpr Error(base::OutOfMemory) : kind(ErrorKind::OutOfMemory) {}
  friend constexpr bool operator==(Error, Error) = default;
};

constexpr std::unexpected<Error> fail(ErrorKind kind, usize offset) {
  return std::unexpected(Error(kind, offset));
}

/// What is wrong and where: "at byte 37: a chunk's checksum is wrong".
void format_value(base::Sink& sink, const Error& error);

}  // namespace nacre::image
