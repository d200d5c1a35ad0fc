#pragma once

#include <array>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

#include "lib/base/types.hpp"

namespace nacre::archive {

using base::i64;
using base::u32;
using base::u64;
using base::u8;
using base::usize;

/// Everything in a tar archive stands in blocks of this many bytes.
inline constexpr usize block_size = 512;

namespace detail {

/// Digits that are none.
inline constexpr u64 no_number = UINT64_MAX;

/// Eight octal digits, the first in the lowest byte: all at once, then pairs, then halves.
inline u64 eight_octal_digits(u64 word) {
  word ^= 0x3030'3030'3030'3030;
  if ((word & 0xf8f8'f8f8'f8f8'f8f8) != 0) return no_number;
  word = (word << 3 | word >> 8) & 0x00ff'00ff'00ff'00ff;
  word = (word << 6 | word >> 16) & 0x0000'ffff'0000'ffff;
  return (word << 12 | word >> 32) & 0xff'ffff;
}

/// A field of 8 or 12 bytes as nearly all writers fill it: digits and one blank at the end.
inline std::optional<i64> parse_full_number(std::span<const u8> field) {
  u8 const end = field.back();
  if (end != 0 && end != ' ') return std::nullopt;
  u64 first = 0;
  std::memcpy(&first, field.data(), sizeof first);
  if (field.size() == sizeof first) {
    u64 const number = eight_octal_digits(first << 8 | '0');
    return number == no_number ? std::nullopt : std::optional(static_cast<i64>(number));
  }
  // The digits behind the third, and those up to it behind zeros.
  u64 last = 0;
  std::memcpy(&last, field.data() + 3, sizeof last);
  u64 const low = eight_octal_digits(last);
  u64 const high = eight_octal_digits(first << 40 | 0x30'3030'3030);
  if (low == no_number || high == no_number) return std::nullopt;
  return static_cast<i64>(high << 24 | low);
}

}  // namespace detail

/// The number in a header field: octal digits between blanks, or, when the top bit of its first
/// byte is set, two's complement with the most significant byte first. Blank is 0; empty when it is
/// no number or does not fit. [posix/xcu: "ustar Interchange Format"], [gnu/tar: "GNU Extensions to
/// the Archive Format"]
constexpr std::optional<i64> parse_number(std::span<const u8> field) {
  if (field.empty()) return 0;
  // Every member has six of these, and this is a good part of what mounting costs.
  if (!std::is_constant_evaluated() && (field.size() == 8 || field.size() == 12)) {
    if (auto const number = detail::parse_full_number(field)) return number;
  }
  if ((field[0] & 0x80) != 0) {
    // Bit 6 of the first byte is the sign.
    bool const negative = (field[0] & 0x40) != 0;
    u64 value = negative ? ~u64{0} : 0;
    for (usize i = 0; i < field.size(); ++i) {
      u8 const byte = i != 0 ? field[i] : negative ? field[0] : static_cast<u8>(field[0] & 0x3f);
      u64 const top = value >> 55;
      if (top != (negative ? 0x1ffu : 0u)) return std::nullopt;
      value = value << 8 | byte;
    }
    return static_cast<i64>(value);
  }
  auto const is_blank = [](u8 byte) { return byte == ' ' || byte == 0; };
  auto at = field.begin();
  auto const end = field.end();
  while (at != end && is_blank(*at)) ++at;
  u64 value = 0;
  for (; at != end; ++at) {
    unsigned const digit = unsigned{*at} - '0';
    if (digit > 7) break;
    value = value << 3 | digit;
  }
  if (at != end && !is_blank(*at)) return std::nullopt;
  return static_cast<i64>(value);
}
static_assert(parse_number(std::array<u8, 6>{' ', '0', '1', '7', ' ', 'x'}) == 15);
static_assert(parse_number(std::array<u8, 3>{0x80, 1, 2}) == 258);
static_assert(parse_number(std::array<u8, 3>{0xff, 0xff, 0xfe}) == -2);
static_assert(parse_number(std::array<u8, 3>{' ', 0, ' '}) == 0);
static_assert(!parse_number(std::array<u8, 3>{'1', '8', ' '}));
static_assert(!parse_number(std::array<u8, 10>{0x80, 0, 0x80}));

/// The fields of a header block as they stand there, borrowed. Nothing is checked but the checksum.
/// [posix/xcu: "ustar Interchange Format"]
class TarHeader {
 public:
  using Block = std::span<const u8, block_size>;

  /// Which fields there are behind the first 257 bytes, which all have.
  enum class Dialect : u8 { V7, Ustar, Star, Gnu };

  explicit TarHeader(Block block) : block_(block) {}

  /// Whether the checksum is that of the block: the sum of its bytes with blanks for the checksum's
  /// own field. Some old writers added signed bytes.
  bool is_valid() const;
  bool has_magic() const { return std::memcmp(block_.data() + 257, "ustar", 5) == 0; }
  Dialect dialect() const;

  std::string_view name() const { return text(0, 100); }
  std::string_view prefix() const {
    switch (dialect()) {
      case Dialect::Ustar: return text(345, 155);
      case Dialect::Star: return text(345, 131);
      default: return {};
    }
  }
  std::string_view link_name() const { return text(157, 100); }
  std::string_view user_name() const { return owner_text(265); }
  std::string_view group_name() const { return owner_text(297); }

  char type() const { return static_cast<char>(block_[156]); }
  std::optional<i64> mode() const { return parse_number(block_.subspan<100, 8>()); }
  std::optional<i64> user_id() const { return parse_number(block_.subspan<108, 8>()); }
  std::optional<i64> group_id() const { return parse_number(block_.subspan<116, 8>()); }
  std::optional<i64> size() const { return parse_number(block_.subspan<124, 12>()); }
  std::optional<i64> modification_time() const { return parse_number(block_.subspan<136, 12>()); }
  std::optional<i64> device_major() const { return device_number(329); }
  std::optional<i64> device_minor() const { return device_number(337); }

  /// Of a GNU sparse member: whether a block follows that continues its map, and the size of the
  /// file with its holes.
  bool has_sparse_extension() const { return block_[482] != 0; }
  std::optional<i64> sparse_size() const { return parse_number(block_.subspan<483, 12>()); }

 private:
  /// Text up to a NUL or the field's end.
  std::string_view text(usize offset, usize size) const;
  std::string_view owner_text(usize offset) const {
    return has_magic() ? text(offset, 32) : std::string_view();
  }
  std::optional<i64> device_number(usize offset) const {
    if (!has_magic()) return 0;
    return parse_number(block_.subspan(offset, 8));
  }

  Block block_;
};

}  // namespace nacre::archive
