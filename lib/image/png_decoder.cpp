#include "lib/image/png_decoder.hpp"

#include <cstring>

#include "lib/base/try.hpp"

namespace nacre::image {
namespace {

using png::ColorType;

/// About how many bytes a step works on.
constexpr usize step_size = 65'536;
/// Length, name and checksum.
constexpr usize chunk_overhead = 12;
constexpr u32 max_chunk_size = 0x7fff'ffff;

constexpr bool is_letter(u8 byte) {
  return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}
/// Whether a reader that does not know the chunk may not go on. [png: "Chunk naming conventions"]
constexpr bool is_critical(png::ChunkName name) { return (name >> 24 & 0x20) == 0; }

constexpr u32 u16_at(std::span<const u8> data, usize offset) {
  return u32{data[offset]} << 8 | data[offset + 1];
}

}  // namespace

/// [png: "Interlacing and pass extraction"]
constexpr std::array<PngDecoder::Pass, 7> PngDecoder::interlaced{{{0, 0, 8, 8},
                                                                  {4, 0, 8, 8},
                                                                  {0, 4, 4, 8},
                                                                  {2, 0, 4, 4},
                                                                  {0, 2, 2, 4},
                                                                  {1, 0, 2, 2},
                                                                  {0, 1, 1, 2}}};

bool PngDecoder::knows(std::span<const u8> bytes) {
  return bytes.size() >= png::signature.size() &&
         std::ranges::equal(bytes.first<png::signature.size()>(), png::signature);
}

std::expected<bool, Error> PngDecoder::step() {
  switch (state_) {
    case State::Chunks: {
      TRY(read_chunk());
      return false;
    }
    case State::Data: {
      TRY(inflate());
      return false;
    }
    case State::Pixels: return unpack_rows();
  }
  return true;
}

// ---- Chunks

std::expected<void, Error> PngDecoder::read_chunk() {
  usize const begin = at_;
  std::span<const u8> const rest = bytes_.subspan(begin);
  if (rest.size() < chunk_overhead) return fail(ErrorKind::UnexpectedEnd, bytes_.size());
  u32 const size = png::big_endian_u32(rest.first<4>());
  if (size > max_chunk_size) return fail(ErrorKind::BadChunkSize, begin);
  auto const letters = rest.subspan<4, 4>();
  if (!std::ranges::all_of(letters, is_letter)) return fail(ErrorKind::BadChunkName, begin + 4);
  if (size > rest.size() - chunk_overhead) return fail(ErrorKind::UnexpectedEnd, bytes_.size());
  std::span<const u8> const data = rest.subspan(8, size);
  usize const offset = begin + 8;
  if (png::big_endian_u32(rest.subspan(8 + usize{size}).first<4>()) !=
      compress::checksum_of<compress::Crc32>(rest.subspan(4, 4 + usize{size})))
    return fail(ErrorKind::WrongChecksum, offset + size);
  at_ += chunk_overhead + size;

  png::ChunkName const name = png::big_endian_u32(letters);
  if (has_header_ == (name == png::header_chunk)) return fail(ErrorKind::ChunkOutOfPlace, begin);
  if (name != png::data_chunk && first_data_ != 0) data_ended_ = true;
  switch (name) {
    case png::header_chunk: return read_header(data, offset);
    case png::palette_chunk: return read_palette(data, offset);
    case png::transparency_chunk: return read_transparency(data, offset);
    case png::data_chunk: {
      if (data_ended_) return fail(ErrorKind::ChunkOutOfPlace, begin);
      if (first_data_ == 0) first_data_ = begin;
      TRY(compressed_.try_append(data));
      return {};
    }
    case png::end_chunk: return end_chunks(begin);
    default:
      if (is_critical(name)) return fail(ErrorKind::UnknownChunk, begin);
      return {};
  }
}

std::expected<void, Error> PngDecoder::read_header(std::span<const u8> data, usize offset) {
  if (data.size() != png::header_size) return fail(ErrorKind::BadChunkSize, offset);
  width_ = png::big_endian_u32(data.first<4>());
  height_ = png::big_endian_u32(data.subspan<4, 4>());
  depth_ = data[8];
  type_ = static_cast<ColorType>(data[9]);
  TRY(check_size(width_, height_, offset));
  if (!png::is_known(type_) || !png::has_depth(type_, depth_))
    return fail(ErrorKind::BadColorFormat, offset + 8);
  // There is one way to compress and one to filter.
  if (data[10] != 0 || data[11] != 0 || data[12] > 1)
    return fail(ErrorKind::BadHeader, offset + 10);
  is_interlaced_ = data[12] != 0;
  has_header_ = true;
  return {};
}

std::expected<void, Error> PngDecoder::read_palette(std::span<const u8> data, usize offset) {
  if (palette_size_ != 0 || first_data_ != 0 || type_ == ColorType::Gray ||
      type_ == ColorType::GrayAlpha)
    return fail(ErrorKind::ChunkOutOfPlace, offset);
  usize const count = data.size() / 3;
  if (count == 0 || data.size() % 3 != 0) return fail(ErrorKind::BadChunkSize, offset);
  usize const most = type_ == ColorType::Palette ? usize{1} << depth_ : palette_.size();
  if (count > most) return fail(ErrorKind::BadPalette, offset);
  for (usize i = 0; i < count; ++i)
    palette_[i] = opaque(data[3 * i], data[3 * i + 1], data[3 * i + 2]);
  palette_size_ = static_cast<u32>(count);
  return {};
}

/// [png: "tRNS Transparency"]
std::expected<void, Error> PngDecoder::read_transparency(std::span<const u8> data, usize offset) {
  if (first_data_ != 0 || transparent_) return fail(ErrorKind::ChunkOutOfPlace, offset);
  switch (type_) {
    case ColorType::Palette:
      if (palette_size_ == 0) return fail(ErrorKind::ChunkOutOfPlace, offset);
      if (data.size() > palette_size_) return fail(ErrorKind::BadChunkSize, offset);
      for (usize i = 0; i < data.size(); ++i)
        palette_[i] = (palette_[i] & 0xff'ffff) | u32{data[i]} << 24;
      return {};
    case ColorType::Gray:
    case ColorType::Rgb: {
      u32 const channels = png::channels_of(type_);
      if (data.size() != usize{2} * channels) return fail(ErrorKind::BadChunkSize, offset);
      auto& samples = transparent_.emplace();
      for (u32 i = 0; i < channels; ++i)
        samples[i] = u16_at(data, usize{2} * i) & ((1u << depth_) - 1);
      return {};
    }
    default: return fail(ErrorKind::ChunkOutOfPlace, offset);
  }
}

std::expected<void, Error> PngDecoder::end_chunks(usize offset) {
  if (first_data_ == 0) return fail(ErrorKind::NoPixels, offset);
  if (type_ == ColorType::Palette && palette_size_ == 0)
    return fail(ErrorKind::BadPalette, first_data_);
  for (const Pass& pass : passes()) {
    u32 const columns = columns_of(pass);
    if (columns != 0) filtered_size_ += (row_size(columns) + 1) * rows_of(pass);
  }
  TRY(filtered_.try_reserve(filtered_size_));
  TRY(image_, Image::create(width_, height_));
  reader_.emplace(std::span<const u8>(compressed_.data(), compressed_.size()), filtered_size_);
  state_ = State::Data;
  return {};
}

// ---- Passes

std::span<const PngDecoder::Pass> PngDecoder::passes() const {
  if (is_interlaced_) return interlaced;
  return {&whole, 1};
}

u32 PngDecoder::columns_of(const Pass& pass) const {
  return width_ <= pass.x ? 0 : (width_ - pass.x + pass.x_step - 1) / pass.x_step;
}

u32 PngDecoder::rows_of(const Pass& pass) const {
  return height_ <= pass.y ? 0 : (height_ - pass.y + pass.y_step - 1) / pass.y_step;
}

// ---- Pixels

std::expected<void, Error> PngDecoder::inflate() {
  auto const ended = reader_->step(filtered_, step_size);
  if (!ended) {
    compress::Error const error = ended.error();
    if (error.kind == compress::ErrorKind::OutOfMemory)
      return std::unexpected(Error(base::OutOfMemory{}));
    if (error.kind == compress::ErrorKind::TooLarge)
      return fail(ErrorKind::TooManyPixels, first_data_);
    // Where in the file it is would take a list of the chunks: the first one has to do.
    return std::unexpected(Error(error.kind, first_data_));
  }
  if (!*ended) return {};
  if (filtered_.size() != filtered_size_) return fail(ErrorKind::TooFewPixels, first_data_);
  state_ = State::Pixels;
  return {};
}

std::expected<bool, Error> PngDecoder::unpack_rows() {
  auto const all = passes();
  for (usize budget = step_size; budget > 0;) {
    if (pass_ == all.size()) return true;
    const Pass& pass = all[pass_];
    u32 const columns = columns_of(pass);
    if (columns == 0 || row_ == rows_of(pass)) {
      ++pass_;
      row_ = 0;
      continue;
    }
    usize const size = row_size(columns);
    std::span<u8> const row(filtered_.data() + row_begin_ + 1, size);
    auto const filter = filtered_[row_begin_];
    if (filter >= png::filter_count) return fail(ErrorKind::BadFilter, first_data_);
    // Above the first row are zeros: no filter and one of its left neighbours alone are the same
    // there as those that look up.
    if (row_ == 0) {
      switch (static_cast<png::Filter>(filter)) {
        case png::Filter::None:
        case png::Filter::Up: break;
        case png::Filter::Sub:
        case png::Filter::Paeth: png::take_off(png::Filter::Sub, row, {}, filter_distance()); break;
        case png::Filter::Average:
          for (usize i = filter_distance(); i < size; ++i)
            row[i] = static_cast<u8>(row[i] + row[i - filter_distance()] / 2);
          break;
      }
    } else {
      png::take_off(static_cast<png::Filter>(filter), row,
                    {filtered_.data() + row_begin_ - size, size}, filter_distance());
    }
    std::span<Argb> const out = image_.row(pass.y + row_ * pass.y_step);
    for (u32 column = 0; column < columns; ++column) {
      TRY(out[pass.x + column * pass.x_step], pixel(row, column));
    }
    row_begin_ += size + 1;
    ++row_;
    budget -= std::min(budget, size + columns);
  }
  return false;
}

u32 PngDecoder::sample(std::span<const u8> row, usize index) const {
  if (depth_ == 8) return row[index];
  if (depth_ == 16) return u16_at(row, 2 * index);
  usize const bit = index * depth_;
  return row[bit / 8] >> (8 - depth_ - bit % 8) & ((1u << depth_) - 1);
}

std::expected<Argb, Error> PngDecoder::pixel(std::span<const u8> row, u32 column) const {
  u32 const channels = png::channels_of(type_);
  usize const first = usize{column} * channels;
  u32 const max = (1u << depth_) - 1;
  std::array<u32, 4> samples{};
  std::array<u32, 4> eight{};
  for (u32 i = 0; i < channels; ++i) {
    samples[i] = sample(row, first + i);
    eight[i] = depth_ == 8 ? samples[i] : to_eight_bits(samples[i], max);
  }
  switch (type_) {
    case ColorType::Palette:
      if (samples[0] >= palette_size_) return fail(ErrorKind::NotInPalette, first_data_);
      return palette_[samples[0]];
    case ColorType::Gray: {
      bool const shines = transparent_ && (*transparent_)[0] == samples[0];
      return argb(shines ? 0 : 255, eight[0], eight[0], eight[0]);
    }
    case ColorType::Rgb: {
      bool const shines = transparent_ && (*transparent_)[0] == samples[0] &&
                          (*transparent_)[1] == samples[1] && (*transparent_)[2] == samples[2];
      return argb(shines ? 0 : 255, eight[0], eight[1], eight[2]);
    }
    case ColorType::GrayAlpha: return argb(eight[1], eight[0], eight[0], eight[0]);
    case ColorType::Rgba: return argb(eight[3], eight[0], eight[1], eight[2]);
  }
  return Argb{0};
}

}  // namespace nacre::image
