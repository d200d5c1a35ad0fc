#pragma once

#include <algorithm>
#include <expected>

#include "lib/base/memory.hpp"
#include "lib/base/try.hpp"
#include "lib/base/types.hpp"
#include "lib/base/vector.hpp"

namespace nacre::fs {

struct ByteRange {
  base::u64 start = 0;
  base::u64 end = 0;
  friend constexpr bool operator==(ByteRange, ByteRange) = default;
};

/// A set of positions as ranges, in order, that do not touch.
class ByteRanges {
 public:
  /// So many ranges at most: beyond that, those that are close together become one, with what lies
  /// between.
  static constexpr base::usize most = 64;

  /// Errors: OutOfMemory; then nothing was changed.
  std::expected<void, base::OutOfMemory> add(ByteRange added) {
    if (added.start >= added.end) return {};
    // The ranges from `first` up to `last` touch the new one.
    base::usize first = 0;
    while (first < ranges_.size() && ranges_[first].end < added.start) ++first;
    base::usize last = first;
    while (last < ranges_.size() && ranges_[last].start <= added.end) {
      added.start = std::min(added.start, ranges_[last].start);
      added.end = std::max(added.end, ranges_[last].end);
      ++last;
    }
    if (first == last) {
      TRY(ranges_.try_insert(first, added));
      if (ranges_.size() > most) join_closest();
      return {};
    }
    ranges_[first] = added;
    ranges_.erase(first + 1, last - first - 1);
    return {};
  }
  bool empty() const { return ranges_.empty(); }
  ByteRange front() const { return ranges_[0]; }
  /// Takes the positions below `end` out of the first range.
  void drop_front(base::u64 end) {
    ranges_[0].start = std::min(std::max(ranges_[0].start, end), ranges_[0].end);
    if (ranges_[0].start == ranges_[0].end) ranges_.erase(0);
  }
  base::usize count() const { return ranges_.size(); }
  const ByteRange* begin() const { return ranges_.begin(); }
  const ByteRange* end() const { return ranges_.end(); }

 private:
  void join_closest() {
    base::usize closest = 0;
    auto const gap = [&](base::usize i) { return ranges_[i + 1].start - ranges_[i].end; };
    for (base::usize i = 1; i + 1 < ranges_.size(); ++i)
      if (gap(i) < gap(closest)) closest = i;
    ranges_[closest].end = ranges_[closest + 1].end;
    ranges_.erase(closest + 1);
  }

  base::Vector<ByteRange> ranges_;
};

}  // namespace nacre::fs
