#pragma once

// The opcodes of v128, fixed-width and relaxed, as part of the one table in `opcodes.hpp`. One line
// for each, in lists by shape:
//
//   special       enumerator, encoding, name, immediate, may trap   (typed by a rule of its own)
//   load          enumerator, encoding, name, function, bytes in memory      (may trap)
//   store         enumerator, encoding, name, bytes in memory                (may trap)
//   load lane     enumerator, encoding, name, bytes in memory                (may trap)
//   store lane    enumerator, encoding, name, bytes in memory                (may trap)
//   splat         enumerator, encoding, name, function, operand
//   extract lane  enumerator, encoding, name, function, result, bytes of a lane
//   replace lane  enumerator, encoding, name, function, operand, bytes of a lane
//   test          enumerator, encoding, name, function              (of a v128, makes an i32)
//   unary, binary, ternary
//                 enumerator, encoding, name, function              (of v128s, make a v128)
//   shift         enumerator, encoding, name, function              (of a v128 and an i32)
//
// Functions are those of `numeric_simd.hpp`; numbers of bytes are given by their base-2 logarithm.
// [wasm/core: "Index of Instructions"]

// clang-format off
#define NACRE_WASM_SIMD_SPECIAL_OPCODES(X) \
  X(V128Const, 0xfd000c, "v128.const", V128, Never) \
  X(I8x16Shuffle, 0xfd000d, "i8x16.shuffle", Shuffle, Never)

#define NACRE_WASM_SIMD_LOAD_OPCODES(X) \
  X(V128Load, 0xfd0000, "v128.load", v128_load, 4) \
  X(V128Load8x8S, 0xfd0001, "v128.load8x8_s", v128_load8x8_s, 3) \
  X(V128Load8x8U, 0xfd0002, "v128.load8x8_u", v128_load8x8_u, 3) \
  X(V128Load16x4S, 0xfd0003, "v128.load16x4_s", v128_load16x4_s, 3) \
  X(V128Load16x4U, 0xfd0004, "v128.load16x4_u", v128_load16x4_u, 3) \
  X(V128Load32x2S, 0xfd0005, "v128.load32x2_s", v128_load32x2_s, 3) \
  X(V128Load32x2U, 0xfd0006, "v128.load32x2_u", v128_load32x2_u, 3) \
  X(V128Load8Splat, 0xfd0007, "v128.load8_splat", v128_load8_splat, 0) \
  X(V128Load16Splat, 0xfd0008, "v128.load16_splat", v128_load16_splat, 1) \
  X(V128Load32Splat, 0xfd0009, "v128.load32_splat", v128_load32_splat, 2) \
  X(V128Load64Splat, 0xfd000a, "v128.load64_splat", v128_load64_splat, 3) \
  X(V128Load32Zero, 0xfd005c, "v128.load32_zero", v128_load32_zero, 2) \
  X(V128Load64Zero, 0xfd005d, "v128.load64_zero", v128_load64_zero, 3)

#define NACRE_WASM_SIMD_STORE_OPCODES(X) \
  X(V128Store, 0xfd000b, "v128.store", 4)

#define NACRE_WASM_SIMD_LOAD_LANE_OPCODES(X) \
  X(V128Load8Lane, 0xfd0054, "v128.load8_lane", 0) \
  X(V128Load16Lane, 0xfd0055, "v128.load16_lane", 1) \
  X(V128Load32Lane, 0xfd0056, "v128.load32_lane", 2) \
  X(V128Load64Lane, 0xfd0057, "v128.load64_lane", 3)

#define NACRE_WASM_SIMD_STORE_LANE_OPCODES(X) \
  X(V128Store8Lane, 0xfd0058, "v128.store8_lane", 0) \
  X(V128Store16Lane, 0xfd0059, "v128.store16_lane", 1) \
  X(V128Store32Lane, 0xfd005a, "v128.store32_lane", 2) \
  X(V128Store64Lane, 0xfd005b, "v128.store64_lane", 3)

