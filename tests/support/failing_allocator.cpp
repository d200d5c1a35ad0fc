#include "tests/support/failing_allocator.hpp"

#include <atomic>
#include <cstdlib>
#include <limits>
#include <malloc.h>
#include <new>

namespace nacre::test {
namespace {

thread_local bool active = false;
thread_local bool reached = false;
thread_local base::u64 remaining = 0;
constinit std::atomic<base::u64> live = 0;
constinit std::atomic<base::u64> most_live = std::numeric_limits<base::u64>::max();

void* counted(void* pointer) {
  if (pointer != nullptr) live.fetch_add(malloc_usable_size(pointer), std::memory_order_relaxed);
  return pointer;
}
void release(void* pointer) {
  live.fetch_sub(malloc_usable_size(pointer), std::memory_order_relaxed);
  std::free(pointer);
}
void* aligned(std::size_t size, std::align_val_t alignment) {
  void* pointer = nullptr;
  std::size_t const at_least =
      alignof(void*) > std::size_t(alignment) ? alignof(void*) : std::size_t(alignment);
  return posix_memalign(&pointer, at_least, size) == 0 ? counted(pointer) : nullptr;
}
bool is_refused(std::size_t size) {
  return allocation_fails_now() || size > most_live.load(std::memory_order_relaxed) ||
         live.load(std::memory_order_relaxed) > most_live.load(std::memory_order_relaxed) - size;
}

}  // namespace

base::u64 live_bytes() { return live.load(std::memory_order_relaxed); }
void limit_live_bytes(base::u64 limit) { most_live.store(limit, std::memory_order_relaxed); }

bool allocation_fails_now() {
  if (!active) return false;
  if (remaining != 0) {
    --remaining;
    return false;
  }
  active = false;
  reached = true;
  return true;
}

FailingAllocations::FailingAllocations(base::u64 fail_at) : fail_at_(fail_at) {
  remaining = fail_at;
  reached = false;
  active = true;
}
FailingAllocations::~FailingAllocations() { active = false; }
bool FailingAllocations::triggered() const { return reached; }
base::u64 FailingAllocations::made() const { return fail_at_ - remaining; }

}  // namespace nacre::test

// All forms go to malloc, which the sanitizers watch.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return nacre::test::is_refused(size) ? nullptr : nacre::test::counted(std::malloc(size));
}
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return nacre::test::is_refused(size) ? nullptr : nacre::test::aligned(size, alignment);
}
void* operator new(std::size_t size) {
  void* const pointer = nacre::test::counted(std::malloc(size));
  if (pointer == nullptr) std::abort();
  return pointer;
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  void* const pointer = nacre::test::aligned(size, alignment);
  if (pointer == nullptr) std::abort();
  return pointer;
}
void operator delete(void* pointer) noexcept { nacre::test::release(pointer); }
void operator delete(void* pointer, std::size_t) noexcept { nacre::test::release(pointer); }
void operator delete(void* pointer, std::align_val_t) noexcept { nacre::test::release(pointer); }
void operator delete(void* pointer, std::size_t, std::align_val_t) noexcept {
  nacre::test::release(pointer);
}
