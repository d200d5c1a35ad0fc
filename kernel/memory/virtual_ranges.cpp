#include "kernel/memory/virtual_ranges.hpp"

#include <algorithm>

#include "lib/base/try.hpp"

namespace nacre::memory {

VirtualRanges::~VirtualRanges() {
  while (VirtualRange* const range = ranges_.pop_front()) delete range;
}

std::expected<VirtualRange*, base::OutOfMemory> VirtualRanges::allocate(std::string_view name,
                                                                        base::u64 size,
                                                                        base::u64 guard,
                                                                        base::u64 alignment) {
  if (std::max({size, guard, alignment}) > this->size())
    return std::unexpected(base::OutOfMemory{});
  base::u64 const outer_size = size + 2 * guard;
  auto const place_after = [&](hw::VirtAddr at) {
    return hw::VirtAddr{base::align_up(at.value + guard, alignment) - guard};
  };
  // The first gap that is large enough. There are some dozens of ranges.
  hw::VirtAddr place = place_after(start_);
  auto next = ranges_.begin();
  while (next != ranges_.end() && (next->outer < place || next->outer - place < outer_size)) {
    place = place_after(next->outer_end());
    ++next;
  }
  if (place > end_ || end_ - place < outer_size) return std::unexpected(base::OutOfMemory{});
  TRY(auto range, base::try_make<VirtualRange>(name, place, guard, size));
  if (next == ranges_.end()) {
    ranges_.push_back(*range);
  } else {
    ranges_.insert_before(*next, *range);
  }
  return range.release();
}

void VirtualRanges::free(VirtualRange& range) {
  range.unlink();
  delete &range;
}

VirtualRange* VirtualRanges::find(hw::VirtAddr at) const {
  for (VirtualRange& range : ranges_) {
    if (at >= range.outer && at < range.outer_end()) return &range;
  }
  return nullptr;
}

}  // namespace nacre::memory
