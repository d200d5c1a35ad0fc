#pragma once

#include <optional>

#include "lib/base/format.hpp"
#include "lib/text/theme.hpp"

namespace nacre::text {

/// The colours that a terminal shows: a theme's, as far as programs have not changed them.
struct Palette {
  Rgb foreground;
  Rgb background;
  Rgb cursor;
  std::array<Rgb, 256> indexed;

  static constexpr Palette of(const Theme& theme) {
    Palette palette{theme.foreground, theme.background, theme.cursor, {}};
    for (unsigned i = 0; i < palette.indexed.size(); ++i)
      palette.indexed[i] = indexed_rgb(theme, static_cast<u8>(i));
    return palette;
  }
};

/// A colour as programs name it: `#rgb` with one to four hexadecimal digits for each part, or
/// `rgb:r/g/b`. Nothing if it is neither. [xterm/ctlseqs: "Operating System Commands"]
std::optional<Rgb> parse_color(std::string_view name);

/// A colour as terminals name it: `rgb:rrrr/gggg/bbbb`.
struct ColorName {
  Rgb color;
};
void format_value(base::Sink& sink, const ColorName& name);

}  // namespace nacre::text
