#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

namespace nacre::base {

using i8 = std::int8_t;
using i16 = std::int16_t;
using i32 = std::int32_t;
using i64 = std::int64_t;
using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using usize = std::size_t;
using f32 = float;
using f64 = double;

/// A number that means one thing only. `Tag` keeps the kinds apart; arithmetic is opted into by the
/// type that derives its meaning from it.
template <class Tag, class Representation>
struct Id {
  Representation value{};
  friend constexpr auto operator<=>(Id, Id) = default;
};

inline namespace literals {
consteval u64 operator""_KiB(unsigned long long count) { return count << 10; }
consteval u64 operator""_MiB(unsigned long long count) { return count << 20; }
consteval u64 operator""_GiB(unsigned long long count) { return count << 30; }
}  // namespace literals

/// `value` rounded down to a multiple of `alignment`, a power of two.
constexpr u64 align_down(u64 value, u64 alignment) { return value & ~(alignment - 1); }
/// `value` rounded up to a multiple of `alignment`, a power of two. Wraps at the top of the range.
constexpr u64 align_up(u64 value, u64 alignment) {
  return align_down(value + alignment - 1, alignment);
}
static_assert(align_up(4097, 4096) == 8192 && align_up(4096, 4096) == 4096);

}  // namespace nacre::base
