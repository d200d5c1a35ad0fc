#include "tests/bench/hosted/recording_allocator.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>

namespace nacre::bench {
namespace {

using base::u32;
using base::u64;
using base::usize;

constexpr usize most_calls = 4'000'000;
constinit HeapCall* calls = nullptr;
constinit usize count = 0;
constinit u32 objects = 0;
constinit bool is_recording = false;

/// In front of each object: its number, in as many bytes as the strictest alignment.
constexpr usize front = alignof(std::max_align_t);
constexpr u64 unrecorded = UINT64_MAX;

void* take(std::size_t size, std::size_t alignment = front) {
  usize const before = std::max(front, alignment);
  void* block = nullptr;
  if (posix_memalign(&block, before, before + size) != 0) return nullptr;
  auto* const object = static_cast<char*>(block) + before;
  auto* const number = static_cast<u64*>(static_cast<void*>(object - front));
  number[0] = unrecorded;
  number[1] = before;
  if (is_recording && count < most_calls) {
    number[0] = objects++;
    calls[count++] = {static_cast<u32>(number[0]), std::max(static_cast<u32>(size), 1u)};
  }
  return object;
}
void* take_or_abort(std::size_t size, std::size_t alignment = front) {
  void* const object = take(size, alignment);
  if (object == nullptr) std::abort();
  return object;
}
void give_back(void* object) {
  if (object == nullptr) return;
  auto* const number = static_cast<u64*>(static_cast<void*>(static_cast<char*>(object) - front));
  if (is_recording && number[0] != unrecorded && count < most_calls)
    calls[count++] = {static_cast<u32>(number[0]), 0};
  std::free(static_cast<char*>(object) - number[1]);
}

}  // namespace

void begin_recording() {
  if (calls == nullptr) calls = static_cast<HeapCall*>(std::calloc(most_calls, sizeof(HeapCall)));
  if (calls == nullptr) std::abort();
  count = objects = 0;
  is_recording = true;
}
std::span<const HeapCall> end_recording() {
  is_recording = false;
  return {calls, count};
}

}  // namespace nacre::bench

using namespace nacre::bench;

void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return take(size); }
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return take(size, std::size_t(alignment));
}
void* operator new(std::size_t size) { return take_or_abort(size); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return take_or_abort(size, std::size_t(alignment));
}
void operator delete(void* object) noexcept { give_back(object); }
void operator delete(void* object, std::size_t) noexcept { give_back(object); }
void operator delete(void* object, std::align_val_t) noexcept { give_back(object); }
void operator delete(void* object, std::size_t, std::align_val_t) noexcept { give_back(object); }
