#include "lib/image/qoi_decoder.hpp"

#include <algorithm>

#include "lib/base/try.hpp"

namespace nacre::image {
namespace {

constexpr std::array<u8, 4> magic{'q', 'o', 'i', 'f'};
constexpr usize header_size = 14;
constexpr std::array<u8, 8> end_mark{0, 0, 0, 0, 0, 0, 0, 1};
constexpr usize step_size = 65'536;

constexpr u8 whole_rgb = 0xfe;
constexpr u8 whole_rgba = 0xff;
/// The upper two bits of other operations.
enum class Operation : u8 { Seen, Difference, Luma, Run };

constexpr u32 u32_at(std::span<const u8> bytes, usize at) {
  return u32{bytes[at]} << 24 | u32{bytes[at + 1]} << 16 | u32{bytes[at + 2]} << 8 | bytes[at + 3];
}

constexpr u32 red_of(Argb color) { return color >> 16 & 255; }
constexpr u32 green_of(Argb color) { return color >> 8 & 255; }
constexpr u32 blue_of(Argb color) { return color & 255; }

constexpr usize place_of(Argb color) {
  return (red_of(color) * 3 + green_of(color) * 5 + blue_of(color) * 7 + (color >> 24) * 11) % 64;
}

/// Each channel wraps by itself; alpha stays.
constexpr Argb moved(Argb color, u32 red, u32 green, u32 blue) {
  return argb(color >> 24, (red_of(color) + red) & 255, (green_of(color) + green) & 255,
              (blue_of(color) + blue) & 255);
}
static_assert(moved(0x80ff'0010, 2, u32{0} - 1, 0) == 0x8001'ff10);

}  // namespace

bool QoiDecoder::knows(std::span<const u8> bytes) {
  return bytes.size() >= magic.size() && std::ranges::equal(bytes.first<magic.size()>(), magic);
}

std::expected<void, Error> QoiDecoder::read_header() {
  if (bytes_.size() < header_size) return fail(ErrorKind::UnexpectedEnd, bytes_.size());
  u32 const width = u32_at(bytes_, 4);
  u32 const height = u32_at(bytes_, 8);
  TRY(check_size(width, height, 4));
  u8 const channels = bytes_[12];
  u8 const color_space = bytes_[13];
  if (channels != 3 && channels != 4) return fail(ErrorKind::BadColorFormat, 12);
  if (color_space > 1) return fail(ErrorKind::BadHeader, 13);
  TRY(image_, Image::create(width, height));
  at_ = header_size;
  return {};
}

std::expected<bool, Error> QoiDecoder::step() {
  if (at_ == 0) {
    TRY(read_header());
  }
  usize const all = image_.pixels.size();
  for (usize const enough = std::min(all, filled_ + step_size); filled_ < enough;) {
    TRY(read_operation());
  }
  if (filled_ < all) return false;
  TRY(check_end());
  return true;
}

std::expected<void, Error> QoiDecoder::read_operation() {
  std::span<const u8> const rest = bytes_.subspan(at_);
  if (rest.empty()) return fail(ErrorKind::UnexpectedEnd, at_);
  u8 const first = rest[0];
  auto const operation = static_cast<Operation>(first >> 6);
  usize const size = first == whole_rgba            ? 5
                     : first == whole_rgb           ? 4
                     : operation == Operation::Luma ? 2
                                                    : 1;
  if (rest.size() < size) return fail(ErrorKind::UnexpectedEnd, bytes_.size());
  usize count = 1;
  if (first == whole_rgb) {
    last_ = argb(last_ >> 24, rest[1], rest[2], rest[3]);
  } else if (first == whole_rgba) {
    last_ = argb(rest[4], rest[1], rest[2], rest[3]);
  } else {
    switch (operation) {
      case Operation::Seen: last_ = seen_[first & 63]; break;
      case Operation::Difference:
        last_ = moved(last_, (first >> 4 & 3u) - 2, (first >> 2 & 3u) - 2, (first & 3u) - 2);
        break;
      case Operation::Luma: {
        u32 const green = (first & 63u) - 32;
        last_ = moved(last_, green + (rest[1] >> 4) - 8, green, green + (rest[1] & 15u) - 8);
        break;
      }
      case Operation::Run: count = (first & 63u) + 1; break;
    }
  }
  seen_[place_of(last_)] = last_;
  if (count > image_.pixels.size() - filled_) return fail(ErrorKind::OutsideOfImage, at_);
  std::fill_n(image_.pixels.begin() + filled_, count, last_);
  filled_ += count;
  at_ += size;
  return {};
}

std::expected<void, Error> QoiDecoder::check_end() const {
  std::span<const u8> const rest = bytes_.subspan(at_);
  if (rest.size() < end_mark.size() || !std::ranges::equal(rest.first<end_mark.size()>(), end_mark))
    return fail(ErrorKind::BadEnd, at_);
  return {};
}

}  // namespace nacre::image
