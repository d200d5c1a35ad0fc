#pragma once

#include <array>
#include <bit>
#include <type_traits>

#include "lib/wasm/runtime/numeric.hpp"

/// What the instructions of v128 compute, one function for each, named as in the opcode table; one
/// truth for every tier. They are written for all lanes at once, so that a compiler makes vector
/// instructions of them, whichever it has; what it makes for lanes of other widths or signs than
/// the processor knows is its business. NaNs are canonical as in `numeric.hpp`.
///
/// Of the results that relaxed instructions may have, they have those that 3.0 prescribes for the
/// deterministic profile: each is the instruction that is not relaxed, a multiplication and an
/// addition round separately, and a dot product takes both operands as signed and saturates the
/// sums of two products. [wasm/core: "Vector Instructions"] [wasm/core: "Relaxed Operations"]
namespace nacre::wasm::numeric {

/// Sixteen bytes as lanes of one type; the first lane is the lowest.
template <class T>
using Lanes [[gnu::vector_size(16)]] = T;
/// As many lanes as a v128 has of types twice as wide.
template <class T>
using HalfLanes [[gnu::vector_size(8)]] = T;
template <class T>
using DoubleLanes [[gnu::vector_size(32)]] = T;
template <class T>
using LaneArray = std::array<T, 16 / sizeof(T)>;

/// A v128 whose lanes nobody has named yet.
using V128 = Lanes<u64>;

template <class T>
constexpr Lanes<T> lanes(V128 a) {
  return std::bit_cast<Lanes<T>>(a);
}
template <class T>
constexpr LaneArray<T> lane_array(V128 a) {
  return std::bit_cast<LaneArray<T>>(a);
}
/// From lanes or an array of them.
template <class T>
constexpr V128 vector_of(const T& a) {
  return std::bit_cast<V128>(a);
}
/// From two halves, each lanes or an integer.
template <class T>
constexpr V128 vector_of(const T& low, const T& high) {
  return V128{std::bit_cast<u64>(low), std::bit_cast<u64>(high)};
}
/// Half 0 is the low one.
template <class T, usize half>
constexpr HalfLanes<T> half_lanes(V128 a) {
  return std::bit_cast<HalfLanes<T>>(lane_array<u64>(a)[half]);
}

/// The unsigned integer, and the signed one, as wide as `T`.
template <class T>
using Unsigned = std::conditional_t<
    sizeof(T) == 1, u8,
    std::conditional_t<sizeof(T) == 2, u16, std::conditional_t<sizeof(T) == 4, u32, u64>>>;
template <class T>
using Signed = std::make_signed_t<Unsigned<T>>;

/// The integer of the same sign and twice the width.
template <class T>
using WideOf =
    std::conditional_t<sizeof(T) == 1, u16, std::conditional_t<sizeof(T) == 2, u32, u64>>;
template <class T>
using Wide = std::conditional_t<std::is_signed_v<T>, std::make_signed_t<WideOf<T>>, WideOf<T>>;

/// The same integer in all lanes.
template <class T>
constexpr Lanes<T> broadcast(T value) {
  return Lanes<T>{} + value;
}
template <std::floating_point F>
constexpr V128 broadcast_bits(F value) {
  return vector_of(broadcast(bits_of(value)));
}

// ---- bits

constexpr V128 v128_not(V128 a) { return ~a; }
constexpr V128 v128_and(V128 a, V128 b) { return a & b; }
constexpr V128 v128_andnot(V128 a, V128 b) { return a & ~b; }
constexpr V128 v128_or(V128 a, V128 b) { return a | b; }
constexpr V128 v128_xor(V128 a, V128 b) { return a ^ b; }
/// A bit of `a` where that of `mask` is set.
constexpr V128 v128_bitselect(V128 a, V128 b, V128 mask) { return (a & mask) | (b & ~mask); }
constexpr u32 v128_any_true(V128 a) {
  auto const halves = lane_array<u64>(a);
  return (halves[0] | halves[1]) != 0;
}

// ---- comparisons: all bits of a lane are set where it holds

template <class T>
constexpr V128 equal(V128 a, V128 b) {
  return vector_of(lanes<T>(a) == lanes<T>(b));
}
template <class T>
constexpr V128 less(V128 a, V128 b) {
  return vector_of(lanes<T>(a) < lanes<T>(b));
}
/// Not the opposite of the above, where a NaN is in it.
template <class T>
constexpr V128 less_or_equal(V128 a, V128 b) {
  return vector_of(lanes<T>(a) <= lanes<T>(b));
}
template <class T>
constexpr V128 lesser(V128 a, V128 b) {
  return v128_bitselect(a, b, less<T>(a, b));
}
template <class T>
constexpr V128 greater(V128 a, V128 b) {
  return v128_bitselect(b, a, less<T>(a, b));
}

/// The highest bit of each lane, the first lane's lowest.
template <class T>
constexpr u32 sign_bits(V128 a) {
  constexpr usize count = 16 / sizeof(T);
  using Mask = bool __attribute__((ext_vector_type(count)));
  using Bits = std::conditional_t<count == 16, u16, u8>;
  auto const negative = __builtin_convertvector(lanes<Signed<T>>(a) < 0, Mask);
  return std::bit_cast<Bits>(negative) & ((u32{1} << count) - 1);
}

// ---- integers

template <class T>
constexpr V128 absolute_lanes(V128 a) {
  return v128_bitselect(vector_of(-lanes<Unsigned<T>>(a)), a, less<Signed<T>>(a, V128{}));
}
/// The mean, rounded up.
template <class T>
constexpr V128 rounded_average(V128 a, V128 b) {
  auto const left = __builtin_convertvector(lanes<T>(a), DoubleLanes<Wide<T>>);
  auto const right = __builtin_convertvector(lanes<T>(b), DoubleLanes<Wide<T>>);
  return vector_of(__builtin_convertvector((left + right + 1) >> 1, Lanes<T>));
}
template <class T>
V128 add_saturating(V128 a, V128 b) {
  return vector_of(__builtin_elementwise_add_sat(lanes<T>(a), lanes<T>(b)));
}
template <class T>
V128 subtract_saturating(V128 a, V128 b) {
  return vector_of(__builtin_elementwise_sub_sat(lanes<T>(a), lanes<T>(b)));
}
/// `T` is signed where the sign is to be kept.
template <class T>
constexpr V128 shift_right(V128 a, u32 count) {
  return vector_of(lanes<T>(a) >> broadcast(static_cast<T>(count % (sizeof(T) * 8))));
}
template <class T>
constexpr V128 shift_left(V128 a, u32 count) {
  return vector_of(lanes<T>(a) << broadcast(static_cast<T>(count % (sizeof(T) * 8))));
}

/// One half's lanes `T`, each twice as wide.
template <class T, usize half>
constexpr Lanes<Wide<T>> widened(V128 a) {
  return __builtin_convertvector(half_lanes<T, half>(a), Lanes<Wide<T>>);
}
template <class T, usize half>
constexpr V128 extend(V128 a) {
  return vector_of(widened<T, half>(a));
}
template <class T, usize half>
constexpr V128 extended_product(V128 a, V128 b) {
  return vector_of(widened<T, half>(a) * widened<T, half>(b));
}
/// The even and the odd lanes `T`, each twice as wide.
template <class T>
constexpr Lanes<Wide<T>> widened_even(V128 a) {
  return (lanes<Wide<T>>(a) << sizeof(T) * 8) >> sizeof(T) * 8;
}
template <class T>
constexpr Lanes<Wide<T>> widened_odd(V128 a) {
  return lanes<Wide<T>>(a) >> sizeof(T) * 8;
}
template <class T>
constexpr V128 pairwise_sum(V128 a) {
  return vector_of(widened_even<T>(a) + widened_odd<T>(a));
}

/// Signed lanes `From`, brought into the range of `To`, of half the width.
template <class From, class To>
constexpr HalfLanes<To> saturated(V128 a) {
  auto const lowest = vector_of(broadcast(From{std::numeric_limits<To>::min()}));
  auto const highest = vector_of(broadcast(From{std::numeric_limits<To>::max()}));
  V128 const inside = lesser<From>(greater<From>(a, lowest), highest);
  return __builtin_convertvector(lanes<From>(inside), HalfLanes<To>);
}
template <class From, class To>
constexpr V128 narrow(V128 a, V128 b) {
  return vector_of(saturated<From, To>(a), saturated<From, To>(b));
}

#define NACRE_COMPARABLE(prefix, T)                                     \
  constexpr V128 prefix##_eq(V128 a, V128 b) { return equal<T>(a, b); } \
  constexpr V128 prefix##_ne(V128 a, V128 b) { return ~equal<T>(a, b); }

#define NACRE_INTEGER_LANES(prefix, T)                                                          \
  NACRE_COMPARABLE(prefix, T)                                                                   \
  constexpr V128 prefix##_lt_s(V128 a, V128 b) { return less<Signed<T>>(a, b); }                \
  constexpr V128 prefix##_gt_s(V128 a, V128 b) { return less<Signed<T>>(b, a); }                \
  constexpr V128 prefix##_le_s(V128 a, V128 b) { return less_or_equal<Signed<T>>(a, b); }       \
  constexpr V128 prefix##_ge_s(V128 a, V128 b) { return less_or_equal<Signed<T>>(b, a); }       \
  constexpr u32 prefix##_all_true(V128 a) { return sign_bits<T>(equal<T>(a, V128{})) == 0; }    \
  constexpr u32 prefix##_bitmask(V128 a) { return sign_bits<T>(a); }                            \
  constexpr V128 prefix##_abs(V128 a) { return absolute_lanes<T>(a); }                          \
  constexpr V128 prefix##_neg(V128 a) { return vector_of(-lanes<T>(a)); }                       \
  constexpr V128 prefix##_add(V128 a, V128 b) { return vector_of(lanes<T>(a) + lanes<T>(b)); }  \
  constexpr V128 prefix##_sub(V128 a, V128 b) { return vector_of(lanes<T>(a) - lanes<T>(b)); }  \
  constexpr V128 prefix##_shl(V128 a, u32 count) { return shift_left<T>(a, count); }            \
  constexpr V128 prefix##_shr_s(V128 a, u32 count) { return shift_right<Signed<T>>(a, count); } \
  constexpr V128 prefix##_shr_u(V128 a, u32 count) { return shift_right<T>(a, count); }

#define NACRE_UNSIGNED_ORDER(prefix, T)                                              \
  constexpr V128 prefix##_lt_u(V128 a, V128 b) { return less<T>(a, b); }             \
  constexpr V128 prefix##_gt_u(V128 a, V128 b) { return less<T>(b, a); }             \
  constexpr V128 prefix##_le_u(V128 a, V128 b) { return less_or_equal<T>(a, b); }    \
  constexpr V128 prefix##_ge_u(V128 a, V128 b) { return less_or_equal<T>(b, a); }    \
  constexpr V128 prefix##_min_s(V128 a, V128 b) { return lesser<Signed<T>>(a, b); }  \
  constexpr V128 prefix##_min_u(V128 a, V128 b) { return lesser<T>(a, b); }          \
  constexpr V128 prefix##_max_s(V128 a, V128 b) { return greater<Signed<T>>(a, b); } \
  constexpr V128 prefix##_max_u(V128 a, V128 b) { return greater<T>(a, b); }

#define NACRE_SMALL_LANES(prefix, T, wider, W)                                                    \
  inline V128 prefix##_add_sat_s(V128 a, V128 b) { return add_saturating<Signed<T>>(a, b); }      \
  inline V128 prefix##_add_sat_u(V128 a, V128 b) { return add_saturating<T>(a, b); }              \
  inline V128 prefix##_sub_sat_s(V128 a, V128 b) { return subtract_saturating<Signed<T>>(a, b); } \
  inline V128 prefix##_sub_sat_u(V128 a, V128 b) { return subtract_saturating<T>(a, b); }         \
  constexpr V128 prefix##_avgr_u(V128 a, V128 b) { return rounded_average<T>(a, b); }             \
  constexpr V128 prefix##_narrow_##wider##_s(V128 a, V128 b) {                                    \
    return narrow<Signed<W>, Signed<T>>(a, b);                                                    \
  }                                                                                               \
  constexpr V128 prefix##_narrow_##wider##_u(V128 a, V128 b) { return narrow<Signed<W>, T>(a, b); }

