#include "lib/compress/deflate_block.hpp"

#include <algorithm>
#include <bit>

#include "lib/base/try.hpp"

namespace nacre::compress {
namespace {

/// The symbol of each length, counted from the first of them.
constexpr std::array<u8, longest_match + 1> length_symbols = [] {
  std::array<u8, longest_match + 1> symbols{};
  for (usize i = 0; i < length_ranges.size(); ++i)
    for (usize length = length_ranges[i].base; length <= longest_match; ++length)
      symbols[length] = static_cast<u8>(i);
  return symbols;
}();
static_assert(length_symbols[3] == 0 && length_symbols[12] == 8 && length_symbols[257] == 27 &&
              length_symbols[258] == 28);

/// Two symbols share each power of two.
constexpr usize distance_symbol(u32 distance) {
  u32 const from_zero = distance - 1;
  if (from_zero < 4) return from_zero;
  auto const top = static_cast<unsigned>(std::bit_width(from_zero)) - 1;
  return 2 * top + (from_zero >> (top - 1) & 1);
}
static_assert(distance_symbol(1) == 0 && distance_symbol(5) == 4 && distance_symbol(7) == 5 &&
              distance_symbol(24'576) == 28 && distance_symbol(32'768) == 29);

constexpr u64 block_header_bits = 3;

/// How many further bits follow a code length.
unsigned repeat_bits(u8 symbol) {
  switch (symbol) {
    case repeat_last: return 2;
    case repeat_zero: return 3;
    case repeat_zero_long: return 7;
    default: return 0;
  }
}

}  // namespace

void DeflateBlock::clear() {
  count_ = 0;
  literals_.fill(0);
  distances_.fill(0);
}

void DeflateBlock::add_match(Match match) {
  tokens_[count_++] = match_flag | match.length << 16 | (match.distance - 1);
  ++literals_[end_of_block + 1 + length_symbols[match.length]];
  ++distances_[distance_symbol(match.distance)];
}

u64 DeflateBlock::coded_size(const HuffmanCode& literals, const HuffmanCode& distances) const {
  u64 size = literals.lengths[end_of_block];
  for (usize i = 0; i < literal_count; ++i) {
    unsigned const further = i <= end_of_block ? 0 : length_ranges[i - end_of_block - 1].bits;
    size += u64{literals_[i]} * (literals.lengths[i] + further);
  }
  for (usize i = 0; i < distance_count; ++i)
    size += u64{distances_[i]} * (distances.lengths[i] + unsigned{distance_ranges[i].bits});
  return size;
}

void DeflateBlock::write_coded(const HuffmanCode& literals, const HuffmanCode& distances,
                               BitWriter& bits, base::Vector<u8>& output) const {
  for (u32 const token : std::span(tokens_).first(count_)) {
    if ((token & match_flag) == 0) {
      bits.put(literals.bits[token], literals.lengths[token], output);
      continue;
    }
    u32 const length = token >> 16 & 0x1ff;
    u32 const distance = (token & 0xffff) + 1;
    usize const from = length_symbols[length];
    usize const symbol = end_of_block + 1 + from;
    bits.put(literals.bits[symbol], literals.lengths[symbol], output);
    bits.put(length - length_ranges[from].base, length_ranges[from].bits, output);
    usize const far = distance_symbol(distance);
    bits.put(distances.bits[far], distances.lengths[far], output);
    bits.put(distance - distance_ranges[far].base, distance_ranges[far].bits, output);
  }
  bits.put(literals.bits[end_of_block], literals.lengths[end_of_block], output);
}

std::expected<void, base::OutOfMemory> DeflateBlock::write(std::span<const u8> bytes, bool is_last,
                                                           BitWriter& bits,
                                                           base::Vector<u8>& output) {
  // More than the stored form takes is never written.
  usize const needed = output.size() + bytes.size() + 16;
  if (needed > output.capacity()) {
    TRY(output.try_reserve(std::max(needed, 2 * output.capacity())));
  }
  ++literals_[end_of_block];
  HuffmanCode const literals =
      HuffmanCode::for_frequencies(std::span(literals_).first(literal_count), longest_code);
  --literals_[end_of_block];
  HuffmanCode const distances = HuffmanCode::for_frequencies(distances_, longest_code);
  CodeLengths const code_lengths(literals, distances);

  u64 const dynamic_size = code_lengths.size() + coded_size(literals, distances);
  u64 const fixed_size = coded_size(fixed_literal_code, fixed_distance_code);
  u64 const stored_size = 7 + 32 + 8 * u64{bytes.size()};
  BlockType type = dynamic_size < fixed_size ? BlockType::Dynamic : BlockType::Fixed;
  if (std::min(dynamic_size, fixed_size) + block_header_bits >= stored_size)
    type = BlockType::Stored;
  bits.put(is_last ? 1 : 0, 1, output);
  bits.put(static_cast<u32>(type), 2, output);
  switch (type) {
    case BlockType::Stored: {
      bits.align(output);
      auto const size = static_cast<u32>(bytes.size());
      bits.put(size, 16, output);
      bits.put(~size & 0xffff, 16, output);
      for (u8 const byte : bytes) output.push_back_reserved(byte);
      break;
    }
    case BlockType::Fixed:
      write_coded(fixed_literal_code, fixed_distance_code, bits, output);
      break;
    case BlockType::Dynamic:
      code_lengths.write(bits, output);
      write_coded(literals, distances, bits, output);
      break;
  }
  return {};
}

DeflateBlock::CodeLengths::CodeLengths(const HuffmanCode& literals, const HuffmanCode& distances) {
  while (literal_end > end_of_block + 1 && literals.lengths[literal_end - 1] == 0) --literal_end;
  while (distance_end > 1 && distances.lengths[distance_end - 1] == 0) --distance_end;
  std::array<u8, literal_count + distance_count> all{};
  std::copy_n(literals.lengths.begin(), literal_end, all.begin());
  std::copy_n(distances.lengths.begin(), distance_end,
              all.begin() + static_cast<std::ptrdiff_t>(literal_end));
  usize const end = literal_end + distance_end;
  for (usize at = 0; at < end;) {
    usize run = 1;
    while (at + run < end && all[at + run] == all[at]) ++run;
    add_run(all[at], run);
    at += run;
  }
  code = HuffmanCode::for_frequencies(frequencies, longest_code_length_code);
  while (order_end > 4 && code.lengths[code_length_order[order_end - 1]] == 0) --order_end;
}

void DeflateBlock::CodeLengths::add(u8 symbol, u8 repeat) {
  items[count++] = {symbol, repeat};
  ++frequencies[symbol];
}

void DeflateBlock::CodeLengths::add_run(u8 length, usize run) {
  if (length != 0) {
    add(length, 0);
    --run;
  }
  usize const most = length == 0 ? 138 : 6;
  while (run >= 3) {
    usize const part = std::min(run, most);
    if (length != 0) {
      add(repeat_last, static_cast<u8>(part - 3));
    } else if (part <= 10) {
      add(repeat_zero, static_cast<u8>(part - 3));
    } else {
      add(repeat_zero_long, static_cast<u8>(part - 11));
    }
    run -= part;
  }
  for (; run > 0; --run) add(length, 0);
}

u64 DeflateBlock::CodeLengths::size() const {
  u64 size = 5 + 5 + 4 + 3 * order_end;
  for (const Item& item : std::span(items).first(count))
    size += code.lengths[item.symbol] + repeat_bits(item.symbol);
  return size;
}

void DeflateBlock::CodeLengths::write(BitWriter& bits, base::Vector<u8>& output) const {
  bits.put(static_cast<u32>(literal_end - 257), 5, output);
  bits.put(static_cast<u32>(distance_end - 1), 5, output);
  bits.put(static_cast<u32>(order_end - 4), 4, output);
  for (usize i = 0; i < order_end; ++i) bits.put(code.lengths[code_length_order[i]], 3, output);
  for (const Item& item : std::span(items).first(count)) {
    bits.put(code.bits[item.symbol], code.lengths[item.symbol], output);
    bits.put(item.repeat, repeat_bits(item.symbol), output);
  }
}

}  // namespace nacre::compress
