#pragma once

#include <concepts>
#include <expected>
#include <span>

#include "lib/base/try.hpp"
#include "lib/base/types.hpp"

namespace nacre::base {

/// The bytes ended before what was to be read; `offset` is where the read began.
struct UnexpectedEnd {
  usize offset;
  friend constexpr bool operator==(UnexpectedEnd, UnexpectedEnd) = default;
};

/// Reads a borrowed span of bytes from front to back; nothing is read past its end.
class ByteCursor {
 public:
  constexpr explicit ByteCursor(std::span<const u8> bytes, usize offset = 0)
      : bytes_(bytes), offset_(offset) {}

  constexpr usize offset() const { return offset_; }
  constexpr usize remaining() const { return bytes_.size() - offset_; }
  constexpr bool at_end() const { return remaining() == 0; }

  constexpr std::expected<u8, UnexpectedEnd> next() {
    if (at_end()) return std::unexpected(UnexpectedEnd{offset_});
    return bytes_[offset_++];
  }
  constexpr std::expected<u8, UnexpectedEnd> peek() const {
    if (at_end()) return std::unexpected(UnexpectedEnd{offset_});
    return bytes_[offset_];
  }
  /// The next `count` bytes, borrowed.
  constexpr std::expected<std::span<const u8>, UnexpectedEnd> take(usize count) {
    if (count > remaining()) return std::unexpected(UnexpectedEnd{offset_});
    auto const taken = bytes_.subspan(offset_, count);
    offset_ += count;
    return taken;
  }
  constexpr std::expected<void, UnexpectedEnd> skip(usize count) {
    TRY(take(count));
    return {};
  }
  template <std::unsigned_integral T>
  constexpr std::expected<T, UnexpectedEnd> little_endian() {
    TRY(auto const bytes, take(sizeof(T)));
    T value = 0;
    for (usize i = 0; i < sizeof(T); ++i)
      value = static_cast<T>(value | static_cast<T>(T{bytes[i]} << (8 * i)));
    return value;
  }

 private:
  std::span<const u8> bytes_;
  usize offset_ = 0;
};

}  // namespace nacre::base
