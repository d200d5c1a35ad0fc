#pragma once

#include <array>
#include <span>
#include <string_view>

#include "lib/text/keyboard.hpp"
#include "lib/text/utf8.hpp"

namespace nacre::text {

/// What a key writes, alone and with modifiers; 0 is nothing. A mark that combines is a dead key:
/// it waits for the character that it is to be on.
struct LayoutKey {
  Key key = Key::None;
  char32_t plain = 0;
  char32_t shifted = 0;
  char32_t alt_gr = 0;
  char32_t shifted_alt_gr = 0;
  /// Caps lock acts as shift: letters.
  bool is_letter = false;
};

/// A keyboard layout is data: the keys that write characters. All others are the same everywhere.
struct Layout {
  static constexpr usize most_keys = 56;
  static constexpr usize longest_name = 16;

  std::array<char, longest_name> name_bytes{};
  u8 name_size = 0;
  u8 key_count = 0;
  std::array<LayoutKey, most_keys> key_table{};

  constexpr std::string_view name() const { return {name_bytes.data(), name_size}; }
  constexpr std::span<const LayoutKey> keys() const { return {key_table.data(), key_count}; }
};

extern const Layout us_layout;

/// The character that `event` types, if it types one: what Control and Alt make of it is not asked.
char32_t typed_character(const Layout& layout, const KeyEvent& event);

/// What programs asked their terminal to send.
struct KeyModes {
  /// Cursor keys as ESC O x instead of ESC [ x. [xterm/ctlseqs: "DECCKM"]
  bool application_cursor = false;
  /// Keys of the keypad as ESC O x. [xterm/ctlseqs: "DECKPAM"]
  bool application_keypad = false;
  /// What is to be told of keys besides: a set of `KeyReports`.
  u8 reports = 0;
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
  std::array<char, 16> bytes_{};
  u8 size_ = 0;
};

/// What `event` sends; empty for releases, modifiers, dead keys and keys without a meaning.
/// [xterm/ctlseqs: "PC-Style Function Keys"]
KeyBytes encode_key(const Layout& layout, const KeyEvent& event, KeyModes modes = {});

}  // namespace nacre::text