#define NACRE_WASM_SIMD_SPLAT_OPCODES(X) \
  X(I8x16Splat, 0xfd000f, "i8x16.splat", i8x16_splat, I32) \
  X(I16x8Splat, 0xfd0010, "i16x8.splat", i16x8_splat, I32) \
  X(I32x4Splat, 0xfd0011, "i32x4.splat", i32x4_splat, I32) \
  X(I64x2Splat, 0xfd0012, "i64x2.splat", i64x2_splat, I64) \
  X(F32x4Splat, 0xfd0013, "f32x4.splat", f32x4_splat, F32) \
  X(F64x2Splat, 0xfd0014, "f64x2.splat", f64x2_splat, F64)

#define NACRE_WASM_SIMD_EXTRACT_LANE_OPCODES(X) \
  X(I8x16ExtractLaneS, 0xfd0015, "i8x16.extract_lane_s", i8x16_extract_lane_s, I32, 0) \
  X(I8x16ExtractLaneU, 0xfd0016, "i8x16.extract_lane_u", i8x16_extract_lane_u, I32, 0) \
  X(I16x8ExtractLaneS, 0xfd0018, "i16x8.extract_lane_s", i16x8_extract_lane_s, I32, 1) \
  X(I16x8ExtractLaneU, 0xfd0019, "i16x8.extract_lane_u", i16x8_extract_lane_u, I32, 1) \
  X(I32x4ExtractLane, 0xfd001b, "i32x4.extract_lane", i32x4_extract_lane, I32, 2) \
  X(I64x2ExtractLane, 0xfd001d, "i64x2.extract_lane", i64x2_extract_lane, I64, 3) \
  X(F32x4ExtractLane, 0xfd001f, "f32x4.extract_lane", f32x4_extract_lane, F32, 2) \
  X(F64x2ExtractLane, 0xfd0021, "f64x2.extract_lane", f64x2_extract_lane, F64, 3)

#define NACRE_WASM_SIMD_REPLACE_LANE_OPCODES(X) \
  X(I8x16ReplaceLane, 0xfd0017, "i8x16.replace_lane", i8x16_replace_lane, I32, 0) \
  X(I16x8ReplaceLane, 0xfd001a, "i16x8.replace_lane", i16x8_replace_lane, I32, 1) \
  X(I32x4ReplaceLane, 0xfd001c, "i32x4.replace_lane", i32x4_replace_lane, I32, 2) \
  X(I64x2ReplaceLane, 0xfd001e, "i64x2.replace_lane", i64x2_replace_lane, I64, 3) \
  X(F32x4ReplaceLane, 0xfd0020, "f32x4.replace_lane", f32x4_replace_lane, F32, 2) \
  X(F64x2ReplaceLane, 0xfd0022, "f64x2.replace_lane", f64x2_replace_lane, F64, 3)

#define NACRE_WASM_SIMD_TEST_OPCODES(X) \
  X(V128AnyTrue, 0xfd0053, "v128.any_true", v128_any_true) \
  X(I8x16AllTrue, 0xfd0063, "i8x16.all_true", i8x16_all_true) \
  X(I8x16Bitmask, 0xfd0064, "i8x16.bitmask", i8x16_bitmask) \
  X(I16x8AllTrue, 0xfd0083, "i16x8.all_true", i16x8_all_true) \
  X(I16x8Bitmask, 0xfd0084, "i16x8.bitmask", i16x8_bitmask) \
  X(I32x4AllTrue, 0xfd00a3, "i32x4.all_true", i32x4_all_true) \
  X(I32x4Bitmask, 0xfd00a4, "i32x4.bitmask", i32x4_bitmask) \
  X(I64x2AllTrue, 0xfd00c3, "i64x2.all_true", i64x2_all_true) \
  X(I64x2Bitmask, 0xfd00c4, "i64x2.bitmask", i64x2_bitmask)

