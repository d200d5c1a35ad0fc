#pragma once

#include <cstring>
#include <expected>
#include <span>
#include <string_view>
#include <type_traits>

#include "lib/wasm/runtime/linear_memory.hpp"
#include "lib/wasm/runtime/trap.hpp"

namespace nacre::wasm {

/// A guest gave the host an address outside of its memory.
struct OutOfBounds {
  u32 address;
  u64 size;
  friend bool operator==(OutOfBounds, OutOfBounds) = default;
  /// For host functions that trap on it.
  operator Trap() const { return Trap::MemoryOutOfBounds; }
};

/// The one view through which the host touches a guest's linear memory. Every access is checked
/// against the memory's size at that moment, without overflow. Borrowed spans stay valid, because
/// a memory never moves or shrinks, but their content is the guest's: it changes when it runs.
/// A guest without a memory has one of size 0.
class GuestMemory {
 public:
  GuestMemory() = default;
  explicit GuestMemory(LinearMemory* memory) : memory_(memory) {}

  u64 size() const { return memory_ == nullptr ? 0 : memory_->size(); }

  /// `size` bytes from `address`, borrowed.
  std::expected<std::span<u8>, OutOfBounds> span(u32 address, u64 size) const {
    // An address has 32 bits and so does the size of the memory, about: their sum cannot overflow
    // once `size` is known to be no larger than the memory.
    if (size > this->size() || address > this->size() - size)
      return std::unexpected(OutOfBounds{address, size});
    if (memory_ == nullptr) return std::span<u8>();
    return std::span<u8>(memory_->data() + address, size);
  }
  /// `count` elements of `stride` bytes each; the product is checked too.
  std::expected<std::span<u8>, OutOfBounds> array(u32 address, u32 count, u32 stride) const {
    return span(address, u64{count} * stride);
  }
  std::expected<std::string_view, OutOfBounds> text(u32 address, u64 size) const {
    auto const bytes = span(address, size);
    if (!bytes) return std::unexpected(bytes.error());
    return std::string_view(std::bit_cast<const char*>(bytes->data()), bytes->size());
  }

  /// A scalar at any alignment, little-endian.
  template <class T>
    requires std::is_arithmetic_v<T>
  std::expected<T, OutOfBounds> read(u32 address) const {
    auto const bytes = span(address, sizeof(T));
    if (!bytes) return std::unexpected(bytes.error());
    T value;
    std::memcpy(&value, bytes->data(), sizeof(T));
    return value;
  }
  template <class T>
    requires std::is_arithmetic_v<T>
  std::expected<void, OutOfBounds> write(u32 address, T value) const {
    auto const bytes = span(address, sizeof(T));
    if (!bytes) return std::unexpected(bytes.error());
    std::memcpy(bytes->data(), &value, sizeof(T));
    return {};
  }
  /// Copies all of `source` to `address`.
  std::expected<void, OutOfBounds> write_bytes(u32 address, std::span<const u8> source) const {
    auto const bytes = span(address, source.size());
    if (!bytes) return std::unexpected(bytes.error());
    if (!source.empty()) std::memcpy(bytes->data(), source.data(), source.size());
    return {};
  }

 private:
  LinearMemory* memory_ = nullptr;
};

}  // namespace nacre::wasm
