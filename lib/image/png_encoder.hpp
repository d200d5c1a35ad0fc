#pragma once

#include <expected>
#include <span>

#include "lib/compress/zlib.hpp"
#include "lib/image/image.hpp"
#include "lib/image/png_filter.hpp"
#include "lib/image/png_format.hpp"

namespace nacre::image {

/// Writes a PNG file, row by row. What of the file is done lies in `output`, from which it may be
/// taken at any time. Each row gets the filter that makes its bytes smallest. [png]
class PngEncoder {
 public:
  enum class Alpha : u8 { Dropped, Kept };

  /// The size has been checked. Errors: OutOfMemory.
  static std::expected<PngEncoder, base::OutOfMemory> create(u32 width, u32 height, Alpha alpha);

  /// The next row, `width` pixels. Errors: OutOfMemory, and then the file is of no use.
  std::expected<void, base::OutOfMemory> add_row(std::span<const Argb> pixels);
  /// The end of the file, after the last row.
  std::expected<void, base::OutOfMemory> finish();

  base::Vector<u8>& output() { return output_; }

 private:
  PngEncoder(compress::ZlibWriter writer, Alpha alpha)
      : writer_(std::move(writer)), alpha_(alpha) {}

  usize bytes_per_pixel() const { return alpha_ == Alpha::Kept ? 4 : 3; }
  std::expected<void, base::OutOfMemory> add_chunk(png::ChunkName name, std::span<const u8> data);

  compress::ZlibWriter writer_;
  Alpha alpha_;
  base::Vector<u8> row_;
  base::Vector<u8> up_;        // the row above
  base::Vector<u8> filtered_;  // as it will be written, behind its filter
  base::Vector<u8> best_;
  base::Vector<u8> compressed_;  // for the next chunk
  base::Vector<u8> output_;
};

}  // namespace nacre::image
