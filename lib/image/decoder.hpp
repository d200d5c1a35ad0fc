#pragma once

#include <expected>
#include <span>
#include <variant>

#include "lib/image/bmp_decoder.hpp"
#include "lib/image/png_decoder.hpp"
#include "lib/image/qoi_decoder.hpp"

namespace nacre::image {

/// Reads an image file of whichever kind its first bytes tell, from memory, in steps that are short
/// whatever the file holds: the time and memory for all are bounded by the sizes that `image.hpp`
/// allows and the file's own.
class Decoder {
 public:
  /// `bytes` outlive this. Errors: NoImage, OutOfMemory.
  static std::expected<Decoder, Error> create(std::span<const u8> bytes);

  /// Reads on; true once the image is whole. Errors: those of `ErrorKind`; then there is none.
  std::expected<bool, Error> step() {
    return std::visit([](auto& decoder) { return decoder->step(); }, decoder_);
  }
  /// The image, once it is whole.
  Image take() {
    return std::visit([](auto& decoder) { return decoder->take(); }, decoder_);
  }

 private:
  using Any = std::variant<base::Box<PngDecoder>, base::Box<BmpDecoder>, base::Box<QoiDecoder>>;
  explicit Decoder(Any decoder) : decoder_(std::move(decoder)) {}

  Any decoder_;
};

}  // namespace nacre::image
