#include "kernel/memory/region.hpp"

#include "kernel/memory/kernel_memory.hpp"
#include "lib/base/try.hpp"

namespace nacre::memory {

std::expected<Region, MapError> Region::reserve(std::string_view name, u64 size, u64 alignment) {
  auto const range = kernel_memory().ranges().allocate(name, base::align_up(size, hw::page_size),
                                                       hw::page_size, alignment);
  if (!range) return std::unexpected(MapError::OutOfMemory);
  return Region(**range);
}

std::expected<void, MapError> Region::commit(u64 size) {
  u64 const wanted = base::align_up(size, hw::page_size);
  if (wanted > range_->size) return std::unexpected(MapError::OutOfRange);
  KernelMemory& memory = kernel_memory();
  u64 const before = committed_;
  while (committed_ < wanted) {
    auto const frame = memory.frames().allocate_zeroed(single_frame);
    if (!frame) {
      uncommit(before);
      return std::unexpected(MapError::OutOfMemory);
    }
    auto const mapped =
        memory.space().map(start() + committed_, *frame, {1}, {.write = true, .global = true});
    if (!mapped) {
      memory.frames().free(*frame, single_frame);
      uncommit(before);
      return mapped;
    }
    committed_ += hw::page_size;
  }
  return {};
}

void Region::uncommit(u64 from) {
  KernelMemory& memory = kernel_memory();
  while (committed_ > from) {
    committed_ -= hw::page_size;
    hw::VirtAddr const page = start() + committed_;
    auto const frame = memory.space().translate(page);
    auto const unmapped = memory.space().unmap(page, {1});
    NACRE_ASSERT(frame && unmapped);
    memory.frames().free(*frame, single_frame);
  }
}

void Region::release() {
  if (range_ == nullptr) return;
  uncommit(0);
  kernel_memory().ranges().free(*std::exchange(range_, nullptr));
}

std::expected<Region, MapError> create_stack(std::string_view name, u64 size) {
  base::FixedText<48> const purpose("stack {}", name);
  TRY(auto stack, Region::reserve(purpose, size));
  TRY(stack.commit(size));
  return stack;
}

}  // namespace nacre::memory
