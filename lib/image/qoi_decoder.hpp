#pragma once

#include <array>
#include <expected>
#include <span>

#include "lib/image/image.hpp"

namespace nacre::image {

/// Reads a QOI file from memory, in steps. [qoi]
class QoiDecoder {
 public:
  static bool knows(std::span<const u8> bytes);

  /// `bytes` outlive this.
  explicit QoiDecoder(std::span<const u8> bytes) : bytes_(bytes) {}

  /// Reads on; true once the image is whole. Errors: those of `ErrorKind`.
  std::expected<bool, Error> step();
  Image take() { return std::move(image_); }

 private:
  std::expected<void, Error> read_header();
  /// The next pixel or run.
  std::expected<void, Error> read_operation();
  std::expected<void, Error> check_end() const;

  std::span<const u8> bytes_;
  usize at_ = 0;
  Image image_;
  usize filled_ = 0;  // pixels
  Argb last_ = opaque(0, 0, 0);
  std::array<Argb, 64> seen_{};
};

}  // namespace nacre::image
