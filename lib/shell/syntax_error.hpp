#pragma once

#include <string_view>

#include "lib/base/format.hpp"
#include "lib/base/memory.hpp"
#include "lib/base/types.hpp"

namespace nacre::shell {

using base::i64;
using base::u8;
using base::usize;

/// Why a text is no script, and at which of its bytes.
struct SyntaxError {
  enum class Kind : u8 {
    UnclosedQuote,         // `offset` is where the quote opens
    UnclosedSubstitution,  // where `$(`, `${`, `$((` or the backquote stands
    MissingCommand,        // before or behind an operator
    MissingTarget,         // behind an operator that redirects
    MissingWord,           // `word` is what has to stand here
    MissingName,           // of the variable of `for`
    Unexpected,            // `)`, `;;` or a reserved word where none can be
    BadDescriptor,         // to redirect: not 0 to 9
    BadSubstitution,       // `${` with something that is no parameter or no operator
    OpenHereDocument,      // its last line is missing
    TooDeep,               // commands in commands in commands
    InvalidCharacter,      // NUL
    OutOfMemory,
  };
  Kind kind;
  usize offset = 0;
  /// Of `MissingWord`.
  std::string_view word{};
  /// Whether more text could make a script of it.
  bool is_incomplete = false;

  constexpr SyntaxError(Kind error, usize at) : kind(error), offset(at) {}
  constexpr SyntaxError(base::OutOfMemory) : kind(Kind::OutOfMemory) {}
};
/// In words that follow a position: "this quote is not closed".
void format_value(base::Sink& sink, const SyntaxError& error);

/// Line and column of an offset, both from 1. Columns count characters, not bytes.
struct TextPosition {
  usize line = 1;
  usize column = 1;
  friend constexpr bool operator==(TextPosition, TextPosition) = default;
};
TextPosition position_of(std::string_view text, usize offset);

}  // namespace nacre::shell
