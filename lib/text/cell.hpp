#pragma once

#include "lib/text/color.hpp"

namespace nacre::text {

using base::u16;

enum class Attribute : u16 {
  Bold = 1 << 0,
  Dim = 1 << 1,
  Italic = 1 << 2,
  Underline = 1 << 3,
  Blink = 1 << 4,
  Reverse = 1 << 5,
  Hidden = 1 << 6,
  Strikethrough = 1 << 7,
  /// The left half of a character of two columns; the cell to its right is its `WideTail`.
  WideHead = 1 << 8,
  WideTail = 1 << 9,
  /// Selective erasing leaves it alone.
  Protected = 1 << 10,
  /// In the last column: the row goes on in the one below, because there was no more room.
  Wrapped = 1 << 11,
};

/// A set of attributes.
class Attributes {
 public:
  constexpr Attributes() = default;
  constexpr bool has(Attribute attribute) const {
    return (bits_ & static_cast<u16>(attribute)) != 0;
  }
  constexpr void set(Attribute attribute) {
    bits_ = static_cast<u16>(bits_ | static_cast<u16>(attribute));
  }
  constexpr void clear(Attribute attribute) {
    bits_ = static_cast<u16>(bits_ & ~static_cast<u16>(attribute));
  }
  constexpr Attributes with(Attribute attribute) const {
    Attributes copy = *this;
    copy.set(attribute);
    return copy;
  }
  /// Those of them that are among `others`, too.
  constexpr Attributes only(Attributes others) const {
    Attributes both;
    both.bits_ = bits_ & others.bits_;
    return both;
  }
  constexpr u16 bits() const { return bits_; }
  friend constexpr bool operator==(Attributes, Attributes) = default;

 private:
  u16 bits_ = 0;
};

/// One character place of a terminal.
struct Cell {
  char32_t codepoint = U' ';
  Color foreground{};
  Color background{};
  Attributes attributes{};
  friend constexpr bool operator==(const Cell&, const Cell&) = default;
};
static_assert(sizeof(Cell) == 16);

}  // namespace nacre::text