/// What reads lanes of half the width, `N`.
#define NACRE_WIDENING(prefix, T, narrower, N)                                                   \
  constexpr V128 prefix##_mul(V128 a, V128 b) { return vector_of(lanes<T>(a) * lanes<T>(b)); }   \
  constexpr V128 prefix##_extend_low_##narrower##_s(V128 a) { return extend<Signed<N>, 0>(a); }  \
  constexpr V128 prefix##_extend_high_##narrower##_s(V128 a) { return extend<Signed<N>, 1>(a); } \
  constexpr V128 prefix##_extend_low_##narrower##_u(V128 a) { return extend<N, 0>(a); }          \
  constexpr V128 prefix##_extend_high_##narrower##_u(V128 a) { return extend<N, 1>(a); }         \
  constexpr V128 prefix##_extmul_low_##narrower##_s(V128 a, V128 b) {                            \
    return extended_product<Signed<N>, 0>(a, b);                                                 \
  }                                                                                              \
  constexpr V128 prefix##_extmul_high_##narrower##_s(V128 a, V128 b) {                           \
    return extended_product<Signed<N>, 1>(a, b);                                                 \
  }                                                                                              \
  constexpr V128 prefix##_extmul_low_##narrower##_u(V128 a, V128 b) {                            \
    return extended_product<N, 0>(a, b);                                                         \
  }                                                                                              \
  constexpr V128 prefix##_extmul_high_##narrower##_u(V128 a, V128 b) {                           \
    return extended_product<N, 1>(a, b);                                                         \
  }

