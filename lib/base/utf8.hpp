#pragma once

#include <cstring>
#include <string_view>
#include <type_traits>

#include "lib/base/types.hpp"

namespace nacre::base {

/// Where the first sequence begins that is not UTF-8 (overlong forms, surrogates and values above
/// U+10FFFF are none), or `text.size()`. [unicode/standard: "Well-Formed UTF-8 Byte Sequences"]
constexpr usize find_invalid_utf8(std::string_view text) {
  usize at = 0;
  while (at < text.size()) {
    // Most text is ASCII: eight bytes at a time.
    if (!std::is_constant_evaluated()) {
      u64 word = 0;
      while (text.size() - at >= sizeof word) {
        std::memcpy(&word, text.data() + at, sizeof word);
        if ((word & 0x8080'8080'8080'8080) != 0) break;
        at += sizeof word;
      }
      if (at == text.size()) break;
    }
    u8 const lead = static_cast<u8>(text[at]);
    if (lead < 0x80) {
      ++at;
      continue;
    }
    usize length = 0;
    u8 second_low = 0x80;
    u8 second_high = 0xbf;
    if (lead >= 0xc2 && lead <= 0xdf) {
      length = 2;
    } else if ((lead & 0xf0) == 0xe0) {
      length = 3;
      if (lead == 0xe0) second_low = 0xa0;
      if (lead == 0xed) second_high = 0x9f;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
      length = 4;
      if (lead == 0xf0) second_low = 0x90;
      if (lead == 0xf4) second_high = 0x8f;
    } else {
      return at;
    }
    if (text.size() - at < length) return at;
    u8 const second = static_cast<u8>(text[at + 1]);
    if (second < second_low || second > second_high) return at;
    for (usize i = 2; i < length; ++i)
      if ((static_cast<u8>(text[at + i]) & 0xc0) != 0x80) return at;
    at += length;
  }
  return at;
}

constexpr bool is_utf8(std::string_view text) { return find_invalid_utf8(text) == text.size(); }
static_assert(is_utf8("na\xc3\xafve \xf0\x9f\x98\x80") && !is_utf8("\xed\xa0\x80") &&
              find_invalid_utf8("ab\xc0\x80") == 2);

}  // namespace nacre::base
