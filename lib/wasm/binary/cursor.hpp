#pragma once

#include <bit>
#include <span>
#include <string_view>
#include <type_traits>

#include "lib/wasm/binary/error.hpp"
#include "lib/wasm/binary/types.hpp"

namespace nacre::wasm {

/// Reads the binary format's primitives from a borrowed part of a module. Offsets are from the
/// start of the module. What running out of bytes is called depends on where it happens, so the
/// cursor is told. [wasm/core: "Values"]
class Cursor {
 public:
  constexpr Cursor(std::span<const u8> bytes, usize offset,
                   Malformed at_end = Malformed::UnexpectedEnd)
      : begin_(bytes.data()),
        at_(bytes.data()),
        end_(bytes.data() + bytes.size()),
        origin_(offset),
        end_cause_(at_end) {}

  constexpr usize offset() const { return origin_ + static_cast<usize>(at_ - begin_); }
  constexpr usize remaining() const { return static_cast<usize>(end_ - at_); }
  constexpr bool at_end() const { return at_ == end_; }
  constexpr std::unexpected<ModuleError> refuse_end() const { return refuse(end_cause_, offset()); }

  constexpr Loaded<u8> byte() {
    if (at_ == end_) [[unlikely]]
      return refuse_end();
    return *at_++;
  }
  constexpr Loaded<u8> peek() const {
    if (at_ == end_) [[unlikely]]
      return refuse_end();
    return *at_;
  }
  /// The next `count` bytes, borrowed.
  constexpr Loaded<std::span<const u8>> take(usize count) {
    if (count > remaining()) return refuse(Malformed::LengthOutOfBounds, offset());
    std::span<const u8> const taken(at_, count);
    at_ += count;
    return taken;
  }
  constexpr void skip_to_end() { at_ = end_; }
  constexpr std::span<const u8> rest() const { return {at_, remaining()}; }
  /// `count` is no more than remains.
  constexpr void skip(usize count) { at_ += count; }

  /// LEB128 integers. [wasm/core: "Integers"]
  constexpr Loaded<u32> leb_u32() {
    if (at_ != end_ && *at_ < 0x80) [[likely]]
      return *at_++;
    return leb<u32, 32>();
  }
  constexpr Loaded<u64> leb_u64() { return leb<u64, 64>(); }
  constexpr Loaded<i32> leb_i32() { return leb<i32, 32>(); }
  constexpr Loaded<i64> leb_i64() { return leb<i64, 64>(); }
  constexpr Loaded<i64> leb_i33() { return leb<i64, 33>(); }

  /// A fixed number of bytes, little-endian.
  template <class T>
  constexpr Loaded<T> little_endian() {
    if (remaining() < sizeof(T)) return refuse_end();
    T value = 0;
    for (usize i = 0; i < sizeof(T); ++i)
      value = static_cast<T>(value | static_cast<T>(T{at_[i]} << (8 * i)));
    at_ += sizeof(T);
    return value;
  }
  /// UTF-8 text with its length in front. [wasm/core: "Names"]
  Loaded<std::string_view> name();

 private:
  template <class T, unsigned Bits>
  constexpr Loaded<T> leb() {
    using Unsigned = std::make_unsigned_t<T>;
    constexpr bool is_signed = std::is_signed_v<T>;
    constexpr unsigned last_shift = (Bits - 1) / 7 * 7;
    constexpr unsigned last_bits = Bits - last_shift;
    Unsigned value = 0;
    for (unsigned shift = 0;; shift += 7) {
      if (at_ == end_) [[unlikely]]
        return refuse_end();
      u8 const current = *at_;
      if (shift == last_shift) {
        if (current >= 0x80) return refuse(Malformed::IntegerTooLong, offset());
        // The bits that do not fit must repeat the sign, or be zero where there is none.
        unsigned const spare = static_cast<unsigned>(current & 0x7f) >> (last_bits - is_signed);
        unsigned const all = 0x7fu >> (last_bits - is_signed);
        if (spare != 0 && !(is_signed && spare == all))
          return refuse(Malformed::IntegerTooLarge, offset());
      }
      ++at_;
      value |= static_cast<Unsigned>(static_cast<Unsigned>(current & 0x7f) << shift);
      if (current < 0x80) {
        if constexpr (is_signed) {
          unsigned const used = shift + 7;
          if ((current & 0x40) != 0 && used < sizeof(T) * 8)
            value |= static_cast<Unsigned>(~Unsigned{0} << used);
        }
        return static_cast<T>(value);
      }
    }
  }

  const u8* begin_;
  const u8* at_;
  const u8* end_;
  usize origin_;
  Malformed end_cause_;
};

/// Whether `bytes` are UTF-8, with nothing overlong and no surrogates.
bool is_utf8(std::span<const u8> bytes);

}  // namespace nacre::wasm