#define NACRE_PAIRWISE(prefix, narrower, N)                        \
  constexpr V128 prefix##_extadd_pairwise_##narrower##_s(V128 a) { \
    return pairwise_sum<Signed<N>>(a);                             \
  }                                                                \
  constexpr V128 prefix##_extadd_pairwise_##narrower##_u(V128 a) { return pairwise_sum<N>(a); }

NACRE_INTEGER_LANES(i8x16, u8)
NACRE_INTEGER_LANES(i16x8, u16)
NACRE_INTEGER_LANES(i32x4, u32)
NACRE_INTEGER_LANES(i64x2, u64)
NACRE_UNSIGNED_ORDER(i8x16, u8)
NACRE_UNSIGNED_ORDER(i16x8, u16)
NACRE_UNSIGNED_ORDER(i32x4, u32)
NACRE_SMALL_LANES(i8x16, u8, i16x8, u16)
NACRE_SMALL_LANES(i16x8, u16, i32x4, u32)
NACRE_WIDENING(i16x8, u16, i8x16, u8)
NACRE_WIDENING(i32x4, u32, i16x8, u16)
NACRE_WIDENING(i64x2, u64, i32x4, u32)
NACRE_PAIRWISE(i16x8, i8x16, u8)
NACRE_PAIRWISE(i32x4, i16x8, u16)
#undef NACRE_INTEGER_LANES
#undef NACRE_UNSIGNED_ORDER
#undef NACRE_SMALL_LANES
#undef NACRE_WIDENING
#undef NACRE_PAIRWISE

