#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <optional>

#include "lib/base/types.hpp"

namespace nacre::base {

/// A lock-free queue of `Capacity` items between one producer and one consumer, of which either may
/// be an interrupt handler. Never allocates. `Capacity` is a power of two.
template <class T, usize Capacity>
class SpscRing {
  static_assert(std::has_single_bit(Capacity));

 public:
  /// Producer only. False when full; then nothing changed.
  bool try_push(T item) noexcept {
    usize const tail = tail_.load(std::memory_order_relaxed);
    if (tail - head_.load(std::memory_order_acquire) == Capacity) return false;
    items_[tail % Capacity] = item;
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }
  /// Consumer only.
  std::optional<T> try_pop() noexcept {
    usize const head = head_.load(std::memory_order_relaxed);
    if (head == tail_.load(std::memory_order_acquire)) return std::nullopt;
    T item = items_[head % Capacity];
    head_.store(head + 1, std::memory_order_release);
    return item;
  }
  /// Either side; a snapshot.
  usize size() const noexcept {
    usize const head = head_.load(std::memory_order_acquire);
    return tail_.load(std::memory_order_acquire) - head;
  }
  bool empty() const noexcept { return size() == 0; }
  static constexpr usize capacity() { return Capacity; }

 private:
  std::array<T, Capacity> items_{};
  std::atomic<usize> head_{0};
  std::atomic<usize> tail_{0};
};

}  // namespace nacre::base
