// Files that tests/support/image_files.py made, pixel by pixel, and what of them is damaged.
#include "lib/image/decoder.hpp"

#include <cstdlib>
#include <cstring>
#include <gtest/gtest.h>
#include <string>

#include "lib/base/try.hpp"
#include "lib/image/png_encoder.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tests/support/shared_data.hpp"

namespace nacre::image {
namespace {

using Bytes = std::vector<u8>;
namespace fs = std::filesystem;

std::expected<Image, Error> decode(std::span<const u8> bytes) {
  TRY(auto decoder, Decoder::create(bytes));
  for (;;) {
    TRY(bool const ended, decoder.step());
    if (ended) return decoder.take();
  }
}

std::string message(const Error& error) {
  auto const text = base::format("{}", error);
  return std::string(std::string_view(*text));
}
std::string message_of(const Bytes& bytes) {
  auto const image = decode(bytes);
  return image ? "fine" : message(image.error());
}

u32 word_at(const Bytes& bytes, usize at) {
  u32 word = 0;
  std::memcpy(&word, bytes.data() + at, sizeof word);
  return word;
}

class ImageFiles : public testing::Test {
 protected:
  void SetUp() override {
    const char* const folder = std::getenv("NACRE_IMAGE_FILES");
    ASSERT_NE(folder, nullptr) << "the folder that tests/support/image_files.py made";
    folder_ = folder;
  }
  Bytes read(const char* name) { return test::read_file(folder_ / name); }
  std::vector<fs::path> images() {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::directory_iterator(folder_)) {
      auto const end = entry.path().extension();
      if (end == ".png" || end == ".bmp" || end == ".qoi") paths.push_back(entry.path());
    }
    return paths;
  }
  fs::path folder_;
};

TEST_F(ImageFiles, HaveTheirPixels) {
  auto const paths = images();
  EXPECT_GT(paths.size(), 150u);
  for (const auto& path : paths) {
    Bytes const bytes = test::read_file(path);
    auto const image = decode(bytes);
    ASSERT_TRUE(image) << path << ": " << message(image.error());
    Bytes const wanted = test::read_file(folder_ / (path.stem().string() + ".pixels"));
    ASSERT_EQ(image->width, word_at(wanted, 0)) << path;
    ASSERT_EQ(image->height, word_at(wanted, 4)) << path;
    for (usize i = 0; i < image->pixels.size(); ++i)
      ASSERT_EQ(image->pixels[i], word_at(wanted, 8 + 4 * i)) << path << ": pixel " << i;
  }
}

TEST_F(ImageFiles, AreWrittenAsPng) {
  for (const auto& path : images()) {
    if (path.stem().string().find("33x19") == std::string::npos && path.extension() == ".png")
      continue;
    auto const image = decode(test::read_file(path));
    ASSERT_TRUE(image) << path;
    auto encoder = PngEncoder::create(image->width, image->height, PngEncoder::Alpha::Kept);
    ASSERT_TRUE(encoder);
    for (u32 y = 0; y < image->height; ++y) ASSERT_TRUE(encoder->add_row(image->row(y)));
    ASSERT_TRUE(encoder->finish());
    Bytes const file(encoder->output().begin(), encoder->output().end());
    std::ofstream stream(folder_ / "written" / (path.stem().string() + ".png"), std::ios::binary);
    stream.write(reinterpret_cast<const char*>(file.data()),
                 static_cast<std::streamsize>(file.size()));
    auto const again = decode(file);
    ASSERT_TRUE(again) << path << ": " << message(again.error());
    EXPECT_TRUE(std::ranges::equal(again->pixels, image->pixels)) << path;
  }
}

/// Whatever is cut off, there is an error and it is about the end of the file.
TEST_F(ImageFiles, CutAnywhereAreRefused) {
  for (const char* name :
       {"png-3-4-33x19it.png", "bmp-8.bmp", "bmp-rle4.bmp", "qoi-200x31.qoi", "bmp-24-core.bmp"}) {
    Bytes const bytes = read(name);
    for (usize size = 8; size < bytes.size(); ++size) {
      auto const image = decode(std::span(bytes).first(size));
      // The last row of a bitmap need not be filled up, nor the end of its runs be marked.
      if (image && std::string_view(name).starts_with("bmp") && bytes.size() - size <= 4) continue;
      ASSERT_FALSE(image) << name << " cut at " << size;
      EXPECT_TRUE(image.error().kind == ErrorKind::UnexpectedEnd ||
                  image.error().kind == ErrorKind::BadEnd)
          << name << " cut at " << size << ": " << message(image.error());
    }
  }
}

TEST_F(ImageFiles, WithAnyByteOfAPngChangedAreRefused) {
  Bytes bytes = read("png-3-4-33x19it.png");
  for (u8& byte : bytes) {
    byte ^= 0x10;
    EXPECT_FALSE(decode(bytes)) << &byte - bytes.data();
    byte ^= 0x10;
  }
  EXPECT_TRUE(decode(bytes));
}

TEST_F(ImageFiles, SaySoWhenMemoryRunsOut) {
  for (const char* name : {"png-3-4-33x19it.png", "bmp-rle8.bmp", "qoi-200x31.qoi"}) {
    Bytes const bytes = read(name);
    EXPECT_GT(test::fail_each_allocation([&] {
                auto const image = decode(bytes);
                if (!image) EXPECT_EQ(message(image.error()), "out of memory");
              }),
              1u)
        << name;
  }
}

TEST(BmpSteps, AreShortWherePixelsStandAlone) {
  constexpr u8 width = 254;
  constexpr u16 height = 4000;
  Bytes bytes(54 + 4);
  bytes[0] = 'B';
  bytes[1] = 'M';
  bytes[10] = 54 + 4;
  bytes[14] = 40;
  bytes[18] = width;
  bytes[22] = height & 0xff;
  bytes[23] = height >> 8;
  bytes[26] = 1;
  bytes[28] = 8;
  bytes[30] = 1;  // runs of bytes
  bytes[46] = 1;
  for (u16 row = 0; row < height; ++row) {
    bytes.insert(bytes.end(), {0, width});
    bytes.insert(bytes.end(), width + 2, 0);
  }
  BmpDecoder decoder(bytes);
  unsigned steps = 1;
  for (;; ++steps) {
    auto const ended = decoder.step();
    ASSERT_TRUE(ended) << message(ended.error());
    if (*ended) break;
  }
  EXPECT_GT(steps, 10u);
}

// ---- What is wrong

class PngFile {
 public:
  PngFile& add(std::string_view name, Bytes data) {
    auto const put = [&](u32 value) {
      for (u8 const byte : png::to_big_endian(value)) bytes_.push_back(byte);
    };
    put(static_cast<u32>(data.size()));
    usize const begin = bytes_.size();
    bytes_.insert(bytes_.end(), name.begin(), name.end());
    bytes_.insert(bytes_.end(), data.begin(), data.end());
    put(compress::checksum_of<compress::Crc32>(std::span(bytes_).subspan(begin)));
    return *this;
  }
  PngFile& header(u32 width, u32 height, u8 depth, u8 type, u8 interlacing = 0) {
    Bytes data;
    for (u32 const side : {width, height})
      for (u8 const byte : png::to_big_endian(side)) data.push_back(byte);
    data.insert(data.end(), {depth, type, 0, 0, interlacing});
    return add("IHDR", data);
  }
  /// Not compressed.
  PngFile& rows(const Bytes& rows) {
    auto writer = compress::ZlibWriter::create();
    base::Vector<u8> out;
    EXPECT_TRUE(writer->write(rows, out));
    EXPECT_TRUE(writer->finish(out));
    return add("IDAT", Bytes(out.begin(), out.end()));
  }
  std::string result() {
    add("IEND", {});
    return message_of(bytes_);
  }

