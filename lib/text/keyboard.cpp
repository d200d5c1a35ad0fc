#include "lib/text/keyboard.hpp"

#include <array>

namespace nacre::text {
namespace {

using enum Key;

/// Keys by the code that they send when pressed.
constexpr std::array<Key, 128> plain_codes = [] {
  std::array<Key, 128> table{};
  constexpr std::array from_01 = std::to_array<Key>({
      // clang-format off
      Escape, Digit1, Digit2, Digit3, Digit4, Digit5, Digit6, Digit7, Digit8, Digit9, Digit0, Minus,
      Equal, Backspace, Tab, Q, W, E, R, T, Y, U, I, O, P, LeftBracket, RightBracket, Enter,
      LeftControl, A, S, D, F, G, H, J, K, L, Semicolon, Apostrophe, Grave, LeftShift, Backslash, Z,
      X, C, V, B, N, M, Comma, Period, Slash, RightShift, KeypadStar, LeftAlt, Space, CapsLock, F1,
      F2, F3, F4, F5, F6, F7, F8, F9, F10, NumLock, ScrollLock, Keypad7, Keypad8, Keypad9,
      KeypadMinus, Keypad4, Keypad5, Keypad6, KeypadPlus, Keypad1, Keypad2, Keypad3, Keypad0,
      KeypadPeriod, PrintScreen, None, NonUsBackslash, F11, F12,
      // clang-format on
  });
  for (std::size_t i = 0; i < from_01.size(); ++i) table[i + 1] = from_01[i];
  return table;
}();
static_assert(plain_codes[0x1c] == Enter && plain_codes[0x2c] == Z && plain_codes[0x39] == Space);
static_assert(plain_codes[0x3b] == F1 && plain_codes[0x53] == KeypadPeriod &&
              plain_codes[0x58] == F12);

/// Keys whose code follows E0.
constexpr std::array<Key, 128> extended_codes = [] {
  std::array<Key, 128> table{};
  table[0x1c] = KeypadEnter;
  table[0x1d] = RightControl;
  table[0x35] = KeypadSlash;
  table[0x37] = PrintScreen;
  table[0x38] = RightAlt;
  table[0x46] = Pause;  // with Control held
  table[0x47] = Home;
  table[0x48] = Up;
  table[0x49] = PageUp;
  table[0x4b] = Left;
  table[0x4d] = Right;
  table[0x4f] = End;
  table[0x50] = Down;
  table[0x51] = PageDown;
  table[0x52] = Insert;
  table[0x53] = Delete;
  table[0x5b] = LeftSuper;
  table[0x5c] = RightSuper;
  table[0x5d] = Menu;
  return table;  // 2a and 36, shifts that keyboards feign around some keys, stay None.
}();

constexpr u8 released_bit = 0x80;

}  // namespace

std::optional<KeyEvent> ScanCodeDecoder::feed(u8 byte) {
  Key key = None;
  switch (state_) {
    case State::Start:
      if (byte == 0xe0) {
        state_ = State::AfterE0;
        return std::nullopt;
      }
      if (byte == 0xe1) {
        state_ = State::AfterE1;
        return std::nullopt;
      }
      // A keyboard that lost keys sends FF or 00: what is held is no longer known.
      if (byte == 0xff || byte == 0x00) {
        release_all();
        return std::nullopt;
      }
      key = plain_codes[byte & 0x7f];
      break;
    case State::AfterE0:
      state_ = State::Start;
      key = extended_codes[byte & 0x7f];
      break;
    case State::AfterE1:
      state_ = (byte & 0x7f) == 0x1d ? State::AfterE1First : State::Start;
      return std::nullopt;
    case State::AfterE1First:  // Pause alone sends E1 1D 45, and E1 9D C5 right after it.
      state_ = State::Start;
      if ((byte & 0x7f) != 0x45) return std::nullopt;
      key = Pause;
      break;
  }
  if (key == None) return std::nullopt;

  bool const pressed = (byte & released_bit) == 0;
  auto const index = static_cast<u8>(key);
  bool const was_down = down_[index];
  down_[index] = pressed;
  if (pressed && !was_down) {
    if (key == CapsLock) caps_lock_ = !caps_lock_;
    if (key == NumLock) num_lock_ = !num_lock_;
  }
  return KeyEvent{key, pressed, pressed && was_down, modifiers()};
}

Modifiers ScanCodeDecoder::modifiers() const {
  return {
      .shift = is_down(LeftShift) || is_down(RightShift),
      .control = is_down(LeftControl) || is_down(RightControl),
      .alt = is_down(LeftAlt),
      .alt_gr = is_down(RightAlt),
      .super = is_down(LeftSuper) || is_down(RightSuper),
      .caps_lock = caps_lock_,
      .num_lock = num_lock_,
  };
}

}  // namespace nacre::text