#define NACRE_WASM_SIMD_UNARY_OPCODES(X) \
  X(V128Not, 0xfd004d, "v128.not", v128_not) \
  X(F32x4DemoteF64x2Zero, 0xfd005e, "f32x4.demote_f64x2_zero", f32x4_demote_f64x2_zero) \
  X(F64x2PromoteLowF32x4, 0xfd005f, "f64x2.promote_low_f32x4", f64x2_promote_low_f32x4) \
  X(I8x16Abs, 0xfd0060, "i8x16.abs", i8x16_abs) \
  X(I8x16Neg, 0xfd0061, "i8x16.neg", i8x16_neg) \
  X(I8x16Popcnt, 0xfd0062, "i8x16.popcnt", i8x16_popcnt) \
  X(F32x4Ceil, 0xfd0067, "f32x4.ceil", f32x4_ceil) \
  X(F32x4Floor, 0xfd0068, "f32x4.floor", f32x4_floor) \
  X(F32x4Trunc, 0xfd0069, "f32x4.trunc", f32x4_trunc) \
  X(F32x4Nearest, 0xfd006a, "f32x4.nearest", f32x4_nearest) \
  X(F64x2Ceil, 0xfd0074, "f64x2.ceil", f64x2_ceil) \
  X(F64x2Floor, 0xfd0075, "f64x2.floor", f64x2_floor) \
  X(F64x2Trunc, 0xfd007a, "f64x2.trunc", f64x2_trunc) \
  X(I16x8ExtaddPairwiseI8x16S, 0xfd007c, "i16x8.extadd_pairwise_i8x16_s", i16x8_extadd_pairwise_i8x16_s) \
  X(I16x8ExtaddPairwiseI8x16U, 0xfd007d, "i16x8.extadd_pairwise_i8x16_u", i16x8_extadd_pairwise_i8x16_u) \
  X(I32x4ExtaddPairwiseI16x8S, 0xfd007e, "i32x4.extadd_pairwise_i16x8_s", i32x4_extadd_pairwise_i16x8_s) \
  X(I32x4ExtaddPairwiseI16x8U, 0xfd007f, "i32x4.extadd_pairwise_i16x8_u", i32x4_extadd_pairwise_i16x8_u) \
  X(I16x8Abs, 0xfd0080, "i16x8.abs", i16x8_abs) \
  X(I16x8Neg, 0xfd0081, "i16x8.neg", i16x8_neg) \
  X(I16x8ExtendLowI8x16S, 0xfd0087, "i16x8.extend_low_i8x16_s", i16x8_extend_low_i8x16_s) \
  X(I16x8ExtendHighI8x16S, 0xfd0088, "i16x8.extend_high_i8x16_s", i16x8_extend_high_i8x16_s) \
  X(I16x8ExtendLowI8x16U, 0xfd0089, "i16x8.extend_low_i8x16_u", i16x8_extend_low_i8x16_u) \
  X(I16x8ExtendHighI8x16U, 0xfd008a, "i16x8.extend_high_i8x16_u", i16x8_extend_high_i8x16_u) \
  X(F64x2Nearest, 0xfd0094, "f64x2.nearest", f64x2_nearest) \
  X(I32x4Abs, 0xfd00a0, "i32x4.abs", i32x4_abs) \
  X(I32x4Neg, 0xfd00a1, "i32x4.neg", i32x4_neg) \
  X(I32x4ExtendLowI16x8S, 0xfd00a7, "i32x4.extend_low_i16x8_s", i32x4_extend_low_i16x8_s) \
  X(I32x4ExtendHighI16x8S, 0xfd00a8, "i32x4.extend_high_i16x8_s", i32x4_extend_high_i16x8_s) \
  X(I32x4ExtendLowI16x8U, 0xfd00a9, "i32x4.extend_low_i16x8_u", i32x4_extend_low_i16x8_u) \
  X(I32x4ExtendHighI16x8U, 0xfd00aa, "i32x4.extend_high_i16x8_u", i32x4_extend_high_i16x8_u) \
  X(I64x2Abs, 0xfd00c0, "i64x2.abs", i64x2_abs) \
  X(I64x2Neg, 0xfd00c1, "i64x2.neg", i64x2_neg) \
  X(I64x2ExtendLowI32x4S, 0xfd00c7, "i64x2.extend_low_i32x4_s", i64x2_extend_low_i32x4_s) \
  X(I64x2ExtendHighI32x4S, 0xfd00c8, "i64x2.extend_high_i32x4_s", i64x2_extend_high_i32x4_s) \
  X(I64x2ExtendLowI32x4U, 0xfd00c9, "i64x2.extend_low_i32x4_u", i64x2_extend_low_i32x4_u) \
  X(I64x2ExtendHighI32x4U, 0xfd00ca, "i64x2.extend_high_i32x4_u", i64x2_extend_high_i32x4_u) \
  X(F32x4Abs, 0xfd00e0, "f32x4.abs", f32x4_abs) \
  X(F32x4Neg, 0xfd00e1, "f32x4.neg", f32x4_neg) \
  X(F32x4Sqrt, 0xfd00e3, "f32x4.sqrt", f32x4_sqrt) \
  X(F64x2Abs, 0xfd00ec, "f64x2.abs", f64x2_abs) \
  X(F64x2Neg, 0xfd00ed, "f64x2.neg", f64x2_neg) \
  X(F64x2Sqrt, 0xfd00ef, "f64x2.sqrt", f64x2_sqrt) \
  X(I32x4TruncSatF32x4S, 0xfd00f8, "i32x4.trunc_sat_f32x4_s", i32x4_trunc_sat_f32x4_s) \
  X(I32x4TruncSatF32x4U, 0xfd00f9, "i32x4.trunc_sat_f32x4_u", i32x4_trunc_sat_f32x4_u) \
  X(F32x4ConvertI32x4S, 0xfd00fa, "f32x4.convert_i32x4_s", f32x4_convert_i32x4_s) \
  X(F32x4ConvertI32x4U, 0xfd00fb, "f32x4.convert_i32x4_u", f32x4_convert_i32x4_u) \
  X(I32x4TruncSatF64x2SZero, 0xfd00fc, "i32x4.trunc_sat_f64x2_s_zero", i32x4_trunc_sat_f64x2_s_zero) \
  X(I32x4TruncSatF64x2UZero, 0xfd00fd, "i32x4.trunc_sat_f64x2_u_zero", i32x4_trunc_sat_f64x2_u_zero) \
  X(F64x2ConvertLowI32x4S, 0xfd00fe, "f64x2.convert_low_i32x4_s", f64x2_convert_low_i32x4_s) \
  X(F64x2ConvertLowI32x4U, 0xfd00ff, "f64x2.convert_low_i32x4_u", f64x2_convert_low_i32x4_u) \
  X(I32x4RelaxedTruncF32x4S, 0xfd0101, "i32x4.relaxed_trunc_f32x4_s", i32x4_relaxed_trunc_f32x4_s) \
  X(I32x4RelaxedTruncF32x4U, 0xfd0102, "i32x4.relaxed_trunc_f32x4_u", i32x4_relaxed_trunc_f32x4_u) \
  X(I32x4RelaxedTruncF64x2SZero, 0xfd0103, "i32x4.relaxed_trunc_f64x2_s_zero", i32x4_relaxed_trunc_f64x2_s_zero) \
  X(I32x4RelaxedTruncF64x2UZero, 0xfd0104, "i32x4.relaxed_trunc_f64x2_u_zero", i32x4_relaxed_trunc_f64x2_u_zero)

