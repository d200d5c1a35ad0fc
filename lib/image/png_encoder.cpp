#include "lib/image/png_encoder.hpp"

#include <array>
#include <utility>

#include "lib/base/try.hpp"

namespace nacre::image {
namespace {

/// About how much a chunk holds.
constexpr usize chunk_size = 32'768;

}  // namespace

std::expected<PngEncoder, base::OutOfMemory> PngEncoder::create(u32 width, u32 height,
                                                                Alpha alpha) {
  TRY(auto writer, compress::ZlibWriter::create());
  PngEncoder encoder(std::move(writer), alpha);
  usize const size = width * encoder.bytes_per_pixel();
  TRY(encoder.row_.try_resize(size));
  TRY(encoder.up_.try_resize(size));
  TRY(encoder.filtered_.try_resize(size + 1));
  TRY(encoder.best_.try_resize(size + 1));

  TRY(encoder.output_.try_append(png::signature));
  std::array<u8, png::header_size> header{};
  std::ranges::copy(png::to_big_endian(width), header.begin());
  std::ranges::copy(png::to_big_endian(height), header.begin() + 4);
  header[8] = 8;
  header[9] = static_cast<u8>(alpha == Alpha::Kept ? png::ColorType::Rgba : png::ColorType::Rgb);
  TRY(encoder.add_chunk(png::header_chunk, header));
  return encoder;
}

std::expected<void, base::OutOfMemory> PngEncoder::add_chunk(png::ChunkName name,
                                                             std::span<const u8> data) {
  auto const letters = png::to_big_endian(name);
  compress::Crc32 checksum;
  checksum.add(letters);
  checksum.add(data);
  TRY(output_.try_append(png::to_big_endian(static_cast<u32>(data.size()))));
  TRY(output_.try_append(letters));
  TRY(output_.try_append(data));
  return output_.try_append(png::to_big_endian(checksum.value()));
}

std::expected<void, base::OutOfMemory> PngEncoder::add_row(std::span<const Argb> pixels) {
  usize at = 0;
  for (Argb const pixel : pixels) {
    row_[at++] = static_cast<u8>(pixel >> 16);
    row_[at++] = static_cast<u8>(pixel >> 8);
    row_[at++] = static_cast<u8>(pixel);
    if (alpha_ == Alpha::Kept) row_[at++] = static_cast<u8>(pixel >> 24);
  }
  std::span<const u8> const row(row_.data(), row_.size());
  std::span<const u8> const up(up_.data(), up_.size());
  u64 smallest = UINT64_MAX;
  for (u8 filter = 0; filter < png::filter_count && smallest != 0; ++filter) {
    filtered_[0] = filter;
    u64 const size = png::put_on(static_cast<png::Filter>(filter), row, up, bytes_per_pixel(),
                                 std::span(filtered_.data(), filtered_.size()).subspan(1));
    if (size >= smallest) continue;
    smallest = size;
    std::swap(filtered_, best_);
  }
  TRY(writer_.write({best_.data(), best_.size()}, compressed_));
  std::swap(row_, up_);
  if (compressed_.size() < chunk_size) return {};
  TRY(add_chunk(png::data_chunk, {compressed_.data(), compressed_.size()}));
  compressed_.clear();
  return {};
}

std::expected<void, base::OutOfMemory> PngEncoder::finish() {
  TRY(writer_.finish(compressed_));
  TRY(add_chunk(png::data_chunk, {compressed_.data(), compressed_.size()}));
  return add_chunk(png::end_chunk, {});
}

}  // namespace nacre::image
