#include "lib/text/terminal.hpp"

#include <algorithm>

#include "lib/base/try.hpp"
#include "lib/text/composition.hpp"
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

bool is_size(u16 columns, u16 rows) {
  return columns != 0 && rows != 0 && columns <= Terminal::max_side && rows <= Terminal::max_side;
}

}  // namespace

std::expected<Terminal, TerminalError> Terminal::create(u16 columns, u16 rows, const Theme& theme) {
  if (!is_size(columns, rows)) return std::unexpected(TerminalError::Kind::BadSize);
  TRY(auto primary, Screen::create(columns, rows));
  TRY(auto alternate, Screen::create(columns, rows));
  TRY(auto damage, Damage::create(columns, rows));
  Terminal terminal(std::move(primary), std::move(alternate), std::move(damage), theme);
  TRY(terminal.tab_stops_.try_resize(columns));
  terminal.reset_tabs(0);
  return terminal;
}

Terminal::Terminal(Screen primary, Screen alternate, Damage damage, const Theme& theme)
    : primary_(std::move(primary)),
      alternate_(std::move(alternate)),
      damage_(std::move(damage)),
      region_bottom_(primary_.rows()),
      theme_(theme),
      palette_(Palette::of(theme)) {}

std::expected<void, TerminalError> Terminal::resize(u16 columns, u16 rows) {
  if (!is_size(columns, rows)) return std::unexpected(TerminalError::Kind::BadSize);
  TRY(auto primary, Screen::create(columns, rows));
  TRY(auto alternate, Screen::create(columns, rows));
  TRY(auto damage, Damage::create(columns, rows));
  auto const old_columns = tab_stops_.size();
  TRY(tab_stops_.try_resize(columns));
  if (columns > old_columns) reset_tabs(old_columns);

  auto const excess = [rows](const Writing& at) {
    return static_cast<u16>(at.row >= rows ? at.row - rows + 1 : 0);
  };
  auto const move = [&](Writing& at, u16 up) {
    at.row = clamp(at.row - up, 0, rows - 1);
    if (at.column >= columns || at.column + 1 < columns) at.wrap_pending = false;
    at.column = std::min(at.column, static_cast<u16>(columns - 1));
  };
  u16 const primary_excess = excess(is_alternate_ ? saved_[0] : at_);
  u16 const alternate_excess = is_alternate_ ? excess(at_) : u16{0};
  for (u16 row = 0; row < primary_excess; ++row) scroll_back_.push(primary_.row(row));
  primary.copy_from(primary_, primary_excess);
  alternate.copy_from(alternate_, alternate_excess);
  move(at_, is_alternate_ ? alternate_excess : primary_excess);
  move(saved_[0], primary_excess);
  move(saved_[1], alternate_excess);
  primary_ = std::move(primary);
  alternate_ = std::move(alternate);
  damage_ = std::move(damage);
  view_offset_ = 0;
  region_top_ = 0;
  region_bottom_ = rows;
  return {};
}

std::expected<void, base::OutOfMemory> Terminal::keep_scroll_back(usize cells, usize lines) {
  leave_scroll_back();
  scroll_back_ = {};
  TRY(scroll_back_, ScrollBack::create(cells, lines));
  return {};
}

std::span<const Cell> Terminal::visible_row(u16 index) const {
  if (index >= view_offset_) return row(static_cast<u16>(index - view_offset_));
  return scroll_back_[scroll_back_.size() - view_offset_ + index];
}

std::span<const Cell> Terminal::line(base::u64 number) const {
  if (number < first_line() || number >= end_of_lines()) return {};
  if (number >= scroll_back_.pushed()) return row(static_cast<u16>(number - scroll_back_.pushed()));
  return scroll_back_[static_cast<usize>(number - first_line())];
}

CursorState Terminal::cursor() const {
  // Below the screen's end when the view is far back.
  usize const row = at_.row + view_offset_;
  if (row >= rows())
    return {static_cast<u16>(rows() - 1), at_.column, false, cursor_shape_, modes_.cursor_blinks};
  return {static_cast<u16>(row), at_.column, modes_.cursor_visible, cursor_shape_,
          modes_.cursor_blinks};
}

void Terminal::scroll_view(int lines) {
  auto const most = is_alternate_ ? 0 : static_cast<int>(scroll_back_.size());
  auto const offset =
      static_cast<usize>(std::clamp(static_cast<int>(view_offset_) + lines, 0, most));
  if (offset == view_offset_) return;
  view_offset_ = offset;
  may_blink_ = has_blinked_;
  damage_.mark_all();
}

void Terminal::set_theme(const Theme& theme) {
  theme_ = theme;
  palette_ = Palette::of(theme);
  colors_changed();
}

void Terminal::write(std::string_view bytes) {
  for (usize at = 0; at < bytes.size();) {
    std::string_view const rest = bytes.substr(at);
    usize const taken = parser_.is_ground() ? put_plain_run(rest) : parser_.take_parameters(rest);
    if (taken != 0) {
      at += taken;
    } else {
      parser_.feed(static_cast<u8>(bytes[at++]), *this);
    }
  }
  // What is seen is not what was marked.
  if (view_offset_ != 0 && !damage_.empty()) damage_.mark_all();
}

