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
    MissingTarget,     // behind an operator that redirects
    BadDescriptor,     // to redirect: not 0, 1 or 2
    NotSupported,      // here-documents, variables, substitutions, groups
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

/// Where one of a command's streams comes from or goes to.
struct Redirection {
  enum class Kind : u8 {
    Input,      // < file
    Output,     // > file, which is emptied
    Append,     // >> file
    Duplicate,  // >&1: to where `source` goes at this point
  };
  Kind kind = Kind::Input;
  /// 0, 1 or 2.
  u8 descriptor = 0;
  u8 source = 0;
  /// The file; empty for `Duplicate`.
  Word target;
};

/// Words, redirections, or both.
struct Command {
  base::Vector<Word> words;
  base::Vector<Redirection> redirections;  // in order
  usize offset = 0;
};

/// Commands that are joined by pipes.
struct Pipeline {
  base::Vector<Command> commands;  // at least one
  bool negated = false;            // begun by `!`
  bool timed = false;              // begun by `time`
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
  /// Its text in the script, without what ends it.
  usize offset = 0;
  usize size = 0;
};

/// What a line or a file of lines says. [posix/xcu: "Shell Grammar"]
struct Script {
  base::Vector<AndOrList> lists;
};

/// Parses all of `text`. Quotes are '..', ".." and backslash; `;`, newline and `&` end lists, `#`
/// begins a comment, `!` and `time` may begin a pipeline.
std::expected<Script, SyntaxError> parse(std::string_view text);

/// The argument that a word stands for.
std::expected<base::String, base::OutOfMemory> expand(const Word& word, int last_status);

}  // namespace nacre::shell
