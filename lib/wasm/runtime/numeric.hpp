#pragma once

#include <bit>
#include <concepts>
#include <expected>
#include <limits>
#include <type_traits>

#include "lib/wasm/binary/types.hpp"
#include "lib/wasm/runtime/trap.hpp"

/// What the numeric instructions compute, one function for each, named as in the opcode table; one
/// truth for every tier. Integers are unsigned here, and an instruction that reads them as signed
/// says so. Where the specification leaves the bits of a NaN open, they are the canonical ones. No
/// libm. [wasm/core: "Numerics"]
namespace nacre::wasm::numeric {

template <class T>
using OrTrap = std::expected<T, Trap>;

template <std::unsigned_integral T>
constexpr auto as_signed(T value) {
  return static_cast<std::make_signed_t<T>>(value);
}

// ---- integers

template <std::unsigned_integral T>
constexpr OrTrap<T> divide_signed(T left, T right) {
  if (right == 0) return std::unexpected(Trap::IntegerDivideByZero);
  if (left == T{1} << (sizeof(T) * 8 - 1) && right == static_cast<T>(-1))
    return std::unexpected(Trap::IntegerOverflow);
  return static_cast<T>(as_signed(left) / as_signed(right));
}
template <std::unsigned_integral T>
constexpr OrTrap<T> divide_unsigned(T left, T right) {
  if (right == 0) return std::unexpected(Trap::IntegerDivideByZero);
  return static_cast<T>(left / right);
}
template <std::unsigned_integral T>
constexpr OrTrap<T> remainder_signed(T left, T right) {
  if (right == 0) return std::unexpected(Trap::IntegerDivideByZero);
  // The smallest number by -1 leaves 0, where the processor would fault.
  if (right == static_cast<T>(-1)) return T{0};
  return static_cast<T>(as_signed(left) % as_signed(right));
}
template <std::unsigned_integral T>
constexpr OrTrap<T> remainder_unsigned(T left, T right) {
  if (right == 0) return std::unexpected(Trap::IntegerDivideByZero);
  return static_cast<T>(left % right);
}
/// Shifts count modulo the width.
template <std::unsigned_integral T>
constexpr T shift_count(T count) {
  return count & (sizeof(T) * 8 - 1);
}
template <class Narrow, std::unsigned_integral T>
constexpr T sign_extend(T value) {
  return static_cast<T>(static_cast<std::make_signed_t<T>>(static_cast<Narrow>(value)));
}

#define NACRE_INTEGER(prefix, T)                                                                  \
  constexpr u32 prefix##_eqz(T a) { return a == 0; }                                              \
  constexpr u32 prefix##_eq(T a, T b) { return a == b; }                                          \
  constexpr u32 prefix##_ne(T a, T b) { return a != b; }                                          \
  constexpr u32 prefix##_lt_s(T a, T b) { return as_signed(a) < as_signed(b); }                   \
  constexpr u32 prefix##_lt_u(T a, T b) { return a < b; }                                         \
  constexpr u32 prefix##_gt_s(T a, T b) { return as_signed(a) > as_signed(b); }                   \
  constexpr u32 prefix##_gt_u(T a, T b) { return a > b; }                                         \
  constexpr u32 prefix##_le_s(T a, T b) { return as_signed(a) <= as_signed(b); }                  \
  constexpr u32 prefix##_le_u(T a, T b) { return a <= b; }                                        \
  constexpr u32 prefix##_ge_s(T a, T b) { return as_signed(a) >= as_signed(b); }                  \
  constexpr u32 prefix##_ge_u(T a, T b) { return a >= b; }                                        \
  constexpr T prefix##_clz(T a) { return static_cast<T>(std::countl_zero(a)); }                   \
  constexpr T prefix##_ctz(T a) { return static_cast<T>(std::countr_zero(a)); }                   \
  constexpr T prefix##_popcnt(T a) { return static_cast<T>(std::popcount(a)); }                   \
  constexpr T prefix##_add(T a, T b) { return a + b; }                                            \
  constexpr T prefix##_sub(T a, T b) { return a - b; }                                            \
  constexpr T prefix##_mul(T a, T b) { return a * b; }                                            \
  constexpr OrTrap<T> prefix##_div_s(T a, T b) { return divide_signed(a, b); }                    \
  constexpr OrTrap<T> prefix##_div_u(T a, T b) { return divide_unsigned(a, b); }                  \
  constexpr OrTrap<T> prefix##_rem_s(T a, T b) { return remainder_signed(a, b); }                 \
  constexpr OrTrap<T> prefix##_rem_u(T a, T b) { return remainder_unsigned(a, b); }               \
  constexpr T prefix##_and(T a, T b) { return a & b; }                                            \
  constexpr T prefix##_or(T a, T b) { return a | b; }                                             \
  constexpr T prefix##_xor(T a, T b) { return a ^ b; }                                            \
  constexpr T prefix##_shl(T a, T b) { return a << shift_count(b); }                              \
  constexpr T prefix##_shr_s(T a, T b) { return static_cast<T>(as_signed(a) >> shift_count(b)); } \
  constexpr T prefix##_shr_u(T a, T b) { return a >> shift_count(b); }                            \
  constexpr T prefix##_rotl(T a, T b) { return std::rotl(a, static_cast<int>(shift_count(b))); }  \
  constexpr T prefix##_rotr(T a, T b) { return std::rotr(a, static_cast<int>(shift_count(b))); }  \
  constexpr T prefix##_extend8_s(T a) { return sign_extend<i8>(a); }                              \
  constexpr T prefix##_extend16_s(T a) { return sign_extend<i16>(a); }

NACRE_INTEGER(i32, u32)
NACRE_INTEGER(i64, u64)
#undef NACRE_INTEGER

constexpr u64 i64_extend32_s(u64 a) { return sign_extend<i32>(a); }
constexpr u32 i32_wrap_i64(u64 a) { return static_cast<u32>(a); }
constexpr u64 i64_extend_i32_s(u32 a) { return static_cast<u64>(i64{as_signed(a)}); }
constexpr u64 i64_extend_i32_u(u32 a) { return a; }

// ---- floating-point numbers

template <std::floating_point F>
struct FloatLayout;
template <>
struct FloatLayout<f32> {
  using Bits = u32;
  static constexpr int fraction_bits = 23;
  static constexpr int bias = 127;
};
template <>
struct FloatLayout<f64> {
  using Bits = u64;
  static constexpr int fraction_bits = 52;
  static constexpr int bias = 1023;
};
template <class F>
using BitsOf = typename FloatLayout<F>::Bits;

template <class F>
constexpr BitsOf<F> bits_of(F value) {
  return std::bit_cast<BitsOf<F>>(value);
}
template <class F>
constexpr BitsOf<F> sign_bit() {
  return BitsOf<F>{1} << (sizeof(F) * 8 - 1);
}
template <class F>
constexpr F absolute(F value) {
  return std::bit_cast<F>(bits_of(value) & ~sign_bit<F>());
}
template <class F>
constexpr F negated(F value) {
  return std::bit_cast<F>(bits_of(value) ^ sign_bit<F>());
}
template <class F>
constexpr F with_sign_of(F value, F sign) {
  return std::bit_cast<F>((bits_of(value) & ~sign_bit<F>()) | (bits_of(sign) & sign_bit<F>()));
}
template <class F>
constexpr bool is_nan(F value) {
  return value != value;
}
/// The canonical NaN in place of any other.
template <class F>
constexpr F canonical(F value) {
  return is_nan(value) ? std::numeric_limits<F>::quiet_NaN() : value;
}

template <class F>
constexpr F truncated(F value) {
  using Layout = FloatLayout<F>;
  constexpr int exponent_mask = 2 * Layout::bias + 1;
  int const exponent =
      static_cast<int>(bits_of(value) >> Layout::fraction_bits & exponent_mask) - Layout::bias;
  if (exponent < 0) return with_sign_of(F{0}, value);
  if (exponent >= Layout::fraction_bits) return canonical(value);
  BitsOf<F> const fraction = (BitsOf<F>{1} << (Layout::fraction_bits - exponent)) - 1;
  return std::bit_cast<F>(bits_of(value) & ~fraction);
}
template <class F>
constexpr F rounded_down(F value) {
  F const whole = truncated(value);
  return whole > value ? whole - 1 : whole;
}
template <class F>
constexpr F rounded_up(F value) {
  F const whole = truncated(value);
  // Keeps the sign: what lies between -1 and 0 becomes -0.
  return whole < value ? whole + 1 : whole;
}
/// To the nearest integer, ties to even: adding a number so large that no fraction is left makes
/// the processor round so.
template <class F>
constexpr F rounded_to_nearest(F value) {
  constexpr F large = static_cast<F>(u64{1} << FloatLayout<F>::fraction_bits);
  if (!(absolute(value) < large)) return canonical(value);
  return with_sign_of((absolute(value) + large) - large, value);
}
template <class F>
constexpr F minimum(F a, F b) {
  if (is_nan(a) || is_nan(b)) return std::numeric_limits<F>::quiet_NaN();
  if (a == b) return std::bit_cast<F>(bits_of(a) | bits_of(b));  // -0 is the smaller zero.
  return a < b ? a : b;
}
template <class F>
constexpr F maximum(F a, F b) {
  if (is_nan(a) || is_nan(b)) return std::numeric_limits<F>::quiet_NaN();
  if (a == b) return std::bit_cast<F>(bits_of(a) & bits_of(b));
  return a > b ? a : b;
}
// The compiler's own, which is one instruction.
inline f32 square_root(f32 value) { return __builtin_sqrtf(value); }
inline f64 square_root(f64 value) { return __builtin_sqrt(value); }

#define NACRE_FLOAT(prefix, F)                                                        \
  constexpr u32 prefix##_eq(F a, F b) { return a == b; }                              \
  constexpr u32 prefix##_ne(F a, F b) { return a != b; }                              \
  constexpr u32 prefix##_lt(F a, F b) { return a < b; }                               \
  constexpr u32 prefix##_gt(F a, F b) { return a > b; }                               \
  constexpr u32 prefix##_le(F a, F b) { return a <= b; }                              \
  constexpr u32 prefix##_ge(F a, F b) { return a >= b; }                              \
  constexpr F prefix##_abs(F a) { return absolute(a); }                               \
  constexpr F prefix##_neg(F a) { return negated(a); }                                \
  constexpr F prefix##_ceil(F a) { return rounded_up(a); }                            \
  constexpr F prefix##_floor(F a) { return rounded_down(a); }                         \
  constexpr F prefix##_trunc(F a) { return truncated(a); }                            \
  constexpr F prefix##_nearest(F a) { return rounded_to_nearest(a); }                 \
  inline F prefix##_sqrt(F a) { return canonical(square_root(a)); }                   \
  constexpr F prefix##_add(F a, F b) { return canonical(a + b); }                     \
  constexpr F prefix##_sub(F a, F b) { return canonical(a - b); }                     \
  constexpr F prefix##_mul(F a, F b) { return canonical(a * b); }                     \
  /* Division by zero is defined: [wasm/core: "Floating-Point Operations"] */         \
  [[clang::no_sanitize("float-divide-by-zero")]] constexpr F prefix##_div(F a, F b) { \
    return canonical(a / b);                                                          \
  }                                                                                   \
  constexpr F prefix##_min(F a, F b) { return minimum(a, b); }                        \
  constexpr F prefix##_max(F a, F b) { return maximum(a, b); }                        \
  constexpr F prefix##_copysign(F a, F b) { return with_sign_of(a, b); }

