#pragma once

#include "lib/base/types.hpp"

namespace nacre::text {

/// Which events of the mouse a program wants to hear of. [xterm/ctlseqs: "Mouse Tracking"]
enum class MouseReports : base::u8 {
  None,
  Buttons,  // pressed and released
  Drags,    // and moved with a button down
  Motion,   // and moved at all
};

/// What programs switch on and off. [xterm/ctlseqs: "DEC Private Mode Set (DECSET)"]
struct TerminalModes {
  bool insert = false;
  bool newline = false;
  bool application_cursor = false;
  bool application_keypad = false;
  bool reversed_screen = false;
  bool autowrap = true;
  bool cursor_blinks = false;
  bool cursor_visible = true;
  bool focus_reports = false;
  /// Reports of the mouse are control sequences with numbers, and have no largest column.
  bool numbered_mouse = false;
  bool bracketed_paste = false;
  /// What is written is to be shown at once, when this is off again.
  bool synchronized = false;
  MouseReports mouse = MouseReports::None;
};

}  // namespace nacre::text
