#pragma once

#include <optional>

#include "lib/compress/checksums.hpp"
#include "lib/compress/deflate.hpp"
#include "lib/compress/inflate.hpp"

namespace nacre::compress {

/// Whether bytes look like a gzip file.
constexpr bool is_gzip(std::span<const u8> bytes) {
  return bytes.size() >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

/// Reads a gzip file, whose members follow each other, in steps. Zeros behind the last are padding.
/// [rfc1952]
class GzipReader {
 public:
  /// As `Inflater`.
  GzipReader(std::span<const u8> input, usize limit) : input_(input), left_(limit) {}

  /// As `Inflater::step`. Errors: BadHeader, UnknownMethod, WrongChecksum, WrongSize, too.
  std::expected<bool, Error> step(base::Vector<u8>& output, usize budget);

 private:
  std::expected<void, Error> begin_member();
  std::expected<void, Error> end_member();
  bool is_at_end() const;

  std::span<const u8> input_;
  usize left_;
  usize at_ = 0;        // where the member's data begin
  usize produced_ = 0;  // by this member
  bool any_member_ = false;
  std::optional<Inflater> inflater_;
  Crc32 checksum_;
};

/// Writes a file of one member, as `Deflater`; without a name and a time.
class GzipWriter {
 public:
  /// Errors: OutOfMemory.
  static std::expected<GzipWriter, base::OutOfMemory> create();

  std::expected<void, base::OutOfMemory> write(std::span<const u8> bytes, base::Vector<u8>& output);
  std::expected<void, base::OutOfMemory> finish(base::Vector<u8>& output);

 private:
  explicit GzipWriter(Deflater deflater) : deflater_(std::move(deflater)) {}

  Deflater deflater_;
  Crc32 checksum_;
  u32 size_ = 0;  // modulo its range, as it is stored
  bool has_header_ = false;
};

}  // namespace nacre::compress
