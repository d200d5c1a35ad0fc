#pragma once

#include <array>
#include <optional>

#include "lib/text/keymap.hpp"
#include "lib/text/terminal_modes.hpp"

namespace nacre::text {

/// What a mouse tells at once.
struct MouseMovement {
  int right = 0;
  int down = 0;
  int wheel_up = 0;  // away from the hand
  bool left_button = false;
  bool middle_button = false;
  bool right_button = false;
  friend constexpr bool operator==(const MouseMovement&, const MouseMovement&) = default;
};

/// Takes a PS/2 mouse's bytes apart: packets of three bytes, of four with a wheel. A state machine:
/// any bytes are fine, and it finds the beginning of a packet again. [ps2-mouse: "Data Report"]
class MouseDecoder {
 public:
  explicit MouseDecoder(bool has_wheel = false) : size_(has_wheel ? 4 : 3) {}
  std::optional<MouseMovement> feed(u8 byte);
  /// Whether a packet has begun and not ended.
  bool is_in_packet() const { return count_ != 0; }

 private:
  std::array<u8, 4> packet_{};
  u8 count_ = 0;
  u8 size_;
};

enum class MouseButton : u8 { Left, Middle, Right, None, WheelUp, WheelDown };

/// Something that happened with the pointer at a cell, zero-based.
struct MouseEvent {
  enum class Kind : u8 { Pressed, Released, Moved };
  Kind kind = Kind::Pressed;
  /// Of a movement, the button that is held.
  MouseButton button = MouseButton::None;
  u16 row = 0;
  u16 column = 0;
  Modifiers modifiers{};
};

/// What a program is sent about it: nothing if it does not want to know. Where it does not want
/// numbers, what is beyond column or row 223 cannot be told.
/// [xterm/ctlseqs: "Mouse Tracking"]
KeyBytes encode_mouse(const TerminalModes& modes, const MouseEvent& event);

}  // namespace nacre::text
