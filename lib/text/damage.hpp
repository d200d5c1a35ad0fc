#pragma once

#include <expected>
#include <span>

#include "lib/base/memory.hpp"
#include "lib/base/vector.hpp"

namespace nacre::text {

using base::u16;
using base::usize;

/// The columns of a row that changed: from `first` up to, not including, `last`.
struct ColumnSpan {
  u16 first = 0;
  u16 last = 0;
  constexpr bool empty() const { return first >= last; }
  friend constexpr bool operator==(ColumnSpan, ColumnSpan) = default;
};

/// Rows `top` up to, not including, `bottom` moved up by `lines`, or down if `lines` is negative.
struct ScrolledRows {
  u16 top = 0;
  u16 bottom = 0;
  int lines = 0;
  friend constexpr bool operator==(const ScrolledRows&, const ScrolledRows&) = default;
};

/// What changed since a display last looked. A display first moves the pixels of `scrolled()`, then
/// draws the `rows()`; together that is the whole change.
class Damage {
 public:
  static std::expected<Damage, base::OutOfMemory> create(u16 columns, u16 rows);

  const ScrolledRows& scrolled() const { return scrolled_; }
  std::span<const ColumnSpan> rows() const { return {rows_.data(), rows_.size()}; }
  bool empty() const;
  void clear();

  void mark(u16 row, u16 first, u16 last);
  void mark_rows(u16 top, u16 bottom);
  void mark_all() {
    scrolled_ = {};
    mark_rows(0, static_cast<u16>(rows_.size()));
  }
  /// Content moved by `lines`, up if positive; the rows that came in are marked.
  void scroll(u16 top, u16 bottom, int lines);

 private:
  base::Vector<ColumnSpan> rows_;
  ScrolledRows scrolled_;
  u16 columns_ = 0;
};

}  // namespace nacre::text
