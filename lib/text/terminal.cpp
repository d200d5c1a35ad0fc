#include "lib/text/terminal.hpp"

#include <algorithm>

#include "lib/base/try.hpp"
#include "lib/text/width.hpp"

namespace nacre::text {
namespace {

constexpr u16 tab_width = 8;

/// The characters that the line-drawing set has for '_' to '~'. [dec/vt220: "Special graphics"]
constexpr std::u32string_view line_drawing = U" ◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·";
static_assert(line_drawing.size() == '~' - '_' + 1);

u16 clamp(int value, int lowest, int highest) {
  return static_cast<u16>(std::clamp(value, lowest, highest));
}

}  // namespace

std::expected<Terminal, TerminalError> Terminal::create(u16 columns, u16 rows) {
  if (columns == 0 || rows == 0 || columns > max_side || rows > max_side)
    return std::unexpected(TerminalError::Kind::BadSize);
  TRY(auto primary, Screen::create(columns, rows));
  TRY(auto alternate, Screen::create(columns, rows));
  TRY(auto damage, Damage::create(columns, rows));
  Terminal terminal(std::move(primary), std::move(alternate), std::move(damage));
  TRY(terminal.tab_stops_.try_resize(columns));
  terminal.reset_tabs();
  return terminal;
}

Terminal::Terminal(Screen primary, Screen alternate, Damage damage)
    : primary_(std::move(primary)),
      alternate_(std::move(alternate)),
      damage_(std::move(damage)),
      region_bottom_(primary_.rows()) {}

CursorState Terminal::cursor() const {
  return {at_.row, at_.column, cursor_visible_, cursor_shape_};
}

void Terminal::write(std::string_view bytes) {
  for (usize at = 0; at < bytes.size();) {
    if (usize const taken = put_plain_run(bytes.substr(at)); taken != 0) {
      at += taken;
    } else {
      parser_.feed(static_cast<u8>(bytes[at++]), *this);
    }
  }
}

/// The short way for what most output is: as much ASCII as fits before the last column of the row.
usize Terminal::put_plain_run(std::string_view bytes) {
  if (!parser_.is_ground() || at_.wrap_pending || insert_mode_ ||
      at_.charsets[at_.active_charset] != Charset::Ascii)
    return 0;
  usize const room = std::min<usize>(columns() - 1u - at_.column, bytes.size());
  usize count = 0;
  while (count < room && bytes[count] >= 0x20 && bytes[count] < 0x7f) ++count;
  if (count == 0) return 0;
  auto const last = static_cast<u16>(at_.column + count);
  erase(at_.row, at_.column, last);  // for halves of wide characters
  Cell* cell = screen().row(at_.row).data() + at_.column;
  for (char const character : bytes.substr(0, count)) {
    *cell = at_.pen;
    cell++->codepoint = static_cast<char32_t>(character);
  }
  at_.column = last;
  last_printed_ = static_cast<char32_t>(bytes[count - 1]);
  return count;
}

void Terminal::print(char32_t codepoint) {
  if (at_.charsets[at_.active_charset] == Charset::LineDrawing && codepoint >= U'_' &&
      codepoint <= U'~')
    codepoint = line_drawing[codepoint - U'_'];
  auto width = static_cast<u16>(codepoint_width(codepoint));
  if (width == 0) return;  // A cell holds one code point: marks on it are not shown.
  if (width > columns()) {
    codepoint = replacement_character;
    width = 1;
  }
  last_printed_ = codepoint;
  if (at_.wrap_pending || at_.column + width > columns()) {
    if (autowrap_) {
      at_.column = 0;
      index();
    } else {
      at_.column = static_cast<u16>(columns() - width);
    }
    at_.wrap_pending = false;
  }
  put(codepoint, width);
}

void Terminal::put(char32_t codepoint, u16 width) {
  if (insert_mode_) {
    screen().insert_cells(at_.row, at_.column, width, blank());
    damage_.mark(at_.row, at_.column, columns());
    if (at_.column > 0) damage_.mark(at_.row, static_cast<u16>(at_.column - 1), at_.column);
  }
  erase(at_.row, at_.column, static_cast<u16>(at_.column + width));
  std::span<Cell> const cells = screen().row(at_.row);
  cells[at_.column] = at_.pen;
  cells[at_.column].codepoint = codepoint;
  if (width == 2) {
    cells[at_.column].attributes.set(Attribute::WideHead);
    cells[at_.column + 1u] = at_.pen;
    cells[at_.column + 1u].attributes.set(Attribute::WideTail);
  }
  if (at_.column + width < columns()) {
    at_.column = static_cast<u16>(at_.column + width);
  } else {
    at_.column = static_cast<u16>(columns() - 1);
    at_.wrap_pending = autowrap_;
  }
}

void Terminal::control(u8 byte) {
  switch (byte) {
    case 0x07: ++bells_; break;
    case '\b':
      if (at_.column > 0) --at_.column;
      at_.wrap_pending = false;
      break;
    case '\t': tab(1); break;
    case '\n':
    case '\v':
    case '\f':
      at_.wrap_pending = false;
      index();
      if (newline_mode_) at_.column = 0;
      break;
    case '\r':
      at_.column = 0;
      at_.wrap_pending = false;
      break;
    case 0x0e: at_.active_charset = 1; break;
    case 0x0f: at_.active_charset = 0; break;
    default: break;
  }
}

void Terminal::escape(std::string_view intermediates, char final) {
  if (intermediates == "#") {
    if (final == '8') fill_with_test_pattern();
    return;
  }
  if (intermediates == "(" || intermediates == ")") {
    at_.charsets[intermediates == "(" ? 0 : 1] =
        final == '0' ? Charset::LineDrawing : Charset::Ascii;
    return;
  }
  if (!intermediates.empty()) return;
  switch (final) {
    case '7': saved_[is_alternate_] = at_; break;
    case '8': at_ = saved_[is_alternate_]; break;
    case 'D':
      at_.wrap_pending = false;
      index();
      break;
    case 'E':
      at_.wrap_pending = false;
      at_.column = 0;
      index();
      break;
    case 'H': tab_stops_[at_.column] = true; break;
    case 'M':
      at_.wrap_pending = false;
      reverse_index();
      break;
    case 'c': reset(); break;
    default: break;
  }
}

void Terminal::control_sequence(const ControlSequence& sequence) {
  if (sequence.marker() != 0 || !sequence.intermediates().empty()) {
    private_sequence(sequence);
    return;
  }
  int const count = sequence.parameter(0, 1);
  u16 const mode = sequence.parameter(0, 0);
  // Never more than there are cells, so that no loop and no sum runs away.
  auto const cells = clamp(count, 0, columns());
  switch (sequence.final()) {
    case '@':
      at_.wrap_pending = false;
      screen().insert_cells(at_.row, at_.column, cells, blank());
      damage_.mark(at_.row, clamp(at_.column - 1, 0, max_side), columns());
      break;
    case 'A': move_vertically(-count); break;
    case 'B':
    case 'e': move_vertically(count); break;
    case 'C':
    case 'a': move_to(at_.row, at_.column + count); break;
    case 'D': move_to(at_.row, at_.column - count); break;
    case 'E':
      at_.column = 0;
      move_vertically(count);
      break;
    case 'F':
      at_.column = 0;
      move_vertically(-count);
      break;
    case 'G':
    case '`': move_to(at_.row, count - 1); break;
    case 'H':
    case 'f': move_to_origin(count - 1, sequence.parameter(1, 1) - 1); break;
    case 'I': tab(count); break;
    case 'J': erase_display(mode); break;
    case 'K': erase_line(mode); break;
    case 'L':
    case 'M':
      if (at_.row < region_top_ || at_.row >= region_bottom_) break;
      scroll_region(at_.row, sequence.final() == 'L' ? -count : count);
      at_.column = 0;
      at_.wrap_pending = false;
      break;
    case 'P':
      at_.wrap_pending = false;
      screen().delete_cells(at_.row, at_.column, cells, blank());
      damage_.mark(at_.row, clamp(at_.column - 1, 0, max_side), columns());
      break;
    case 'S': scroll_region(region_top_, count); break;
    case 'T': scroll_region(region_top_, -count); break;
    case 'X':
      at_.wrap_pending = false;
      erase(at_.row, at_.column, clamp(at_.column + count, 0, columns()));
      break;
    case 'Z': tab(-count); break;
    case 'b':
      for (int i = 0; i < std::min(count, columns() * rows()); ++i) print(last_printed_);
      break;
    case 'c':
      if (mode == 0) answer("\x1b[?62;22c");
      break;
    case 'd': move_to_origin(count - 1, at_.column); break;
    case 'g':
      if (mode == 0) tab_stops_[at_.column] = false;
      if (mode == 3) std::ranges::fill(tab_stops_, false);
      break;
    case 'h':
    case 'l': set_modes(sequence, sequence.final() == 'h'); break;
    case 'm': select_graphics(sequence); break;
    case 'n': report(mode, false); break;
    case 'r': {
      u16 const top = static_cast<u16>(count - 1);
      u16 const bottom = std::min(sequence.parameter(1, rows()), rows());
      if (top + 1 >= bottom) break;
      region_top_ = top;
      region_bottom_ = bottom;
      move_to_origin(0, 0);
      break;
    }
    case 's': saved_[is_alternate_] = at_; break;
    case 'u': at_ = saved_[is_alternate_]; break;
    default: break;
  }
}

void Terminal::private_sequence(const ControlSequence& sequence) {
  u16 const mode = sequence.parameter(0, 0);
  if (sequence.marker() == '?' && sequence.intermediates().empty()) {
    switch (sequence.final()) {
      case 'h':
      case 'l':
        for (usize i = 0; i < sequence.count(); ++i)
          set_private_mode(sequence.parameter(i, 0), sequence.final() == 'h');
        break;
      case 'J': erase_display(mode); break;
      case 'K': erase_line(mode); break;
      case 'n': report(mode, true); break;
      default: break;
    }
  } else if (sequence.marker() == '>' && sequence.final() == 'c') {
    answer("\x1b[>1;10;0c");
  } else if (sequence.marker() == 0 && sequence.intermediates() == "!" && sequence.final() == 'p') {
    // A soft reset: modes and pen, not what is on the screen.
    Writing const before = at_;
    at_ = {.row = before.row, .column = before.column};
    saved_ = {};
    region_top_ = 0;
    region_bottom_ = rows();
    autowrap_ = cursor_visible_ = true;
    insert_mode_ = newline_mode_ = false;
    key_modes_ = {};
  } else if (sequence.marker() == 0 && sequence.intermediates() == " " && sequence.final() == 'q') {
    if (mode <= 2) cursor_shape_ = CursorShape::Block;
    if (mode == 3 || mode == 4) cursor_shape_ = CursorShape::Underline;
    if (mode == 5 || mode == 6) cursor_shape_ = CursorShape::Bar;
  }
}

void Terminal::set_modes(const ControlSequence& sequence, bool on) {
  for (usize i = 0; i < sequence.count(); ++i) {
    if (sequence.parameter(i, 0) == 4) insert_mode_ = on;
    if (sequence.parameter(i, 0) == 20) newline_mode_ = on;
  }
}

void Terminal::set_private_mode(u16 mode, bool on) {
  switch (mode) {
    case 1: key_modes_.application_cursor = on; break;
    case 6:
      at_.origin_mode = on;
      move_to_origin(0, 0);
      break;
    case 7:
      autowrap_ = on;
      if (!on) at_.wrap_pending = false;
      break;
    case 25: cursor_visible_ = on; break;
    case 47:
    case 1047: switch_screen(on); break;
    case 1048:
      if (on) saved_[is_alternate_] = at_;
      if (!on) at_ = saved_[is_alternate_];
      break;
    case 1049:
      if (on && !is_alternate_) saved_[0] = at_;
      if (on == is_alternate_) break;
      switch_screen(on);
      if (!on) at_ = saved_[0];
      break;
    case 2004: bracketed_paste_ = on; break;
    default: break;
  }
}

/// SGR. [ecma-48: "Select graphic rendition"]
void Terminal::select_graphics(const ControlSequence& sequence) {
  Cell& pen = at_.pen;
  auto const set = [&](Attribute attribute) { pen.attributes.set(attribute); };
  auto const clear = [&](Attribute attribute) { pen.attributes.clear(attribute); };
  usize const count = std::max<usize>(sequence.count(), 1);
  for (usize i = 0; i < count; ++i) {
    u16 const code = sequence.parameter(i, 0);
    // 4:0 is no underline; the kinds of underline are all drawn alike.
    if (code == 4 && sequence.is_part(i + 1)) {
      sequence.parameter(i + 1, 0) == 0 ? clear(Attribute::Underline) : set(Attribute::Underline);
      while (sequence.is_part(i + 1)) ++i;
      continue;
    }
    if (code >= 30 && code <= 37) pen.foreground = Color::indexed(static_cast<u8>(code - 30));
    if (code >= 40 && code <= 47) pen.background = Color::indexed(static_cast<u8>(code - 40));
    if (code >= 90 && code <= 97) pen.foreground = Color::indexed(static_cast<u8>(code - 82));
    if (code >= 100 && code <= 107) pen.background = Color::indexed(static_cast<u8>(code - 92));
    switch (code) {
      case 0: pen = Cell{}; break;
      case 1: set(Attribute::Bold); break;
      case 2: set(Attribute::Dim); break;
      case 3: set(Attribute::Italic); break;
      case 4:
      case 21: set(Attribute::Underline); break;
      case 5:
      case 6: set(Attribute::Blink); break;
      case 7: set(Attribute::Reverse); break;
      case 8: set(Attribute::Hidden); break;
      case 9: set(Attribute::Strikethrough); break;
      case 22:
        clear(Attribute::Bold);
        clear(Attribute::Dim);
        break;
      case 23: clear(Attribute::Italic); break;
      case 24: clear(Attribute::Underline); break;
      case 25: clear(Attribute::Blink); break;
      case 27: clear(Attribute::Reverse); break;
      case 28: clear(Attribute::Hidden); break;
      case 29: clear(Attribute::Strikethrough); break;
      case 38: i = select_color(sequence, i, pen.foreground); break;
      case 39: pen.foreground = {}; break;
      case 48: i = select_color(sequence, i, pen.background); break;
      case 49: pen.background = {}; break;
      default: break;
    }
    while (sequence.is_part(i + 1)) ++i;
  }
}

/// A colour behind 38 or 48 at `index`, with semicolons (5;n and 2;r;g;b) or colons (5:n, 2:r:g:b
/// and 2:space:r:g:b). Returns the index of its last parameter.
usize Terminal::select_color(const ControlSequence& sequence, usize index, Color& color) {
  usize last = index;
  while (sequence.is_part(last + 1)) ++last;
  bool const has_colons = last > index;
  usize const available = (has_colons ? last + 1 : sequence.count()) - index - 1;
  if (available == 0) return last;
  auto const level = [&](usize at) {
    return static_cast<u8>(std::min<u16>(sequence.parameter(at, 0), 255));
  };
  switch (sequence.parameter(index + 1, 0)) {
    case 5:
      if (available >= 2 && sequence.parameter(index + 2, 0) < 256)
        color = Color::indexed(level(index + 2));
      return has_colons ? last : std::min(index + 2, index + available);
    case 2: {
      usize const first = index + (has_colons && available >= 5 ? 3 : 2);
      if (available >= 4) color = Color::direct({level(first), level(first + 1), level(first + 2)});
      return has_colons ? last : std::min(index + 4, index + available);
    }
    default: return has_colons ? last : index + 1;
  }
}

/// Status and position. [dec/vt220: "Device status reports"]
void Terminal::report(u16 request, bool is_private) {
  std::string_view const marker = is_private ? "?" : "";
  if (request == 5 && !is_private) answer("\x1b[0n");
  if (request != 6) return;
  unsigned const first_row = at_.origin_mode ? region_top_ : 0u;
  answer("\x1b[{}{};{}R", marker, at_.row - first_row + 1u, at_.column + 1u);
}

void Terminal::move_to(int row, int column) {
  at_.row = clamp(row, 0, rows() - 1);
  at_.column = clamp(column, 0, columns() - 1);
  at_.wrap_pending = false;
}

/// As `move_to`, but in origin mode rows are counted from the scroll region and stay in it.
void Terminal::move_to_origin(int row, int column) {
  if (at_.origin_mode) row = std::min(row + region_top_, region_bottom_ - 1);
  move_to(row, column);
}

/// Stops at the border of the scroll region if it starts inside.
void Terminal::move_vertically(int lines) {
  int const top = at_.row >= region_top_ ? region_top_ : 0;
  int const bottom = at_.row < region_bottom_ ? region_bottom_ : rows();
  move_to(std::clamp(at_.row + lines, top, bottom - 1), at_.column);
}

void Terminal::index() {
  if (at_.row + 1 == region_bottom_) {
    scroll_region(region_top_, 1);
  } else if (at_.row + 1 < rows()) {
    ++at_.row;
  }
}

void Terminal::reverse_index() {
  if (at_.row == region_top_) {
    scroll_region(region_top_, -1);
  } else if (at_.row > 0) {
    --at_.row;
  }
}

/// To the next tab stops, or the previous ones if `count` is negative.
void Terminal::tab(int count) {
  at_.wrap_pending = false;
  int const step = count < 0 ? -1 : 1;
  for (int left = std::min(count * step, int{columns()}); left > 0; --left) {
    int column = at_.column;
    do {
      column += step;
    } while (column > 0 && column < columns() - 1 && !tab_stops_[static_cast<usize>(column)]);
    at_.column = clamp(column, 0, columns() - 1);
  }
}

void Terminal::scroll_region(u16 top, int lines) {
  screen().scroll(top, region_bottom_, lines, blank());
  damage_.scroll(top, region_bottom_, lines);
}

void Terminal::erase(u16 row, u16 first, u16 last) {
  bool const beyond = screen().fill(row, first, last, blank());
  damage_.mark(row, first, last);
  if (beyond) damage_.mark(row, clamp(first - 1, 0, max_side), static_cast<u16>(last + 1));
}

void Terminal::erase_display(u16 mode) {
  at_.wrap_pending = false;
  u16 const first = mode == 0 ? static_cast<u16>(at_.row + 1) : u16{0};
  u16 const last = mode == 1 ? at_.row : rows();
  if (mode > 2) return;  // 3 is the scroll-back.
  if (mode != 2) erase_line(mode);
  for (u16 row = first; row < last; ++row) erase(row, 0, columns());
}

void Terminal::erase_line(u16 mode) {
  at_.wrap_pending = false;
  if (mode > 2) return;
  u16 const first = mode == 0 ? at_.column : u16{0};
  u16 const last = mode == 1 ? static_cast<u16>(at_.column + 1) : columns();
  erase(at_.row, first, last);
}

void Terminal::fill_with_test_pattern() {
  region_top_ = 0;
  region_bottom_ = rows();
  move_to(0, 0);
  screen().clear({.codepoint = U'E'});
  damage_.mark_all();
}

void Terminal::switch_screen(bool alternate) {
  if (alternate == is_alternate_) return;
  is_alternate_ = alternate;
  if (alternate) alternate_.clear(blank());
  damage_.mark_all();
}

void Terminal::reset() {
  at_ = {};
  saved_ = {};
  region_top_ = 0;
  region_bottom_ = rows();
  is_alternate_ = insert_mode_ = newline_mode_ = bracketed_paste_ = false;
  autowrap_ = cursor_visible_ = true;
  cursor_shape_ = CursorShape::Block;
  key_modes_ = {};
  primary_.clear({});
  reset_tabs();
  damage_.mark_all();
}

void Terminal::reset_tabs() {
  for (usize column = 0; column < tab_stops_.size(); ++column)
    tab_stops_[column] = column != 0 && column % tab_width == 0;
}

}  // namespace nacre::text
