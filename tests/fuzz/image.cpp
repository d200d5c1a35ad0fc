// Any bytes are an image or an error, within the limits and in steps; pixels that were written are
// the same when they are read; and so for DEFLATE. Checksums, which chance does not hit, are made
// here: the first byte says of what.
#include <cstdint>
#include <vector>

#include "lib/base/assert.hpp"
#include "lib/base/try.hpp"
#include "lib/compress/gzip.hpp"
#include "lib/image/decoder.hpp"
#include "lib/image/png_encoder.hpp"
#include "lib/image/scale.hpp"

namespace {

using nacre::base::u32;
using nacre::base::u8;
using nacre::base::usize;
namespace base = nacre::base;
namespace compress = nacre::compress;
namespace image = nacre::image;

using Bytes = std::span<const u8>;

/// Sizes that are not asked for in earnest would take all of the fuzzer's time.
bool is_small(Bytes file) {
  auto const side = [&](usize at, bool big) {
    u32 value = 0;
    for (usize i = 0; i < 4; ++i)
      value = big ? value << 8 | file[at + i] : value | u32{file[at + i]} << (8 * i);
    return value;
  };
  constexpr u32 most = 512;
  if (image::PngDecoder::knows(file) && file.size() > 24)
    return side(16, true) <= most && side(20, true) <= most;
  if (image::QoiDecoder::knows(file) && file.size() > 12)
    return side(4, true) <= most && side(8, true) <= most;
  if (file.size() > 26 && file[0] == 'B')
    return side(18, false) <= most || (side(14, false) == 12 && file[19] < 2 && file[21] < 2);
  return true;
}

std::expected<image::Image, image::Error> decode(Bytes file) {
  TRY(auto decoder, image::Decoder::create(file));
  // A step works on something, or is the last one.
  for (usize steps = 0;; ++steps) {
    NACRE_ASSERT(steps < 100'000);
    TRY(bool const ended, decoder.step());
    if (ended) return decoder.take();
  }
}

void check_file(Bytes file) {
  if (!is_small(file)) return;
  auto const found = decode(file);
  if (!found) {
    NACRE_ASSERT(found.error().offset <= file.size());
    return;
  }
  NACRE_ASSERT(image::check_size(found->width, found->height, 0));
  NACRE_ASSERT(found->pixels.size() == usize{found->width} * found->height);
  std::vector<image::Argb> row(7);
  image::scale_row(*found, {7, 3}, 2, 0, image::opaque(1, 2, 3), row);
}

void append(std::vector<u8>& file, u32 name, Bytes data) {
  std::vector<u8> body;
  for (u8 const byte : image::png::to_big_endian(name)) body.push_back(byte);
  body.insert(body.end(), data.begin(), data.end());
  for (u8 const byte : image::png::to_big_endian(static_cast<u32>(data.size())))
    file.push_back(byte);
  file.insert(file.end(), body.begin(), body.end());
  for (u8 const byte : image::png::to_big_endian(compress::checksum_of<compress::Crc32>(body)))
    file.push_back(byte);
}

/// A PNG whose header, palette, transparency and rows are at random, all else being right.
void check_png(Bytes input) {
  if (input.size() < 8) return;
  std::vector<u8> file(image::png::signature.begin(), image::png::signature.end());
  u8 const header[13] = {0, 0, 0, input[0], 0, 0, 0, input[1], input[2], input[3], 0, 0, input[4]};
  append(file, image::png::header_chunk, header);
  usize const palette = input[5];
  usize const clear = input[6];
  input = input.subspan(7);
  auto const take = [&](usize count) {
    Bytes const taken = input.first(std::min(count, input.size()));
    input = input.subspan(taken.size());
    return taken;
  };
  if (palette != 0) append(file, image::png::palette_chunk, take(palette * 3));
  if (clear != 0) append(file, image::png::transparency_chunk, take(clear));
  auto writer = compress::ZlibWriter::create();
  base::Vector<u8> data;
  if (!writer || !writer->write(input, data) || !writer->finish(data)) return;
  append(file, image::png::data_chunk, {data.data(), data.size()});
  append(file, image::png::end_chunk, {});
  check_file(file);
}

void check_written_png(Bytes input) {
  if (input.empty()) return;
  u32 const width = input[0] % 32 + 1;
  usize const height = input.size() / (width * 4);
  if (height == 0) return;
  auto encoder =
      image::PngEncoder::create(width, static_cast<u32>(height), image::PngEncoder::Alpha::Kept);
  if (!encoder) return;
  std::vector<image::Argb> pixels(width * height);
  for (usize i = 0; i < pixels.size(); ++i)
    pixels[i] = image::argb(input[4 * i], input[4 * i + 1], input[4 * i + 2], input[4 * i + 3]);
  for (usize y = 0; y < height; ++y)
    NACRE_ASSERT(encoder->add_row(std::span(pixels).subspan(y * width, width)));
  NACRE_ASSERT(encoder->finish());
  auto const found = decode({encoder->output().data(), encoder->output().size()});
  NACRE_ASSERT(found && std::ranges::equal(found->pixels, pixels));
}

template <class Reader>
std::expected<base::Vector<u8>, compress::Error> read_all(Bytes input, usize limit) {
  Reader reader(input, limit);
  base::Vector<u8> output;
  for (;;) {
    TRY(bool const ended, reader.step(output, 1000));
    NACRE_ASSERT(output.size() <= limit);
    if (ended) return output;
  }
}

void check_stream(Bytes input) {
  auto const found = read_all<compress::Inflater>(input, 1 << 18);
  if (!found) NACRE_ASSERT(found.error().offset <= input.size());
  auto const file = read_all<compress::GzipReader>(input, 1 << 18);
  if (!file) NACRE_ASSERT(file.error().offset <= input.size());
}

void check_written_stream(Bytes input) {
  auto writer = compress::GzipWriter::create();
  base::Vector<u8> output;
  if (!writer) return;
  NACRE_ASSERT(writer->write(input.first(input.size() / 3), output));
  NACRE_ASSERT(writer->write(input.subspan(input.size() / 3), output));
  NACRE_ASSERT(writer->finish(output));
  auto const found = read_all<compress::GzipReader>({output.data(), output.size()}, input.size());
  NACRE_ASSERT(found && std::ranges::equal(*found, input));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  Bytes const input(data + 1, size - 1);
  switch (data[0]) {
    case 'p': check_png(input); break;
    case 'w': check_written_png(input); break;
    case 'd': check_stream(input); break;
    case 'c': check_written_stream(input); break;
    default: check_file({data, size});
  }
  return 0;
}
