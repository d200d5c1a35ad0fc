#include "lib/wasm/runtime/linear_memory.hpp"

#include <algorithm>

#include "lib/base/try.hpp"

namespace nacre::wasm {

std::expected<LinearMemory, base::OutOfMemory> LinearMemory::create(Platform& platform,
                                                                    const MemoryType& type,
                                                                    u32 host_pages) {
  TRY(auto reservation, Reservation::create(platform, reserved));
  LinearMemory memory(std::move(reservation), type.limits.maximum, host_pages);
  if (!memory.grow(type.limits.minimum)) return std::unexpected(base::OutOfMemory{});
  return memory;
}

bool LinearMemory::may_grow(u32 pages) const {
  u64 const allowed = std::min({u64{host_pages_}, u64{MemoryType::max_pages},
                                u64{maximum_.value_or(MemoryType::max_pages)}});
  u64 const wanted = u64{this->pages()} + pages;
  return wanted <= allowed && reservation_.may_commit_to(wanted * MemoryType::page_size);
}

bool LinearMemory::prepare(u64 size) { return reservation_.commit_to(size_ + size).has_value(); }

bool LinearMemory::grow(u32 pages) {
  u64 const added = u64{pages} * MemoryType::page_size;
  if (!may_grow(pages) || !prepare(added)) return false;
  size_ += added;
  return true;
}

}  // namespace nacre::wasm
