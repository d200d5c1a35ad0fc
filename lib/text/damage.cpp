#include "lib/text/damage.hpp"

#include <algorithm>

#include "lib/base/try.hpp"

namespace nacre::text {

std::expected<Damage, base::OutOfMemory> Damage::create(u16 columns, u16 rows) {
  Damage damage;
  damage.columns_ = columns;
  TRY(damage.rows_.try_resize(rows));
  damage.mark_all();
  return damage;
}

bool Damage::empty() const {
  return scrolled_.lines == 0 && std::ranges::all_of(rows_, &ColumnSpan::empty);
}

void Damage::clear() {
  scrolled_ = {};
  for (ColumnSpan& row : rows_) row = {};
}

void Damage::mark(u16 row, u16 first, u16 last) {
  ColumnSpan& span = rows_[row];
  last = std::min(last, columns_);
  if (first >= last) return;
  span = span.empty() ? ColumnSpan{first, last}
                      : ColumnSpan{std::min(span.first, first), std::max(span.last, last)};
}

void Damage::mark_rows(u16 top, u16 bottom) {
  for (u16 row = top; row < bottom; ++row) rows_[row] = {0, columns_};
}

void Damage::scroll(u16 top, u16 bottom, int lines) {
  int const height = bottom - top;
  if (lines == 0 || height <= 0) return;
  bool const is_same_region = scrolled_.top == top && scrolled_.bottom == bottom;
  if (scrolled_.lines != 0 && !is_same_region) {
    // Only one scroll is told; what the earlier one moved is drawn anew.
    mark_rows(scrolled_.top, scrolled_.bottom);
    scrolled_ = {};
  }
  int const total = scrolled_.lines + lines;
  auto const leaves_region = [height](int by) { return by >= height || -by >= height; };
  if (leaves_region(lines) || leaves_region(total)) {
    scrolled_ = {};
    mark_rows(top, bottom);
    return;
  }
  scrolled_ = total == 0 ? ScrolledRows{} : ScrolledRows{top, bottom, total};
  // The marks move with the rows.
  auto const begin = rows_.begin() + top;
  auto const end = rows_.begin() + bottom;
  if (lines > 0) {
    std::shift_left(begin, end, lines);
    mark_rows(static_cast<u16>(bottom - lines), bottom);
  } else {
    std::shift_right(begin, end, -lines);
    mark_rows(top, static_cast<u16>(top - lines));
  }
}

}  // namespace nacre::text
