#pragma once

#include <span>
#include <string_view>

#include "lib/text/cell.hpp"
#include "lib/text/palette.hpp"

namespace nacre::console {

/// What the line below a terminal tells. UTF-8 of anybody; what does not print is shown as `?`.
struct StatusText {
  std::string_view consoles;  // the numbers of those that are in use
  char current = '1';         // one of them
  std::string_view title;     // what the program calls itself
  std::string_view machine;   // at the right end: memory, time
};

/// What it stands on: near the terminal's background in any theme.
text::Rgb status_background(const text::Palette& palette);

/// Writes it into a row of cells. Where there is little room, the title gives way first.
void lay_out_status(std::span<text::Cell> row, const StatusText& status,
                    const text::Palette& palette);

}  // namespace nacre::console