NACRE_FLOAT(f32, f32)
NACRE_FLOAT(f64, f64)
#undef NACRE_FLOAT

// ---- conversions

/// 2 to the power of `exponent`.
template <class F>
constexpr F power_of_two(int exponent) {
  return std::bit_cast<F>(static_cast<BitsOf<F>>(exponent + FloatLayout<F>::bias)
                          << FloatLayout<F>::fraction_bits);
}

enum class Range : u8 { Inside, Below, Above, NotANumber };

/// Where `value` lies, cut towards zero, seen from the integers `T`.
template <class T, class F>
constexpr Range range_of(F value) {
  constexpr int digits = std::numeric_limits<T>::digits;
  if (is_nan(value)) return Range::NotANumber;
  if (value >= power_of_two<F>(digits)) return Range::Above;
  if constexpr (std::is_unsigned_v<T>) {
    if (value <= -1) return Range::Below;
  } else if constexpr (FloatLayout<F>::fraction_bits >= digits) {
    if (value <= -power_of_two<F>(digits) - 1) return Range::Below;
  } else {
    // There is no number between the smallest integer and the one below it.
    if (value < -power_of_two<F>(digits)) return Range::Below;
  }
  return Range::Inside;
}
template <class T, class F>
constexpr OrTrap<std::make_unsigned_t<T>> to_integer(F value) {
  switch (range_of<T>(value)) {
    case Range::Inside: return static_cast<std::make_unsigned_t<T>>(static_cast<T>(value));
    case Range::NotANumber: return std::unexpected(Trap::InvalidConversion);
    case Range::Below:
    case Range::Above: break;
  }
  return std::unexpected(Trap::IntegerOverflow);
}
template <class T, class F>
constexpr std::make_unsigned_t<T> to_integer_saturating(F value) {
  T result = 0;
  switch (range_of<T>(value)) {
    case Range::Inside: result = static_cast<T>(value); break;
    case Range::NotANumber: break;
    case Range::Below: result = std::numeric_limits<T>::min(); break;
    case Range::Above: result = std::numeric_limits<T>::max(); break;
  }
  return static_cast<std::make_unsigned_t<T>>(result);
}

