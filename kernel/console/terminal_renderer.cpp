#include "kernel/console/terminal_renderer.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "lib/base/try.hpp"
#include "lib/text/box_drawing.hpp"

namespace nacre::console {
namespace {

using text::Attribute;

drivers::Rgb pixel_color(text::Rgb color) { return drivers::Rgb::from_u32(color.packed()); }

/// Two colours in equal parts.
constexpr u32 blend(u32 a, u32 b) { return ((a & 0xfefefe) >> 1) + ((b & 0xfefefe) >> 1); }
static_assert(blend(0xffffff, 0x000000) == 0x7f7f7f);

/// Four pixels, which a processor computes and stores at once.
using FourPixels [[gnu::vector_size(16)]] = u32;

/// Eight pixels, a row of a glyph as most fonts have it.
using EightPixels = std::array<FourPixels, 2>;

/// All bits of a pixel for each bit of a byte that is set, the highest first.
constexpr std::array<EightPixels, 256> pixel_masks = [] {
  std::array<EightPixels, 256> masks{};
  for (u32 bits = 0; bits < 256; ++bits) {
    auto const mask = [bits](u32 bit) { return (bits & bit) != 0 ? 0xffffffffu : 0u; };
    masks[bits] = {FourPixels{mask(0x80), mask(0x40), mask(0x20), mask(0x10)},
                   FourPixels{mask(8), mask(4), mask(2), mask(1)}};
  }
  return masks;
}();

/// A row of an italic glyph: the upper third leans right, the lower third left.
constexpr unsigned slanted(unsigned bits, u32 row, u32 height) {
  if (row < height / 3) return bits >> 1;
  return row >= height - height / 3 ? bits << 1 : bits;
}

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

/// Shows nothing but the terminal's background.
bool is_blank(const text::Cell& cell) {
  return cell.codepoint == U' ' && cell.background.kind() == text::Color::Kind::Default &&
         !cell.attributes.has(Attribute::Reverse) && !cell.attributes.has(Attribute::Underline) &&
         !cell.attributes.has(Attribute::Strikethrough);
}

}  // namespace

std::expected<TerminalRenderer, base::OutOfMemory> TerminalRenderer::create(
    text::Font regular, text::Font bold, drivers::Framebuffer& screen) {
  NACRE_ASSERT(regular.width() == bold.width() && regular.height() == bold.height());
  TerminalRenderer renderer(std::move(regular), std::move(bold), screen);
  usize const cell_pixels = usize{renderer.regular_.width()} * renderer.regular_.height();
  TRY(renderer.pixels_.try_resize(renderer.columns_ * cell_pixels));
  TRY(renderer.selected_.try_resize(renderer.rows_));
  TRY(renderer.draw_boxes());
  return renderer;
}

std::expected<void, base::OutOfMemory> TerminalRenderer::draw_boxes() {
  usize const size = usize{regular_.height()} * regular_.bytes_per_row();
  TRY(boxes_.try_resize(text::box_count * size));
  for (usize i = 0; i < text::box_count; ++i)
    text::draw_box(text::first_box + static_cast<char32_t>(i), regular_.width(), regular_.height(),
                   std::span(boxes_).subspan(i * size, size));
  return {};
}

/// What a cell shows, as rows of a font's glyph.
std::span<const u8> TerminalRenderer::glyph_of(const text::Cell& cell) const {
  // The right half of a wide character is empty: the font has narrow glyphs only.
  char32_t const codepoint = cell.attributes.has(Attribute::WideTail) ? U' ' : cell.codepoint;
  if (text::is_box(codepoint)) {
    usize const size = usize{regular_.height()} * regular_.bytes_per_row();
    return std::span(boxes_).subspan((codepoint - text::first_box) * size, size);
  }
  const text::Font& font = cell.attributes.has(Attribute::Bold) ? bold_ : regular_;
  return font.glyph(font.find_or_fallback(codepoint));
}

TerminalRenderer::TerminalRenderer(text::Font regular, text::Font bold,
                                   drivers::Framebuffer& screen)
    : regular_(std::move(regular)), bold_(std::move(bold)), screen_(&screen) {
  auto const fitting = [](i32 pixels, u32 size) {
    return static_cast<u16>(
        std::min<i32>(pixels / static_cast<i32>(size), text::Terminal::max_side));
  };
  columns_ = fitting(screen.width(), regular_.width());
  rows_ = fitting(screen.height(), regular_.height());
  left_ = (screen.width() - columns_ * static_cast<i32>(regular_.width())) / 2;
  top_ = (screen.height() - rows_ * static_cast<i32>(regular_.height())) / 2;
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
  auto const height = static_cast<i32>(regular_.height());
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

/// Whether a cell is drawn in reverse because it is selected or pointed at, but not both.
bool TerminalRenderer::is_reversed(u16 row, u16 column) const {
  bool const is_selected =
      row < selected_.size() && column >= selected_[row].first && column < selected_[row].last;
  return is_selected != (pointer_ == text::CellPlace{row, column});
}

drivers::Rect TerminalRenderer::area_of(u16 row, u16 first, u16 last) const {
  auto const width = static_cast<i32>(regular_.width());
  auto const height = static_cast<i32>(regular_.height());
  return {left_ + first * width, top_ + row * height, (last - first) * width, height};
}

drivers::Rect TerminalRenderer::draw_span(const text::Terminal& terminal,
                                          std::span<const text::Cell> cells, u16 row,
                                          text::ColumnSpan span) {
  usize const stride = usize{regular_.width()} * static_cast<usize>(span.last - span.first);
  usize x = 0;
  for (u16 column = span.first; column < span.last; ++column) {
    const text::Cell& cell = cell_at(cells, column);
    Colors colors = colors_of(terminal, cell);
    if (is_dark_ && cell.attributes.has(Attribute::Blink)) colors.foreground = colors.background;
    if (is_reversed(row, column)) std::swap(colors.foreground, colors.background);
    draw_glyph(cell, colors, x, stride);
    x += regular_.width();
  }
  drivers::Rect const area = area_of(row, span.first, span.last);
  screen_->blit(area, std::span(pixels_).first(stride * regular_.height()));
  return area;
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
      Colors colors{background_of(terminal).packed(), color.packed()};
      if (pointer_ == text::CellPlace{cursor.row, cursor.column})
        std::swap(colors.foreground, colors.background);
      draw_glyph(cell_at(terminal.visible_row(cursor.row), cursor.column), colors, 0,
                 regular_.width());
      screen_->blit(area, std::span(pixels_).first(usize{regular_.width()} * regular_.height()));
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

/// Puts a cell's pixels into `pixels_`, its left column at `x`, rows `stride` apart.
void TerminalRenderer::draw_glyph(const text::Cell& cell, Colors colors, usize x, usize stride) {
  std::span<const u8> const glyph = glyph_of(cell);
  bool const is_slanted = cell.attributes.has(Attribute::Italic) && !text::is_box(cell.codepoint);
  u32 const width = regular_.width();
  u32 const height = regular_.height();
  u32 const bytes_per_row = regular_.bytes_per_row();
  FourPixels const background = FourPixels{} + colors.background;
  FourPixels const difference = FourPixels{} + (colors.foreground ^ colors.background);
  auto const write_row = [&](u32* pixels, unsigned shown) {
    const EightPixels& mask = pixel_masks[shown & 0xff];
    EightPixels const eight{background ^ (difference & mask[0]),
                            background ^ (difference & mask[1])};
    __builtin_memcpy(pixels, &eight, sizeof eight);
  };
  u32* const top = pixels_.data() + x;
  const u8* bits = glyph.data();
  u32* row = top;
  if (width == 8 && !is_slanted) {  // as most are
    for (const u8* const end = bits + height; bits != end; ++bits, row += stride)
      write_row(row, *bits);
  } else if (width == 8) {
    for (u32 y = 0; y < height; ++y, ++bits, row += stride)
      write_row(row, slanted(*bits, y, height));
  } else {
    for (u32 y = 0; y < height; ++y, bits += bytes_per_row, row += stride) {
      for (u32 column = 0; column < width; ++column) {
        bool const is_set = (bits[column / 8] & (0x80u >> column % 8)) != 0;
        row[column] = is_set ? colors.foreground : colors.background;
      }
    }
  }
  auto const rule = [&](usize y) { std::fill_n(top + y * stride, width, colors.foreground); };
  if (cell.attributes.has(Attribute::Underline)) rule(height - 2);
  if (cell.attributes.has(Attribute::Strikethrough)) rule(height / 2);
}

TerminalRenderer::Colors TerminalRenderer::colors_of(const text::Terminal& terminal,
                                                     const text::Cell& cell) {
  const text::Palette& palette = terminal.palette();
  text::Color foreground_color = cell.foreground;
  // Bold makes the eight dark colours bright, as on the terminals that had no bold font.
  if (cell.attributes.has(Attribute::Bold) &&
      foreground_color.kind() == text::Color::Kind::Indexed && foreground_color.index() < 8)
    foreground_color = text::Color::indexed(static_cast<u8>(foreground_color.index() + 8));
  Colors colors{resolve(palette, foreground_color, palette.foreground).packed(),
                resolve(palette, cell.background, palette.background).packed()};
  if (cell.attributes.has(Attribute::Reverse) != terminal.modes().reversed_screen)
    std::swap(colors.foreground, colors.background);
  if (cell.attributes.has(Attribute::Dim))
    colors.foreground = blend(colors.foreground, colors.background);
  if (cell.attributes.has(Attribute::Hidden)) colors.foreground = colors.background;
  return colors;
}

}  // namespace nacre::console
