#include "tests/support/failing_allocator.hpp"

#include <cstdlib>
#include <new>

namespace nacre::test {
namespace {

thread_local bool active = false;
thread_local bool reached = false;
thread_local base::u64 remaining = 0;

}  // namespace

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

// The non-throwing forms go to malloc, which the sanitizers watch; so do all forms of delete.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return nacre::test::allocation_fails_now() ? nullptr : std::malloc(size);
}
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  if (nacre::test::allocation_fails_now()) return nullptr;
  void* pointer = nullptr;
  std::size_t const at_least =
      alignof(void*) > std::size_t(alignment) ? alignof(void*) : std::size_t(alignment);
  return posix_memalign(&pointer, at_least, size) == 0 ? pointer : nullptr;
}
void* operator new(std::size_t size) {
  void* const pointer = std::malloc(size);
  if (pointer == nullptr) std::abort();
  return pointer;
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  void* pointer = nullptr;
  std::size_t const at_least =
      alignof(void*) > std::size_t(alignment) ? alignof(void*) : std::size_t(alignment);
  if (posix_memalign(&pointer, at_least, size) != 0) std::abort();
  return pointer;
}
void operator delete(void* pointer) noexcept { std::free(pointer); }
void operator delete(void* pointer, std::size_t) noexcept { std::free(pointer); }
void operator delete(void* pointer, std::align_val_t) noexcept { std::free(pointer); }
void operator delete(void* pointer, std::size_t, std::align_val_t) noexcept { std::free(pointer); }
