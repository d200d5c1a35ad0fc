#pragma once

#include <span>

#include "lib/base/types.hpp"

namespace nacre::console {

/// The fonts that are part of the kernel, 8 x 16 pixels, as `text::Font` reads them.
std::span<const base::u8> builtin_font();
std::span<const base::u8> builtin_bold_font();

}  // namespace nacre::console
