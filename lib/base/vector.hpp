#pragma once

#include <expected>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

#include "lib/base/assert.hpp"
#include "lib/base/memory.hpp"
#include "lib/base/types.hpp"

namespace nacre::base {

/// A growable array whose growth can fail: every operation that may allocate says so in its result
/// and leaves the vector as it was when it fails. Move-only; copy with `try_copy`.
template <class T>
class Vector {
 public:
  using value_type = T;
  using iterator = T*;
  using const_iterator = const T*;

  constexpr Vector() noexcept = default;
  constexpr Vector(Vector&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  constexpr Vector& operator=(Vector&& other) noexcept {
    if (this != &other) {
      release();
      data_ = std::exchange(other.data_, nullptr);
      size_ = std::exchange(other.size_, 0);
      capacity_ = std::exchange(other.capacity_, 0);
    }
    return *this;
  }
  Vector(const Vector&) = delete;
  Vector& operator=(const Vector&) = delete;
  constexpr ~Vector() { release(); }

  /// `count` value-initialised elements.
  static std::expected<Vector, OutOfMemory> create(usize count) {
    Vector vector;
    if (!vector.try_resize(count)) return std::unexpected(OutOfMemory{});
    return vector;
  }
  static std::expected<Vector, OutOfMemory> try_copy(std::span<const T> source) {
    Vector vector;
    if (!vector.try_append(source)) return std::unexpected(OutOfMemory{});
    return vector;
  }

  constexpr usize size() const noexcept { return size_; }
  constexpr usize capacity() const noexcept { return capacity_; }
  constexpr bool empty() const noexcept { return size_ == 0; }
  constexpr T* data() noexcept { return data_; }
  constexpr const T* data() const noexcept { return data_; }
  constexpr T* begin() noexcept { return data_; }
  constexpr T* end() noexcept { return data_ + size_; }
  constexpr const T* begin() const noexcept { return data_; }
  constexpr const T* end() const noexcept { return data_ + size_; }

  constexpr T& operator[](usize index) {
    NACRE_ASSERT(index < size_);
    return data_[index];
  }
  constexpr const T& operator[](usize index) const {
    NACRE_ASSERT(index < size_);
    return data_[index];
  }
  constexpr T& front() { return (*this)[0]; }
  constexpr const T& front() const { return (*this)[0]; }
  constexpr T& back() { return (*this)[size_ - 1]; }
  constexpr const T& back() const { return (*this)[size_ - 1]; }

  /// Makes room for `capacity` elements in all.
  std::expected<void, OutOfMemory> try_reserve(usize capacity) {
    if (capacity <= capacity_) return {};
    return reallocate(capacity);
  }
  std::expected<void, OutOfMemory> try_push_back(T value) {
    return try_emplace_back(std::move(value));
  }
  template <class... Arguments>
  std::expected<void, OutOfMemory> try_emplace_back(Arguments&&... arguments) {
    if (auto const room = grow_for(1); !room) return room;
    std::construct_at(data_ + size_, std::forward<Arguments>(arguments)...);
    ++size_;
    return {};
  }
  /// Copies `source`, which must not lie in this vector.
  std::expected<void, OutOfMemory> try_append(std::span<const T> source) {
    if (auto const room = grow_for(source.size()); !room) return room;
    std::uninitialized_copy(source.begin(), source.end(), data_ + size_);
    size_ += source.size();
    return {};
  }
  std::expected<void, OutOfMemory> try_insert(usize index, T value) {
    NACRE_ASSERT(index <= size_);
    if (auto const pushed = try_emplace_back(std::move(value)); !pushed) return pushed;
    for (usize i = size_ - 1; i > index; --i) std::swap(data_[i], data_[i - 1]);
    return {};
  }
  /// New elements are value-initialised.
  std::expected<void, OutOfMemory> try_resize(usize size) {
    if (size > size_) {
      if (auto const room = grow_for(size - size_); !room) return room;
      std::uninitialized_value_construct_n(data_ + size_, size - size_);
      size_ = size;
    } else {
      truncate(size);
    }
    return {};
  }

  /// Adds an element to a vector whose capacity was reserved before.
  void push_back_reserved(T value) {
    NACRE_ASSERT(size_ < capacity_);
    std::construct_at(data_ + size_++, std::move(value));
  }
  constexpr void truncate(usize size) {
    NACRE_ASSERT(size <= size_);
    std::destroy_n(data_ + size, size_ - size);
    size_ = size;
  }
  constexpr void pop_back() { truncate(size_ - 1); }
  constexpr void clear() { truncate(0); }
  void erase(usize index) {
    NACRE_ASSERT(index < size_);
    erase(index, 1);
  }
  void erase(usize first, usize count) {
    NACRE_ASSERT(first <= size_ && count <= size_ - first);
    std::move(data_ + first + count, data_ + size_, data_ + first);
    truncate(size_ - count);
  }

 private:
  std::expected<void, OutOfMemory> grow_for(usize count) {
    if (count <= capacity_ - size_) return {};
    if (count > max_size() - size_) return std::unexpected(OutOfMemory{});
    usize const needed = size_ + count;
    usize const doubled = capacity_ <= max_size() / 2 ? capacity_ * 2 : max_size();
    return reallocate(doubled > needed ? doubled : needed);
  }
  std::expected<void, OutOfMemory> reallocate(usize capacity) {
    if (capacity > max_size()) return std::unexpected(OutOfMemory{});
    auto* const fresh = static_cast<T*>(allocate(capacity * sizeof(T), alignof(T)));
    if (fresh == nullptr) return std::unexpected(OutOfMemory{});
    std::uninitialized_move_n(data_, size_, fresh);
    usize const size = size_;
    release();
    data_ = fresh;
    size_ = size;
    capacity_ = capacity;
    return {};
  }
  constexpr void release() noexcept {
    if (data_ == nullptr) return;
    std::destroy_n(data_, size_);
    deallocate(data_, capacity_ * sizeof(T), alignof(T));
    data_ = nullptr;
    size_ = capacity_ = 0;
  }
  static constexpr usize max_size() { return static_cast<usize>(PTRDIFF_MAX) / sizeof(T); }

  T* data_ = nullptr;
  usize size_ = 0;
  usize capacity_ = 0;
};

}  // namespace nacre::base