/// Sums of two, then four, then eight neighbouring bits.
constexpr V128 i8x16_popcnt(V128 a) {
  auto const bits = lanes<u8>(a);
  auto const pairs = bits - ((bits >> 1) & 0x55);
  auto const fours = (pairs & 0x33) + ((pairs >> 2) & 0x33);
  return vector_of((fours + (fours >> 4)) & 0x0f);
}
/// The product of two numbers with 15 bits behind the point, rounded.
constexpr V128 i16x8_q15mulr_sat_s(V128 a, V128 b) {
  auto const left = __builtin_convertvector(lanes<i16>(a), DoubleLanes<i32>);
  auto const right = __builtin_convertvector(lanes<i16>(b), DoubleLanes<i32>);
  // Only the smallest number times itself does not fit, as 0x8000.
  auto const rounded = __builtin_convertvector((left * right + 0x4000) >> 15, Lanes<u16>);
  return vector_of(rounded) ^ equal<u16>(vector_of(rounded), vector_of(broadcast(u16{0x8000})));
}
constexpr V128 i32x4_dot_i16x8_s(V128 a, V128 b) {
  // Unsigned, because the sum of the two largest products wraps.
  auto const products = __builtin_convertvector(lanes<i16>(a), DoubleLanes<u32>) *
                        __builtin_convertvector(lanes<i16>(b), DoubleLanes<u32>);
  return vector_of(__builtin_shufflevector(products, products, 0, 2, 4, 6) +
                   __builtin_shufflevector(products, products, 1, 3, 5, 7));
}

// ---- floating-point numbers

template <class F>
constexpr V128 sign_of_lanes(V128 a) {
  return a & broadcast_bits(-F{0});
}
template <class F>
constexpr V128 magnitude_of_lanes(V128 a) {
  return a & ~broadcast_bits(-F{0});
}
/// The canonical NaN in place of any other.
template <class F>
constexpr V128 canonical_lanes(V128 a) {
  return v128_bitselect(a, broadcast_bits(std::numeric_limits<F>::quiet_NaN()), equal<F>(a, a));
}
template <class F>
constexpr V128 canonical_lanes(Lanes<F> a) {
  return canonical_lanes<F>(vector_of(a));
}
template <class F>
constexpr V128 minimum_lanes(V128 a, V128 b) {
  V128 const different = lesser<F>(a, b);
  V128 const result = v128_bitselect(a | b, different, equal<F>(a, b));  // -0 is the smaller zero.
  return v128_bitselect(result, broadcast_bits(std::numeric_limits<F>::quiet_NaN()),
                        equal<F>(a, a) & equal<F>(b, b));
}
template <class F>
constexpr V128 maximum_lanes(V128 a, V128 b) {
  V128 const different = greater<F>(a, b);
  V128 const result = v128_bitselect(a & b, different, equal<F>(a, b));
  return v128_bitselect(result, broadcast_bits(std::numeric_limits<F>::quiet_NaN()),
                        equal<F>(a, a) & equal<F>(b, b));
}

