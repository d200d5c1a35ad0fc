#pragma once

#include <array>
#include <expected>
#include <string_view>

#include "kernel/hw/address.hpp"
#include "lib/base/format.hpp"
#include "lib/base/intrusive_list.hpp"
#include "lib/base/memory.hpp"

namespace nacre::memory {

/// One range of addresses in use, with unmapped guards before and behind it.
struct VirtualRange : base::ListNode<VirtualRange> {
  VirtualRange(std::string_view purpose, hw::VirtAddr start_of_guard, base::u64 guard_size,
               base::u64 inner_size)
      : name("{}", purpose), outer(start_of_guard), guard(guard_size), size(inner_size) {}

  hw::VirtAddr start() const { return outer + guard; }
  hw::VirtAddr outer_end() const { return outer + 2 * guard + size; }

  base::FixedText<48> name;
  hw::VirtAddr outer;
  base::u64 guard;
  base::u64 size;
};

/// Gives out parts of one stretch of address space. What is mapped there is not its concern.
/// Context: task or boot.
class VirtualRanges {
 public:
  VirtualRanges(hw::VirtAddr start, hw::VirtAddr end) : start_(start), end_(end) {}
  VirtualRanges(const VirtualRanges&) = delete;
  VirtualRanges& operator=(const VirtualRanges&) = delete;
  ~VirtualRanges();

  /// `size` bytes aligned to `alignment`, with `guard` bytes that nobody gets on either side. Sizes
  /// are multiples of a page. Errors: OutOfMemory (of heap or of addresses).
  std::expected<VirtualRange*, base::OutOfMemory> allocate(std::string_view name, base::u64 size,
                                                           base::u64 guard, base::u64 alignment);
  void free(VirtualRange& range);
  /// The range whose guard or inside `at` lies in, or null. Exception context too.
  VirtualRange* find(hw::VirtAddr at) const;
  /// Whether `at` lies in the stretch, given out or not.
  bool covers(hw::VirtAddr at) const { return at >= start_ && at < end_; }
  base::u64 size() const { return end_ - start_; }

 private:
  hw::VirtAddr start_;
  hw::VirtAddr end_;
  mutable base::IntrusiveList<VirtualRange> ranges_;  // by address
};

}  // namespace nacre::memory
