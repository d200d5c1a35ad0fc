#pragma once

#include "lib/text/key_reports.hpp"
#include "lib/text/terminal_modes.hpp"

namespace nacre::text {

/// How a program wants its input, besides lines or keys. It is the program's: who has the terminal
/// next asks anew.
struct InputRequests {
  MouseReports mouse = MouseReports::None;
  bool numbered_mouse = false;
  bool bracketed_paste = false;
  bool focus_reports = false;
  std::array<KeyReportStack, 2> key_reports{};  // of the primary and the alternate screen
};

}  // namespace nacre::text