#define NACRE_WASM_SIMD_BINARY_OPCODES(X) \
  X(I8x16Swizzle, 0xfd000e, "i8x16.swizzle", i8x16_swizzle) \
  X(I8x16Eq, 0xfd0023, "i8x16.eq", i8x16_eq) \
  X(I8x16Ne, 0xfd0024, "i8x16.ne", i8x16_ne) \
  X(I8x16LtS, 0xfd0025, "i8x16.lt_s", i8x16_lt_s) \
  X(I8x16LtU, 0xfd0026, "i8x16.lt_u", i8x16_lt_u) \
  X(I8x16GtS, 0xfd0027, "i8x16.gt_s", i8x16_gt_s) \
  X(I8x16GtU, 0xfd0028, "i8x16.gt_u", i8x16_gt_u) \
  X(I8x16LeS, 0xfd0029, "i8x16.le_s", i8x16_le_s) \
  X(I8x16LeU, 0xfd002a, "i8x16.le_u", i8x16_le_u) \
  X(I8x16GeS, 0xfd002b, "i8x16.ge_s", i8x16_ge_s) \
  X(I8x16GeU, 0xfd002c, "i8x16.ge_u", i8x16_ge_u) \
  X(I16x8Eq, 0xfd002d, "i16x8.eq", i16x8_eq) \
  X(I16x8Ne, 0xfd002e, "i16x8.ne", i16x8_ne) \
  X(I16x8LtS, 0xfd002f, "i16x8.lt_s", i16x8_lt_s) \
  X(I16x8LtU, 0xfd0030, "i16x8.lt_u", i16x8_lt_u) \
  X(I16x8GtS, 0xfd0031, "i16x8.gt_s", i16x8_gt_s) \
  X(I16x8GtU, 0xfd0032, "i16x8.gt_u", i16x8_gt_u) \
  X(I16x8LeS, 0xfd0033, "i16x8.le_s", i16x8_le_s) \
  X(I16x8LeU, 0xfd0034, "i16x8.le_u", i16x8_le_u) \
  X(I16x8GeS, 0xfd0035, "i16x8.ge_s", i16x8_ge_s) \
  X(I16x8GeU, 0xfd0036, "i16x8.ge_u", i16x8_ge_u) \
  X(I32x4Eq, 0xfd0037, "i32x4.eq", i32x4_eq) \
  X(I32x4Ne, 0xfd0038, "i32x4.ne", i32x4_ne) \
  X(I32x4LtS, 0xfd0039, "i32x4.lt_s", i32x4_lt_s) \
  X(I32x4LtU, 0xfd003a, "i32x4.lt_u", i32x4_lt_u) \
  X(I32x4GtS, 0xfd003b, "i32x4.gt_s", i32x4_gt_s) \
  X(I32x4GtU, 0xfd003c, "i32x4.gt_u", i32x4_gt_u) \
  X(I32x4LeS, 0xfd003d, "i32x4.le_s", i32x4_le_s) \
  X(I32x4LeU, 0xfd003e, "i32x4.le_u", i32x4_le_u) \
  X(I32x4GeS, 0xfd003f, "i32x4.ge_s", i32x4_ge_s) \
  X(I32x4GeU, 0xfd0040, "i32x4.ge_u", i32x4_ge_u) \
  X(F32x4Eq, 0xfd0041, "f32x4.eq", f32x4_eq) \
  X(F32x4Ne, 0xfd0042, "f32x4.ne", f32x4_ne) \
  X(F32x4Lt, 0xfd0043, "f32x4.lt", f32x4_lt) \
  X(F32x4Gt, 0xfd0044, "f32x4.gt", f32x4_gt) \
  X(F32x4Le, 0xfd0045, "f32x4.le", f32x4_le) \
  X(F32x4Ge, 0xfd0046, "f32x4.ge", f32x4_ge) \
  X(F64x2Eq, 0xfd0047, "f64x2.eq", f64x2_eq) \
  X(F64x2Ne, 0xfd0048, "f64x2.ne", f64x2_ne) \
  X(F64x2Lt, 0xfd0049, "f64x2.lt", f64x2_lt) \
  X(F64x2Gt, 0xfd004a, "f64x2.gt", f64x2_gt) \
  X(F64x2Le, 0xfd004b, "f64x2.le", f64x2_le) \
  X(F64x2Ge, 0xfd004c, "f64x2.ge", f64x2_ge) \
  X(V128And, 0xfd004e, "v128.and", v128_and) \
  X(V128Andnot, 0xfd004f, "v128.andnot", v128_andnot) \
  X(V128Or, 0xfd0050, "v128.or", v128_or) \
  X(V128Xor, 0xfd0051, "v128.xor", v128_xor) \
  X(I8x16NarrowI16x8S, 0xfd0065, "i8x16.narrow_i16x8_s", i8x16_narrow_i16x8_s) \
  X(I8x16NarrowI16x8U, 0xfd0066, "i8x16.narrow_i16x8_u", i8x16_narrow_i16x8_u) \
  X(I8x16Add, 0xfd006e, "i8x16.add", i8x16_add) \
  X(I8x16AddSatS, 0xfd006f, "i8x16.add_sat_s", i8x16_add_sat_s) \
  X(I8x16AddSatU, 0xfd0070, "i8x16.add_sat_u", i8x16_add_sat_u) \
  X(I8x16Sub, 0xfd0071, "i8x16.sub", i8x16_sub) \
  X(I8x16SubSatS, 0xfd0072, "i8x16.sub_sat_s", i8x16_sub_sat_s) \
  X(I8x16SubSatU, 0xfd0073, "i8x16.sub_sat_u", i8x16_sub_sat_u) \
  X(I8x16MinS, 0xfd0076, "i8x16.min_s", i8x16_min_s) \
  X(I8x16MinU, 0xfd0077, "i8x16.min_u", i8x16_min_u) \
  X(I8x16MaxS, 0xfd0078, "i8x16.max_s", i8x16_max_s) \
  X(I8x16MaxU, 0xfd0079, "i8x16.max_u", i8x16_max_u) \
  X(I8x16AvgrU, 0xfd007b, "i8x16.avgr_u", i8x16_avgr_u) \
  X(I16x8Q15mulrSatS, 0xfd0082, "i16x8.q15mulr_sat_s", i16x8_q15mulr_sat_s) \
  X(I16x8NarrowI32x4S, 0xfd0085, "i16x8.narrow_i32x4_s", i16x8_narrow_i32x4_s) \
  X(I16x8NarrowI32x4U, 0xfd0086, "i16x8.narrow_i32x4_u", i16x8_narrow_i32x4_u) \
  X(I16x8Add, 0xfd008e, "i16x8.add", i16x8_add) \
  X(I16x8AddSatS, 0xfd008f, "i16x8.add_sat_s", i16x8_add_sat_s) \
  X(I16x8AddSatU, 0xfd0090, "i16x8.add_sat_u", i16x8_add_sat_u) \
  X(I16x8Sub, 0xfd0091, "i16x8.sub", i16x8_sub) \
  X(I16x8SubSatS, 0xfd0092, "i16x8.sub_sat_s", i16x8_sub_sat_s) \
  X(I16x8SubSatU, 0xfd0093, "i16x8.sub_sat_u", i16x8_sub_sat_u) \
  X(I16x8Mul, 0xfd0095, "i16x8.mul", i16x8_mul) \
  X(I16x8MinS, 0xfd0096, "i16x8.min_s", i16x8_min_s) \
  X(I16x8MinU, 0xfd0097, "i16x8.min_u", i16x8_min_u) \
  X(I16x8MaxS, 0xfd0098, "i16x8.max_s", i16x8_max_s) \
  X(I16x8MaxU, 0xfd0099, "i16x8.max_u", i16x8_max_u) \
  X(I16x8AvgrU, 0xfd009b, "i16x8.avgr_u", i16x8_avgr_u) \
  X(I16x8ExtmulLowI8x16S, 0xfd009c, "i16x8.extmul_low_i8x16_s", i16x8_extmul_low_i8x16_s) \
  X(I16x8ExtmulHighI8x16S, 0xfd009d, "i16x8.extmul_high_i8x16_s", i16x8_extmul_high_i8x16_s) \
  X(I16x8ExtmulLowI8x16U, 0xfd009e, "i16x8.extmul_low_i8x16_u", i16x8_extmul_low_i8x16_u) \
  X(I16x8ExtmulHighI8x16U, 0xfd009f, "i16x8.extmul_high_i8x16_u", i16x8_extmul_high_i8x16_u) \
  X(I32x4Add, 0xfd00ae, "i32x4.add", i32x4_add) \
  X(I32x4Sub, 0xfd00b1, "i32x4.sub", i32x4_sub) \
  X(I32x4Mul, 0xfd00b5, "i32x4.mul", i32x4_mul) \
  X(I32x4MinS, 0xfd00b6, "i32x4.min_s", i32x4_min_s) \
  X(I32x4MinU, 0xfd00b7, "i32x4.min_u", i32x4_min_u) \
  X(I32x4MaxS, 0xfd00b8, "i32x4.max_s", i32x4_max_s) \
  X(I32x4MaxU, 0xfd00b9, "i32x4.max_u", i32x4_max_u) \
  X(I32x4DotI16x8S, 0xfd00ba, "i32x4.dot_i16x8_s", i32x4_dot_i16x8_s) \
  X(I32x4ExtmulLowI16x8S, 0xfd00bc, "i32x4.extmul_low_i16x8_s", i32x4_extmul_low_i16x8_s) \
  X(I32x4ExtmulHighI16x8S, 0xfd00bd, "i32x4.extmul_high_i16x8_s", i32x4_extmul_high_i16x8_s) \
  X(I32x4ExtmulLowI16x8U, 0xfd00be, "i32x4.extmul_low_i16x8_u", i32x4_extmul_low_i16x8_u) \
  X(I32x4ExtmulHighI16x8U, 0xfd00bf, "i32x4.extmul_high_i16x8_u", i32x4_extmul_high_i16x8_u) \
  X(I64x2Add, 0xfd00ce, "i64x2.add", i64x2_add) \
  X(I64x2Sub, 0xfd00d1, "i64x2.sub", i64x2_sub) \
  X(I64x2Mul, 0xfd00d5, "i64x2.mul", i64x2_mul) \
  X(I64x2Eq, 0xfd00d6, "i64x2.eq", i64x2_eq) \
  X(I64x2Ne, 0xfd00d7, "i64x2.ne", i64x2_ne) \
  X(I64x2LtS, 0xfd00d8, "i64x2.lt_s", i64x2_lt_s) \
  X(I64x2GtS, 0xfd00d9, "i64x2.gt_s", i64x2_gt_s) \
  X(I64x2LeS, 0xfd00da, "i64x2.le_s", i64x2_le_s) \
  X(I64x2GeS, 0xfd00db, "i64x2.ge_s", i64x2_ge_s) \
  X(I64x2ExtmulLowI32x4S, 0xfd00dc, "i64x2.extmul_low_i32x4_s", i64x2_extmul_low_i32x4_s) \
  X(I64x2ExtmulHighI32x4S, 0xfd00dd, "i64x2.extmul_high_i32x4_s", i64x2_extmul_high_i32x4_s) \
  X(I64x2ExtmulLowI32x4U, 0xfd00de, "i64x2.extmul_low_i32x4_u", i64x2_extmul_low_i32x4_u) \
  X(I64x2ExtmulHighI32x4U, 0xfd00df, "i64x2.extmul_high_i32x4_u", i64x2_extmul_high_i32x4_u) \
  X(F32x4Add, 0xfd00e4, "f32x4.add", f32x4_add) \
  X(F32x4Sub, 0xfd00e5, "f32x4.sub", f32x4_sub) \
  X(F32x4Mul, 0xfd00e6, "f32x4.mul", f32x4_mul) \
  X(F32x4Div, 0xfd00e7, "f32x4.div", f32x4_div) \
  X(F32x4Min, 0xfd00e8, "f32x4.min", f32x4_min) \
  X(F32x4Max, 0xfd00e9, "f32x4.max", f32x4_max) \
  X(F32x4Pmin, 0xfd00ea, "f32x4.pmin", f32x4_pmin) \
  X(F32x4Pmax, 0xfd00eb, "f32x4.pmax", f32x4_pmax) \
  X(F64x2Add, 0xfd00f0, "f64x2.add", f64x2_add) \
  X(F64x2Sub, 0xfd00f1, "f64x2.sub", f64x2_sub) \
  X(F64x2Mul, 0xfd00f2, "f64x2.mul", f64x2_mul) \
  X(F64x2Div, 0xfd00f3, "f64x2.div", f64x2_div) \
  X(F64x2Min, 0xfd00f4, "f64x2.min", f64x2_min) \
  X(F64x2Max, 0xfd00f5, "f64x2.max", f64x2_max) \
  X(F64x2Pmin, 0xfd00f6, "f64x2.pmin", f64x2_pmin) \
  X(F64x2Pmax, 0xfd00f7, "f64x2.pmax", f64x2_pmax) \
  X(I8x16RelaxedSwizzle, 0xfd0100, "i8x16.relaxed_swizzle", i8x16_relaxed_swizzle) \
  X(F32x4RelaxedMin, 0xfd010d, "f32x4.relaxed_min", f32x4_relaxed_min) \
  X(F32x4RelaxedMax, 0xfd010e, "f32x4.relaxed_max", f32x4_relaxed_max) \
  X(F64x2RelaxedMin, 0xfd010f, "f64x2.relaxed_min", f64x2_relaxed_min) \
  X(F64x2RelaxedMax, 0xfd0110, "f64x2.relaxed_max", f64x2_relaxed_max) \
  X(I16x8RelaxedQ15mulrS, 0xfd0111, "i16x8.relaxed_q15mulr_s", i16x8_relaxed_q15mulr_s) \
  X(I16x8RelaxedDotI8x16I7x16S, 0xfd0112, "i16x8.relaxed_dot_i8x16_i7x16_s", i16x8_relaxed_dot_i8x16_i7x16_s)

