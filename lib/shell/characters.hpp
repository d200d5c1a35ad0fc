#pragma once

#include <string_view>

#include "lib/base/types.hpp"

namespace nacre::shell {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_octal(char c) { return c >= '0' && c <= '7'; }
/// What a name begins with. [posix/xbd: "Name"]
constexpr bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
constexpr bool is_name_character(char c) { return is_name_start(c) || is_digit(c); }

/// How many characters at the front of `text` are a name; 0 if none begins there.
constexpr base::usize name_size(std::string_view text) {
  if (text.empty() || !is_name_start(text[0])) return 0;
  base::usize size = 1;
  while (size < text.size() && is_name_character(text[size])) ++size;
  return size;
}
constexpr bool is_name(std::string_view text) {
  return !text.empty() && name_size(text) == text.size();
}
static_assert(is_name("_a1") && !is_name("1a") && !is_name("") && !is_name("a-"));

}  // namespace nacre::shell
