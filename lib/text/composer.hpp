#pragma once

#include "lib/text/keymap.hpp"

namespace nacre::text {

/// Turns key events into what they send, as `encode_key` does, and joins characters on the way: a
/// dead key and the character after it, or the two characters behind the compose key, which is
/// Menu. Two that do not join are sent as they are.
class Composer {
 public:
  KeyBytes feed(const Layout& layout, const KeyEvent& event, KeyModes modes = {});
  /// Forgets what waits to be joined.
  void reset() { *this = {}; }
  /// Whether the next character is to be joined with something.
  bool is_waiting() const { return state_ != State::None; }

 private:
  enum class State : u8 { None, Dead, Compose, ComposeSecond };

  KeyBytes join_mark(char32_t character);

  State state_ = State::None;
  char32_t first_ = 0;  // the mark, or the first character to compose
};

/// The character that two make behind the compose key, in this order; 0 if they make none.
char32_t composed_pair(char32_t first, char32_t second);

}  // namespace nacre::text
