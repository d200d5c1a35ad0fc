#include "lib/text/mouse.hpp"

#include "lib/base/format.hpp"

namespace nacre::text {
namespace {

using Kind = MouseEvent::Kind;

constexpr u8 first_byte_mark = 0x08;
constexpr u8 right_is_negative = 0x10;
constexpr u8 up_is_negative = 0x20;
constexpr u8 overflow = 0xc0;

/// Nine bits in two's complement.
constexpr int with_sign(u8 low, bool is_negative) { return is_negative ? low - 256 : low; }
constexpr int wheel_steps(u8 byte) { return static_cast<base::i8>(byte); }

constexpr unsigned button_code(MouseButton button) {
  switch (button) {
    case MouseButton::Left: return 0;
    case MouseButton::Middle: return 1;
    case MouseButton::Right: return 2;
    case MouseButton::None: return 3;
    case MouseButton::WheelUp: return 64;
    case MouseButton::WheelDown: return 65;
  }
  return 3;
}

bool is_wanted(MouseReports reports, const MouseEvent& event) {
  switch (reports) {
    case MouseReports::None: return false;
    case MouseReports::Buttons: return event.kind != Kind::Moved;
    case MouseReports::Drags: return event.kind != Kind::Moved || event.button != MouseButton::None;
    case MouseReports::Motion: return true;
  }
  return false;
}

}  // namespace

std::optional<MouseMovement> MouseDecoder::feed(u8 byte) {
  if (count_ == 0 && (byte & first_byte_mark) == 0) return std::nullopt;
  packet_[count_++] = byte;
  if (count_ < size_) return std::nullopt;
  count_ = 0;
  u8 const flags = packet_[0];
  MouseMovement movement{.left_button = (flags & 1) != 0,
                         .middle_button = (flags & 4) != 0,
                         .right_button = (flags & 2) != 0};
  // How far is not known then; the buttons are.
  if ((flags & overflow) == 0) {
    movement.right = with_sign(packet_[1], (flags & right_is_negative) != 0);
    movement.down = -with_sign(packet_[2], (flags & up_is_negative) != 0);
  }
  if (size_ == 4) movement.wheel_up = -wheel_steps(packet_[3]);
  return movement;
}

KeyBytes encode_mouse(const TerminalModes& modes, const MouseEvent& event) {
  KeyBytes bytes;
  if (!is_wanted(modes.mouse, event)) return bytes;
  bool const is_wheel = event.button >= MouseButton::WheelUp;
  if (is_wheel && event.kind != Kind::Pressed) return bytes;
  unsigned const held = (event.modifiers.shift ? 4u : 0u) + (event.modifiers.alt ? 8u : 0u) +
                        (event.modifiers.control ? 16u : 0u) +
                        (event.kind == Kind::Moved ? 32u : 0u);
  if (modes.numbered_mouse) {
    bytes.append(base::FixedText<32>("\x1b[<{};{};{}{}", button_code(event.button) + held,
                                     event.column + 1u, event.row + 1u,
                                     event.kind == Kind::Released ? 'm' : 'M'));
    return bytes;
  }
  constexpr u16 largest = 223;
  if (event.column >= largest || event.row >= largest) return bytes;
  // Which button was released is not told.
  unsigned const button =
      button_code(event.kind == Kind::Released ? MouseButton::None : event.button) + held;
  char const report[] = {'\x1b',
                         '[',
                         'M',
                         static_cast<char>(button + 32u),
                         static_cast<char>(static_cast<u8>(event.column + 33u)),
                         static_cast<char>(static_cast<u8>(event.row + 33u))};
  bytes.append({report, sizeof report});
  return bytes;
}

}  // namespace nacre::text
