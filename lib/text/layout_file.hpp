#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string_view>

#include "lib/text/keymap.hpp"

namespace nacre::text {

/// Why a text is no layout, and in which line of it, counted from 1.
struct LayoutError {
  enum class Kind : u8 {
    NoName,        // it does not begin with `layout NAME`
    BadName,       // empty, too long, or more than letters, digits, `-` and `_`
    UnknownKey,    // a key that no keyboard has
    UnknownWord,   // neither a character nor `none`, `U+HEX` or `dead:MARK`
    TooManyWords,  // a key has four characters at most
    TooManyKeys,
  };
  Kind kind;
  usize line;
  friend constexpr bool operator==(LayoutError, LayoutError) = default;
};
std::string_view describe(LayoutError::Kind kind);

/// Reads a layout. `layout NAME` is its first line; each of the others is a key, named as in `Key`,
/// and what it writes alone, with Shift, with AltGr, and with both. Keys that are not named are as
/// in the United States. Empty lines and those that begin with `# ` mean nothing.
std::expected<Layout, LayoutError> parse_layout(std::string_view text);

/// The layouts that come with the system.
struct LayoutFile {
  std::string_view name;
  std::string_view text;
};
std::span<const LayoutFile> layout_files();
/// One of them, or nothing if there is none of that name.
std::optional<Layout> find_layout(std::string_view name);

}  // namespace nacre::text
