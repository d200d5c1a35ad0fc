#include "kernel/console/terminal_renderer.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "lib/base/try.hpp"

namespace nacre::console {
namespace {

using text::Attribute;

drivers::Rgb pixel_color(text::Rgb color) { return drivers::Rgb::from_u32(color.packed()); }

/// Two colours in equal parts.
constexpr u32 blend(u32 a, u32 b) { return ((a & 0xfefefe) >> 1) + ((b & 0xfefefe) >> 1); }
static_assert(blend(0xffffff, 0x000000) == 0x7f7f7f);

/// The cell that is seen at a column of a row, which may be shorter than the screen is wide.
const text::Cell& cell_at(std::span<const text::Cell> row, usize column) {
  static constexpr text::Cell blank{};
  return column < row.size() ? row[column] : blank;
}

text::Rgb resolve(const text::Palette& palette, text::Color color, text::Rgb otherwise) {
  switch (color.kind()) {
    case text::Color::Kind::Indexed: return palette.indexed[color.index()];
    case text::Color::Kind::Direct: return color.rgb();
    case text::Color::Kind::Default: break;
  }
  return otherwise;
}

/// The background of a terminal where nothing was written.
text::Rgb background_of(const text::Terminal& terminal) {
  const text::Palette& palette = terminal.palette();
  return terminal.modes().reversed_screen ? palette.foreground : palette.background;
}

/// The pointer if it is at a cell of the terminal.
std::optional<text::CellPlace> seen_pointer(const text::Terminal& terminal,
                                            const TerminalMarks& marks) {
  bool const is_seen = marks.pointer && marks.pointer->row < terminal.rows() &&
                       marks.pointer->column < terminal.columns();
  return is_seen ? marks.pointer : std::nullopt;
}

/// The cursor; it is not visible while it blinks and that is dark.
text::CursorState seen_cursor(const text::Terminal& terminal, bool is_dark) {
  text::CursorState cursor = terminal.cursor();
  cursor.visible = cursor.visible && !(cursor.blinks && is_dark);
  return cursor;
}

/// From the first cell of a row that blinks to the last.
text::ColumnSpan blinking_columns(const text::Terminal& terminal, u16 row) {
  auto const cells = terminal.visible_row(row);
  text::ColumnSpan span;
  for (u16 column = 0; column < cells.size(); ++column) {
    if (!cells[column].attributes.has(Attribute::Blink)) continue;
    if (span.empty()) span.first = column;
    span.last = static_cast<u16>(column + 1);
  }
  return span;
}

/// Whether two cells differ in their characters at most.
bool is_alike(const text::Cell& a, const text::Cell& b) {
  return a.foreground == b.foreground && a.background == b.background &&
         a.attributes == b.attributes;
}

/// Shows nothing but the terminal's background.
bool is_blank(const text::Cell& cell) {
  return cell.codepoint == U' ' && cell.background.kind() == text::Color::Kind::Default &&
         !cell.attributes.has(Attribute::Reverse) && !cell.attributes.has(Attribute::Underline) &&
         !cell.attributes.has(Attribute::Strikethrough);
}

}  // namespace

std::expected<TerminalRenderer, base::OutOfMemory> TerminalRenderer::create(
    text::Font regular, text::Font bold, drivers::Framebuffer& screen) {
  TRY(auto glyphs, GlyphCache::create(std::move(regular), std::move(bold)));
  TerminalRenderer renderer(std::move(glyphs), screen);
  TRY(renderer.tiles_.try_resize(renderer.columns_));
  TRY(renderer.selected_.try_resize(renderer.rows_));
  return renderer;
}

TerminalRenderer::TerminalRenderer(GlyphCache glyphs, drivers::Framebuffer& screen)
    : glyphs_(std::move(glyphs)), screen_(&screen) {
  auto const fitting = [](i32 pixels, u32 size) {
    return static_cast<u16>(
        std::min<i32>(pixels / static_cast<i32>(size), text::Terminal::max_side));
  };
  columns_ = fitting(screen.width(), font().width());
  rows_ = fitting(screen.height(), font().height());
  left_ = (screen.width() - columns_ * static_cast<i32>(font().width())) / 2;
  top_ = (screen.height() - rows_ * static_cast<i32>(font().height())) / 2;
}

void TerminalRenderer::redraw(text::Terminal& terminal, const TerminalMarks& marks) {
  background_ = background_of(terminal);
  screen_->fill(screen_->bounds(), pixel_color(*background_));
  cursor_.reset();
  pointer_.reset();
  is_dark_ = marks.is_dark;
  std::ranges::fill(selected_, text::ColumnSpan{});
  has_selected_ = false;
  // What is blank is there already.
  text::Damage& damage = terminal.damage();
  damage.clear();
  for (u16 row = 0; row < terminal.rows(); ++row) {
    auto cells = terminal.visible_row(row);
    if (cells.size() > terminal.columns()) cells = cells.first(terminal.columns());
    auto const first = std::ranges::find_if_not(cells, is_blank);
    if (first == cells.end()) continue;
    auto last = cells.end();
    while (is_blank(*std::prev(last))) --last;
    damage.mark(row, static_cast<u16>(first - cells.begin()),
                static_cast<u16>(last - cells.begin()));
  }
  draw_changes(terminal, marks);
  screen_->present();
}

bool TerminalRenderer::update(text::Terminal& terminal, const TerminalMarks& marks) {
  if (terminal.damage().empty() && is_shown(terminal, marks)) return false;
  // Around the text it is seen, too.
  if (background_ != background_of(terminal)) {
    redraw(terminal, marks);
    return true;
  }
  screen_->present(draw_changes(terminal, marks));
  return false;
}

/// Whether cursor and marks are where they were drawn.
bool TerminalRenderer::is_shown(const text::Terminal& terminal, const TerminalMarks& marks) const {
  text::CursorState const cursor = seen_cursor(terminal, marks.is_dark);
  if (cursor.visible ? cursor_ != cursor : cursor_.has_value()) return false;
  if (is_dark_ != marks.is_dark && terminal.may_blink()) return false;
  if (pointer_ != seen_pointer(terminal, marks)) return false;
  if (!has_selected_ && marks.selection.empty()) return true;
  for (u16 row = 0; row < terminal.rows(); ++row)
    if (selected_[row] != marks.selection.columns_in(terminal, row)) return false;
  return true;
}

/// Makes the marks those that are drawn, and damage of what is not drawn like that yet.
void TerminalRenderer::take_marks(text::Terminal& terminal, const TerminalMarks& marks) {
  text::Damage& damage = terminal.damage();
  auto const mark = [&](std::optional<text::CellPlace> place) {
    if (place) damage.mark(place->row, place->column, static_cast<u16>(place->column + 1));
  };
  if (auto const pointer = seen_pointer(terminal, marks); pointer != pointer_) {
    mark(pointer_);
    mark(pointer);
    pointer_ = pointer;
  }
  if (std::exchange(is_dark_, marks.is_dark) != marks.is_dark && terminal.may_blink()) {
    for (u16 row = 0; row < terminal.rows(); ++row) {
      text::ColumnSpan const blinking = blinking_columns(terminal, row);
      damage.mark(row, blinking.first, blinking.last);
    }
  }
  bool const has_selected = !marks.selection.empty();
  if (!std::exchange(has_selected_, has_selected) && !has_selected) return;
  for (u16 row = 0; row < terminal.rows(); ++row) {
    text::ColumnSpan const before = selected_[row];
    text::ColumnSpan const now = marks.selection.columns_in(terminal, row);
    if (before == now) continue;
    damage.mark(row, before.first, before.last);
    damage.mark(row, now.first, now.last);
    selected_[row] = now;
  }
}

/// Draws what the damage names and returns where that is.
drivers::Rect TerminalRenderer::draw_changes(text::Terminal& terminal, const TerminalMarks& marks) {
  text::Damage& damage = terminal.damage();
  text::CursorState const cursor = seen_cursor(terminal, marks.is_dark);
  drivers::Rect changed{};
  if (text::ScrolledRows const scrolled = damage.scrolled(); scrolled.lines != 0) {
    move_rows(scrolled);
    changed = area_of(scrolled.top, 0, columns_);
    changed.height *= scrolled.bottom - scrolled.top;
  }
  take_marks(terminal, marks);
  // Where the cursor was drawn and, in case it lies in what is drawn now, where it is.
  if (cursor_) damage.mark(cursor_->row, cursor_->column, static_cast<u16>(cursor_->column + 1));
  cursor_.reset();
  damage.mark(cursor.row, cursor.column, static_cast<u16>(cursor.column + 1));
  for (u16 row = 0; row < terminal.rows(); ++row)
    if (text::ColumnSpan const span = damage.rows()[row]; !span.empty())
      changed =
          drivers::bounding_box(changed, draw_span(terminal, terminal.visible_row(row), row, span));
  if (cursor.visible) draw_cursor(terminal, cursor);
  damage.clear();
  return changed;
}

void TerminalRenderer::move_rows(const text::ScrolledRows& scrolled) {
  auto const height = static_cast<i32>(font().height());
  int const distance = scrolled.lines > 0 ? scrolled.lines : -scrolled.lines;
  i32 const upper = top_ + scrolled.top * height;
  i32 const lower = upper + distance * height;
  i32 const count = (scrolled.bottom - scrolled.top - distance) * height;
  if (scrolled.lines > 0) {
    screen_->move_rows(upper, lower, count);
  } else {
    screen_->move_rows(lower, upper, count);
  }
  // What was drawn over the text moved with the other pixels, or out.
  auto const follow = [&](auto& drawn) {
    if (!drawn || drawn->row < scrolled.top || drawn->row >= scrolled.bottom) return;
    int const row = drawn->row - scrolled.lines;
    if (row < scrolled.top || row >= scrolled.bottom) {
      drawn.reset();
    } else {
      drawn->row = static_cast<u16>(row);
    }
  };
  follow(cursor_);
  follow(pointer_);
  if (!has_selected_) return;
  auto const selected = std::span(selected_).subspan(
      scrolled.top, static_cast<usize>(scrolled.bottom - scrolled.top));
  auto const left_empty =
      scrolled.lines > 0
          ? std::ranges::subrange(std::shift_left(selected.begin(), selected.end(), distance),
                                  selected.end())
          : std::ranges::subrange(selected.begin(),
                                  std::shift_right(selected.begin(), selected.end(), distance));
  std::ranges::fill(left_empty, text::ColumnSpan{});
}

drivers::Rect TerminalRenderer::area_of(u16 row, u16 first, u16 last) const {
  auto const width = static_cast<i32>(font().width());
  auto const height = static_cast<i32>(font().height());
  return {left_ + first * width, top_ + row * height, (last - first) * width, height};
}

drivers::Rect TerminalRenderer::draw_span(const text::Terminal& terminal,
                                          std::span<const text::Cell> cells, u16 row,
                                          text::ColumnSpan span) {
  // Up to where a mark begins or ends, cells are drawn alike.
  text::ColumnSpan const selected = row < selected_.size() ? selected_[row] : text::ColumnSpan{};
  text::ColumnSpan const pointed =
      pointer_ && pointer_->row == row
          ? text::ColumnSpan{pointer_->column, static_cast<u16>(pointer_->column + 1)}
          : text::ColumnSpan{};
  for (text::ColumnSpan part{span.first, span.last}; !part.empty(); part = {part.last, span.last}) {
    for (u16 const border : {selected.first, selected.last, pointed.first, pointed.last})
      if (border > part.first) part.last = std::min(part.last, border);
    auto const is_in = [&](text::ColumnSpan mark) {
      return part.first >= mark.first && part.first < mark.last;
    };
    // What is both selected and pointed at is not reversed.
    draw_part(terminal, cells, row, part, is_in(selected) != is_in(pointed));
  }
  return area_of(row, span.first, span.last);
}

/// Draws cells all of which are drawn in reverse or none.
void TerminalRenderer::draw_part(const text::Terminal& terminal, std::span<const text::Cell> cells,
                                 u16 row, text::ColumnSpan part, bool is_reversed) {
  // Neighbours mostly look alike.
  const text::Cell* like = nullptr;
  GlyphStyle style;
  u16 first = part.first;
  usize count = 0;
  glyphs_.begin_run();
  for (u16 column = part.first; column < part.last; ++column) {
    const text::Cell& cell = cell_at(cells, column);
    if (like == nullptr || !is_alike(cell, *like)) style = style_of(terminal, cell, is_reversed);
    like = &cell;
    auto tile = glyphs_.find(style, cell.codepoint);
    if (!tile) {
      draw_tiles(row, first, std::span(tiles_).first(count));
      first = column;
      count = 0;
      glyphs_.begin_run();
      tile = glyphs_.find(style, cell.codepoint);
    }
    tiles_[count++] = *tile;
  }
  draw_tiles(row, first, std::span(tiles_).first(count));
}

void TerminalRenderer::draw_tiles(u16 row, u16 column, std::span<const u32> tiles) {
  drivers::Rect const area = area_of(row, column, column);
  screen_->blit_tiles(area.x, area.y, glyphs_.sheet(), tiles);
}

void TerminalRenderer::draw_below(const text::Terminal& terminal,
                                  std::span<const text::Cell> cells) {
  screen_->present(draw_span(terminal, cells, terminal.rows(), {0, columns_}));
}

/// Draws over a cell that was drawn without it.
void TerminalRenderer::draw_cursor(const text::Terminal& terminal,
                                   const text::CursorState& cursor) {
  cursor_ = cursor;
  text::Rgb const color = terminal.palette().cursor;
  auto const end = static_cast<u16>(cursor.column + 1);
  drivers::Rect area = area_of(cursor.row, cursor.column, end);
  switch (cursor.shape) {
    case text::CursorShape::Block: {
      u32 foreground = background_of(terminal).packed();
      u32 background = color.packed();
      if (pointer_ == text::CellPlace{cursor.row, cursor.column}) std::swap(foreground, background);
      const text::Cell& cell = cell_at(terminal.visible_row(cursor.row), cursor.column);
      glyphs_.begin_run();
      auto const tile =
          glyphs_.find(GlyphStyle(foreground, background, cell.attributes), cell.codepoint);
      draw_tiles(cursor.row, cursor.column, {&*tile, 1});
      return;
    }
    case text::CursorShape::Underline:
      area.y += area.height - 2;
      area.height = 2;
      break;
    case text::CursorShape::Bar: area.width = 2; break;
  }
  screen_->fill(area, pixel_color(color));
}

/// How a cell looks once its attributes are taken into account.
GlyphStyle TerminalRenderer::style_of(const text::Terminal& terminal, const text::Cell& cell,
                                      bool is_reversed) const {
  const text::Palette& palette = terminal.palette();
  text::Color foreground_color = cell.foreground;
  // Bold makes the eight dark colours bright, as on the terminals that had no bold font.
  if (cell.attributes.has(Attribute::Bold) &&
      foreground_color.kind() == text::Color::Kind::Indexed && foreground_color.index() < 8)
    foreground_color = text::Color::indexed(static_cast<u8>(foreground_color.index() + 8));
  u32 foreground = resolve(palette, foreground_color, palette.foreground).packed();
  u32 background = resolve(palette, cell.background, palette.background).packed();
  if (cell.attributes.has(Attribute::Reverse) != terminal.modes().reversed_screen)
    std::swap(foreground, background);
  if (cell.attributes.has(Attribute::Dim)) foreground = blend(foreground, background);
  bool const is_dark = is_dark_ && cell.attributes.has(Attribute::Blink);
  if (cell.attributes.has(Attribute::Hidden) || is_dark) foreground = background;
  if (is_reversed) std::swap(foreground, background);
  return {foreground, background, cell.attributes};
}

}  // namespace nacre::console
