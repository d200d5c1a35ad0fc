#include "kernel/console/status_line.hpp"

#include <algorithm>

#include "lib/text/utf8.hpp"
#include "lib/text/width.hpp"

namespace nacre::console {
namespace {

using base::usize;
using text::Attribute;
using text::Cell;
using text::Color;

constexpr Cell paper{.foreground = Color::indexed(8), .background = Color::indexed(0)};

Cell styled(Color foreground, bool is_bold = false) {
  Cell cell = paper;
  cell.foreground = foreground;
  if (is_bold) cell.attributes.set(Attribute::Bold);
  return cell;
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

void lay_out_status(std::span<Cell> row, const StatusText& status) {
  std::ranges::fill(row, paper);
  usize at = 1;
  for (char const number : status.consoles) {
    if (at + 3 > row.size()) return;
    bool const is_current = number == status.current;
    Cell style = styled(is_current ? Color::indexed(0) : Color::indexed(7), is_current);
    if (is_current) {
      style.background = Color::indexed(4);
      style.attributes.clear(Attribute::Bold);
    }
    char const text[] = {' ', number, ' '};
    put(row, at, {text, sizeof text}, style);
    at += 3;
  }
  usize const machine = width_of(status.machine);
  if (at + machine + 2 > row.size()) return;
  usize const right = row.size() - machine - 1;
  put(row, right, status.machine, styled(Color::indexed(7)));
  usize const title = width_of(status.title);
  if (title != 0 && at + 2 + title < right)
    put(row, at + 2, status.title, styled(Color::indexed(6)));
}

}  // namespace nacre::console