/// The short way for what most output is: as much ASCII as fits before the last column of the row.
usize Terminal::put_plain_run(std::string_view bytes) {
  if (at_.wrap_pending || modes_.insert || single_shift_ != 0 ||
      at_.charsets[at_.active_charset] != Charset::Ascii)
    return 0;
  usize const room = std::min<usize>(columns() - 1u - at_.column, bytes.size());
  usize count = 0;
  while (count < room && bytes[count] >= 0x20 && bytes[count] < 0x7f) ++count;
  if (count == 0) return 0;
  auto const last = static_cast<u16>(at_.column + count);
  bool const beyond = screen().put(at_.row, at_.column, bytes.substr(0, count), at_.pen);
  mark_changed(at_.row, at_.column, last, beyond);
  at_.column = last;
  last_printed_ = static_cast<char32_t>(bytes[count - 1]);
  return count;
}

char32_t Terminal::translate(char32_t codepoint) {
  u8 const set = single_shift_ != 0 ? single_shift_ : at_.active_charset;
  single_shift_ = 0;
  switch (at_.charsets[set]) {
    case Charset::Ascii: break;
    case Charset::LineDrawing:
      if (codepoint >= U'_' && codepoint <= U'~') return line_drawing[codepoint - U'_'];
      break;
    case Charset::British: return codepoint == U'#' ? U'£' : codepoint;
  }
  return codepoint;
}

void Terminal::print(char32_t codepoint) {
  codepoint = translate(codepoint);
  auto width = static_cast<u16>(codepoint_width(codepoint));
  if (width == 0) return put_mark(codepoint);
  if (width > columns()) {
    codepoint = replacement_character;
    width = 1;
  }
  last_printed_ = codepoint;
  if (at_.wrap_pending || at_.column + width > columns()) {
    if (modes_.autowrap) {
      screen().row(at_.row)[columns() - 1u].attributes.set(Attribute::Wrapped);
      damage_.mark(at_.row, static_cast<u16>(columns() - 1), columns());
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
  if (modes_.insert) {
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
    at_.wrap_pending = modes_.autowrap;
  }
}

/// A mark joins the character before the cursor if there is one character that is both: a cell
/// holds one code point. Other marks are not shown.
void Terminal::put_mark(char32_t mark) {
  if (at_.column == 0 && !at_.wrap_pending) return;
  auto const column = static_cast<u16>(at_.wrap_pending ? at_.column : at_.column - 1);
  Cell& cell = screen().row(at_.row)[column];
  auto const composed = compose(cell.codepoint, mark);
  if (!composed || cell.attributes.has(Attribute::WideTail)) return;
  last_printed_ = cell.codepoint = *composed;
  damage_.mark(at_.row, column, static_cast<u16>(column + 1));
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
    scroll_up(1);
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

/// Moves the scroll region up. What leaves at the top of the primary screen is kept.
void Terminal::scroll_up(int lines) {
  if (region_top_ == 0 && !is_alternate_) {
    int const leaving = std::min<int>(lines, region_bottom_);
    for (int row = 0; row < leaving; ++row) scroll_back_.push(screen().row(static_cast<u16>(row)));
    // The view stays where it is, as long as what it shows is kept.
    if (view_offset_ != 0)
      view_offset_ = std::min(view_offset_ + static_cast<usize>(leaving), scroll_back_.size());
  }
  scroll_region(region_top_, lines);
}

void Terminal::scroll_region(u16 top, int lines) {
  screen().scroll(top, region_bottom_, lines, blank());
  damage_.scroll(top, region_bottom_, lines);
}

void Terminal::erase(u16 row, u16 first, u16 last) {
  mark_changed(row, first, last, screen().fill(row, first, last, blank()));
}

/// Marks columns of a row and, if the change reached beyond them, their neighbours.
void Terminal::mark_changed(u16 row, u16 first, u16 last, bool is_beyond) {
  damage_.mark(row, first, last);
  if (is_beyond) damage_.mark(row, clamp(first - 1, 0, max_side), static_cast<u16>(last + 1));
}

/// Leaves what is protected as it is. [dec/vt220: "Selective erase"]
void Terminal::erase_unprotected(u16 row, u16 first, u16 last) {
  for (u16 column = first; column < last; ++column)
    if (!screen().row(row)[column].attributes.has(Attribute::Protected))
      erase(row, column, static_cast<u16>(column + 1));
}

void Terminal::erase_display(u16 mode, bool is_selective) {
  at_.wrap_pending = false;
  if (mode == 3 && !is_selective) {
    leave_scroll_back();
    scroll_back_.clear();
  }
  if (mode > 2) return;
  u16 const first = mode == 0 ? static_cast<u16>(at_.row + 1) : u16{0};
  u16 const last = mode == 1 ? at_.row : rows();
  if (mode != 2) erase_line(mode, is_selective);
  for (u16 row = first; row < last; ++row)
    is_selective ? erase_unprotected(row, 0, columns()) : erase(row, 0, columns());
}

void Terminal::erase_line(u16 mode, bool is_selective) {
  at_.wrap_pending = false;
  if (mode > 2) return;
  u16 const first = mode == 0 ? at_.column : u16{0};
  u16 const last = mode == 1 ? static_cast<u16>(at_.column + 1) : columns();
  is_selective ? erase_unprotected(at_.row, first, last) : erase(at_.row, first, last);
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
  leave_scroll_back();
  is_alternate_ = alternate;
  may_blink_ = has_blinked_;
  damage_.mark_all();
}

void Terminal::reset_tabs(usize first) {
  for (usize column = first; column < tab_stops_.size(); ++column)
    tab_stops_[column] = column != 0 && column % tab_width == 0;
}

}  // namespace nacre::text
