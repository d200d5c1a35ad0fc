#pragma once

#include <expected>
#include <span>

#include "lib/base/vector.hpp"
#include "lib/compress/bit_reader.hpp"
#include "lib/compress/error.hpp"
#include "lib/compress/huffman_decoder.hpp"

namespace nacre::compress {

/// Reads a DEFLATE stream from bytes in memory, in steps that are short whatever it holds.
/// [rfc1951]
class Inflater {
 public:
  /// `input` begins with the stream and outlives this; no more than `limit` bytes come out.
  Inflater(std::span<const u8> input, usize limit) : input_(input), left_(limit) {}

  /// Adds about `budget` bytes to `output`, which keeps all that this added before: matches are
  /// copied from there. True once the stream has come to its end. Errors: those of `ErrorKind` that
  /// are not about wrappers; then nothing more can be read.
  std::expected<bool, Error> step(base::Vector<u8>& output, usize budget);

  /// How many bytes of the input were read; at the end, where the stream ends.
  usize offset() const { return input_.offset(); }

 private:
  enum class State : u8 { Header, Stored, Coded, End };

  std::expected<void, Error> begin_block();
  std::expected<void, Error> read_codes();
  std::expected<void, Error> begin_stored();
  /// Both write to `out` from `at` on, and stop behind `enough`; `at` tells how far they came.
  std::expected<void, Error> copy_stored(std::span<u8> out, usize& at, usize enough);
  std::expected<void, Error> decode(std::span<u8> out, usize& at, usize enough);
  void end_block() { state_ = is_last_ ? State::End : State::Header; }

  std::expected<u32, Error> bits(unsigned count);
  std::expected<u16, Error> symbol(const HuffmanDecoder& code);
  std::unexpected<Error> fail(ErrorKind kind) const {
    return std::unexpected(Error(kind, input_.offset()));
  }

  BitReader input_;
  usize left_;          // bytes that may still come out
  usize produced_ = 0;  // bytes that came out
  State state_ = State::Header;
  bool is_last_ = false;
  usize stored_left_ = 0;  // bytes of a stored block
  HuffmanDecoder literals_;
  HuffmanDecoder distances_;
};

}  // namespace nacre::compress
