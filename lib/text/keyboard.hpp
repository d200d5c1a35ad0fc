#pragma once

#include <bitset>
#include <optional>

#include "lib/base/types.hpp"

namespace nacre::text {

using base::u16;
using base::u8;

/// A key by its place on the keyboard, named after what it is on a US one. The numbers are those of
/// USB keyboards, so that every driver and program means the same by them.
/// [usb/hut: "Keyboard/Keypad Page"]
enum class Key : u8 {
  None = 0x00,
  // clang-format off
  A = 0x04, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T, U, V, W, X, Y, Z,
  Digit1 = 0x1e, Digit2, Digit3, Digit4, Digit5, Digit6, Digit7, Digit8, Digit9, Digit0,
  Enter = 0x28, Escape, Backspace, Tab, Space, Minus, Equal, LeftBracket, RightBracket, Backslash,
  Semicolon = 0x33, Apostrophe, Grave, Comma, Period, Slash, CapsLock,
  F1 = 0x3a, F2, F3, F4, F5, F6, F7, F8, F9, F10, F11, F12,
  PrintScreen = 0x46, ScrollLock, Pause, Insert, Home, PageUp, Delete, End, PageDown,
  Right = 0x4f, Left, Down, Up,
  NumLock = 0x53, KeypadSlash, KeypadStar, KeypadMinus, KeypadPlus, KeypadEnter,
  Keypad1 = 0x59, Keypad2, Keypad3, Keypad4, Keypad5, Keypad6, Keypad7, Keypad8, Keypad9, Keypad0,
  KeypadPeriod = 0x63, NonUsBackslash, Menu,
  LeftControl = 0xe0, LeftShift, LeftAlt, LeftSuper, RightControl, RightShift, RightAlt, RightSuper,
  // clang-format on
};
static_assert(Key::Z == Key{0x1d} && Key::Digit0 == Key{0x27} && Key::Backslash == Key{0x31});
static_assert(Key::F12 == Key{0x45} && Key::PageDown == Key{0x4e} && Key::Up == Key{0x52});
static_assert(Key::Keypad0 == Key{0x62} && Key::RightSuper == Key{0xe7});

/// What was held, and what was locked, when a key was pressed or released.
struct Modifiers {
  bool shift : 1 = false;
  bool control : 1 = false;
  bool alt : 1 = false;     // the left one
  bool alt_gr : 1 = false;  // the right one
  bool super : 1 = false;
  bool caps_lock : 1 = false;
  bool num_lock : 1 = false;
  friend constexpr bool operator==(Modifiers, Modifiers) = default;
};

struct KeyEvent {
  Key key = Key::None;
  bool pressed = false;
  /// Pressed again by the keyboard itself, as the key is being held.
  bool repeated = false;
  /// With this event taken into account.
  Modifiers modifiers{};
  friend constexpr bool operator==(const KeyEvent&, const KeyEvent&) = default;
};

/// Turns a keyboard's bytes into key events: scan code set 1, which PS/2 controllers translate to.
/// A pure state machine: any sequence of bytes is fine.
/// [ibm/scan-codes: "Scan Code Set 1"]
class ScanCodeDecoder {
 public:
  /// Takes one byte; the event that it completes, if any.
  std::optional<KeyEvent> feed(u8 byte);
  bool is_down(Key key) const { return down_[static_cast<u8>(key)]; }
  Modifiers modifiers() const;
  /// Forgets what is held, as after the keyboard was reset. Locks stay.
  void release_all() { down_.reset(); }

 private:
  enum class State : u8 { Start, AfterE0, AfterE1, AfterE1First };

  std::bitset<256> down_;
  State state_ = State::Start;
  bool caps_lock_ = false;
  bool num_lock_ = false;
};

}  // namespace nacre::text
