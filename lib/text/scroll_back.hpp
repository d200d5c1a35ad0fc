#pragma once

#include <expected>
#include <span>

#include "lib/base/memory.hpp"
#include "lib/base/vector.hpp"
#include "lib/text/cell.hpp"

namespace nacre::text {

using base::usize;

/// The rows that left the top of a screen, as many as fit into memory that is taken once: without
/// the blanks at their ends, the oldest ones make room.
class ScrollBack {
 public:
  /// Room for `cells` cells in at most `lines` rows. With none of them nothing is kept.
  static std::expected<ScrollBack, base::OutOfMemory> create(usize cells, usize lines);
  ScrollBack() = default;

  usize size() const { return count_; }
  /// A row, 0 being the oldest; what it lacks to the width of the screen is blank.
  std::span<const Cell> operator[](usize index) const {
    const Line& line = line_at(index);
    return {cells_.data() + line.first, line.size};
  }
  /// How many rows were kept so far; what is there are the last of them.
  base::u64 pushed() const { return pushed_; }
  void push(std::span<const Cell> row);
  void clear();

 private:
  struct Line {
    usize first = 0;
    usize size = 0;
  };
  const Line& line_at(usize index) const {
    NACRE_ASSERT(index < count_);
    return lines_[(oldest_ + index) % lines_.size()];
  }
  void drop_oldest() {
    oldest_ = (oldest_ + 1) % lines_.size();
    --count_;
  }

  base::Vector<Cell> cells_;  // each line in one piece; they follow each other around
  base::Vector<Line> lines_;  // a ring
  usize oldest_ = 0;
  usize count_ = 0;
  base::u64 pushed_ = 0;
  usize next_cell_ = 0;
};

}  // namespace nacre::text
