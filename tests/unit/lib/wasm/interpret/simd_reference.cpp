#include "tests/unit/lib/wasm/interpret/simd_reference.hpp"

namespace nacre::wasm::reference {
namespace {

using enum Opcode;
namespace n = numeric;

/// The product of two numbers with 15 bits behind the point.
i16 q15(i16 a, i16 b) { return clamped<i16>((i64{a} * b + 0x4000) >> 15); }

u8 swizzled(const Vector& from, u8 index) { return index < 16 ? lanes<u8>(from)[index] : u8{0}; }

Compute swizzle() {
  return [](std::span<const Vector> operands) {
    auto result = lanes<u8>(operands[1]);
    for (u8& lane : result) lane = swizzled(operands[0], lane);
    return vector<u8>(result);
  };
}
Compute select_bits() {
  return lanewise<u64>([](u64 a, u64 b, u64 mask) { return (a & mask) | (b & ~mask); });
}

/// Two products of signed bytes, brought into 16 bits.
i16 dot_of_two(i64 a, i64 b, i64 c, i64 d) { return clamped<i16>(a * c + b * d); }

Vector dot_of_four(std::span<const Vector> operands) {
  auto const a = lanes<i8>(operands[0]);
  auto const b = lanes<i8>(operands[1]);
  auto sums = lanes<u32>(operands[2]);
  for (usize lane = 0; lane < 4; ++lane) {
    usize const at = 4 * lane;
    i64 const low = dot_of_two(a[at], a[at + 1], b[at], b[at + 1]);
    i64 const high = dot_of_two(a[at + 2], a[at + 3], b[at + 2], b[at + 3]);
    sums[lane] += static_cast<u32>(low + high);
  }
  return vector<u32>(sums);
}

auto const sum = [](auto a, auto b) { return a + b; };
auto const difference = [](auto a, auto b) { return a - b; };

#define NACRE_COMPARABLE(X, T)                             \
  {X##Eq, mask_where<T>([](T a, T b) { return a == b; })}, \
      {X##Ne, mask_where<T>([](T a, T b) { return a != b; })},

#define NACRE_INTEGER(X, T, S)                                                               \
  NACRE_COMPARABLE(X, T){X##LtS, mask_where<S>([](S a, S b) { return a < b; })},             \
      {X##GtS, mask_where<S>([](S a, S b) { return a > b; })},                               \
      {X##LeS, mask_where<S>([](S a, S b) { return a <= b; })},                              \
      {X##GeS, mask_where<S>([](S a, S b) { return a >= b; })}, {X##AllTrue, all_true<T>()}, \
      {X##Bitmask, bitmask<S>()}, {X##Splat, splatted<T>()},                                 \
      {X##Abs, lanewise<S>([](S a) {                                                         \
         return static_cast<T>(a < 0 ? T{0} - static_cast<T>(a) : static_cast<T>(a));        \
       })},                                                                                  \
      {X##Neg, lanewise<T>([](T a) { return static_cast<T>(T{0} - a); })},                   \
      {X##Add, lanewise<T>([](T a, T b) { return static_cast<T>(u64{a} + b); })},            \
      {X##Sub, lanewise<T>([](T a, T b) { return static_cast<T>(u64{a} - b); })},            \
      {X##Shl, shifted<T>([](T a, u32 count) { return u64{a} << count; })},                  \
      {X##ShrS, shifted<S>([](S a, u32 count) { return i64{a} >> count; })},                 \
      {X##ShrU, shifted<T>([](T a, u32 count) { return u64{a} >> count; })},

#define NACRE_UNSIGNED(X, T, S)                                        \
  {X##LtU, mask_where<T>([](T a, T b) { return a < b; })},             \
      {X##GtU, mask_where<T>([](T a, T b) { return a > b; })},         \
      {X##LeU, mask_where<T>([](T a, T b) { return a <= b; })},        \
      {X##GeU, mask_where<T>([](T a, T b) { return a >= b; })},        \
      {X##MinS, lanewise<S>([](S a, S b) { return std::min(a, b); })}, \
      {X##MinU, lanewise<T>([](T a, T b) { return std::min(a, b); })}, \
      {X##MaxS, lanewise<S>([](S a, S b) { return std::max(a, b); })}, \
      {X##MaxU, lanewise<T>([](T a, T b) { return std::max(a, b); })},

#define NACRE_SMALL(X, T, M, Wider, W)                                                   \
  {X##AddSatS, saturating<M>(sum)}, {X##AddSatU, saturating<T>(sum)},                    \
      {X##SubSatS, saturating<M>(difference)}, {X##SubSatU, saturating<T>(difference)},  \
      {X##AvgrU, lanewise<T>([](T a, T b) { return static_cast<T>((a + b + 1) / 2); })}, \
      {X##Narrow##Wider##S, narrowed<W, M>()}, {X##Narrow##Wider##U, narrowed<W, T>()},

#define NACRE_WIDENING(X, T, Narrower, N, M)                                               \
  {X##Mul, lanewise<T>([](T a, T b) { return static_cast<T>(u64{a} * b); })},              \
      {X##ExtendLow##Narrower##S, of_half<M, T>(0, [](M a) { return i64{a}; })},           \
      {X##ExtendHigh##Narrower##S, of_half<M, T>(1, [](M a) { return i64{a}; })},          \
      {X##ExtendLow##Narrower##U, of_half<N, T>(0, [](N a) { return u64{a}; })},           \
      {X##ExtendHigh##Narrower##U, of_half<N, T>(1, [](N a) { return u64{a}; })},          \
      {X##ExtmulLow##Narrower##S, of_half<M, T>(0, [](M a, M b) { return i64{a} * b; })},  \
      {X##ExtmulHigh##Narrower##S, of_half<M, T>(1, [](M a, M b) { return i64{a} * b; })}, \
      {X##ExtmulLow##Narrower##U, of_half<N, T>(0, [](N a, N b) { return u64{a} * b; })},  \
      {X##ExtmulHigh##Narrower##U, of_half<N, T>(1, [](N a, N b) { return u64{a} * b; })},

#define NACRE_FLOAT(X, F, prefix)                                                             \
  NACRE_COMPARABLE(X, F){X##Lt, mask_where<F>([](F a, F b) { return a < b; })},               \
      {X##Gt, mask_where<F>([](F a, F b) { return a > b; })},                                 \
      {X##Le, mask_where<F>([](F a, F b) { return a <= b; })},                                \
      {X##Ge, mask_where<F>([](F a, F b) { return a >= b; })},                                \
      {X##Abs, lanewise<F>(n::prefix##_abs)}, {X##Neg, lanewise<F>(n::prefix##_neg)},         \
      {X##Sqrt, lanewise<F>(n::prefix##_sqrt)}, {X##Ceil, lanewise<F>(n::prefix##_ceil)},     \
      {X##Floor, lanewise<F>(n::prefix##_floor)}, {X##Trunc, lanewise<F>(n::prefix##_trunc)}, \
      {X##Nearest, lanewise<F>(n::prefix##_nearest)}, {X##Add, lanewise<F>(n::prefix##_add)}, \
      {X##Sub, lanewise<F>(n::prefix##_sub)}, {X##Mul, lanewise<F>(n::prefix##_mul)},         \
      {X##Div, lanewise<F>(n::prefix##_div)}, {X##Min, lanewise<F>(n::prefix##_min)},         \
      {X##Max, lanewise<F>(n::prefix##_max)},                                                 \
      {X##Pmin, lanewise<F>([](F a, F b) { return b < a ? b : a; })},                         \
      {X##Pmax, lanewise<F>([](F a, F b) { return a < b ? b : a; })},                         \
      {X##RelaxedMin, lanewise<F>(n::prefix##_min)},                                          \
      {X##RelaxedMax, lanewise<F>(n::prefix##_max)},                                          \
      {X##RelaxedMadd,                                                                        \
       lanewise<F>([](F a, F b, F c) { return n::prefix##_add(n::prefix##_mul(a, b), c); })}, \
      {X##RelaxedNmadd, lanewise<F>([](F a, F b, F c) {                                       \
         return n::prefix##_add(n::prefix##_mul(n::prefix##_neg(a), b), c);                   \
       })},

}  // namespace

// clang-format off
std::vector<Instruction> all() {
  return {
      {V128Not, lanewise<u64>([](u64 a) { return ~a; })},
      {V128And, lanewise<u64>([](u64 a, u64 b) { return a & b; })},
      {V128Andnot, lanewise<u64>([](u64 a, u64 b) { return a & ~b; })},
      {V128Or, lanewise<u64>([](u64 a, u64 b) { return a | b; })},
      {V128Xor, lanewise<u64>([](u64 a, u64 b) { return a ^ b; })},
      {V128Bitselect, select_bits()},
      {V128AnyTrue, [](std::span<const Vector> operands) {
         return Vector{operands[0] != Vector{}, 0};
       }},
      NACRE_INTEGER(I8x16, u8, i8)
      NACRE_INTEGER(I16x8, u16, i16)
      NACRE_INTEGER(I32x4, u32, i32)
      NACRE_INTEGER(I64x2, u64, i64)
      NACRE_UNSIGNED(I8x16, u8, i8)
      NACRE_UNSIGNED(I16x8, u16, i16)
      NACRE_UNSIGNED(I32x4, u32, i32)
      NACRE_SMALL(I8x16, u8, i8, I16x8, i16)
      NACRE_SMALL(I16x8, u16, i16, I32x4, i32)
      NACRE_WIDENING(I16x8, u16, I8x16, u8, i8)
      NACRE_WIDENING(I32x4, u32, I16x8, u16, i16)
      NACRE_WIDENING(I64x2, u64, I32x4, u32, i32)
      {I8x16Popcnt, lanewise<u8>([](u8 a) { return static_cast<u8>(std::popcount(a)); })},
      {I16x8ExtaddPairwiseI8x16S, of_pairs<i8, u16>(sum)},
      {I16x8ExtaddPairwiseI8x16U, of_pairs<u8, u16>(sum)},
      {I32x4ExtaddPairwiseI16x8S, of_pairs<i16, u32>(sum)},
      {I32x4ExtaddPairwiseI16x8U, of_pairs<u16, u32>(sum)},
      {I32x4DotI16x8S, of_pairs<i16, u32>([](i64 a, i64 b, i64 c, i64 d) { return a * c + b * d; })},
      {I16x8Q15mulrSatS, lanewise<i16>(q15)},
      {I8x16Swizzle, swizzle()},
      NACRE_FLOAT(F32x4, f32, f32)
      NACRE_FLOAT(F64x2, f64, f64)
      {F32x4Splat, splatted<u32>()},
      {F64x2Splat, splatted<u64>()},
      {I32x4TruncSatF32x4S, lanewise<f32>(n::i32_trunc_sat_f32_s)},
      {I32x4TruncSatF32x4U, lanewise<f32>(n::i32_trunc_sat_f32_u)},
      {I32x4TruncSatF64x2SZero, lanewise<f64>(n::i32_trunc_sat_f64_s)},
      {I32x4TruncSatF64x2UZero, lanewise<f64>(n::i32_trunc_sat_f64_u)},
      {F32x4ConvertI32x4S, lanewise<u32>(n::f32_convert_i32_s)},
      {F32x4ConvertI32x4U, lanewise<u32>(n::f32_convert_i32_u)},
      {F64x2ConvertLowI32x4S, lanewise<u32>(n::f64_convert_i32_s)},
      {F64x2ConvertLowI32x4U, lanewise<u32>(n::f64_convert_i32_u)},
      {F32x4DemoteF64x2Zero, lanewise<f64>(n::f32_demote_f64)},
      {F64x2PromoteLowF32x4, lanewise<f32>(n::f64_promote_f32)},
      // The relaxed ones have the results of the deterministic profile.
      {I8x16RelaxedSwizzle, swizzle()},
      {I32x4RelaxedTruncF32x4S, lanewise<f32>(n::i32_trunc_sat_f32_s)},
      {I32x4RelaxedTruncF32x4U, lanewise<f32>(n::i32_trunc_sat_f32_u)},
      {I32x4RelaxedTruncF64x2SZero, lanewise<f64>(n::i32_trunc_sat_f64_s)},
      {I32x4RelaxedTruncF64x2UZero, lanewise<f64>(n::i32_trunc_sat_f64_u)},
      {I8x16RelaxedLaneselect, select_bits()},
      {I16x8RelaxedLaneselect, select_bits()},
      {I32x4RelaxedLaneselect, select_bits()},
      {I64x2RelaxedLaneselect, select_bits()},
      {I16x8RelaxedQ15mulrS, lanewise<i16>(q15)},
      {I16x8RelaxedDotI8x16I7x16S, of_pairs<i8, u16>(dot_of_two)},
      {I32x4RelaxedDotI8x16I7x16AddS, dot_of_four},
  };
}
// clang-format on

}  // namespace nacre::wasm::reference
