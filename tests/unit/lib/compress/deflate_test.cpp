// Streams of zlib's are read, and what is written here zlib reads: tests/support/deflate_files.py.
#include "lib/compress/deflate.hpp"

#include <cstdlib>
#include <gtest/gtest.h>
#include <map>

#include "lib/base/try.hpp"
#include "lib/compress/gzip.hpp"
#include "lib/compress/huffman_code.hpp"
#include "lib/compress/zlib.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tests/support/random.hpp"
#include "tests/support/shared_data.hpp"

namespace nacre::compress {
namespace {

using Bytes = std::vector<u8>;
namespace fs = std::filesystem;

template <class Reader>
std::expected<Bytes, Error> inflate_all(const Bytes& input, usize limit) {
  Reader reader(input, limit);
  base::Vector<u8> output;
  for (;;) {
    TRY(bool const ended, reader.step(output, 10'000));
    if (ended) return Bytes(output.begin(), output.end());
  }
}

/// Written in pieces of which no two are alike.
template <class Writer>
Bytes write_all(const Bytes& input) {
  auto writer = Writer::create();
  EXPECT_TRUE(writer);
  base::Vector<u8> output;
  usize piece = 1;
  for (usize at = 0; at < input.size(); at += piece, piece = piece * 3 + 1)
    EXPECT_TRUE(
        writer->write(std::span(input).subspan(at, std::min(piece, input.size() - at)), output));
  EXPECT_TRUE(writer->finish(output));
  return Bytes(output.begin(), output.end());
}

class DeflateFiles : public testing::Test {
 protected:
  void SetUp() override {
    const char* const folder = std::getenv("NACRE_DEFLATE_FILES");
    ASSERT_NE(folder, nullptr) << "the folder that tests/support/deflate_files.py made";
    folder_ = folder;
  }
  fs::path folder_;
};

TEST_F(DeflateFiles, AreRead) {
  usize count = 0;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    fs::path const path = entry.path();
    std::string const end = path.extension().string();
    if (end != ".deflate" && end != ".zlib" && end != ".gz") continue;
    ++count;
    std::string const stem = path.stem().string();
    Bytes const wanted = test::read_file(folder_ / (stem.substr(0, stem.find('.')) + ".bytes"));
    Bytes const input = test::read_file(path);
    auto const found = end == ".deflate" ? inflate_all<Inflater>(input, wanted.size())
                       : end == ".zlib"  ? inflate_all<ZlibReader>(input, wanted.size())
                                         : inflate_all<GzipReader>(input, wanted.size());
    ASSERT_TRUE(found) << path << ": " << describe(found.error().kind) << " at "
                       << found.error().offset;
    EXPECT_TRUE(*found == wanted) << path;
  }
  EXPECT_GT(count, 60u);
}

TEST_F(DeflateFiles, AreWrittenNearlyAsSmall) {
  for (const auto& entry : fs::directory_iterator(folder_)) {
    fs::path const path = entry.path();
    if (path.extension() != ".bytes") continue;
    Bytes const bytes = test::read_file(path);
    std::string const name = path.stem().string();
    Bytes const deflated = write_all<Deflater>(bytes);
    std::map<std::string, Bytes> const written{{".deflate", deflated},
                                               {".zlib", write_all<ZlibWriter>(bytes)},
                                               {".gz", write_all<GzipWriter>(bytes)}};
    for (const auto& [end, output] : written) {
      std::ofstream stream(folder_ / "written" / (name + end), std::ios::binary);
      stream.write(reinterpret_cast<const char*>(output.data()),
                   static_cast<std::streamsize>(output.size()));
    }
    EXPECT_TRUE(inflate_all<Inflater>(deflated, bytes.size()) == bytes) << name;
    usize const zlib = fs::file_size(folder_ / (name + ".90.deflate"));
    EXPECT_LE(deflated.size(), zlib + zlib / 14 + 120) << name;
  }
}

TEST(Deflate, StoresNoise) {
  test::Random random(1);
  Bytes noise(200'000);
  for (u8& byte : noise) byte = static_cast<u8>(random.next());
  EXPECT_LE(write_all<Deflater>(noise).size(), noise.size() + 5 * (noise.size() / window_size + 2));
}

TEST(HuffmanCode, StaysWithinItsLongestCode) {
  // As uneven as can be: each as often as all before it together.
  std::array<u32, 19> frequencies{};
  for (usize i = 0; i < frequencies.size(); ++i) frequencies[i] = 1u << i;
  HuffmanCode const code = HuffmanCode::for_frequencies(frequencies, 7);
  u32 used = 0;
  for (usize i = 0; i < frequencies.size(); ++i) {
    ASSERT_GE(code.lengths[i], 1);
    ASSERT_LE(code.lengths[i], 7);
    used += 128u >> code.lengths[i];
  }
  EXPECT_EQ(used, 128u);
  EXPECT_GE(code.lengths[0], code.lengths[18]);
}

TEST(Deflate, SaysSoWhenMemoryRunsOut) {
  Bytes const input(70'000, 'n');
  EXPECT_GT(test::fail_each_allocation([&] {
              auto writer = GzipWriter::create();
              base::Vector<u8> output;
              if (!writer || !writer->write(input, output) || !writer->finish(output)) return;
              auto const read =
                  inflate_all<GzipReader>(Bytes(output.begin(), output.end()), input.size());
              EXPECT_TRUE(!read || *read == input);
            }),
            2u);
}

}  // namespace
}  // namespace nacre::compress
