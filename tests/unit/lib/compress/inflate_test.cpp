#include "lib/compress/inflate.hpp"

#include <gtest/gtest.h>
#include <vector>

#include "lib/base/try.hpp"
#include "lib/compress/gzip.hpp"
#include "lib/compress/zlib.hpp"
#include "tests/support/failing_allocator.hpp"

namespace nacre::compress {
namespace {

using Bytes = std::vector<u8>;

/// Everything that comes out of a reader, a few bytes at a time.
template <class Reader>
std::expected<Bytes, Error> read_all(const Bytes& input, usize limit = 1000, usize budget = 7) {
  Reader reader(input, limit);
  base::Vector<u8> output;
  for (;;) {
    usize const before = output.size();
    TRY(bool const ended, reader.step(output, budget));
    EXPECT_LE(output.size() - before, budget + longest_match);
    if (ended) return Bytes(output.begin(), output.end());
  }
}

/// Bits as they stand in a stream.
class Bits {
 public:
  Bits& put(u32 value, unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
      if (count_ % 8 == 0) bytes_.push_back(0);
      bytes_.back() = static_cast<u8>(bytes_.back() | (value >> i & 1) << (count_ % 8));
      ++count_;
    }
    return *this;
  }
  /// A code, which stands there from its first bit on.
  Bits& code(u32 value, unsigned count) { return put(reversed(value, count), count); }
  Bytes bytes() const { return bytes_; }