 private:
  Bytes bytes_{png::signature.begin(), png::signature.end()};
};

TEST(Png, RefusesWhatCannotBe) {
  EXPECT_EQ(message_of({1, 2, 3}), "neither PNG, BMP nor QOI");
  EXPECT_EQ(PngFile().header(1, 1, 8, 0).rows({0, 7}).result(), "fine");
  EXPECT_EQ(PngFile().rows({0, 7}).result(), "at byte 8: a chunk in the wrong place");
  EXPECT_EQ(PngFile().header(0, 1, 8, 0).result(),
            "at byte 16: an image without a width or a height");
  EXPECT_EQ(PngFile().header(40'000, 1, 8, 0).result(), "at byte 16: the image is too large");
  EXPECT_EQ(PngFile().header(32'768, 32'768, 1, 0).result(), "at byte 16: the image is too large");
  EXPECT_EQ(PngFile().header(1, 1, 4, 2).result(),
            "at byte 24: colours in a form that there is not");
  EXPECT_EQ(PngFile().header(1, 1, 8, 5).result(),
            "at byte 24: colours in a form that there is not");
  EXPECT_EQ(PngFile().header(1, 1, 8, 0, 2).result(), "at byte 26: a header that cannot be so");
  EXPECT_EQ(PngFile().header(1, 1, 8, 0).header(1, 1, 8, 0).result(),
            "at byte 33: a chunk in the wrong place");
  EXPECT_EQ(PngFile().header(1, 1, 8, 0).result(), "at byte 33: there are no pixels");
  EXPECT_EQ(PngFile().header(1, 1, 8, 3).rows({0, 7}).result(),
            "at byte 33: the palette is missing or too large");
  EXPECT_EQ(PngFile().header(1, 1, 1, 3).add("PLTE", Bytes(9)).result(),
            "at byte 41: the palette is missing or too large");
  EXPECT_EQ(PngFile().header(1, 1, 8, 3).add("PLTE", Bytes(3)).rows({0, 1}).result(),
            "at byte 48: a pixel has a colour that is not in the palette");
  EXPECT_EQ(PngFile().header(1, 1, 8, 0).add("WHAT", {}).result(),
            "at byte 33: a chunk that has to be understood and is not");
  EXPECT_EQ(PngFile().header(1, 1, 8, 0).add("wH4t", {}).result(),
            "at byte 37: a chunk with a name that is none");
  EXPECT_EQ(PngFile().header(1, 1, 8, 0).rows({5, 7}).result(),
            "at byte 33: a row with an unknown filter");
  EXPECT_EQ(PngFile().header(1, 2, 8, 0).rows({0, 7}).result(),
            "at byte 33: there are too few pixels");
  EXPECT_EQ(PngFile().header(1, 1, 8, 0).rows({0, 7, 0}).result(),
            "at byte 33: there are too many pixels");
  EXPECT_EQ(PngFile().header(1, 1, 8, 0).add("IDAT", {0x78, 0x9c, 7}).result(),
            "at byte 33: a compressed block of an unknown type");
  EXPECT_EQ(PngFile().header(1, 1, 8, 0).rows({0, 7}).add("teXt", {}).rows({}).result(),
            "at byte 67: a chunk in the wrong place");
  EXPECT_EQ(PngFile().header(1, 1, 8, 2).add("tRNS", {1, 2}).result(),
            "at byte 41: a chunk of the wrong size");
}

TEST(Png, ShowsWhatIsThereForThoseWhoDoNotKnowAnimations) {
  EXPECT_EQ(PngFile()
                .header(1, 1, 8, 0)
                .add("acTL", Bytes(8))
                .rows({0, 7})
                .add("fcTL", Bytes(26))
                .add("fdAT", Bytes(9))
                .result(),
            "fine");
}

TEST_F(ImageFiles, OfOtherKindsAreRefusedWhereTheyAreWrong) {
  auto const changed = [&](const char* name, usize at, Bytes with) {
    Bytes bytes = read(name);
    std::ranges::copy(with, bytes.begin() + static_cast<long>(at));
    return message_of(bytes);
  };
  EXPECT_EQ(changed("bmp-8.bmp", 14, {41}), "at byte 14: a header of an unknown kind");
  EXPECT_EQ(changed("bmp-8.bmp", 18, {0}), "at byte 18: an image without a width or a height");
  EXPECT_EQ(changed("bmp-8.bmp", 20, {9}), "at byte 18: the image is too large");
  EXPECT_EQ(changed("bmp-8.bmp", 22, {0, 0, 0, 0x80}), "at byte 18: the image is too large");
  EXPECT_EQ(changed("bmp-8.bmp", 26, {2}), "at byte 26: a header that cannot be so");
  EXPECT_EQ(changed("bmp-8.bmp", 28, {7}), "at byte 28: colours in a form that there is not");
  EXPECT_EQ(changed("bmp-8.bmp", 30, {4}), "at byte 30: pixels in a form that is not read");
  EXPECT_EQ(changed("bmp-8.bmp", 30, {2}), "at byte 30: a header that cannot be so");
  EXPECT_EQ(changed("bmp-8.bmp", 46, {1, 1}), "at byte 46: the palette is missing or too large");
  EXPECT_EQ(changed("bmp-8.bmp", 46, {2}),
            "at byte 1078: a pixel has a colour that is not in the palette");
  EXPECT_EQ(changed("bmp-24.bmp", 10, {0}), "at byte 10: a header that cannot be so");
  EXPECT_EQ(changed("bmp-16-565.bmp", 54, {0, 0xa8}),
            "at byte 54: colours in a form that there is not");
  EXPECT_EQ(changed("bmp-rle8-holes.bmp", 118 + 2, {9}),
            "at byte 122: a run leads out of the image");
  EXPECT_EQ(changed("bmp-rle8-holes.bmp", 118 + 4, {9}),
            "at byte 124: a run leads out of the image");
  EXPECT_EQ(changed("qoi-1x1.qoi", 12, {5}), "at byte 12: colours in a form that there is not");
  EXPECT_EQ(changed("qoi-1x1.qoi", 13, {2}), "at byte 13: a header that cannot be so");
  EXPECT_EQ(changed("qoi-1x1.qoi", 14, {0xc1}), "at byte 14: a run leads out of the image");
  EXPECT_EQ(changed("qoi-200x31.qoi", read("qoi-200x31.qoi").size() - 1, {0}).substr(0, 8),
            "at byte ");
}

}  // namespace
}  // namespace nacre::image
