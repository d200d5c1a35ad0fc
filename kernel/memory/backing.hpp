#pragma once

#include <expected>

#include "kernel/memory/address_space.hpp"
#include "kernel/memory/frame_allocator.hpp"

namespace nacre::memory {

/// Maps `[start, start + size)` to fresh zeroed frames: 2 MiB at a time where a whole aligned one
/// is wanted and there is such a frame, else single ones. Context: task or boot. Errors: as for
/// mapping; then nothing changed.
std::expected<void, MapError> map_fresh_memory(AddressSpace& space, FrameAllocator& frames,
                                               hw::VirtAddr start, u64 size, Access access);
/// Takes it back, or a part that ends where a frame of it ends. What was protected otherwise since
/// then does not matter.
void unmap_and_free_memory(AddressSpace& space, FrameAllocator& frames, hw::VirtAddr start,
                           u64 size);

}  // namespace nacre::memory