/// To the nearest integer, ties to even, as in `rounded_to_nearest`; NaNs stay as they are.
template <class F>
constexpr V128 nearest_lanes(V128 a) {
  constexpr F large = static_cast<F>(u64{1} << FloatLayout<F>::fraction_bits);
  V128 const magnitude = magnitude_of_lanes<F>(a);
  V128 const rounded = vector_of((lanes<F>(magnitude) + large) - large);
  V128 const has_fraction = less<F>(magnitude, broadcast_bits(large));
  return v128_bitselect(rounded | sign_of_lanes<F>(a), a, has_fraction);
}
/// Those lanes of 1 where the mask is set.
template <class F>
constexpr Lanes<F> ones_where(V128 mask) {
  return lanes<F>(mask & broadcast_bits(F{1}));
}
template <class F>
constexpr V128 floor_lanes(V128 a) {
  V128 const whole = nearest_lanes<F>(a);
  return canonical_lanes<F>(lanes<F>(whole) - ones_where<F>(less<F>(a, whole)));
}
template <class F>
constexpr V128 ceil_lanes(V128 a) {
  V128 const whole = nearest_lanes<F>(a);
  V128 const raised = vector_of(lanes<F>(whole) + ones_where<F>(less<F>(whole, a)));
  // What lies between -1 and 0 becomes -0.
  return canonical_lanes<F>(raised | sign_of_lanes<F>(a));
}
template <class F>
constexpr V128 trunc_lanes(V128 a) {
  return canonical_lanes<F>(floor_lanes<F>(magnitude_of_lanes<F>(a)) | sign_of_lanes<F>(a));
}

#define NACRE_FLOAT_LANES(prefix, F)                                                            \
  NACRE_COMPARABLE(prefix, F)                                                                   \
  constexpr V128 prefix##_lt(V128 a, V128 b) { return less<F>(a, b); }                          \
  constexpr V128 prefix##_gt(V128 a, V128 b) { return less<F>(b, a); }                          \
  constexpr V128 prefix##_le(V128 a, V128 b) { return less_or_equal<F>(a, b); }                 \
  constexpr V128 prefix##_ge(V128 a, V128 b) { return less_or_equal<F>(b, a); }                 \
  constexpr V128 prefix##_abs(V128 a) { return magnitude_of_lanes<F>(a); }                      \
  constexpr V128 prefix##_neg(V128 a) { return a ^ broadcast_bits(-F{0}); }                     \
  inline V128 prefix##_sqrt(V128 a) {                                                           \
    return canonical_lanes<F>(__builtin_elementwise_sqrt(lanes<F>(a)));                         \
  }                                                                                             \
  constexpr V128 prefix##_ceil(V128 a) { return ceil_lanes<F>(a); }                             \
  constexpr V128 prefix##_floor(V128 a) { return floor_lanes<F>(a); }                           \
  constexpr V128 prefix##_trunc(V128 a) { return trunc_lanes<F>(a); }                           \
  constexpr V128 prefix##_nearest(V128 a) { return canonical_lanes<F>(nearest_lanes<F>(a)); }   \
  constexpr V128 prefix##_add(V128 a, V128 b) {                                                 \
    return canonical_lanes<F>(lanes<F>(a) + lanes<F>(b));                                       \
  }                                                                                             \
  constexpr V128 prefix##_sub(V128 a, V128 b) {                                                 \
    return canonical_lanes<F>(lanes<F>(a) - lanes<F>(b));                                       \
  }                                                                                             \
  constexpr V128 prefix##_mul(V128 a, V128 b) {                                                 \
    return canonical_lanes<F>(lanes<F>(a) * lanes<F>(b));                                       \
  }                                                                                             \
  constexpr V128 prefix##_div(V128 a, V128 b) {                                                 \
    return canonical_lanes<F>(lanes<F>(a) / lanes<F>(b));                                       \
  }                                                                                             \
  constexpr V128 prefix##_min(V128 a, V128 b) { return minimum_lanes<F>(a, b); }                \
  constexpr V128 prefix##_max(V128 a, V128 b) { return maximum_lanes<F>(a, b); }                \
  /* As C programs compare: the first operand where neither is the lesser, and no other NaN. */ \
  constexpr V128 prefix##_pmin(V128 a, V128 b) { return lesser<F>(b, a); }                      \
  constexpr V128 prefix##_pmax(V128 a, V128 b) { return greater<F>(a, b); }                     \
  constexpr V128 prefix##_relaxed_min(V128 a, V128 b) { return prefix##_min(a, b); }            \
  constexpr V128 prefix##_relaxed_max(V128 a, V128 b) { return prefix##_max(a, b); }            \
  constexpr V128 prefix##_relaxed_madd(V128 a, V128 b, V128 c) {                                \
    return prefix##_add(prefix##_mul(a, b), c);                                                 \
  }                                                                                             \
  constexpr V128 prefix##_relaxed_nmadd(V128 a, V128 b, V128 c) {                               \
    return prefix##_relaxed_madd(prefix##_neg(a), b, c);                                        \
  }

