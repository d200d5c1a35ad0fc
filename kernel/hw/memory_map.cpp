#include "kernel/hw/memory_map.hpp"

#include <algorithm>

namespace nacre::hw {
namespace {

/// Physical addresses have at most 52 bits. [intel/vol3: "4-Level Paging and 5-Level Paging"]
constexpr u64 physical_limit = u64{1} << 52;

}  // namespace

bool MemoryMap::add(MemoryRange range) {
  if (range.size == 0 || range.start.value >= physical_limit) return true;
  range.size = std::min(range.size, physical_limit - range.start.value);
  if (count_ == capacity) {
    ++dropped_;
    return false;
  }
  ranges_[count_++] = range;
  return true;
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
      continue;
    }
    result[result_count++] = {{start}, end - start, strongest->kind};
  }
  ranges_ = result;
  count_ = result_count;
}

void MemoryMap::reserve(PhysAddr start, u64 size) {
  if (count_ == capacity) {
    // Room for one more, at the price of the last range.
    --count_;
    ++dropped_;
  }
  add({start, size, MemoryKind::Reserved});
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
