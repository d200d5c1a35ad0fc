#pragma once

#include <expected>
#include <span>
#include <string_view>

#include "lib/base/memory.hpp"
#include "lib/base/vector.hpp"
#include "lib/text/cell.hpp"

namespace nacre::text {

using base::usize;

/// A grid of cells. Rows are found through a table, so that scrolling moves a row's number and not
/// its cells. Positions are zero-based and must lie in the grid.
class Screen {
 public:
  /// Both sizes are at least 1.
  static std::expected<Screen, base::OutOfMemory> create(u16 columns, u16 rows);

  u16 columns() const { return columns_; }
  u16 rows() const { return static_cast<u16>(row_table_.size()); }
  std::span<Cell> row(u16 index) {
    return {cells_.data() + usize{row_table_[index]} * columns_, columns_};
  }
  std::span<const Cell> row(u16 index) const {
    return {cells_.data() + usize{row_table_[index]} * columns_, columns_};
  }

  /// Columns `first` up to, not including, `last` of a row become `blank`. A wide character that is
  /// cut in two is blanked whole; returns whether that reached beyond the columns named.
  bool fill(u16 row, u16 first, u16 last, const Cell& blank);
  /// Cells like `pen` from `column` on show the ASCII characters of `text`, for which there is
  /// room. Wide characters are treated as by `fill`, and it returns the same.
  bool put(u16 row, u16 column, std::string_view text, const Cell& pen);
  /// Shifts the cells from `column` on to the right by `count`; the last ones are lost.
  void insert_cells(u16 row, u16 column, u16 count, const Cell& blank);
  /// Shifts the cells behind `column + count` to `column`; blanks come in at the end.
  void delete_cells(u16 row, u16 column, u16 count, const Cell& blank);
  /// Rows `top` up to, not including, `bottom` move up by `lines`, or down if that is negative.
  void scroll(u16 top, u16 bottom, int lines, const Cell& blank);
  void clear(const Cell& blank);
  /// Takes over what fits of `other` from its row `first` on; a wide character that does not fit
  /// whole is left out.
  void copy_from(const Screen& other, u16 first);

 private:
  /// Blanks a wide character that stands across the border to the left of `column`.
  bool split_wide(std::span<Cell> cells, u16 column);

  base::Vector<Cell> cells_;
  base::Vector<u16> row_table_;
  u16 columns_ = 0;
};

}  // namespace nacre::text
