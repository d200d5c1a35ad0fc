#pragma once

#include <array>
#include <span>
#include <string_view>

#include "lib/text/keyboard.hpp"

namespace nacre::text {

/// What a key writes, alone and with modifiers; 0 is nothing.
struct LayoutKey {
  Key key;
  char32_t plain;
  char32_t shifted;
  char32_t alt_gr = 0;
  char32_t shifted_alt_gr = 0;
  /// Caps lock acts as shift: letters.
  bool is_letter = false;
};

/// A keyboard layout is data: the keys that write characters. All others are the same everywhere.
struct Layout {
  std::string_view name;
  std::span<const LayoutKey> keys;
};

extern const Layout us_layout;

/// What programs asked their terminal to send.
struct KeyModes {
  /// Cursor keys as ESC O x instead of ESC [ x. [xterm/ctlseqs: "DECCKM"]
  bool application_cursor = false;
  /// Keys of the keypad as ESC O x. [xterm/ctlseqs: "DECKPAM"]
  bool application_keypad = false;
};

/// The bytes that a key sends to a program: a UTF-8 character, a control character or an escape
/// sequence, behind ESC if Alt was held.
class KeyBytes {
 public:
  constexpr std::string_view view() const { return {bytes_.data(), size_}; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr void append(std::string_view text) {
    for (char const c : text)
      if (size_ < bytes_.size()) bytes_[size_++] = c;
  }

 private:
  std::array<char, 12> bytes_{};
  u8 size_ = 0;
};

/// What `event` sends; empty for releases, modifiers and keys without a meaning.
/// [xterm/ctlseqs: "PC-Style Function Keys"]
KeyBytes encode_key(const Layout& layout, const KeyEvent& event, KeyModes modes = {});

}  // namespace nacre::text
