#include "kernel/memory/backing.hpp"

#include <array>
#include <span>

#include "lib/base/assert.hpp"

namespace nacre::memory {
namespace {

struct Block {
  hw::PhysAddr start;
  Order order;
};

std::expected<Block, OutOfMemory> block_for(FrameAllocator& frames, hw::VirtAddr at, u64 size) {
  if (at.value % hw::large_page_size == 0 && size >= hw::large_page_size) {
    if (auto const large = frames.allocate_zeroed(large_frame)) return Block{*large, large_frame};
  }
  TRY(auto const single, frames.allocate_zeroed(single_frame));
  return Block{single, single_frame};
}

}  // namespace

std::expected<void, MapError> map_fresh_memory(AddressSpace& space, FrameAllocator& frames,
                                               hw::VirtAddr start, u64 size, Access access) {
  NACRE_ASSERT((start.value | size) % hw::page_size == 0);
  for (u64 done = 0; done < size;) {
    auto const block = block_for(frames, start + done, size - done);
    std::expected<void, MapError> mapped = std::unexpected(MapError::OutOfMemory);
    if (block) {
      u64 const bytes = block->order.bytes();
      mapped = space.map(start + done, block->start, hw::PageCount::covering(bytes), access);
      if (mapped) {
        done += bytes;
        continue;
      }
      frames.free(block->start, block->order);
    }
    unmap_and_free_memory(space, frames, start, done);
    return mapped;
  }
  return {};
}

void unmap_and_free_memory(AddressSpace& space, FrameAllocator& frames, hw::VirtAddr start,
                           u64 size) {
  // Several blocks at a time: after each change the tables are searched for what is left in them.
  std::array<Block, 32> blocks;
  for (u64 done = 0; done < size;) {
    usize count = 0;
    u64 bytes = 0;
    while (count < blocks.size() && done + bytes < size) {
      // The frames know how they were taken; the entries may have been split since.
      auto const phys = space.translate(start + done + bytes);
      NACRE_ASSERT(phys.has_value());
      blocks[count] = {*phys, frames.order_of(*phys)};
      bytes += blocks[count++].order.bytes();
    }
    auto const unmapped = space.unmap(start + done, hw::PageCount::covering(bytes));
    NACRE_ASSERT(unmapped.has_value());
    for (Block const& block : std::span(blocks).first(count)) frames.free(block.start, block.order);
    done += bytes;
  }
}

}  // namespace nacre::memory
