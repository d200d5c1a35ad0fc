#include "tests/bench/hosted/counting_allocator.hpp"

#include <algorithm>
#include <cstdlib>
#include <malloc.h>
#include <new>

namespace nacre::bench {
namespace {

constinit HeapUse use;

void* counted(void* pointer) {
  use.current += malloc_usable_size(pointer);
  use.peak = std::max(use.peak, use.current);
  return pointer;
}
void* counted_or_abort(void* pointer) {
  if (pointer == nullptr) std::abort();
  return counted(pointer);
}
void* aligned(std::size_t size, std::align_val_t alignment) {
  void* pointer = nullptr;
  std::size_t const at_least = std::max(alignof(void*), std::size_t(alignment));
  return posix_memalign(&pointer, at_least, size) == 0 ? pointer : nullptr;
}
void release(void* pointer) {
  use.current -= malloc_usable_size(pointer);
  std::free(pointer);
}

}  // namespace

HeapUse heap_use() { return use; }
void begin_peak() { use.peak = use.current; }

}  // namespace nacre::bench

using namespace nacre::bench;

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return counted(std::malloc(size));
}
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return counted(aligned(size, alignment));
}
void* operator new(std::size_t size) { return counted_or_abort(std::malloc(size)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted_or_abort(aligned(size, alignment));
}
void operator delete(void* pointer) noexcept { release(pointer); }
void operator delete(void* pointer, std::size_t) noexcept { release(pointer); }
void operator delete(void* pointer, std::align_val_t) noexcept { release(pointer); }
void operator delete(void* pointer, std::size_t, std::align_val_t) noexcept { release(pointer); }
