#include "lib/compress/zlib.hpp"

#include <array>

#include "lib/base/try.hpp"

namespace nacre::compress {
namespace {

constexpr u8 method_deflate = 8;
constexpr u8 largest_window = 7;  // 32 KiB
constexpr u8 has_dictionary = 0x20;
/// Method and window, and flags that make both a multiple of 31.
constexpr std::array<u8, 2> written_header{0x78, 0x9c};
static_assert((written_header[0] << 8 | written_header[1]) % 31 == 0);

}  // namespace

std::expected<void, Error> ZlibReader::read_header() {
  if (input_.size() < header_size)
    return std::unexpected(Error(ErrorKind::UnexpectedEnd, input_.size()));
  u8 const method = input_[0];
  u8 const flags = input_[1];
  if ((method << 8 | flags) % 31 != 0) return std::unexpected(Error(ErrorKind::BadHeader, 0));
  if ((method & 15) != method_deflate || method >> 4 > largest_window)
    return std::unexpected(Error(ErrorKind::UnknownMethod, 0));
  if ((flags & has_dictionary) != 0) return std::unexpected(Error(ErrorKind::NeedsDictionary, 1));
  inflater_ = Inflater(input_.subspan(header_size), limit_);
  has_header_ = true;
  return {};
}

std::expected<bool, Error> ZlibReader::step(base::Vector<u8>& output, usize budget) {
  if (!has_header_) {
    TRY(read_header());
  }
  usize const before = output.size();
  auto const ended = inflater_.step(output, budget);
  if (!ended) {
    Error error = ended.error();
    error.offset += header_size;
    return std::unexpected(error);
  }
  checksum_.add({output.data() + before, output.size() - before});
  if (!*ended) return false;
  usize const end = header_size + inflater_.offset();
  if (input_.size() - end < trailer_size)
    return std::unexpected(Error(ErrorKind::UnexpectedEnd, input_.size()));
  u32 promised = 0;
  for (u8 const byte : input_.subspan(end, trailer_size)) promised = promised << 8 | byte;
  if (promised != checksum_.value()) return std::unexpected(Error(ErrorKind::WrongChecksum, end));
  return true;
}

std::expected<ZlibWriter, base::OutOfMemory> ZlibWriter::create() {
  TRY(auto deflater, Deflater::create());
  return ZlibWriter(std::move(deflater));
}

std::expected<void, base::OutOfMemory> ZlibWriter::write(std::span<const u8> bytes,
                                                         base::Vector<u8>& output) {
  if (!has_header_) {
    TRY(output.try_append(written_header));
    has_header_ = true;
  }
  checksum_.add(bytes);
  return deflater_.write(bytes, output);
}

std::expected<void, base::OutOfMemory> ZlibWriter::finish(base::Vector<u8>& output) {
  TRY(write({}, output));
  TRY(deflater_.finish(output));
  u32 const sum = checksum_.value();
  std::array<u8, 4> const trailer{static_cast<u8>(sum >> 24), static_cast<u8>(sum >> 16),
                                  static_cast<u8>(sum >> 8), static_cast<u8>(sum)};
  return output.try_append(trailer);
}

}  // namespace nacre::compress