#define NACRE_WASM_SIMD_SHIFT_OPCODES(X) \
  X(I8x16Shl, 0xfd006b, "i8x16.shl", i8x16_shl) \
  X(I8x16ShrS, 0xfd006c, "i8x16.shr_s", i8x16_shr_s) \
  X(I8x16ShrU, 0xfd006d, "i8x16.shr_u", i8x16_shr_u) \
  X(I16x8Shl, 0xfd008b, "i16x8.shl", i16x8_shl) \
  X(I16x8ShrS, 0xfd008c, "i16x8.shr_s", i16x8_shr_s) \
  X(I16x8ShrU, 0xfd008d, "i16x8.shr_u", i16x8_shr_u) \
  X(I32x4Shl, 0xfd00ab, "i32x4.shl", i32x4_shl) \
  X(I32x4ShrS, 0xfd00ac, "i32x4.shr_s", i32x4_shr_s) \
  X(I32x4ShrU, 0xfd00ad, "i32x4.shr_u", i32x4_shr_u) \
  X(I64x2Shl, 0xfd00cb, "i64x2.shl", i64x2_shl) \
  X(I64x2ShrS, 0xfd00cc, "i64x2.shr_s", i64x2_shr_s) \
  X(I64x2ShrU, 0xfd00cd, "i64x2.shr_u", i64x2_shr_u)