NACRE_FLOAT_LANES(f32x4, f32)
NACRE_FLOAT_LANES(f64x2, f64)
#undef NACRE_FLOAT_LANES
#undef NACRE_COMPARABLE

// ---- conversions

/// Numbers cut towards zero and brought into the range of `T`, as many as `Result` has lanes; a NaN
/// becomes 0.
template <class T, class F, class Result>
constexpr Result truncated_lanes(V128 a) {
  constexpr F end = power_of_two<F>(std::numeric_limits<T>::digits);
  V128 const too_low = std::is_signed_v<T> ? less<F>(a, broadcast_bits(-end))
                                           : less_or_equal<F>(a, broadcast_bits(F{-1}));
  V128 const too_high = less_or_equal<F>(broadcast_bits(end), a);
  V128 const inside = a & equal<F>(a, a) & ~too_low & ~too_high;
  // A mask as wide as the results.
  auto const wherever = [](V128 mask) {
    return std::bit_cast<Result>(__builtin_convertvector(lanes<Signed<F>>(mask), Result));
  };
  return __builtin_convertvector(lanes<F>(inside), Result) |
         (wherever(too_low) & std::numeric_limits<T>::min()) |
         (wherever(too_high) & std::numeric_limits<T>::max());
}
constexpr V128 i32x4_trunc_sat_f32x4_s(V128 a) {
  return vector_of(truncated_lanes<i32, f32, Lanes<i32>>(a));
}
constexpr V128 i32x4_trunc_sat_f32x4_u(V128 a) {
  return vector_of(truncated_lanes<u32, f32, Lanes<u32>>(a));
}
constexpr V128 i32x4_trunc_sat_f64x2_s_zero(V128 a) {
  return vector_of(truncated_lanes<i32, f64, HalfLanes<i32>>(a), HalfLanes<i32>{});
}
constexpr V128 i32x4_trunc_sat_f64x2_u_zero(V128 a) {
  return vector_of(truncated_lanes<u32, f64, HalfLanes<u32>>(a), HalfLanes<u32>{});
}
constexpr V128 f32x4_convert_i32x4_s(V128 a) {
  return vector_of(__builtin_convertvector(lanes<i32>(a), Lanes<f32>));
}
constexpr V128 f32x4_convert_i32x4_u(V128 a) {
  return vector_of(__builtin_convertvector(lanes<u32>(a), Lanes<f32>));
}
constexpr V128 f64x2_convert_low_i32x4_s(V128 a) {
  return vector_of(__builtin_convertvector(half_lanes<i32, 0>(a), Lanes<f64>));
}
constexpr V128 f64x2_convert_low_i32x4_u(V128 a) {
  return vector_of(__builtin_convertvector(half_lanes<u32, 0>(a), Lanes<f64>));
}
constexpr V128 f32x4_demote_f64x2_zero(V128 a) {
  auto const halves = __builtin_convertvector(lanes<f64>(a), HalfLanes<f32>);
  return canonical_lanes<f32>(vector_of(halves, HalfLanes<f32>{}));
}
constexpr V128 f64x2_promote_low_f32x4(V128 a) {
  return canonical_lanes<f64>(__builtin_convertvector(half_lanes<f32, 0>(a), Lanes<f64>));
}

// ---- lanes

