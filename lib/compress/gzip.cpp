#include "lib/compress/gzip.hpp"

#include <algorithm>
#include <array>

#include "lib/base/byte_cursor.hpp"
#include "lib/base/try.hpp"

namespace nacre::compress {
namespace {

constexpr u8 method_deflate = 8;
// Flags. [rfc1952: "Member header and trailer"]
constexpr u8 has_header_checksum = 2;
constexpr u8 has_extra_field = 4;
constexpr u8 has_name = 8;
constexpr u8 has_comment = 16;
constexpr u8 reserved_flags = 0xe0;
constexpr usize trailer_size = 8;
constexpr u8 system_unix = 3;

/// Skips a text with a zero at its end.
std::expected<void, base::UnexpectedEnd> skip_text(base::ByteCursor& cursor) {
  for (;;) {
    TRY(u8 const byte, cursor.next());
    if (byte == 0) return {};
  }
}

/// What stands between the method and the data. Gives the flags.
std::expected<u8, base::UnexpectedEnd> skip_header(base::ByteCursor& cursor) {
  TRY(u8 const flags, cursor.next());
  TRY(cursor.skip(6));  // time, how well it was compressed, system
  if ((flags & has_extra_field) != 0) {
    TRY(u16 const size, cursor.little_endian<u16>());
    TRY(cursor.skip(size));
  }
  if ((flags & has_name) != 0) {
    TRY(skip_text(cursor));
  }
  if ((flags & has_comment) != 0) {
    TRY(skip_text(cursor));
  }
  if ((flags & has_header_checksum) != 0) {
    TRY(cursor.skip(2));
  }
  return flags;
}

}  // namespace

std::expected<void, Error> GzipReader::begin_member() {
  if (!is_gzip(input_.subspan(at_))) return std::unexpected(Error(ErrorKind::BadHeader, at_));
  base::ByteCursor cursor(input_, at_ + 2);
  auto const method = cursor.next();
  if (method && *method != method_deflate)
    return std::unexpected(Error(ErrorKind::UnknownMethod, at_ + 2));
  auto const flags = skip_header(cursor);
  if (!method || !flags) return std::unexpected(Error(ErrorKind::UnexpectedEnd, input_.size()));
  if ((*flags & reserved_flags) != 0) return std::unexpected(Error(ErrorKind::BadHeader, at_ + 3));
  at_ = cursor.offset();
  inflater_.emplace(input_.subspan(at_), left_);
  checksum_ = {};
  produced_ = 0;
  any_member_ = true;
  return {};
}

std::expected<void, Error> GzipReader::end_member() {
  at_ += inflater_->offset();
  inflater_.reset();
  base::ByteCursor cursor(input_, at_);
  auto const checksum = cursor.little_endian<u32>();
  auto const size = cursor.little_endian<u32>();
  if (!size) return std::unexpected(Error(ErrorKind::UnexpectedEnd, input_.size()));
  if (*checksum != checksum_.value()) return std::unexpected(Error(ErrorKind::WrongChecksum, at_));
  if (*size != static_cast<u32>(produced_))
    return std::unexpected(Error(ErrorKind::WrongSize, at_ + 4));
  at_ += trailer_size;
  return {};
}

bool GzipReader::is_at_end() const {
  if (!any_member_) return false;
  return std::ranges::all_of(input_.subspan(at_), [](u8 byte) { return byte == 0; });
}

std::expected<bool, Error> GzipReader::step(base::Vector<u8>& output, usize budget) {
  if (!inflater_) {
    if (is_at_end()) return true;
    TRY(begin_member());
  }
  usize const before = output.size();
  auto const ended = inflater_->step(output, budget);
  if (!ended) {
    Error error = ended.error();
    error.offset += at_;
    return std::unexpected(error);
  }
  usize const count = output.size() - before;
  checksum_.add({output.data() + before, count});
  produced_ += count;
  left_ -= count;
  if (*ended) {
    TRY(end_member());
  }
  return !inflater_ && is_at_end();
}

std::expected<GzipWriter, base::OutOfMemory> GzipWriter::create() {
  TRY(auto deflater, Deflater::create());
  return GzipWriter(std::move(deflater));
}

std::expected<void, base::OutOfMemory> GzipWriter::write(std::span<const u8> bytes,
                                                         base::Vector<u8>& output) {
  if (!has_header_) {
    constexpr std::array<u8, 10> header{0x1f, 0x8b, method_deflate, 0, 0, 0, 0, 0, 0, system_unix};
    TRY(output.try_append(header));
    has_header_ = true;
  }
  checksum_.add(bytes);
  size_ += static_cast<u32>(bytes.size());
  return deflater_.write(bytes, output);
}

std::expected<void, base::OutOfMemory> GzipWriter::finish(base::Vector<u8>& output) {
  TRY(write({}, output));
  TRY(deflater_.finish(output));
  std::array<u8, trailer_size> trailer{};
  for (usize i = 0; i < 4; ++i) {
    trailer[i] = static_cast<u8>(checksum_.value() >> (8 * i));
    trailer[i + 4] = static_cast<u8>(size_ >> (8 * i));
  }
  return output.try_append(trailer);
}

}  // namespace nacre::compress
