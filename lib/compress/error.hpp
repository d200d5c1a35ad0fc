#pragma once

#include <string_view>

#include "lib/base/memory.hpp"
#include "lib/base/types.hpp"

namespace nacre::compress {

using base::u16;
using base::u32;
using base::u64;
using base::u8;
using base::usize;

enum class ErrorKind : u8 {
  UnexpectedEnd,    // the bytes end within the stream
  BadBlockType,     // a block of a kind that there is not
  BadStoredLength,  // the two forms of a stored block's length differ
  BadCodeLengths,   // no Huffman code has codes of such lengths
  BadSymbol,        // bits that are no code, or a code that means nothing
  DistanceTooFar,   // a match from before the first byte
  TooLarge,         // more comes out than may
  BadHeader,        // of the wrapper
  UnknownMethod,    // the wrapper says that this is not DEFLATE
  NeedsDictionary,  // that was agreed on elsewhere
  WrongChecksum,
  WrongSize,  // that the wrapper promises
  OutOfMemory,
};

/// The kind as the end of a message: "the compressed data end too early".
std::string_view describe(ErrorKind kind);

/// Why compressed bytes could not be read, and at which of them.
struct Error {
  ErrorKind kind;
  usize offset = 0;

  constexpr Error(ErrorKind what, usize at) : kind(what), offset(at) {}
  constexpr Error(base::OutOfMemory) : kind(ErrorKind::OutOfMemory) {}
  friend constexpr bool operator==(Error, Error) = default;
};

}  // namespace nacre::compress
