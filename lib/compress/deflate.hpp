#pragma once

#include <expected>
#include <span>

#include "lib/base/vector.hpp"
#include "lib/compress/bit_writer.hpp"
#include "lib/compress/format.hpp"

namespace nacre::compress {

struct DeflateState;

/// Writes a DEFLATE stream of bytes as they come. [rfc1951]
///
/// It works on 32 KiB at a time: looks for what came before, takes the next match instead where
/// that is longer, and writes each such block in whichever of the three forms is smallest.
class Deflater {
 public:
  /// Errors: OutOfMemory; what it needs it has from then on.
  static std::expected<Deflater, base::OutOfMemory> create();
  Deflater(Deflater&&) noexcept;
  Deflater& operator=(Deflater&&) noexcept;
  ~Deflater();

  /// Takes `bytes`; adds what they became, as far as it is known, to `output`. Errors: OutOfMemory,
  /// which is about `output`, and then the stream is of no use.
  std::expected<void, base::OutOfMemory> write(std::span<const u8> bytes, base::Vector<u8>& output);
  /// Adds the end of the stream. Nothing is written after it.
  std::expected<void, base::OutOfMemory> finish(base::Vector<u8>& output);

 private:
  explicit Deflater(base::Box<DeflateState> state);

  std::expected<void, base::OutOfMemory> end_block(bool is_last, base::Vector<u8>& output);

  base::Box<DeflateState> state_;
};

}  // namespace nacre::compress