template <class T>
T extract_lane(V128 a, u32 lane) {
  return lanes<T>(a)[lane % (16 / sizeof(T))];
}
template <class T>
constexpr LaneArray<T> lane_numbers() {
  LaneArray<T> numbers{};
  for (usize lane = 0; lane < numbers.size(); ++lane) numbers[lane] = static_cast<T>(lane);
  return numbers;
}
/// By a mask: what is written to memory as a lane and read as a whole makes processors wait.
template <class T>
constexpr V128 replace_lane(V128 a, u32 lane, T value) {
  V128 const mask =
      equal<T>(vector_of(lane_numbers<T>()), vector_of(broadcast(static_cast<T>(lane))));
  return v128_bitselect(vector_of(broadcast(value)), a, mask);
}

#define NACRE_LANES(prefix, T, S)                                                        \
  constexpr V128 prefix##_splat(S a) { return vector_of(broadcast(static_cast<T>(a))); } \
  constexpr V128 prefix##_replace_lane(V128 a, u32 lane, S value) {                      \
    return replace_lane(a, lane, static_cast<T>(value));                                 \
  }
NACRE_LANES(i8x16, u8, u32)
NACRE_LANES(i16x8, u16, u32)
NACRE_LANES(i32x4, u32, u32)
NACRE_LANES(i64x2, u64, u64)
#undef NACRE_LANES
constexpr V128 f32x4_splat(f32 a) { return broadcast_bits(a); }
constexpr V128 f64x2_splat(f64 a) { return broadcast_bits(a); }
constexpr V128 f32x4_replace_lane(V128 a, u32 lane, f32 value) {
  return replace_lane(a, lane, bits_of(value));
}
constexpr V128 f64x2_replace_lane(V128 a, u32 lane, f64 value) {
  return replace_lane(a, lane, bits_of(value));
}

inline u32 i8x16_extract_lane_s(V128 a, u32 lane) {
  return static_cast<u32>(i32{extract_lane<i8>(a, lane)});
}
inline u32 i8x16_extract_lane_u(V128 a, u32 lane) { return extract_lane<u8>(a, lane); }
inline u32 i16x8_extract_lane_s(V128 a, u32 lane) {
  return static_cast<u32>(i32{extract_lane<i16>(a, lane)});
}
inline u32 i16x8_extract_lane_u(V128 a, u32 lane) { return extract_lane<u16>(a, lane); }
inline u32 i32x4_extract_lane(V128 a, u32 lane) { return extract_lane<u32>(a, lane); }
inline u64 i64x2_extract_lane(V128 a, u32 lane) { return extract_lane<u64>(a, lane); }
inline f32 f32x4_extract_lane(V128 a, u32 lane) { return extract_lane<f32>(a, lane); }
inline f64 f64x2_extract_lane(V128 a, u32 lane) { return extract_lane<f64>(a, lane); }

/// Those of 32 bytes whose numbers are in one half of `which`. As an integer: lanes that are put
/// into a vector one by one take longer.
template <usize half>
constexpr u64 gathered(const std::array<u8, 32>& from, V128 which) {
  u64 const numbers = lane_array<u64>(which)[half];
  u64 result = 0;
  for (u32 shift = 0; shift < 64; shift += 8) result |= u64{from[numbers >> shift & 31]} << shift;
  return result;
}
/// `which` has the numbers of the lanes, of `a` and behind it `b`.
[[gnu::always_inline]] constexpr V128 i8x16_shuffle(V128 a, V128 b, V128 which) {
  auto const from = std::bit_cast<std::array<u8, 32>>(std::array{a, b});
  return V128{gathered<0>(from, which), gathered<1>(from, which)};
}
/// A lane is 0 where its number is none.
constexpr V128 i8x16_swizzle(V128 a, V128 which) {
  return i8x16_shuffle(a, V128{}, i8x16_min_u(which, vector_of(broadcast(u8{16}))));
}

// ---- loads: what becomes of the bytes in memory, which are the lowest of `a`; the others are 0

