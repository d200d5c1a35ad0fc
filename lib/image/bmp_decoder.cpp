#include "lib/image/bmp_decoder.hpp"

#include <algorithm>

#include "lib/base/try.hpp"

namespace nacre::image {
namespace {

/// About how many pixels a step reads.
constexpr usize step_size = 65'536;

/// What follows a zero where there is no longer sequence of single pixels.
/// [windows/bmp: "Bitmap Compression"]
constexpr u8 end_of_row = 0;
constexpr u8 end_of_image = 1;
constexpr u8 move_on = 2;

}  // namespace

std::expected<void, Error> BmpDecoder::begin() {
  TRY(auto header, BmpHeader::read(bytes_));
  TRY(image_, Image::create(header.width, header.height));
  at_ = header.pixels;
  header_ = header;
  return {};
}

std::expected<bool, Error> BmpDecoder::step() {
  if (!header_) {
    TRY(begin());
  }
  return header_->compression == BmpHeader::Compression::None ? read_rows() : read_runs();
}

std::expected<Argb, Error> BmpDecoder::color(u32 index) const {
  if (index >= header_->palette_size) return fail(ErrorKind::NotInPalette, at_);
  return header_->palette[index];
}

std::expected<Argb, Error> BmpDecoder::pixel(std::span<const u8> row, u32 column) const {
  const BmpHeader& header = *header_;
  if (header.bits <= 8) {
    u32 const bit = column * header.bits;
    return color(row[bit / 8] >> (8 - header.bits - bit % 8) & ((1u << header.bits) - 1));
  }
  usize const size = header.bits / 8;
  u32 value = 0;
  for (usize i = 0; i < size; ++i) value |= u32{row[column * size + i]} << (8 * i);
  u32 const alpha = header.alpha.max == 0 ? 255 : header.alpha.of(value);
  return argb(alpha, header.red.of(value), header.green.of(value), header.blue.of(value));
}

std::expected<bool, Error> BmpDecoder::read_rows() {
  const BmpHeader& header = *header_;
  for (usize read = 0; read < step_size && row_ < header.height; read += header.width) {
    usize const size = header.row_size();
    // The last row need not be filled up.
    usize const needed = (usize{header.width} * header.bits + 7) / 8;
    if (bytes_.size() - at_ < needed) return fail(ErrorKind::UnexpectedEnd, bytes_.size());
    std::span<const u8> const row = bytes_.subspan(at_, needed);
    std::span<Argb> const out = image_.row(header.is_top_down ? row_ : header.height - 1 - row_);
    for (u32 column = 0; column < header.width; ++column) {
      TRY(out[column], pixel(row, column));
    }
    at_ += std::min(size, bytes_.size() - at_);
    ++row_;
  }
  return row_ == header.height;
}

// ---- Runs

std::expected<u8, Error> BmpDecoder::byte() {
  if (at_ == bytes_.size()) return fail(ErrorKind::UnexpectedEnd, at_);
  return bytes_[at_++];
}

std::expected<void, Error> BmpDecoder::put(u32 index) {
  if (row_ >= header_->height || column_ >= header_->width)
    return fail(ErrorKind::OutsideOfImage, at_);
  TRY(image_.row(header_->height - 1 - row_)[column_], color(index));
  ++column_;
  return {};
}

std::expected<bool, Error> BmpDecoder::read_runs() {
  bool const has_halves = header_->compression == BmpHeader::Compression::Rle4;
  for (usize read = 0; read < step_size;) {
    usize const begin = at_;
    // The end need not be marked where nothing can follow.
    if (row_ >= header_->height) return true;
    if (at_ == bytes_.size() && row_ + 1 == header_->height && column_ == header_->width)
      return true;
    TRY(u8 const count, byte());
    TRY(u8 const value, byte());
    if (count == 0) {
      TRY(bool const ended, read_escape(value));
      if (ended) return true;
      read += at_ - begin;
      continue;
    }
    for (u32 i = 0; i < count; ++i) {
      TRY(put(!has_halves ? value : i % 2 == 0 ? value >> 4u : value & 15u));
    }
    read += at_ - begin + count;
  }
  return false;
}

/// True at the end of the image.
std::expected<bool, Error> BmpDecoder::read_escape(u8 code) {
  switch (code) {
    case end_of_row:
      column_ = 0;
      ++row_;
      return false;
    case end_of_image: return true;
    case move_on: {
      TRY(u8 const right, byte());
      TRY(u8 const up, byte());
      column_ += right;
      row_ += up;
      if (column_ > header_->width || row_ >= header_->height)
        return fail(ErrorKind::OutsideOfImage, at_);
      return false;
    }
    default: break;
  }
  bool const has_halves = header_->compression == BmpHeader::Compression::Rle4;
  usize const begin = at_;
  u8 pair = 0;
  for (u32 i = 0; i < code; ++i) {
    if (!has_halves || i % 2 == 0) {
      TRY(pair, byte());
    }
    TRY(put(!has_halves ? pair : i % 2 == 0 ? pair >> 4u : pair & 15u));
  }
  // Filled up to an even number of bytes.
  if ((at_ - begin) % 2 != 0) {
    TRY(byte());
  }
  return false;
}

}  // namespace nacre::image
