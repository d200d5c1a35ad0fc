#pragma once

#include <expected>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

#include "lib/base/types.hpp"
#include "lib/base/vector.hpp"

namespace nacre::text {

using base::i32;
using base::u16;
using base::u32;
using base::u8;
using base::usize;

/// Why a text is no regular expression, and at which of its bytes.
struct RegexError {
  enum class Kind : u8 {
    UnclosedGroup,
    UnopenedGroup,
    UnclosedBracket,
    BadRange,
    BadClass,
    BadInterval,
    NothingToRepeat,
    TrailingBackslash,
    BackReference,  // is not supported: finding one may take for ever
    TooDeep,
    TooLarge,
    OutOfMemory,
  };
  Kind kind;
  usize offset = 0;

  constexpr RegexError(Kind error, usize at) : kind(error), offset(at) {}
  constexpr RegexError(base::OutOfMemory) : kind(Kind::OutOfMemory) {}
  friend constexpr bool operator==(RegexError, RegexError) = default;
};
std::string_view describe(RegexError::Kind kind);

/// A regular expression of POSIX, basic or extended, over UTF-8, or a text as it is. What it takes
/// to find one grows with the product of the lengths of expression and text, whatever they are.
/// [posix/xbd: "Regular Expressions"]
///
/// Of both: `\<` `\>` `\b` `\w` `\W` as others have them, and in basic ones `\|` `\+` `\?`. A byte
/// that is no UTF-8 is a character that only `.` and `[^...]` match. Cases of ASCII letters alone
/// can be ignored. There are no back-references and no collating elements.
class Regex {
 public:
  enum class Syntax : u8 { Basic, Extended, Fixed };
  struct Options {
    Syntax syntax = Syntax::Basic;
    bool ignore_case = false;
  };
  static std::expected<Regex, RegexError> compile(std::string_view pattern, Options options);

  /// A part of a text.
  struct Match {
    usize start;
    usize size;
    friend constexpr bool operator==(Match, Match) = default;
  };
  /// The first of the longest matches from `from` on, which begins a character; nothing if there is
  /// none. `^` and `$` are the ends of the whole text.
  std::optional<Match> find(std::string_view text, usize from = 0);

  /// The most instructions that an expression may become, repetitions written out.
  static constexpr usize max_instructions = 10'000;
  static constexpr usize max_depth = 100;

 private:
  friend class RegexCompiler;

  enum class Op : u8 {
    Character,  // `value`
    Any,
    Set,        // of the ranges from `value` on, `count` of them
    OtherThan,  // the same
    LineStart,
    LineEnd,
    WordStart,
    WordEnd,
    WordBoundary,
    Split,  // to both targets, relative to it
    Jump,   // to the first
    Match,
  };
  struct Instruction {
    Op op;
    u16 count = 0;
    u32 value = 0;
    i32 first = 0;
    i32 second = 0;
  };
  struct Range {
    char32_t low;
    char32_t high;
  };
  /// The threads of one position, each an instruction, and where its match began.
  struct Threads {
    base::Vector<usize> starts;  // by instruction; `none` if there is no thread
    base::Vector<u32> active;
  };
  static constexpr usize none = std::numeric_limits<usize>::max();

  std::expected<void, base::OutOfMemory> prepare();
  void add(Threads& threads, u32 instruction, usize start, std::string_view text, usize at);
  bool accepts(const Instruction& instruction, char32_t character) const;

  base::Vector<Instruction> program_;
  base::Vector<Range> ranges_;
  bool ignore_case_ = false;
  // What `find` works with.
  Threads now_;
  Threads next_;
  base::Vector<u32> pending_;
};

}  // namespace nacre::text
