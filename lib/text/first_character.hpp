#pragma once

#include <algorithm>
#include <optional>
#include <string_view>

#include "lib/text/utf8.hpp"

namespace nacre::text {

/// Behind all code points: what bytes that are no UTF-8 stand for, each by itself.
inline constexpr char32_t first_stray_byte = 0x110000;

/// A character, or a stray byte, and how many bytes it takes.
struct Decoded {
  char32_t character;
  usize size;
};

/// The character at the start of `text`, which is not empty.
inline Decoded first_character(std::string_view text) {
  Utf8Decoder decoder;
  std::optional<char32_t> found;
  for (usize i = 0; i < std::min<usize>(text.size(), 4); ++i) {
    decoder.feed(static_cast<u8>(text[i]), [&](char32_t c) { found = found.value_or(c); });
    if (!found) continue;
    // A replacement character may have been written as one.
    if (*found != replacement_character || text.starts_with("\xef\xbf\xbd")) return {*found, i + 1};
    break;
  }
  return {first_stray_byte + static_cast<u8>(text[0]), 1};
}

}  // namespace nacre::text
