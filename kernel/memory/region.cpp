#include "kernel/memory/region.hpp"

#include "kernel/memory/backing.hpp"
#include "kernel/memory/kernel_memory.hpp"
#include "lib/base/try.hpp"

namespace nacre::memory {

std::expected<Region, MapError> Region::reserve(std::string_view name, u64 size, u64 alignment,
                                                u64 guard) {
  VirtualRanges& ranges = kernel_memory().ranges();
  if (size > ranges.size()) return std::unexpected(MapError::OutOfMemory);
  auto const range = ranges.allocate(name, base::align_up(size, hw::page_size), guard, alignment);
  if (!range) return std::unexpected(MapError::OutOfMemory);
  return Region(**range);
}

std::expected<void, MapError> Region::commit(u64 size) {
  if (size > range_->size) return std::unexpected(MapError::OutOfRange);
  u64 const wanted = base::align_up(size, hw::page_size);
  if (wanted <= committed_) return {};
  KernelMemory& memory = kernel_memory();
  TRY(map_fresh_memory(memory.space(), memory.frames(), start() + committed_, wanted - committed_,
                       {.write = true, .global = true}));
  committed_ = wanted;
  return {};
}

u64 Region::available() { return kernel_memory().frames().free_bytes(); }

void Region::release() {
  if (range_ == nullptr) return;
  KernelMemory& memory = kernel_memory();
  unmap_and_free_memory(memory.space(), memory.frames(), start(), committed_);
  committed_ = 0;
  memory.ranges().free(*std::exchange(range_, nullptr));
}

std::expected<Region, MapError> create_stack(std::string_view name, u64 size) {
  base::FixedText<48> const purpose("stack {}", name);
  constexpr u64 guard = u64{64} << 10;
  TRY(auto stack, Region::reserve(purpose, size, hw::page_size, guard));
  TRY(stack.commit(size));
  return stack;
}

}  // namespace nacre::memory
