#pragma once

#include <string_view>

namespace nacre::boot {

/// The first serial port, polled, as firmware or reset left it but for the speed: works from the
/// first instruction of C++ on, and in a panic. Without a port the text goes nowhere. Any context.
void early_print(std::string_view text);

}  // namespace nacre::boot
