#include "lib/text/screen.hpp"

#include <algorithm>

#include "lib/base/try.hpp"

namespace nacre::text {

std::expected<Screen, base::OutOfMemory> Screen::create(u16 columns, u16 rows) {
  NACRE_ASSERT(columns > 0 && rows > 0);
  Screen screen;
  screen.columns_ = columns;
  TRY(screen.cells_.try_resize(usize{columns} * rows));
  TRY(screen.row_table_.try_resize(rows));
  for (u16 row = 0; row < rows; ++row) screen.row_table_[row] = row;
  return screen;
}

bool Screen::split_wide(std::span<Cell> cells, u16 column) {
  if (column == 0 || column >= columns_ || !cells[column].attributes.has(Attribute::WideTail))
    return false;
  for (Cell* const half : {&cells[column - 1u], &cells[column]}) {
    half->codepoint = U' ';
    half->attributes.clear(Attribute::WideHead);
    half->attributes.clear(Attribute::WideTail);
  }
  return true;
}

bool Screen::fill(u16 row_index, u16 first, u16 last, const Cell& blank) {
  std::span<Cell> const cells = row(row_index);
  bool const left = split_wide(cells, first);
  bool const right = split_wide(cells, last);
  std::ranges::fill(cells.subspan(first, static_cast<usize>(last - first)), blank);
  return left || right;
}

bool Screen::put(u16 row_index, u16 column, std::string_view text, const Cell& pen) {
  std::span<Cell> const cells = row(row_index);
  bool const left = split_wide(cells, column);
  bool const right = split_wide(cells, static_cast<u16>(column + text.size()));
  Cell cell = pen;
  Cell* target = cells.subspan(column, text.size()).data();
  for (char const character : text) {
    cell.codepoint = static_cast<char32_t>(character);
    *target++ = cell;
  }
  return left || right;
}

void Screen::insert_cells(u16 row_index, u16 column, u16 count, const Cell& blank) {
  std::span<Cell> const cells = row(row_index);
  count = std::min<u16>(count, static_cast<u16>(columns_ - column));
  split_wide(cells, column);
  split_wide(cells, static_cast<u16>(columns_ - count));
  std::shift_right(cells.begin() + column, cells.end(), count);
  std::ranges::fill(cells.subspan(column, count), blank);
}

void Screen::delete_cells(u16 row_index, u16 column, u16 count, const Cell& blank) {
  std::span<Cell> const cells = row(row_index);
  count = std::min<u16>(count, static_cast<u16>(columns_ - column));
  split_wide(cells, column);
  split_wide(cells, static_cast<u16>(column + count));
  std::shift_left(cells.begin() + column, cells.end(), count);
  std::ranges::fill(cells.last(count), blank);
}

void Screen::scroll(u16 top, u16 bottom, int lines, const Cell& blank) {
  int const height = bottom - top;
  int const distance = std::min(lines > 0 ? lines : -lines, height);
  auto const begin = row_table_.begin() + top;
  auto const end = row_table_.begin() + bottom;
  u16 first_fresh = top;
  if (lines > 0) {
    std::rotate(begin, begin + distance, end);
    first_fresh = static_cast<u16>(bottom - distance);
  } else {
    std::rotate(begin, end - distance, end);
  }
  for (int i = 0; i < distance; ++i)
    std::ranges::fill(row(static_cast<u16>(first_fresh + i)), blank);
}

void Screen::copy_from(const Screen& other, u16 first) {
  usize const width = std::min(columns_, other.columns_);
  for (u16 index = 0; index < rows() && index + first < other.rows(); ++index) {
    auto const cells = row(index);
    std::ranges::copy(other.row(static_cast<u16>(index + first)).first(width), cells.begin());
    if (cells[width - 1].attributes.has(Attribute::WideHead)) cells[width - 1] = {};
  }
}

void Screen::clear(const Cell& blank) { std::ranges::fill(cells_, blank); }

}  // namespace nacre::text
