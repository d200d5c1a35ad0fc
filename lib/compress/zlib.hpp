#pragma once

#include "lib/compress/checksums.hpp"
#include "lib/compress/deflate.hpp"
#include "lib/compress/inflate.hpp"

namespace nacre::compress {

/// Reads a zlib stream, in steps. [rfc1950]
class ZlibReader {
 public:
  /// As `Inflater`.
  ZlibReader(std::span<const u8> input, usize limit)
      : input_(input), inflater_({}, limit), limit_(limit) {}

  /// As `Inflater::step`. Errors: BadHeader, UnknownMethod, NeedsDictionary, WrongChecksum, too.
  std::expected<bool, Error> step(base::Vector<u8>& output, usize budget);

 private:
  static constexpr usize header_size = 2;
  static constexpr usize trailer_size = 4;
  std::expected<void, Error> read_header();

  std::span<const u8> input_;
  Inflater inflater_;
  usize limit_;
  bool has_header_ = false;
  Adler32 checksum_;
};

/// Writes one, as `Deflater`.
class ZlibWriter {
 public:
  /// Errors: OutOfMemory.
  static std::expected<ZlibWriter, base::OutOfMemory> create();

  std::expected<void, base::OutOfMemory> write(std::span<const u8> bytes, base::Vector<u8>& output);
  std::expected<void, base::OutOfMemory> finish(base::Vector<u8>& output);

 private:
  explicit ZlibWriter(Deflater deflater) : deflater_(std::move(deflater)) {}

  Deflater deflater_;
  Adler32 checksum_;
  bool has_header_ = false;
};

}  // namespace nacre::compress
