#include "lib/archive/sparse.hpp"

#include <algorithm>

namespace nacre::archive {
namespace {

// In the member's header; a block that continues it has its fields from its start on.
constexpr usize first_field = 386;
constexpr usize fields_in_header = 4;
constexpr usize fields_in_block = 21;
constexpr usize number_size = 12;

std::string_view text_of(std::span<const u8> bytes) {
  return {static_cast<const char*>(static_cast<const void*>(bytes.data())), bytes.size()};
}

}  // namespace

SparseMap::Cursor::Cursor(const SparseMap& map)
    : form_(map.form_), bytes_(map.bytes_), records_(text_of(map.bytes_)) {
  if (form_ != Form::PaxData) return;
  auto const count = number('\n');
  if (count)
    remaining_ = *count;
  else
    damaged_ = true;
}

std::optional<SparseMap::Segment> SparseMap::Cursor::next() {
  if (damaged_) return std::nullopt;
  switch (form_) {
    case Form::GnuHeader: return next_in_header();
    case Form::PaxRecords: return next_record();
    case Form::PaxList: {
      if (at_ >= bytes_.size()) return std::nullopt;
      auto const offset = number(',');
      auto const size = number(',');
      if (!offset || !size) return damaged();
      return Segment{*offset, *size};
    }
    case Form::PaxData: {
      if (remaining_ == 0) return std::nullopt;
      --remaining_;
      auto const offset = number('\n');
      auto const size = number('\n');
      if (!offset || !size) return damaged();
      return Segment{*offset, *size};
    }
  }
  return damaged();
}

std::optional<SparseMap::Segment> SparseMap::Cursor::next_in_header() {
  usize const field = at_++;
  usize begin = first_field + field * 2 * number_size;
  if (field >= fields_in_header) {
    usize const later = field - fields_in_header;
    begin = block_size * (1 + later / fields_in_block) + later % fields_in_block * 2 * number_size;
  }
  // The map ends with its last block or with an empty field.
  if (begin >= bytes_.size() || bytes_[begin + number_size] == 0) return std::nullopt;
  return give(parse_number(bytes_.subspan(begin, number_size)),
              parse_number(bytes_.subspan(begin + number_size, number_size)));
}

std::optional<SparseMap::Segment> SparseMap::Cursor::next_record() {
  std::optional<i64> offset;
  while (true) {
    auto const record = records_.next();
    if (!record) return damaged();
    if (!*record) return offset ? damaged() : std::nullopt;
    if ((*record)->keyword == "GNU.sparse.offset") offset = parse_pax_integer((*record)->value);
    if ((*record)->keyword == "GNU.sparse.numbytes")
      return give(offset, parse_pax_integer((*record)->value));
  }
}

/// A decimal number up to `end`, which is taken too, or up to the end of the map.
std::optional<u64> SparseMap::Cursor::number(char end) {
  usize const begin = at_;
  while (at_ < bytes_.size() && bytes_[at_] != static_cast<u8>(end)) ++at_;
  auto const value = parse_pax_integer(text_of(bytes_.subspan(begin, at_ - begin)));
  if (at_ < bytes_.size()) ++at_;
  if (!value || *value < 0) return std::nullopt;
  return static_cast<u64>(*value);
}

std::optional<SparseMap::Segment> SparseMap::Cursor::give(std::optional<i64> offset,
                                                          std::optional<i64> size) {
  if (!offset || !size || *offset < 0 || *size < 0) return damaged();
  return Segment{static_cast<u64>(*offset), static_cast<u64>(*size)};
}

std::optional<SparseMap::Segment> SparseMap::Cursor::damaged() {
  damaged_ = true;
  return std::nullopt;
}

bool SparseMap::is_valid(u64 file_size, u64 stored) const {
  Cursor cursor(*this);
  u64 end = 0;
  while (auto const segment = cursor.next()) {
    if (segment->offset < end || segment->offset > file_size ||
        segment->size > file_size - segment->offset || segment->size > stored)
      return false;
    stored -= segment->size;
    end = segment->offset + segment->size;
  }
  return !cursor.is_damaged();
}

usize read_sparse(const SparseMap& map, std::span<const u8> stored, u64 file_size, u64 offset,
                  std::span<u8> buffer) {
  if (offset >= file_size) return 0;
  buffer = buffer.first(static_cast<usize>(std::min<u64>(buffer.size(), file_size - offset)));
  std::ranges::fill(buffer, u8{0});
  u64 const end = offset + buffer.size();
  SparseMap::Cursor cursor(map);
  usize at = 0;
  while (auto const segment = cursor.next()) {
    auto const bytes = stored.subspan(at, static_cast<usize>(segment->size));
    at += bytes.size();
    if (segment->offset >= end) break;
    u64 const from = std::max(segment->offset, offset);
    u64 const to = std::min(segment->offset + segment->size, end);
    if (from >= to) continue;
    std::ranges::copy(
        bytes.subspan(static_cast<usize>(from - segment->offset), static_cast<usize>(to - from)),
        buffer.begin() + static_cast<std::ptrdiff_t>(from - offset));
  }
  return buffer.size();
}

}  // namespace nacre::archive
