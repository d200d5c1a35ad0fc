#include "lib/text/scroll_back.hpp"

#include <algorithm>

#include "lib/base/try.hpp"

namespace nacre::text {

std::expected<ScrollBack, base::OutOfMemory> ScrollBack::create(usize cells, usize lines) {
  ScrollBack made;
  TRY(made.cells_.try_resize(cells));
  TRY(made.lines_.try_resize(lines));
  return made;
}

void ScrollBack::push(std::span<const Cell> row) {
  constexpr Cell blank{};
  usize size = row.size();
  // One cell at least, so that each line lies somewhere.
  while (size > 1 && row[size - 1] == blank) --size;
  if (lines_.empty() || size > cells_.size()) return;
  usize const start = next_cell_ + size <= cells_.size() ? next_cell_ : 0;
  // The oldest lines lie ahead of the newest one: those in the way, and those left behind the end.
  bool const is_wrapped = start != next_cell_;
  while (count_ > 0) {
    const Line& oldest = line_at(0);
    bool const is_left_behind = is_wrapped && oldest.first >= next_cell_;
    bool const is_in_the_way = oldest.first < start + size && oldest.first + oldest.size > start;
    if (count_ < lines_.size() && !is_left_behind && !is_in_the_way) break;
    drop_oldest();
  }
  std::ranges::copy(row.first(size), cells_.begin() + start);
  lines_[(oldest_ + count_) % lines_.size()] = {start, size};
  ++count_;
  ++pushed_;
  next_cell_ = start + size;
}

void ScrollBack::clear() { oldest_ = count_ = next_cell_ = 0; }

}  // namespace nacre::text