#define NACRE_CONVERSIONS(prefix, S, U)                                                  \
  constexpr OrTrap<U> prefix##_trunc_f32_s(f32 a) { return to_integer<S>(a); }           \
  constexpr OrTrap<U> prefix##_trunc_f32_u(f32 a) { return to_integer<U>(a); }           \
  constexpr OrTrap<U> prefix##_trunc_f64_s(f64 a) { return to_integer<S>(a); }           \
  constexpr OrTrap<U> prefix##_trunc_f64_u(f64 a) { return to_integer<U>(a); }           \
  constexpr U prefix##_trunc_sat_f32_s(f32 a) { return to_integer_saturating<S>(a); }    \
  constexpr U prefix##_trunc_sat_f32_u(f32 a) { return to_integer_saturating<U>(a); }    \
  constexpr U prefix##_trunc_sat_f64_s(f64 a) { return to_integer_saturating<S>(a); }    \
  constexpr U prefix##_trunc_sat_f64_u(f64 a) { return to_integer_saturating<U>(a); }    \
  constexpr f32 f32_convert_##prefix##_s(U a) { return static_cast<f32>(as_signed(a)); } \
  constexpr f32 f32_convert_##prefix##_u(U a) { return static_cast<f32>(a); }            \
  constexpr f64 f64_convert_##prefix##_s(U a) { return static_cast<f64>(as_signed(a)); } \
  constexpr f64 f64_convert_##prefix##_u(U a) { return static_cast<f64>(a); }

