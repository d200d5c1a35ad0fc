#pragma once

#include <expected>
#include <memory>
#include <new>
#include <utility>

#include "lib/base/types.hpp"

namespace nacre::base {

/// An allocation failed. Every domain whose functions allocate can be made from it.
struct OutOfMemory {
  friend constexpr bool operator==(OutOfMemory, OutOfMemory) = default;
};

/// `size` bytes aligned to `alignment`, or null. The one door to the heap for everything in `lib/`
/// and `kernel/`; tests make it fail in turn.
[[nodiscard]] inline void* allocate(usize size, usize alignment) noexcept {
  return ::operator new(size, std::align_val_t{alignment}, std::nothrow);
}
inline void deallocate(void* pointer, usize size, usize alignment) noexcept {
  static_cast<void>(size);
  ::operator delete(pointer, std::align_val_t{alignment});
}

/// One object on the heap with one owner.
template <class T>
using Box = std::unique_ptr<T>;

/// Constructs a `T` on the heap. Errors: OutOfMemory, and then no constructor ran.
template <class T, class... Arguments>
std::expected<Box<T>, OutOfMemory> try_make(Arguments&&... arguments) {
  T* const object = new (std::nothrow) T(std::forward<Arguments>(arguments)...);
  if (object == nullptr) return std::unexpected(OutOfMemory{});
  return Box<T>(object);
}

}  // namespace nacre::base
