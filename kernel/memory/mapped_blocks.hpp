#pragma once

#include "kernel/memory/address_space.hpp"
#include "kernel/memory/frame_allocator.hpp"
#include "kernel/memory/virtual_ranges.hpp"

namespace nacre::memory {

/// The heap's largest blocks: frames that need not be neighbours, shown side by side in a range of
/// addresses with guard pages. Context: task or boot.
class MappedBlocks {
 public:
  MappedBlocks(FrameAllocator& frames, AddressSpace& space, VirtualRanges& ranges)
      : frames_(frames), space_(space), ranges_(ranges) {}
  MappedBlocks(const MappedBlocks&) = delete;
  MappedBlocks& operator=(const MappedBlocks&) = delete;

  /// At least `size` zeroed bytes aligned to a page, or null.
  [[nodiscard]] void* allocate(u64 size);
  /// Whether `pointer` came from here, rather than from the direct map.
  bool owns(const void* pointer) const;
  /// The bytes behind a block, all of them.
  u64 size_of(const void* pointer) const;
  void free(void* pointer);

 private:
  VirtualRange& range_of(const void* pointer) const;

  FrameAllocator& frames_;
  AddressSpace& space_;
  VirtualRanges& ranges_;
};

}  // namespace nacre::memory
