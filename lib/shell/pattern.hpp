#pragma once

#include <expected>
#include <optional>
#include <string_view>

#include "lib/base/memory.hpp"
#include "lib/base/types.hpp"
#include "lib/base/vector.hpp"

namespace nacre::shell {

using base::u32;
using base::u8;
using base::usize;

/// A pattern: `*`, `?`, `[a-z]`, `[!a]`, `[[:digit:]]`, and a backslash before what stands for
/// itself. It is matched by characters; bytes that are no UTF-8 count as one each. A match takes
/// time in proportion to pattern times text. [posix/xcu: "Pattern Matching Notation"]
class Pattern {
 public:
  static std::expected<Pattern, base::OutOfMemory> create(std::string_view pattern);

  /// Whether it matches the whole text.
  bool matches(std::string_view text);
  enum class Length : u8 { Shortest, Longest };
  /// How many bytes at the front of the text it matches; nothing if it does not.
  std::optional<usize> find_prefix(std::string_view text, Length length);
  /// The same at the end.
  std::optional<usize> find_suffix(std::string_view text, Length length);

 private:
  struct Element {
    enum class Kind : u8 { Character, Any, AnyText, Set };
    Kind kind = Kind::Character;
    bool is_negated = false;
    u32 character = 0;
    /// Of a set: its ranges.
    usize first_range = 0;
    usize end_range = 0;
  };
  struct Range {
    u32 first;
    u32 last;
  };

  std::expected<bool, base::OutOfMemory> add_set(std::string_view& rest);
  bool accepts(const Element& element, u32 character) const;
  /// Elements are taken from the front or from the end. `is_wanted` says after each character
  /// whether to go on.
  template <bool backwards, class Matched>
  void scan(std::string_view text, Matched&& matched);

  base::Vector<Element> elements_;
  base::Vector<Range> ranges_;
  /// Whether what comes before each element was matched; now, and after the next character.
  base::Vector<bool> states_;
  base::Vector<bool> next_states_;
};

/// Whether a backslash must stand before a character that a pattern is to take as itself.
constexpr bool is_pattern_character(char c) { return std::string_view("*?[]\\!^-").contains(c); }

}  // namespace nacre::shell
