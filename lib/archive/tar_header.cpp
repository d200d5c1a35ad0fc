#include "lib/archive/tar_header.hpp"

#include <cstring>

namespace nacre::archive {
namespace {

constexpr usize checksum_offset = 148;
constexpr usize checksum_size = 8;

/// The sum of all bytes. Every member is summed, so this is a good part of what mounting costs:
/// sixteen bytes at a time become one instruction.
u32 sum_of(TarHeader::Block block) {
  constexpr usize at_once = 16;
  u32 sum = 0;
  for (usize at = 0; at < block_size; at += at_once)
    for (usize i = 0; i < at_once; ++i) sum += block[at + i];
  return sum;
}

}  // namespace

bool TarHeader::is_valid() const {
  auto const field = block_.subspan<checksum_offset, checksum_size>();
  // A blank field is no checksum, and this turns most blocks away that are no header.
  u8 const first = field[0] == ' ' || field[0] == 0 ? field[1] : field[0];
  if (first != ' ' && (first < '0' || first > '7')) return false;
  auto const stored = parse_number(field);
  if (!stored || *stored == 0) return false;
  u32 sum = sum_of(block_) + checksum_size * ' ';
  for (u8 const byte : field) sum -= byte;
  if (*stored == sum) return true;

  i64 signed_sum = sum;
  for (usize i = 0; i < block_size; ++i)
    if (block_[i] >= 0x80 && (i < checksum_offset || i >= checksum_offset + checksum_size))
      signed_sum -= 256;
  return *stored == signed_sum;
}

TarHeader::Dialect TarHeader::dialect() const {
  if (!has_magic()) return Dialect::V7;
  if (block_[262] == ' ') return Dialect::Gnu;
  // star keeps two times where ustar's prefix ends, and signs the block's last four bytes.
  static constexpr std::array<u8, 4> star{'t', 'a', 'r', 0};
  if (std::memcmp(block_.data() + 508, star.data(), star.size()) == 0 && block_[475] == 0)
    return Dialect::Star;
  return Dialect::Ustar;
}

std::string_view TarHeader::text(usize offset, usize size) const {
  // Bytes and characters may alias; this is the one place where a header becomes text.
  const char* const begin =
      static_cast<const char*>(static_cast<const void*>(block_.data())) + offset;
  const void* const end = std::memchr(begin, 0, size);
  if (end != nullptr) size = static_cast<usize>(static_cast<const char*>(end) - begin);
  return {begin, size};
}

}  // namespace nacre::archive
