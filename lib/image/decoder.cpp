#include "lib/image/decoder.hpp"

#include "lib/base/try.hpp"

namespace nacre::image {

std::expected<Decoder, Error> Decoder::create(std::span<const u8> bytes) {
  if (PngDecoder::knows(bytes)) {
    TRY(auto decoder, base::try_make<PngDecoder>(bytes));
    return Decoder(std::move(decoder));
  }
  if (BmpDecoder::knows(bytes)) {
    TRY(auto decoder, base::try_make<BmpDecoder>(bytes));
    return Decoder(std::move(decoder));
  }
  if (QoiDecoder::knows(bytes)) {
    TRY(auto decoder, base::try_make<QoiDecoder>(bytes));
    return Decoder(std::move(decoder));
  }
  return fail(ErrorKind::NoImage, 0);
}

}  // namespace nacre::image
