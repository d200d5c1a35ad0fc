#pragma once

#include <array>
#include <optional>
#include <utility>

#include "lib/base/types.hpp"

namespace nacre::base {

/// A queue of at most `Capacity` items that forgets the oldest when it is full. Never allocates.
template <class T, usize Capacity>
class RecentQueue {
  static_assert(Capacity > 0);

 public:
  constexpr void push(const T& item) {
    if (size_ == Capacity) pop();
    items_[(first_ + size_++) % Capacity] = item;
  }
  /// The oldest item.
  constexpr std::optional<T> pop() {
    if (size_ == 0) return std::nullopt;
    --size_;
    return items_[std::exchange(first_, (first_ + 1) % Capacity)];
  }
  constexpr void clear() { size_ = 0; }
  constexpr usize size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }

 private:
  std::array<T, Capacity> items_{};
  usize first_ = 0;
  usize size_ = 0;
};

}  // namespace nacre::base
