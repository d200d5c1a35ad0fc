#pragma once

#include <expected>
#include <string_view>

#include "lib/base/format.hpp"
#include "lib/base/string.hpp"
#include "lib/base/vector.hpp"

namespace nacre::shell {

using base::u8;
using base::usize;

/// Why a text is no script, and at which of its bytes.
struct SyntaxError {
  enum class Kind : u8 {
    UnclosedQuote,     // `offset` is where the quote opens
    MissingCommand,    // before or behind an operator
    NotSupported,      // pipes, redirections, variables, substitutions, groups
    InvalidCharacter,  // NUL
    OutOfMemory,
  };
  Kind kind;
  usize offset = 0;

  constexpr SyntaxError(Kind error, usize at) : kind(error), offset(at) {}
  constexpr SyntaxError(base::OutOfMemory) : kind(Kind::OutOfMemory) {}
  friend constexpr bool operator==(SyntaxError, SyntaxError) = default;
};
std::string_view describe(SyntaxError::Kind kind);

/// Line and column of an offset, both from 1. Columns count characters, not bytes.
struct TextPosition {
  usize line = 1;
  usize column = 1;
  friend constexpr bool operator==(TextPosition, TextPosition) = default;
};
TextPosition position_of(std::string_view text, usize offset);

/// A piece of a word.
struct WordPart {
  enum class Kind : u8 {
    Literal,     // `text`, quotes and backslashes gone
    LastStatus,  // $?
  };
  Kind kind = Kind::Literal;
  base::String text;
};

/// What becomes one argument.
struct Word {
  base::Vector<WordPart> parts;
  usize offset = 0;
};

struct Command {
  base::Vector<Word> words;  // at least one
  usize offset = 0;
};

/// Commands that are joined by pipes.
struct Pipeline {
  base::Vector<Command> commands;  // at least one
};

/// Pipelines joined by `&&` and `||`.
struct AndOrList {
  enum class Join : u8 { First, And, Or };
  struct Item {
    Join join = Join::First;
    Pipeline pipeline;
  };
  base::Vector<Item> items;  // at least one; only the first has Join::First
  bool background = false;   // ended by `&`
};

/// What a line or a file of lines says. [posix/xcu: "Shell Grammar"]
struct Script {
  base::Vector<AndOrList> lists;
};

/// Parses all of `text`. Quotes are '..', ".." and backslash; `;`, newline and `&` end lists, `#`
/// begins a comment.
std::expected<Script, SyntaxError> parse(std::string_view text);

/// The argument that a word stands for.
std::expected<base::String, base::OutOfMemory> expand(const Word& word, int last_status);

}  // namespace nacre::shell
