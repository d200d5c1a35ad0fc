#include "kernel/memory/mapped_blocks.hpp"

#include "kernel/memory/backing.hpp"
#include "lib/base/assert.hpp"

namespace nacre::memory {
namespace {

hw::VirtAddr address_of(const void* pointer) { return {reinterpret_cast<u64>(pointer)}; }

}  // namespace

void* MappedBlocks::allocate(u64 size) {
  if (size > ranges_.size()) return nullptr;
  u64 const bytes = base::align_up(size, hw::page_size);
  u64 const alignment = bytes >= hw::large_page_size ? hw::large_page_size : hw::page_size;
  auto const range = ranges_.allocate("heap block", bytes, hw::page_size, alignment);
  if (!range) return nullptr;
  hw::VirtAddr const start = (*range)->start();
  if (!map_fresh_memory(space_, frames_, start, bytes, {.write = true, .global = true})) {
    ranges_.free(**range);
    return nullptr;
  }
  return reinterpret_cast<void*>(start.value);
}

bool MappedBlocks::owns(const void* pointer) const { return ranges_.covers(address_of(pointer)); }

VirtualRange& MappedBlocks::range_of(const void* pointer) const {
  VirtualRange* const range = ranges_.find(address_of(pointer));
  NACRE_ASSERT(range != nullptr && range->start() == address_of(pointer));
  return *range;
}

u64 MappedBlocks::size_of(const void* pointer) const { return range_of(pointer).size; }

void MappedBlocks::free(void* pointer) {
  VirtualRange& range = range_of(pointer);
  unmap_and_free_memory(space_, frames_, range.start(), range.size);
  ranges_.free(range);
}

}  // namespace nacre::memory
