#include "kernel/hw/memory_map.hpp"

#include <algorithm>

namespace nacre::hw {

bool MemoryMap::add(MemoryRange range) {
  if (range.size == 0 || range.start >= limit) return true;
  range.size = std::min(range.size, limit - range.start);
  usize const dropped_before = dropped_;
  bool const usable = range.kind == MemoryKind::Usable;
  if (count_ == capacity) normalise();
  if (count_ == capacity && !usable) drop_usable();
  if (count_ == capacity || (usable && incomplete_)) {
    ++dropped_;
    incomplete_ |= !usable;
    return false;
  }
  ranges_[count_++] = range;
  return dropped_ == dropped_before;
}

void MemoryMap::drop_usable() {
  MemoryRange* smallest = nullptr;
  for (MemoryRange& range : std::span(ranges_).first(count_)) {
    if (range.kind != MemoryKind::Usable) continue;
    if (smallest == nullptr || range.size < smallest->size) smallest = &range;
  }
  if (smallest == nullptr) return;
  *smallest = ranges_[--count_];
  ++dropped_;
}

void MemoryMap::normalise() {
  // Between two neighbouring boundaries every address lies in the same ranges, so each such piece
  // has one kind: the least usable of those that cover it.
  std::array<u64, capacity * 2> boundaries;
  usize boundary_count = 0;
  for (auto const& range : ranges()) {
    boundaries[boundary_count++] = range.start.value;
    boundaries[boundary_count++] = range.end().value;
  }
  // With a comparison of our own: for the default one libc++ refers to its compiled library.
  std::ranges::sort(std::span(boundaries).first(boundary_count),
                    [](u64 a, u64 b) { return a < b; });

  std::array<MemoryRange, capacity> result;
  usize result_count = 0;
  for (usize i = 0; i + 1 < boundary_count; ++i) {
    u64 const start = boundaries[i];
    u64 const end = boundaries[i + 1];
    if (start == end) continue;
    const MemoryRange* strongest = nullptr;
    for (auto const& range : ranges()) {
      if (range.start.value > start || range.end().value < end) continue;
      if (strongest == nullptr || range.kind > strongest->kind) strongest = &range;
    }
    if (strongest == nullptr) continue;
    if (result_count > 0) {
      MemoryRange& last = result[result_count - 1];
      if (last.kind == strongest->kind && last.end().value == start) {
        last.size += end - start;
        continue;
      }
    }
    if (result_count == capacity) {
      ++dropped_;
      incomplete_ |= strongest->kind != MemoryKind::Usable;
      continue;
    }
    result[result_count++] = {{start}, end - start, strongest->kind};
  }
  ranges_ = result;
  count_ = result_count;
}

void MemoryMap::take(PhysAddr start, u64 size) {
  add({start, size, MemoryKind::InUse});
  normalise();
}

u64 MemoryMap::usable_bytes() const {
  u64 total = 0;
  for (auto const& range : ranges()) {
    if (range.kind == MemoryKind::Usable) total += range.size;
  }
  return total;
}

}  // namespace nacre::hw