#define NACRE_WASM_SIMD_TERNARY_OPCODES(X) \
  X(V128Bitselect, 0xfd0052, "v128.bitselect", v128_bitselect) \
  X(F32x4RelaxedMadd, 0xfd0105, "f32x4.relaxed_madd", f32x4_relaxed_madd) \
  X(F32x4RelaxedNmadd, 0xfd0106, "f32x4.relaxed_nmadd", f32x4_relaxed_nmadd) \
  X(F64x2RelaxedMadd, 0xfd0107, "f64x2.relaxed_madd", f64x2_relaxed_madd) \
  X(F64x2RelaxedNmadd, 0xfd0108, "f64x2.relaxed_nmadd", f64x2_relaxed_nmadd) \
  X(I8x16RelaxedLaneselect, 0xfd0109, "i8x16.relaxed_laneselect", i8x16_relaxed_laneselect) \
  X(I16x8RelaxedLaneselect, 0xfd010a, "i16x8.relaxed_laneselect", i16x8_relaxed_laneselect) \
  X(I32x4RelaxedLaneselect, 0xfd010b, "i32x4.relaxed_laneselect", i32x4_relaxed_laneselect) \
  X(I64x2RelaxedLaneselect, 0xfd010c, "i64x2.relaxed_laneselect", i64x2_relaxed_laneselect) \
  X(I32x4RelaxedDotI8x16I7x16AddS, 0xfd0113, "i32x4.relaxed_dot_i8x16_i7x16_add_s", i32x4_relaxed_dot_i8x16_i7x16_add_s)

/// All of them: enumerator, encoding, name, and what else their shape has.
#define NACRE_WASM_SIMD_OPCODES(X) \
  NACRE_WASM_SIMD_SPECIAL_OPCODES(X) \
  NACRE_WASM_SIMD_LOAD_OPCODES(X) \
  NACRE_WASM_SIMD_STORE_OPCODES(X) \
  NACRE_WASM_SIMD_LOAD_LANE_OPCODES(X) \
  NACRE_WASM_SIMD_STORE_LANE_OPCODES(X) \
  NACRE_WASM_SIMD_SPLAT_OPCODES(X) \
  NACRE_WASM_SIMD_EXTRACT_LANE_OPCODES(X) \
  NACRE_WASM_SIMD_REPLACE_LANE_OPCODES(X) \
  NACRE_WASM_SIMD_TEST_OPCODES(X) \
  NACRE_WASM_SIMD_UNARY_OPCODES(X) \
  NACRE_WASM_SIMD_BINARY_OPCODES(X) \
  NACRE_WASM_SIMD_SHIFT_OPCODES(X) \
  NACRE_WASM_SIMD_TERNARY_OPCODES(X)
// clang-format on
