#include <cstddef>
#include <new>

#include "kernel/hw/panic.hpp"
#include "kernel/memory/kernel_memory.hpp"

// Every form of `new` and `delete`, over the kernel's heap. Code of ours uses the non-throwing
// forms; the others exist because a virtual destructor refers to them.

namespace {

void* allocate(std::size_t size, std::size_t alignment) {
  if (!nacre::memory::has_kernel_memory()) return nullptr;
  return nacre::memory::kernel_memory().heap().allocate(size, alignment);
}
void* allocate_or_panic(std::size_t size, std::size_t alignment) {
  void* const pointer = allocate(size, alignment);
  if (pointer == nullptr)
    nacre::hw::panic("out of memory for {} bytes in code that cannot say so", size);
  return pointer;
}
void release(void* pointer) {
  if (pointer != nullptr) nacre::memory::kernel_memory().heap().free(pointer);
}
constexpr std::size_t default_alignment = alignof(std::max_align_t);

}  // namespace

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return allocate(size, default_alignment);
}
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size) { return allocate_or_panic(size, default_alignment); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate_or_panic(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* pointer) noexcept { release(pointer); }
void operator delete(void* pointer, std::size_t) noexcept { release(pointer); }
void operator delete(void* pointer, std::align_val_t) noexcept { release(pointer); }
void operator delete(void* pointer, std::size_t, std::align_val_t) noexcept { release(pointer); }
