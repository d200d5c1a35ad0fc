#pragma once

#include <array>
#include <expected>
#include <span>

#include "kernel/memory/address_space.hpp"
#include "kernel/memory/frame_allocator.hpp"
#include "kernel/memory/heap.hpp"
#include "kernel/memory/virtual_ranges.hpp"

namespace nacre::memory {

/// A part of the kernel's image and what may be done with it.
struct ImagePart {
  hw::VirtAddr start;
  hw::VirtAddr end;
  Access access;
};

/// All of the kernel's memory: frames, its address space, its ranges and its heap. There is one;
/// boot makes it and `install`s it, and it stays.
class KernelMemory {
 public:
  /// `root` is a zeroed frame of `frames`: the root of the address space.
  KernelMemory(FrameAllocator frames, hw::PhysAddr root, NoExecute no_execute);

  /// Takes over the frames of `map`, builds the kernel's own address space (all memory in the
  /// direct map, the image's parts as given) and switches to it. Until then the direct map shows
  /// the memory below `mapped_by_boot`. Context: boot, once. Errors: as for mapping.
  static std::expected<KernelMemory*, MapError> install(const hw::MemoryMap& map,
                                                        hw::PhysAddr mapped_by_boot,
                                                        std::span<const ImagePart> image,
                                                        u64 image_offset, NoExecute no_execute);

  FrameAllocator& frames() { return frames_; }
  AddressSpace& space() { return space_; }
  VirtualRanges& ranges() { return ranges_; }
  Heap& heap() { return heap_; }

 private:
  FrameAllocator frames_;
  AddressSpace space_;
  VirtualRanges ranges_;
  MappedBlocks mapped_blocks_;
  Heap heap_;
};

/// The installed one. Any context, after `install`.
KernelMemory& kernel_memory();
bool has_kernel_memory();

/// What lies at an address of the kernel's ranges, for a report: "guard page of stack main". Empty
/// where nothing is known. Exception context too; the text is valid until the next call.
std::string_view describe_address(hw::VirtAddr at);

}  // namespace nacre::memory
