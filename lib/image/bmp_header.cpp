#include "lib/image/bmp_header.hpp"

#include <bit>

#include "lib/base/try.hpp"

namespace nacre::image {
namespace {

constexpr usize file_header_size = 14;
/// Of the headers that there are.
constexpr u32 core_header_size = 12;
constexpr u32 info_header_size = 40;
constexpr u32 header_size_with_masks = 52;
constexpr u32 header_size_with_alpha = 56;
/// OS/2 2's, of which all behind the first fields may be left out.
constexpr u32 short_os2_header_size = 16;
constexpr u32 os2_header_size = 64;

constexpr bool is_known_size(u32 size) {
  return size == core_header_size || size == short_os2_header_size || size == info_header_size ||
         size == header_size_with_masks || size == header_size_with_alpha ||
         size == os2_header_size || size == 108 || size == 124;
}

/// [windows/bmp: "BITMAPINFOHEADER structure"]
enum class StoredCompression : u32 { Rgb, Rle8, Rle4, BitFields, Jpeg, Png, AlphaBitFields };

u32 u16_at(std::span<const u8> bytes, usize at) { return bytes[at] | u32{bytes[at + 1]} << 8; }
u32 u32_at(std::span<const u8> bytes, usize at) {
  return u16_at(bytes, at) | u16_at(bytes, at + 2) << 16;
}

std::expected<BmpChannel, Error> channel_of(u32 mask, usize offset) {
  if (mask == 0) return BmpChannel{};
  auto const shift = static_cast<u32>(std::countr_zero(mask));
  u32 const max = mask >> shift;
  // The bits of a channel stand together.
  if ((u64{max} & (u64{max} + 1)) != 0) return fail(ErrorKind::BadColorFormat, offset);
  return BmpChannel{shift, max};
}

bool depth_is_known(u32 bits) {
  return bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16 || bits == 24 || bits == 32;
}

std::expected<void, Error> read_masks(BmpHeader& header, std::span<const u8> bytes, usize at,
                                      bool has_alpha) {
  TRY(header.red, channel_of(u32_at(bytes, at), at));
  TRY(header.green, channel_of(u32_at(bytes, at + 4), at + 4));
  TRY(header.blue, channel_of(u32_at(bytes, at + 8), at + 8));
  if (has_alpha) {
    TRY(header.alpha, channel_of(u32_at(bytes, at + 12), at + 12));
  }
  return {};
}

void set_usual_masks(BmpHeader& header) {
  if (header.bits == 16) {
    header.red = {10, 31};
    header.green = {5, 31};
    header.blue = {0, 31};
  } else {
    header.red = {16, 255};
    header.green = {8, 255};
    header.blue = {0, 255};
  }
}

}  // namespace

std::expected<BmpHeader, Error> BmpHeader::read(std::span<const u8> bytes) {
  if (bytes.size() < file_header_size + 4) return fail(ErrorKind::UnexpectedEnd, bytes.size());
  u32 const size = u32_at(bytes, file_header_size);
  if (!is_known_size(size)) return fail(ErrorKind::UnknownVersion, file_header_size);
  usize end = file_header_size + size;
  if (bytes.size() < end) return fail(ErrorKind::UnexpectedEnd, bytes.size());

  BmpHeader header;
  header.pixels = u32_at(bytes, 10);
  auto stored = StoredCompression::Rgb;
  u64 palette_size = 0;
  u32 planes = 0;
  usize bits_at = 28;
  if (size == core_header_size) {
    header.width = u16_at(bytes, 18);
    header.height = u16_at(bytes, 20);
    planes = u16_at(bytes, 22);
    bits_at = 24;
  } else {
    u32 const height = u32_at(bytes, 22);
    header.width = u32_at(bytes, 18);
    // From the top where it is negative.
    header.is_top_down = height >> 31 != 0;
    header.height = header.is_top_down ? ~height + 1 : height;
    planes = u16_at(bytes, 26);
    if (size >= info_header_size) {
      stored = static_cast<StoredCompression>(u32_at(bytes, 30));
      palette_size = u32_at(bytes, 46);
    }
  }
  header.bits = u16_at(bytes, bits_at);
  TRY(check_size(header.width, header.height, 18));
  if (planes != 1) return fail(ErrorKind::BadHeader, bits_at - 2);
  if (!depth_is_known(header.bits)) return fail(ErrorKind::BadColorFormat, bits_at);

  // What these mean to OS/2 is something else.
  if (size == os2_header_size && stored > StoredCompression::Rle4)
    return fail(ErrorKind::UnknownFormat, 30);
  set_usual_masks(header);
  switch (stored) {
    case StoredCompression::Rgb: break;
    case StoredCompression::Rle8:
    case StoredCompression::Rle4: {
      bool const is_rle8 = stored == StoredCompression::Rle8;
      if (header.bits != (is_rle8 ? 8u : 4u) || header.is_top_down)
        return fail(ErrorKind::BadHeader, 30);
      header.compression = is_rle8 ? Compression::Rle8 : Compression::Rle4;
      break;
    }
    case StoredCompression::BitFields:
    case StoredCompression::AlphaBitFields: {
      if (header.bits != 16 && header.bits != 32) return fail(ErrorKind::BadHeader, 30);
      bool const has_alpha =
          stored == StoredCompression::AlphaBitFields || size >= header_size_with_alpha;
      usize const masks = file_header_size + info_header_size;
      usize const masks_end = masks + (has_alpha ? 16 : 12);
      if (bytes.size() < masks_end) return fail(ErrorKind::UnexpectedEnd, bytes.size());
      TRY(read_masks(header, bytes, masks, has_alpha));
      end = std::max(end, masks_end);
      break;
    }
    default: return fail(ErrorKind::UnknownFormat, 30);
  }

  if (header.bits <= 8) {
    u64 const most = u64{1} << header.bits;
    if (palette_size > most) return fail(ErrorKind::BadPalette, 46);
    if (palette_size == 0) palette_size = most;
    usize const entry = size == core_header_size ? 3 : 4;
    // Some leave out what no pixel uses.
    usize const room = header.pixels > end ? (header.pixels - end) / entry : 0;
    header.palette_size = static_cast<u32>(std::min<u64>(palette_size, room));
    if (header.palette_size == 0) return fail(ErrorKind::BadPalette, end);
    if (bytes.size() - end < header.palette_size * entry)
      return fail(ErrorKind::UnexpectedEnd, bytes.size());
    for (usize i = 0; i < header.palette_size; ++i) {
      auto const color = bytes.subspan(end + i * entry, 3);
      header.palette[i] = opaque(color[2], color[1], color[0]);
    }
    end += header.palette_size * entry;
  }
  if (header.pixels < end) return fail(ErrorKind::BadHeader, 10);
  if (header.pixels > bytes.size()) return fail(ErrorKind::UnexpectedEnd, bytes.size());
  return header;
}

}  // namespace nacre::image
