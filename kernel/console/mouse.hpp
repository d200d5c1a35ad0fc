#pragma once

#include "kernel/console/console.hpp"
#include "kernel/console/tty.hpp"
#include "lib/base/string.hpp"
#include "lib/text/pointer.hpp"

namespace nacre::console {

/// The mouse of all consoles, and what was copied with it. A program that asks for the mouse gets
/// what it does at the console in front; else, and while Shift is held, it selects and copies,
/// pastes and looks back. Task context.
class Mouse {
 public:
  /// A mouse with a wheel sends other packets. What was sent before is forgotten.
  void set_has_wheel(bool has_wheel) { decoder_ = text::MouseDecoder(has_wheel); }

  /// A byte that it sent, and who is in front of it. While a program has the screen for itself,
  /// nothing happens.
  void receive_byte(u8 byte, text::Modifiers modifiers, base::Instant now, Console& console,
                    Tty& tty);

  /// Somebody else is in front from now on: what was begun there is over.
  void let_go() { is_selecting_ = false; }

  /// Gives what was copied last to who reads from `tty`. Without memory nothing happens.
  void paste(Tty& tty) const { tty.paste(clipboard_); }
  std::string_view clipboard() const { return clipboard_; }

 private:
  void handle(const text::MouseEvent& event, base::Instant now, Console& console, Tty& tty);
  void turn_wheel(const text::MouseEvent& event, Console& console, Tty& tty);
  void press_left(const text::MouseEvent& event, base::Instant now, Console& console);
  void copy(const Console& console);

  text::MouseDecoder decoder_;
  text::Pointer pointer_;
  text::ClickCounter clicks_;
  bool is_selecting_ = false;
  base::String clipboard_;
};

}  // namespace nacre::console
