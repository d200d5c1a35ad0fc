#pragma once

#include <array>
#include <string_view>

#include "lib/base/types.hpp"

namespace nacre::text {

using base::u16;
using base::u32;
using base::u8;
using base::usize;

/// Stands for what could not be decoded.
inline constexpr char32_t replacement_character = U'\uFFFD';

/// Decodes UTF-8 byte by byte, across any cut. Each longest prefix that no code point begins with
/// becomes one replacement character. [unicode/core: "U+FFFD Substitution of Maximal Subparts"]
class Utf8Decoder {
 public:
  /// Takes one byte and calls `emit(char32_t)` for each code point that it completes: none, one, or
  /// a replacement and one.
  template <class Emit>
  constexpr void feed(u8 byte, Emit&& emit) {
    if (remaining_ != 0) {
      if (byte >= lowest_ && byte <= highest_) {
        value_ = (value_ << 6) | (byte & 0x3fu);
        lowest_ = 0x80;
        highest_ = 0xbf;
        if (--remaining_ == 0) emit(value_);
        return;
      }
      remaining_ = 0;
      emit(replacement_character);
    }
    if (byte < 0x80) {
      emit(static_cast<char32_t>(byte));
    } else if (byte >= 0xc2 && byte <= 0xdf) {
      begin(byte & 0x1fu, 1, 0x80, 0xbf);
    } else if (byte >= 0xe0 && byte <= 0xef) {
      begin(byte & 0x0fu, 2, byte == 0xe0 ? 0xa0 : 0x80, byte == 0xed ? 0x9f : 0xbf);
    } else if (byte >= 0xf0 && byte <= 0xf4) {
      begin(byte & 0x07u, 3, byte == 0xf0 ? 0x90 : 0x80, byte == 0xf4 ? 0x8f : 0xbf);
    } else {
      emit(replacement_character);
    }
  }
  /// The input is over: an unfinished code point becomes a replacement.
  template <class Emit>
  constexpr void finish(Emit&& emit) {
    if (remaining_ != 0) emit(replacement_character);
    remaining_ = 0;
  }
  /// Whether no code point is under way.
  constexpr bool at_boundary() const { return remaining_ == 0; }

 private:
  constexpr void begin(char32_t value, u8 remaining, u8 lowest, u8 highest) {
    value_ = value;
    remaining_ = remaining;
    lowest_ = lowest;
    highest_ = highest;
  }

  char32_t value_ = 0;
  u8 remaining_ = 0;
  u8 lowest_ = 0x80;  // what the next byte may be
  u8 highest_ = 0xbf;
};

/// A code point as UTF-8.
struct EncodedCodepoint {
  std::array<char, 4> bytes{};
  u8 size = 0;
  constexpr std::string_view view() const { return {bytes.data(), size}; }
};

/// What is no Unicode scalar value is encoded as a replacement character.
constexpr EncodedCodepoint encode_utf8(char32_t codepoint) {
  if (codepoint > 0x10ffff || (codepoint >= 0xd800 && codepoint <= 0xdfff))
    codepoint = replacement_character;
  EncodedCodepoint encoded;
  auto const push = [&](char32_t byte) {
    encoded.bytes[encoded.size++] = static_cast<char>(static_cast<u8>(byte));
  };
  auto const tail = [&](unsigned shift) { push(0x80 | ((codepoint >> shift) & 0x3f)); };
  if (codepoint < 0x80) {
    push(codepoint);
  } else if (codepoint < 0x800) {
    push(0xc0 | (codepoint >> 6));
    tail(0);
  } else if (codepoint < 0x10000) {
    push(0xe0 | (codepoint >> 12));
    tail(6);
    tail(0);
  } else {
    push(0xf0 | (codepoint >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
  return encoded;
}
static_assert(encode_utf8(U'é').view() == "\xc3\xa9");
static_assert(encode_utf8(0xd800).view() == "\xef\xbf\xbd");

/// Calls `visit(char32_t)` for each code point of `text`.
template <class Visit>
constexpr void for_each_codepoint(std::string_view text, Visit&& visit) {
  Utf8Decoder decoder;
  for (char const c : text) decoder.feed(static_cast<u8>(c), visit);
  decoder.finish(visit);
}

constexpr bool is_utf8_continuation(char byte) { return (static_cast<u8>(byte) & 0xc0) == 0x80; }

}  // namespace nacre::text