NACRE_CONVERSIONS(i32, i32, u32)
NACRE_CONVERSIONS(i64, i64, u64)
#undef NACRE_CONVERSIONS

constexpr f32 f32_demote_f64(f64 a) { return canonical(static_cast<f32>(a)); }
constexpr f64 f64_promote_f32(f32 a) { return canonical(static_cast<f64>(a)); }
constexpr u32 i32_reinterpret_f32(f32 a) { return std::bit_cast<u32>(a); }
constexpr u64 i64_reinterpret_f64(f64 a) { return std::bit_cast<u64>(a); }
constexpr f32 f32_reinterpret_i32(u32 a) { return std::bit_cast<f32>(a); }
constexpr f64 f64_reinterpret_i64(u64 a) { return std::bit_cast<f64>(a); }

static_assert(i32_div_s(0x8000'0000, 0xffff'ffff).error() == Trap::IntegerOverflow);
static_assert(*i32_rem_s(0x8000'0000, 0xffff'ffff) == 0);
static_assert(bits_of(f64_nearest(-0.5)) == bits_of(-0.0) && f64_nearest(2.5) == 2.0);
static_assert(bits_of(f64_ceil(-0.5)) == bits_of(-0.0) && f64_floor(-0.5) == -1.0);
static_assert(*i32_trunc_f64_s(-2147483648.9) == 0x8000'0000 && !i32_trunc_f64_s(-2147483649.0));
static_assert(*i64_trunc_f64_u(-0.9) == 0 && i64_trunc_sat_f32_u(1e30f) == UINT64_MAX);

}  // namespace nacre::wasm::numeric
