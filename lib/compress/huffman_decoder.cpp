#include "lib/compress/huffman_decoder.hpp"

namespace nacre::compress {

bool HuffmanDecoder::build(std::span<const u8> lengths) {
  std::array<u16, longest_code + 1> count{};
  for (u8 const length : lengths)
    if (length != 0) ++count[length];

  constexpr u32 whole = 1u << longest_code;
  u32 used = 0;
  u16 symbols = 0;
  for (unsigned length = 1; length <= longest_code; ++length) {
    first_[length] = used;
    used += u32{count[length]} << (longest_code - length);
    end_[length] = used;
    index_[length] = symbols;
    symbols = static_cast<u16>(symbols + count[length]);
  }
  if (used > whole) return false;
  bool const is_single = symbols == 1 && count[1] == 1;
  if (used < whole && symbols != 0 && !is_single) return false;

  quick_.fill(0);
  std::array<u16, longest_code + 1> next = index_;
  for (usize symbol = 0; symbol < lengths.size(); ++symbol) {
    unsigned const length = lengths[symbol];
    if (length == 0) continue;
    u16 const place = next[length]++;
    symbols_[place] = static_cast<u16>(symbol);
    if (length > quick_bits) continue;
    u32 const code = (first_[length] >> (longest_code - length)) + place - index_[length];
    for (usize i = reversed(code, length); i < quick_.size(); i += usize{1} << length)
      quick_[i] = static_cast<u16>(symbol << 4 | length);
  }
  return true;
}

std::optional<HuffmanDecoder::Symbol> HuffmanDecoder::find_long(u64 bits) const {
  u32 const code = reversed(static_cast<u32>(bits), longest_code);
  for (unsigned length = quick_bits + 1; length <= longest_code; ++length) {
    if (code < first_[length] || code >= end_[length]) continue;
    u32 const place = index_[length] + ((code - first_[length]) >> (longest_code - length));
    return Symbol{symbols_[place], static_cast<u8>(length)};
  }
  return std::nullopt;
}

}  // namespace nacre::compress
