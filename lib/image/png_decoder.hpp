#pragma once

#include <algorithm>
#include <array>
#include <expected>
#include <optional>
#include <span>

#include "lib/compress/zlib.hpp"
#include "lib/image/image.hpp"
#include "lib/image/png_filter.hpp"
#include "lib/image/png_format.hpp"

namespace nacre::image {

/// Reads a PNG file from memory, in steps. Chunks that need not be understood are left out: of an
/// animation it shows the image that is there for those who do not know animations. [png]
class PngDecoder {
 public:
  static bool knows(std::span<const u8> bytes);

  /// `bytes` outlive this.
  explicit PngDecoder(std::span<const u8> bytes) : bytes_(bytes), at_(png::signature.size()) {}

  /// Reads on; true once the image is whole. Errors: those of `ErrorKind`.
  std::expected<bool, Error> step();
  Image take() { return std::move(image_); }

 private:
  /// Chunks come first, then what is in them, as bytes and then as pixels.
  enum class State : u8 { Chunks, Data, Pixels };

  /// One of the images that an interlaced one is made of, or the whole one.
  struct Pass {
    u32 x, y;            // of its first pixel
    u32 x_step, y_step;  // from one to the next
  };
  static const std::array<Pass, 7> interlaced;
  static constexpr Pass whole{0, 0, 1, 1};

  std::expected<void, Error> read_chunk();
  std::expected<void, Error> read_header(std::span<const u8> data, usize offset);
  std::expected<void, Error> read_palette(std::span<const u8> data, usize offset);
  std::expected<void, Error> read_transparency(std::span<const u8> data, usize offset);
  std::expected<void, Error> end_chunks(usize offset);

  std::span<const Pass> passes() const;
  u32 columns_of(const Pass& pass) const;
  u32 rows_of(const Pass& pass) const;
  usize row_size(u32 columns) const { return (usize{columns} * bits_per_pixel() + 7) / 8; }
  u32 bits_per_pixel() const { return png::channels_of(type_) * depth_; }
  usize filter_distance() const { return std::max<usize>(bits_per_pixel() / 8, 1); }

  std::expected<void, Error> inflate();
  std::expected<bool, Error> unpack_rows();
  std::expected<Argb, Error> pixel(std::span<const u8> row, u32 column) const;
  u32 sample(std::span<const u8> row, usize index) const;

  std::span<const u8> bytes_;
  usize at_;
  State state_ = State::Chunks;
  bool has_header_ = false;
  bool data_ended_ = false;  // a chunk of another kind came behind the data

  u32 width_ = 0;
  u32 height_ = 0;
  u32 depth_ = 8;
  png::ColorType type_ = png::ColorType::Gray;
  bool is_interlaced_ = false;
  std::array<Argb, 256> palette_{};
  u32 palette_size_ = 0;
  /// The samples of the one colour that is transparent.
  std::optional<std::array<u32, 3>> transparent_;

  usize first_data_ = 0;         // where the first chunk of data is, for messages
  base::Vector<u8> compressed_;  // the data of all chunks
  usize filtered_size_ = 0;
  base::Vector<u8> filtered_;  // what is in them: rows, each behind its filter
  std::optional<compress::ZlibReader> reader_;

  usize pass_ = 0;
  u32 row_ = 0;          // of the pass
  usize row_begin_ = 0;  // in `filtered_`
  Image image_;
};

}  // namespace nacre::image
