// What programs ask, and the strings that they send for the system. No answer repeats what a
// program sent: it would be read as if it had been typed.
#include <algorithm>
#include <charconv>

#include "lib/text/graphics.hpp"
#include "lib/text/terminal.hpp"

namespace nacre::text {
namespace {

/// Takes what stands before the next `;` off `text`.
std::string_view next_field(std::string_view& text) {
  usize const end = text.find(';');
  std::string_view const field = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  return field;
}

std::optional<unsigned> number(std::string_view text) {
  unsigned value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

constexpr std::string_view bytes_of(StringEnd end) {
  return end == StringEnd::Bell ? "\a" : "\x1b\\";
}

}  // namespace

/// [ecma-48: "Device status report"]
void Terminal::report_status(u16 request) {
  if (request == 5) answer("\x1b[0n");
  if (request != 6) return;
  unsigned const first_row = at_.origin_mode ? region_top_ : 0u;
  answer("\x1b[{};{}R", at_.row - first_row + 1u, at_.column + 1u);
}

/// No printer, keys that cannot be programmed, a keyboard of North America.
/// [dec/vt220: "Device status reports"]
void Terminal::report_private_status(u16 request) {
  switch (request) {
    case 6: {
      unsigned const first_row = at_.origin_mode ? region_top_ : 0u;
      answer("\x1b[?{};{}R", at_.row - first_row + 1u, at_.column + 1u);
      break;
    }
    case 15: answer("\x1b[?13n"); break;
    case 25: answer("\x1b[?21n"); break;
    case 26: answer("\x1b[?27;1n"); break;
    default: break;
  }
}

/// [xterm/ctlseqs: "Request DEC private mode (DECRQM)"]
void Terminal::report_mode(const ControlSequence& sequence) {
  bool const is_private = sequence.marker() == '?';
  u16 const mode = sequence.parameter(0, 0);
  auto const is_on = is_private ? private_mode(mode) : ansi_mode(mode);
  unsigned const state = !is_on ? 0u : *is_on ? 1u : 2u;
  answer("\x1b[{}{};{}$y", std::string_view(is_private ? "?" : ""), mode, state);
}

/// Sizes, as far as they are asked for. The title stays untold, and windows are not moved.
/// [xterm/ctlseqs: "Window manipulation (XTWINOPS)"]
void Terminal::report_window(const ControlSequence& sequence) {
  unsigned const width = cell_pixels_[0];
  unsigned const height = cell_pixels_[1];
  switch (sequence.parameter(0, 0)) {
    case 11: answer("\x1b[1t"); break;
    case 13: answer("\x1b[3;0;0t"); break;
    case 14: answer("\x1b[4;{};{}t", rows() * height, columns() * width); break;
    case 15: answer("\x1b[5;{};{}t", rows() * height, columns() * width); break;
    case 16: answer("\x1b[6;{};{}t", height, width); break;
    case 18: answer("\x1b[8;{};{}t", rows(), columns()); break;
    case 19: answer("\x1b[9;{};{}t", rows(), columns()); break;
    case 20: answer("\x1b]L\x1b\\"); break;
    case 21: answer("\x1b]l\x1b\\"); break;
    default: break;
  }
}

/// [xterm/ctlseqs: "Operating System Commands"]
void Terminal::system_command(std::string_view text, StringEnd end) {
  auto const command = number(next_field(text));
  if (!command) return;
  switch (*command) {
    case 0:
    case 2:
      title_size_ = std::min(text.size(), title_.size());
      while (title_size_ < text.size() && title_size_ > 0 &&
             is_utf8_continuation(text[title_size_]))
        --title_size_;
      text.copy(title_.data(), title_size_);
      break;
    case 4: change_indexed_colors(text, end); break;
    case 10:
    case 11:
    case 12: change_dynamic_colors(*command, text, end); break;
    case 104: reset_indexed_colors(text); break;
    case 110:
      palette_.foreground = theme_.foreground;
      colors_changed();
      break;
    case 111:
      palette_.background = theme_.background;
      colors_changed();
      break;
    case 112:
      palette_.cursor = theme_.cursor;
      colors_changed();
      break;
    default: break;
  }
}

/// Pairs of an index and a colour, or `?` for the answer to tell it.
void Terminal::change_indexed_colors(std::string_view text, StringEnd end) {
  while (!text.empty()) {
    auto const index = number(next_field(text));
    std::string_view const name = next_field(text);
    if (!index || *index >= palette_.indexed.size()) continue;
    Rgb& color = palette_.indexed[*index];
    if (name == "?") {
      answer("\x1b]4;{};{}{}", *index, ColorName{color}, bytes_of(end));
    } else if (auto const wanted = parse_color(name)) {
      color = *wanted;
      colors_changed();
    }
  }
}

/// A colour for each of foreground, background and cursor, from the `first` one on.
void Terminal::change_dynamic_colors(unsigned first, std::string_view text, StringEnd end) {
  std::array const colors{&palette_.foreground, &palette_.background, &palette_.cursor};
  for (unsigned which = first; which < 10 + colors.size() && !text.empty(); ++which) {
    std::string_view const name = next_field(text);
    Rgb& color = *colors[which - 10];
    if (name == "?") {
      answer("\x1b]{};{}{}", which, ColorName{color}, bytes_of(end));
    } else if (auto const wanted = parse_color(name)) {
      color = *wanted;
      colors_changed();
    }
  }
}

/// Those that are named, or all of them.
void Terminal::reset_indexed_colors(std::string_view text) {
  if (text.empty()) palette_.indexed = Palette::of(theme_).indexed;
  while (!text.empty()) {
    auto const index = number(next_field(text));
    if (index && *index < palette_.indexed.size())
      palette_.indexed[*index] = indexed_rgb(theme_, static_cast<u8>(*index));
  }
  colors_changed();
}

void Terminal::device_control(std::string_view text) {
  if (text.starts_with("$q")) report_setting(text.substr(2));
  if (text.starts_with("+q")) answer("\x1bP0+r\x1b\\");
}

/// [xterm/ctlseqs: "Request Status String (DECRQSS)"]
void Terminal::report_setting(std::string_view name) {
  unsigned const shape = 2u * static_cast<unsigned>(cursor_shape_) + 2u;
  if (name == "m") {
    answer("\x1bP1$r{}m\x1b\\", GraphicsOf{at_.pen});
  } else if (name == "r") {
    answer("\x1bP1$r{};{}r\x1b\\", region_top_ + 1u, region_bottom_);
  } else if (name == " q") {
    answer("\x1bP1$r{} q\x1b\\", shape - (modes_.cursor_blinks ? 1u : 0u));
  } else if (name == "\"p") {
    answer("\x1bP1$r62;1\"p\x1b\\");
  } else if (name == "\"q") {
    answer("\x1bP1$r{}\"q\x1b\\", at_.pen.attributes.has(Attribute::Protected) ? 1u : 0u);
  } else {
    answer("\x1bP0$r\x1b\\");
  }
}

}  // namespace nacre::text
