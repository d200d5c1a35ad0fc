#include "lib/compress/inflate.hpp"

#include <algorithm>
#include <cstring>

#include "lib/base/try.hpp"

namespace nacre::compress {

std::expected<bool, Error> Inflater::step(base::Vector<u8>& output, usize budget) {
  if (state_ == State::End) return true;
  usize const begin = output.size();
  NACRE_ASSERT(produced_ <= begin);
  // The last match may go on behind what is enough.
  usize const room = std::min(left_, budget + longest_match);
  TRY(output.try_resize(begin + room));
  std::span<u8> const out(output.data() + begin - produced_, produced_ + room);
  usize const enough = produced_ + budget;
  usize at = produced_;
  std::expected<void, Error> result;
  while (result && state_ != State::End && at < enough) {
    switch (state_) {
      case State::Header: result = begin_block(); break;
      case State::Stored: result = copy_stored(out, at, enough); break;
      case State::Coded: result = decode(out, at, enough); break;
      case State::End: break;
    }
  }
  left_ -= at - produced_;
  output.truncate(begin + at - produced_);
  produced_ = at;
  TRY(std::move(result));
  return state_ == State::End;
}

std::expected<u32, Error> Inflater::bits(unsigned count) {
  input_.refill();
  if (input_.available() < count) return fail(ErrorKind::UnexpectedEnd);
  return input_.take(count);
}

std::expected<u16, Error> Inflater::symbol(const HuffmanDecoder& code) {
  input_.refill();
  auto const found = code.find(input_.peek());
  if (!found || found->length > input_.available())
    return fail(input_.available() < longest_code ? ErrorKind::UnexpectedEnd
                                                  : ErrorKind::BadSymbol);
  input_.drop(found->length);
  return found->value;
}

std::expected<void, Error> Inflater::begin_block() {
  TRY(u32 const is_last, bits(1));
  is_last_ = is_last != 0;
  TRY(u32 const type, bits(2));
  switch (static_cast<BlockType>(type)) {
    case BlockType::Stored: return begin_stored();
    case BlockType::Fixed:
      literals_.build(fixed_literal_lengths);
      distances_.build(fixed_distance_lengths);
      state_ = State::Coded;
      return {};
    case BlockType::Dynamic: return read_codes();
  }
  return fail(ErrorKind::BadBlockType);
}

/// [rfc1951: "Non-compressed blocks (BTYPE=00)"]
std::expected<void, Error> Inflater::begin_stored() {
  input_.align();
  TRY(u32 const length, bits(16));
  TRY(u32 const complement, bits(16));
  if ((length ^ complement) != 0xffff) return fail(ErrorKind::BadStoredLength);
  stored_left_ = length;
  state_ = State::Stored;
  return {};
}

std::expected<void, Error> Inflater::copy_stored(std::span<u8> out, usize& at, usize enough) {
  usize const count = std::min({stored_left_, enough - at, out.size() - at, input_.rest().size()});
  if (count == 0 && stored_left_ != 0)
    return fail(at == out.size() ? ErrorKind::TooLarge : ErrorKind::UnexpectedEnd);
  if (count != 0) std::memcpy(out.data() + at, input_.rest().data(), count);
  input_.skip_bytes(count);
  at += count;
  stored_left_ -= count;
  if (stored_left_ == 0) end_block();
  return {};
}

/// [rfc1951: "Compression with dynamic Huffman codes (BTYPE=10)"]
std::expected<void, Error> Inflater::read_codes() {
  TRY(usize const literals, bits(5));
  TRY(usize const distances, bits(5));
  TRY(usize const code_lengths, bits(4));
  usize const literal_end = literals + 257;
  usize const all = literal_end + distances + 1;
  if (literal_end > literal_count) return fail(ErrorKind::BadCodeLengths);

  std::array<u8, code_length_count> order{};
  for (usize i = 0; i < code_lengths + 4; ++i) {
    TRY(u32 const length, bits(3));
    order[code_length_order[i]] = static_cast<u8>(length);
  }
  if (!literals_.build(order)) return fail(ErrorKind::BadCodeLengths);

  std::array<u8, literal_count + 32> lengths{};
  for (usize at = 0; at < all;) {
    TRY(u16 const code, symbol(literals_));
    if (code < repeat_last) {
      lengths[at++] = static_cast<u8>(code);
      continue;
    }
    u8 repeated = 0;
    usize count = 0;
    if (code == repeat_last) {
      if (at == 0) return fail(ErrorKind::BadCodeLengths);
      repeated = lengths[at - 1];
      TRY(count, bits(2));
      count += 3;
    } else {
      TRY(count, bits(code == repeat_zero ? 3 : 7));
      count += code == repeat_zero ? 3 : 11;
    }
    if (count > all - at) return fail(ErrorKind::BadCodeLengths);
    std::fill_n(lengths.begin() + static_cast<std::ptrdiff_t>(at), count, repeated);
    at += count;
  }
  // A block without an end could not be left.
  if (lengths[end_of_block] == 0) return fail(ErrorKind::BadCodeLengths);
  std::span<const u8> const both(lengths);
  if (!literals_.build(both.first(literal_end)) ||
      !distances_.build(both.subspan(literal_end, all - literal_end)))
    return fail(ErrorKind::BadCodeLengths);
  state_ = State::Coded;
  return {};
}

std::expected<void, Error> Inflater::decode(std::span<u8> out, usize& at, usize enough) {
  while (at < enough) {
    TRY(u16 const literal, symbol(literals_));
    if (literal < end_of_block) {
      if (at == out.size()) return fail(ErrorKind::TooLarge);
      out[at++] = static_cast<u8>(literal);
      continue;
    }
    if (literal == end_of_block) {
      end_block();
      return {};
    }
    usize const length_symbol = literal - end_of_block - 1;
    if (length_symbol >= length_ranges.size()) return fail(ErrorKind::BadSymbol);
    TRY(u32 const length_bits, bits(length_ranges[length_symbol].bits));
    usize const length = length_ranges[length_symbol].base + length_bits;
    TRY(u16 const distance_symbol, symbol(distances_));
    if (distance_symbol >= distance_ranges.size()) return fail(ErrorKind::BadSymbol);
    Range const range = distance_ranges[distance_symbol];
    TRY(u32 const distance_bits, bits(range.bits));
    usize const distance = usize{range.base} + distance_bits;
    if (distance > at) return fail(ErrorKind::DistanceTooFar);
    if (length > out.size() - at) return fail(ErrorKind::TooLarge);
    u8* const to = out.data() + at;
    const u8* const from = to - distance;
    if (distance >= length) {
      std::memcpy(to, from, length);
    } else {
      // It repeats what it is writing.
      for (usize i = 0; i < length; ++i) to[i] = from[i];
    }
    at += length;
  }
  return {};
}

}  // namespace nacre::compress