constexpr V128 v128_load(V128 a) { return a; }
constexpr V128 v128_load8x8_s(V128 a) { return i16x8_extend_low_i8x16_s(a); }
constexpr V128 v128_load8x8_u(V128 a) { return i16x8_extend_low_i8x16_u(a); }
constexpr V128 v128_load16x4_s(V128 a) { return i32x4_extend_low_i16x8_s(a); }
constexpr V128 v128_load16x4_u(V128 a) { return i32x4_extend_low_i16x8_u(a); }
constexpr V128 v128_load32x2_s(V128 a) { return i64x2_extend_low_i32x4_s(a); }
constexpr V128 v128_load32x2_u(V128 a) { return i64x2_extend_low_i32x4_u(a); }
constexpr V128 v128_load8_splat(V128 a) { return vector_of(broadcast(lane_array<u8>(a)[0])); }
constexpr V128 v128_load16_splat(V128 a) { return vector_of(broadcast(lane_array<u16>(a)[0])); }
constexpr V128 v128_load32_splat(V128 a) { return vector_of(broadcast(lane_array<u32>(a)[0])); }
constexpr V128 v128_load64_splat(V128 a) { return vector_of(broadcast(lane_array<u64>(a)[0])); }
constexpr V128 v128_load32_zero(V128 a) { return a; }
constexpr V128 v128_load64_zero(V128 a) { return a; }

// ---- relaxed instructions

constexpr V128 i8x16_relaxed_swizzle(V128 a, V128 which) { return i8x16_swizzle(a, which); }
constexpr V128 i32x4_relaxed_trunc_f32x4_s(V128 a) { return i32x4_trunc_sat_f32x4_s(a); }
constexpr V128 i32x4_relaxed_trunc_f32x4_u(V128 a) { return i32x4_trunc_sat_f32x4_u(a); }
constexpr V128 i32x4_relaxed_trunc_f64x2_s_zero(V128 a) { return i32x4_trunc_sat_f64x2_s_zero(a); }
constexpr V128 i32x4_relaxed_trunc_f64x2_u_zero(V128 a) { return i32x4_trunc_sat_f64x2_u_zero(a); }
constexpr V128 i8x16_relaxed_laneselect(V128 a, V128 b, V128 mask) {
  return v128_bitselect(a, b, mask);
}
constexpr V128 i16x8_relaxed_laneselect(V128 a, V128 b, V128 mask) {
  return v128_bitselect(a, b, mask);
}
constexpr V128 i32x4_relaxed_laneselect(V128 a, V128 b, V128 mask) {
  return v128_bitselect(a, b, mask);
}
constexpr V128 i64x2_relaxed_laneselect(V128 a, V128 b, V128 mask) {
  return v128_bitselect(a, b, mask);
}
constexpr V128 i16x8_relaxed_q15mulr_s(V128 a, V128 b) { return i16x8_q15mulr_sat_s(a, b); }
inline V128 i16x8_relaxed_dot_i8x16_i7x16_s(V128 a, V128 b) {
  return add_saturating<i16>(vector_of(widened_even<i8>(a) * widened_even<i8>(b)),
                             vector_of(widened_odd<i8>(a) * widened_odd<i8>(b)));
}
inline V128 i32x4_relaxed_dot_i8x16_i7x16_add_s(V128 a, V128 b, V128 c) {
  return i32x4_add(i32x4_extadd_pairwise_i16x8_s(i16x8_relaxed_dot_i8x16_i7x16_s(a, b)), c);
}

static_assert(lane_array<u32>(i32x4_dot_i16x8_s(i16x8_splat(0x8000), i16x8_splat(0x8000)))[3] ==
              0x8000'0000);
static_assert(lane_array<u8>(i8x16_avgr_u(i8x16_splat(255), i8x16_splat(254)))[15] == 255);
static_assert(lane_array<u8>(i8x16_narrow_i16x8_u(i16x8_splat(0xffff), i16x8_splat(300)))[8] ==
              255);
static_assert(lane_array<u16>(i16x8_q15mulr_sat_s(i16x8_splat(0x8000), i16x8_splat(0x8000)))[0] ==
              0x7fff);
static_assert(i8x16_bitmask(V128{0x80, 0x8000'0000'0000'0000}) == 0x8001);
static_assert(lane_array<u32>(f32x4_ceil(f32x4_splat(-0.5f)))[0] == bits_of(-0.0f));
static_assert(lane_array<f64>(f64x2_floor(f64x2_splat(-0.5)))[1] == -1.0);
static_assert(lane_array<u32>(f32x4_min(f32x4_splat(0.0f), f32x4_splat(-0.0f)))[0] ==
              bits_of(-0.0f));
static_assert(lane_array<u32>(i32x4_trunc_sat_f32x4_u(f32x4_splat(1e30f)))[3] == UINT32_MAX);
static_assert(lane_array<u8>(i8x16_swizzle(i8x16_splat(7), V128{0x100f}))[1] == 0);

}  // namespace nacre::wasm::numeric
