#pragma once

#include <expected>
#include <optional>
#include <span>

#include "lib/image/bmp_header.hpp"

namespace nacre::image {

/// Reads a BMP file from memory, in steps. Pixels that compressed ones leave out are transparent.
/// [windows/bmp: "Bitmap Storage"]
class BmpDecoder {
 public:
  static bool knows(std::span<const u8> bytes) {
    return bytes.size() >= 2 && bytes[0] == 'B' && bytes[1] == 'M';
  }

  /// `bytes` outlive this.
  explicit BmpDecoder(std::span<const u8> bytes) : bytes_(bytes) {}

  /// Reads on; true once the image is whole. Errors: those of `ErrorKind`.
  std::expected<bool, Error> step();
  Image take() { return std::move(image_); }

 private:
  std::expected<void, Error> begin();
  std::expected<bool, Error> read_rows();
  std::expected<Argb, Error> pixel(std::span<const u8> row, u32 column) const;
  std::expected<Argb, Error> color(u32 index) const;

  /// Pairs of bytes: runs, and what stands behind a zero.
  std::expected<bool, Error> read_runs();
  std::expected<bool, Error> read_escape(u8 code);
  std::expected<void, Error> put(u32 index);
  std::expected<u8, Error> byte();

  std::span<const u8> bytes_;
  std::optional<BmpHeader> header_;
  Image image_;
  usize at_ = 0;
  u32 row_ = 0;  // as they stand in the file: mostly from the bottom
  u32 column_ = 0;
};

}  // namespace nacre::image
