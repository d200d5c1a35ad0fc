#include "kernel/console/status_line.hpp"

#include <algorithm>

#include "lib/text/utf8.hpp"
#include "lib/text/width.hpp"

namespace nacre::console {
namespace {

using base::usize;
using text::Cell;
using text::Color;

/// `part` eighths of one colour and the rest of another.
text::Rgb mixed(text::Rgb one, text::Rgb other, unsigned part) {
  auto const level = [part](text::u8 a, text::u8 b) {
    return static_cast<text::u8>((a * part + b * (8 - part)) / 8);
  };
  return {level(one.red, other.red), level(one.green, other.green), level(one.blue, other.blue)};
}

/// How many columns a text takes here: one for each character, wide ones are none of ours.
usize width_of(std::string_view text) {
  usize width = 0;
  text::for_each_codepoint(text, [&](char32_t) { ++width; });
  return width;
}

void put(std::span<Cell> row, usize at, std::string_view text, const Cell& style) {
  text::for_each_codepoint(text, [&](char32_t codepoint) {
    if (at >= row.size()) return;
    row[at] = style;
    row[at++].codepoint = text::codepoint_width(codepoint) == 1 ? codepoint : U'?';
  });
}

}  // namespace

text::Rgb status_background(const text::Palette& palette) {
  return mixed(palette.foreground, palette.background, 1);
}

void lay_out_status(std::span<Cell> row, const StatusText& status, const text::Palette& palette) {
  Color const paper = Color::direct(status_background(palette));
  Cell const plain{.foreground = Color::direct(mixed(palette.foreground, palette.background, 6)),
                   .background = paper};
  Cell const current{.foreground = Color::direct(palette.background),
                     .background = Color::indexed(4)};
  Cell const title{.foreground = Color::indexed(6), .background = paper};
  std::ranges::fill(row, plain);
  usize at = 1;
  for (char const number : status.consoles) {
    if (at + 3 > row.size()) return;
    char const text[] = {' ', number, ' '};
    put(row, at, {text, sizeof text}, number == status.current ? current : plain);
    at += 3;
  }
  usize const machine_width = width_of(status.machine);
  if (at + machine_width + 2 > row.size()) return;
  usize const right = row.size() - machine_width - 1;
  put(row, right, status.machine, plain);
  usize const title_width = width_of(status.title);
  if (title_width != 0 && at + 2 + title_width < right) put(row, at + 2, status.title, title);
}

}  // namespace nacre::console
