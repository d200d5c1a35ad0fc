#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "lib/base/types.hpp"

namespace nacre::archive {

using base::i64;
using base::u32;
using base::u64;
using base::u8;
using base::usize;

/// Everything in a tar archive stands in blocks of this many bytes.
inline constexpr usize block_size = 512;

/// The number in a header field: octal digits between blanks, or, when the top bit of its first
/// byte is set, two's complement with the most significant byte first. Blank is 0; empty when it is
/// no number or does not fit. [posix: "ustar Interchange Format"], [gnu/tar: "Extensions to the
/// Archive Format"]
constexpr std::optional<i64> parse_number(std::span<const u8> field) {
  if (field.empty()) return 0;
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
  usize at = 0;
  auto const is_blank = [&] { return field[at] == ' ' || field[at] == 0; };
  while (at < field.size() && is_blank()) ++at;
  if (at == field.size()) return 0;
  u64 value = 0;
  for (; at < field.size() && !is_blank(); ++at) {
    if (field[at] < '0' || field[at] > '7' || value >> 60 != 0) return std::nullopt;
    value = value << 3 | static_cast<u64>(field[at] - '0');
  }
  return static_cast<i64>(value);
}
static_assert(parse_number(std::array<u8, 6>{' ', '0', '1', '7', ' ', 'x'}) == 15);
static_assert(parse_number(std::array<u8, 3>{0x80, 1, 2}) == 258);
static_assert(parse_number(std::array<u8, 3>{0xff, 0xff, 0xfe}) == -2);
static_assert(parse_number(std::array<u8, 3>{' ', 0, ' '}) == 0);
static_assert(!parse_number(std::array<u8, 3>{'1', '8', ' '}));
static_assert(!parse_number(std::array<u8, 10>{0x80, 0, 0x80}));

/// The fields of a header block as they stand there, borrowed. Nothing is checked but the checksum.
/// [posix: "ustar Interchange Format"]
class TarHeader {
 public:
  using Block = std::span<const u8, block_size>;

  /// Which fields there are behind the first 257 bytes, which all have.
  enum class Dialect : u8 { V7, Ustar, Star, Gnu };

  explicit TarHeader(Block block) : block_(block) {}

  /// Whether the checksum is that of the block: the sum of its bytes with blanks for the checksum's
  /// own field. Some old writers added signed bytes.
  bool is_valid() const;
  bool has_magic() const { return text(257, 5) == "ustar"; }
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

  /// Whether a block of an old GNU sparse member's map follows this header.
  bool has_sparse_extension() const { return block_[482] != 0; }

 private:
  /// Text up to a NUL or the field's end.
  std::string_view text(usize offset, usize size) const;
  std::string_view owner_text(usize offset) const {
    return dialect() == Dialect::V7 ? std::string_view() : text(offset, 32);
  }
  std::optional<i64> device_number(usize offset) const {
    if (dialect() == Dialect::V7) return 0;
    return parse_number(block_.subspan(offset, 8));
  }

  Block block_;
};

}  // namespace nacre::archive
