#pragma once

#include <expected>
#include <new>
#include <utility>

#include "lib/base/memory.hpp"
#include "lib/base/types.hpp"

namespace nacre::base {

/// One object on the heap with several owners; it goes with the last of them. For tasks, which take
/// turns: what is shared between processors is shared otherwise.
template <class T>
class Shared {
 public:
  Shared() noexcept = default;
  Shared(const Shared& other) noexcept : holder_(other.holder_) {
    if (holder_ != nullptr) ++holder_->owners;
  }
  Shared(Shared&& other) noexcept : holder_(std::exchange(other.holder_, nullptr)) {}
  Shared& operator=(Shared other) noexcept {
    std::swap(holder_, other.holder_);
    return *this;
  }
  ~Shared() {
    if (holder_ != nullptr && --holder_->owners == 0) delete holder_;
  }

  /// Errors: OutOfMemory, and then no constructor ran.
  template <class... Arguments>
  static std::expected<Shared, OutOfMemory> create(Arguments&&... arguments) {
    Shared shared;
    shared.holder_ = new (std::nothrow) Holder{1, T(std::forward<Arguments>(arguments)...)};
    if (shared.holder_ == nullptr) return std::unexpected(OutOfMemory{});
    return shared;
  }

  explicit operator bool() const { return holder_ != nullptr; }
  T* get() const { return holder_ == nullptr ? nullptr : &holder_->value; }
  T& operator*() const { return holder_->value; }
  T* operator->() const { return &holder_->value; }
  friend bool operator==(const Shared& left, const Shared& right) {
    return left.holder_ == right.holder_;
  }

 private:
  struct Holder {
    usize owners;
    T value;
  };

  Holder* holder_ = nullptr;
};

}  // namespace nacre::base