 private:
  Bytes bytes_;
  unsigned count_ = 0;
};

constexpr u32 fixed = 1;
constexpr u32 dynamic = 2;
/// In the fixed code.
constexpr u32 literal_a = 0x30 + 'a';
constexpr u32 end = 0;

ErrorKind error_of(const Bytes& input, usize limit = 1000) {
  auto const read = read_all<Inflater>(input, limit);
  return read ? ErrorKind{0xff} : read.error().kind;
}

TEST(Inflate, ReadsStoredBlocks) {
  Bytes const two{0, 3, 0, 0xfc, 0xff, 'a', 'b', 'c', 1, 1, 0, 0xfe, 0xff, 'd'};
  EXPECT_EQ(read_all<Inflater>(two), (Bytes{'a', 'b', 'c', 'd'}));
}

TEST(Inflate, CopiesWhatItIsWriting) {
  // Length 258 has a symbol of its own.
  Bits bits;
  bits.put(1, 1).put(fixed, 2).code(literal_a, 8).code(0xc0 + 5, 8).code(0, 5).code(end, 7);
  EXPECT_EQ(read_all<Inflater>(bits.bytes()), Bytes(259, 'a'));
}

TEST(Inflate, TellsWhereTheStreamEnds) {
  Bytes input{1, 1, 0, 0xfe, 0xff, 'x', 'y', 'z'};
  Inflater inflater(input, 10);
  base::Vector<u8> output;
  ASSERT_EQ(inflater.step(output, 100), true);
  EXPECT_EQ(inflater.offset(), 6u);
}

TEST(Inflate, RefusesWhatCannotBe) {
  EXPECT_EQ(error_of({}), ErrorKind::UnexpectedEnd);
  EXPECT_EQ(error_of(Bits().put(1, 1).put(3, 2).bytes()), ErrorKind::BadBlockType);
  EXPECT_EQ(error_of({1, 3, 0, 0xfd, 0xff, 'a', 'b', 'c'}), ErrorKind::BadStoredLength);
  EXPECT_EQ(error_of({1, 3, 0, 0xfc, 0xff, 'a', 'b'}), ErrorKind::UnexpectedEnd);
  EXPECT_EQ(error_of(Bits().put(1, 1).put(fixed, 2).code(literal_a, 8).bytes()),
            ErrorKind::UnexpectedEnd);
  // A match before there is anything to match.
  EXPECT_EQ(error_of(Bits().put(1, 1).put(fixed, 2).code(1, 7).code(0, 5).put(0, 16).bytes()),
            ErrorKind::DistanceTooFar);
  // Symbols that are in the fixed code and mean nothing.
  EXPECT_EQ(error_of(Bits().put(1, 1).put(fixed, 2).code(0xc6, 8).put(0, 16).bytes()),
            ErrorKind::BadSymbol);
  EXPECT_EQ(error_of(Bits()
                         .put(1, 1)
                         .put(fixed, 2)
                         .code(literal_a, 8)
                         .code(1, 7)
                         .code(30, 5)
                         .put(0, 16)
                         .bytes()),
            ErrorKind::BadSymbol);
}

TEST(Inflate, RefusesCodesThatCannotBe) {
  auto const begin = [](u32 literals, u32 distances) {
    return Bits().put(1, 1).put(dynamic, 2).put(literals, 5).put(distances, 5);
  };
  // More literals than there are.
  EXPECT_EQ(error_of(begin(30, 0).put(0, 4).put(0, 32).bytes()), ErrorKind::BadCodeLengths);
  // Three codes of one bit; two where four have room.
  EXPECT_EQ(
      error_of(begin(0, 0).put(0, 4).put(1, 3).put(1, 3).put(1, 3).put(0, 3).put(0, 16).bytes()),
      ErrorKind::BadCodeLengths);
  EXPECT_EQ(error_of(begin(0, 0).put(0, 4).put(2, 3).put(2, 3).put(0, 6).put(0, 16).bytes()),
            ErrorKind::BadCodeLengths);
  // To repeat the last length where there is none yet: 16 and 17 have codes.
  EXPECT_EQ(
      error_of(begin(0, 0).put(0, 4).put(1, 3).put(1, 3).put(0, 6).code(0, 1).put(0, 16).bytes()),
      ErrorKind::BadCodeLengths);
  // Zeros beyond the end, and no end of the block: 138 twice are more than 258.
  EXPECT_EQ(error_of(begin(0, 0)
                         .put(0, 4)
                         .put(0, 6)
                         .put(1, 3)
                         .put(0, 3)
                         .code(0, 1)
                         .put(127, 7)
                         .code(0, 1)
                         .put(127, 7)
                         .put(0, 16)
                         .bytes()),
            ErrorKind::BadCodeLengths);
  EXPECT_EQ(error_of(begin(0, 0)
                         .put(0, 4)
                         .put(0, 6)
                         .put(1, 3)
                         .put(0, 3)
                         .code(0, 1)
                         .put(127, 7)
                         .code(0, 1)
                         .put(109, 7)
                         .put(0, 16)
                         .bytes()),
            ErrorKind::BadCodeLengths);
}

TEST(Inflate, StopsAtTheLimit) {
  Bytes const stored{1, 3, 0, 0xfc, 0xff, 'a', 'b', 'c'};
  EXPECT_EQ(read_all<Inflater>(stored, 3), (Bytes{'a', 'b', 'c'}));
  EXPECT_EQ(error_of(stored, 2), ErrorKind::TooLarge);
  Bits bits;
  bits.put(1, 1).put(fixed, 2).code(literal_a, 8).code(0xc0 + 5, 8).code(0, 5).code(end, 7);
  EXPECT_EQ(error_of(bits.bytes(), 258), ErrorKind::TooLarge);
  EXPECT_EQ(read_all<Inflater>(bits.bytes(), 259), Bytes(259, 'a'));
}

TEST(Zlib, ChecksHeaderAndChecksum) {
  Bytes const good{0x78, 0x9c, 1, 1, 0, 0xfe, 0xff, 'x', 0, 0x79, 0, 0x79};
  auto const changed = [&](usize at, u8 byte) {
    Bytes bytes = good;
    bytes[at] = byte;
    auto const read = read_all<ZlibReader>(bytes);
    return read ? Error(ErrorKind{0xff}, 0) : read.error();
  };
  EXPECT_EQ(read_all<ZlibReader>(good), Bytes{'x'});
  EXPECT_EQ(changed(1, 0x9d), Error(ErrorKind::BadHeader, 0));
  EXPECT_EQ(changed(11, 0x78), Error(ErrorKind::WrongChecksum, 8));
  EXPECT_EQ(changed(3, 2), Error(ErrorKind::BadStoredLength, 7));
  Bytes dictionary{0x78, 0xbb, 0, 0, 0, 0};
  EXPECT_EQ(read_all<ZlibReader>(dictionary).error(), Error(ErrorKind::NeedsDictionary, 1));
  Bytes method{0x79, 0x9b};
  method[1] = static_cast<u8>(31 - (0x7900 % 31));
  EXPECT_EQ(read_all<ZlibReader>(method).error(), Error(ErrorKind::UnknownMethod, 0));
  for (usize size = 0; size < good.size(); ++size)
    EXPECT_EQ(read_all<ZlibReader>(Bytes(good.begin(), good.begin() + static_cast<long>(size)))
                  .error()
                  .kind,
              ErrorKind::UnexpectedEnd)
        << size;
}

TEST(Gzip, ReadsEveryFieldOfTheHeader) {
  Bytes const data{1, 1, 0, 0xfe, 0xff, 'x', 0x83, 0x16, 0xdc, 0x8c, 1, 0, 0, 0};
  Bytes file{0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 1, 2, 3, 4, 0, 3, 2, 0, 9, 9, 'n', 0, 'c', 0, 7, 7};
  file.insert(file.end(), data.begin(), data.end());
  EXPECT_EQ(read_all<GzipReader>(file), Bytes{'x'});
  Bytes twice = file;
  twice.insert(twice.end(), file.begin(), file.end());
  twice.insert(twice.end(), 20, u8{0});
  EXPECT_EQ(read_all<GzipReader>(twice), (Bytes{'x', 'x'}));
  EXPECT_EQ(read_all<GzipReader>(twice, 1).error().kind, ErrorKind::TooLarge);
  for (usize size = 0; size < file.size(); ++size) {
    auto const read =
        read_all<GzipReader>(Bytes(file.begin(), file.begin() + static_cast<long>(size)));
    ASSERT_FALSE(read) << size;
    EXPECT_EQ(read.error().kind, size < 2 ? ErrorKind::BadHeader : ErrorKind::UnexpectedEnd)
        << size;
  }
  Bytes bad = file;
  bad.back() = 1;
  EXPECT_EQ(read_all<GzipReader>(bad).error(), Error(ErrorKind::WrongSize, file.size() - 4));
  bad[bad.size() - 5] ^= 1;
  EXPECT_EQ(read_all<GzipReader>(bad).error(), Error(ErrorKind::WrongChecksum, file.size() - 8));
  Bytes behind = file;
  behind.push_back('?');
  EXPECT_EQ(read_all<GzipReader>(behind).error(), Error(ErrorKind::BadHeader, file.size()));
}

TEST(Inflate, SaysSoWhenMemoryRunsOut) {
  Bits bits;
  bits.put(1, 1).put(fixed, 2).code(literal_a, 8).code(0xc0 + 5, 8).code(0, 5).code(end, 7);
  Bytes const input = bits.bytes();
  EXPECT_GT(test::fail_each_allocation([&] {
              Inflater inflater(input, 1000);
              base::Vector<u8> output;
              for (;;) {
                auto const ended = inflater.step(output, 100);
                if (!ended) {
                  EXPECT_EQ(ended.error().kind, ErrorKind::OutOfMemory);
                  return;
                }
                if (*ended) break;
              }
              EXPECT_EQ(output.size(), 259u);
            }),
            0u);
}

}  // namespace
}  // namespace nacre::compress
