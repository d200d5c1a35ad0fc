#pragma once

#include <array>
#include <span>
#include <string_view>

#include "lib/wasm/binary/simd_opcodes.hpp"
#include "lib/wasm/binary/types.hpp"

// The one table of opcodes: decoder, validator, interpreter and disassembler are made from it. One
// line for each opcode, in lists by shape; those of v128 stand in `simd_opcodes.hpp`:
//
//   special  enumerator, encoding, name, immediate, may trap         (typed by a rule of its own)
//   load     enumerator, encoding, name, result, type in memory      (may trap)
//   store    enumerator, encoding, name, operand, type in memory     (may trap)
//   others   enumerator, encoding, name, function in numeric.hpp, operands, result, may trap
//
// An encoding is the byte, or `prefix << 16 | number` behind a prefix byte.
// [wasm/core: "Index of Instructions"]

// clang-format off
#define NACRE_WASM_SPECIAL_OPCODES(X) \
  X(Unreachable, 0x00, "unreachable", None, Traps) \
  X(Nop, 0x01, "nop", None, Never) \
  X(Block, 0x02, "block", BlockType, Never) \
  X(Loop, 0x03, "loop", BlockType, Never) \
  X(If, 0x04, "if", BlockType, Never) \
  X(Else, 0x05, "else", None, Never) \
  X(Try, 0x06, "try", BlockType, Never) \
  X(Catch, 0x07, "catch", Tag, Never) \
  X(Throw, 0x08, "throw", Tag, Traps) \
  X(Rethrow, 0x09, "rethrow", Label, Traps) \
  X(ThrowRef, 0x0a, "throw_ref", None, Traps) \
  X(End, 0x0b, "end", None, Never) \
  X(Br, 0x0c, "br", Label, Never) \
  X(BrIf, 0x0d, "br_if", Label, Never) \
  X(BrTable, 0x0e, "br_table", BranchTable, Never) \
  X(Return, 0x0f, "return", None, Never) \
  X(Call, 0x10, "call", Function, Traps) \
  X(CallIndirect, 0x11, "call_indirect", CallIndirect, Traps) \
  X(ReturnCall, 0x12, "return_call", Function, Never) \
  X(ReturnCallIndirect, 0x13, "return_call_indirect", CallIndirect, Traps) \
  X(CallRef, 0x14, "call_ref", Type, Traps) \
  X(ReturnCallRef, 0x15, "return_call_ref", Type, Traps) \
  X(Delegate, 0x18, "delegate", Label, Never) \
  X(CatchAll, 0x19, "catch_all", None, Never) \
  X(Drop, 0x1a, "drop", None, Never) \
  X(Select, 0x1b, "select", None, Never) \
  X(SelectTyped, 0x1c, "select", SelectTypes, Never) \
  X(TryTable, 0x1f, "try_table", TryTable, Never) \
  X(LocalGet, 0x20, "local.get", Local, Never) \
  X(LocalSet, 0x21, "local.set", Local, Never) \
  X(LocalTee, 0x22, "local.tee", Local, Never) \
  X(GlobalGet, 0x23, "global.get", Global, Never) \
  X(GlobalSet, 0x24, "global.set", Global, Never) \
  X(TableGet, 0x25, "table.get", Table, Traps) \
  X(TableSet, 0x26, "table.set", Table, Traps) \
  X(MemorySize, 0x3f, "memory.size", Memory, Never) \
  X(MemoryGrow, 0x40, "memory.grow", Memory, Never) \
  X(I32Const, 0x41, "i32.const", I32, Never) \
  X(I64Const, 0x42, "i64.const", I64, Never) \
  X(F32Const, 0x43, "f32.const", F32, Never) \
  X(F64Const, 0x44, "f64.const", F64, Never) \
  X(RefNull, 0xd0, "ref.null", HeapType, Never) \
  X(RefIsNull, 0xd1, "ref.is_null", None, Never) \
  X(RefFunc, 0xd2, "ref.func", Function, Never) \
  X(RefAsNonNull, 0xd4, "ref.as_non_null", None, Traps) \
  X(BrOnNull, 0xd5, "br_on_null", Label, Never) \
  X(BrOnNonNull, 0xd6, "br_on_non_null", Label, Never) \
  X(MemoryInit, 0xfc0008, "memory.init", MemoryInit, Traps) \
  X(DataDrop, 0xfc0009, "data.drop", DataSegment, Never) \
  X(MemoryCopy, 0xfc000a, "memory.copy", MemoryCopy, Traps) \
  X(MemoryFill, 0xfc000b, "memory.fill", Memory, Traps) \
  X(TableInit, 0xfc000c, "table.init", TableInit, Traps) \
  X(ElemDrop, 0xfc000d, "elem.drop", ElementSegment, Never) \
  X(TableCopy, 0xfc000e, "table.copy", TableCopy, Traps) \
  X(TableGrow, 0xfc000f, "table.grow", Table, Never) \
  X(TableSize, 0xfc0010, "table.size", Table, Never) \
  X(TableFill, 0xfc0011, "table.fill", Table, Traps)

#define NACRE_WASM_LOAD_OPCODES(X) \
  X(I32Load, 0x28, "i32.load", I32, u32) \
  X(I64Load, 0x29, "i64.load", I64, u64) \
  X(F32Load, 0x2a, "f32.load", F32, u32) \
  X(F64Load, 0x2b, "f64.load", F64, u64) \
  X(I32Load8S, 0x2c, "i32.load8_s", I32, i8) \
  X(I32Load8U, 0x2d, "i32.load8_u", I32, u8) \
  X(I32Load16S, 0x2e, "i32.load16_s", I32, i16) \
  X(I32Load16U, 0x2f, "i32.load16_u", I32, u16) \
  X(I64Load8S, 0x30, "i64.load8_s", I64, i8) \
  X(I64Load8U, 0x31, "i64.load8_u", I64, u8) \
  X(I64Load16S, 0x32, "i64.load16_s", I64, i16) \
  X(I64Load16U, 0x33, "i64.load16_u", I64, u16) \
  X(I64Load32S, 0x34, "i64.load32_s", I64, i32) \
  X(I64Load32U, 0x35, "i64.load32_u", I64, u32)

#define NACRE_WASM_STORE_OPCODES(X) \
  X(I32Store, 0x36, "i32.store", I32, u32) \
  X(I64Store, 0x37, "i64.store", I64, u64) \
  X(F32Store, 0x38, "f32.store", F32, u32) \
  X(F64Store, 0x39, "f64.store", F64, u64) \
  X(I32Store8, 0x3a, "i32.store8", I32, u8) \
  X(I32Store16, 0x3b, "i32.store16", I32, u16) \
  X(I64Store8, 0x3c, "i64.store8", I64, u8) \
  X(I64Store16, 0x3d, "i64.store16", I64, u16) \
  X(I64Store32, 0x3e, "i64.store32", I64, u32)

#define NACRE_WASM_UNARY_OPCODES(X) \
  X(I32Eqz, 0x45, "i32.eqz", i32_eqz, I32, I32, Never) \
  X(I64Eqz, 0x50, "i64.eqz", i64_eqz, I64, I32, Never) \
  X(I32Clz, 0x67, "i32.clz", i32_clz, I32, I32, Never) \
  X(I32Ctz, 0x68, "i32.ctz", i32_ctz, I32, I32, Never) \
  X(I32Popcnt, 0x69, "i32.popcnt", i32_popcnt, I32, I32, Never) \
  X(I64Clz, 0x79, "i64.clz", i64_clz, I64, I64, Never) \
  X(I64Ctz, 0x7a, "i64.ctz", i64_ctz, I64, I64, Never) \
  X(I64Popcnt, 0x7b, "i64.popcnt", i64_popcnt, I64, I64, Never) \
  X(F32Abs, 0x8b, "f32.abs", f32_abs, F32, F32, Never) \
  X(F32Neg, 0x8c, "f32.neg", f32_neg, F32, F32, Never) \
  X(F32Ceil, 0x8d, "f32.ceil", f32_ceil, F32, F32, Never) \
  X(F32Floor, 0x8e, "f32.floor", f32_floor, F32, F32, Never) \
  X(F32Trunc, 0x8f, "f32.trunc", f32_trunc, F32, F32, Never) \
  X(F32Nearest, 0x90, "f32.nearest", f32_nearest, F32, F32, Never) \
  X(F32Sqrt, 0x91, "f32.sqrt", f32_sqrt, F32, F32, Never) \
  X(F64Abs, 0x99, "f64.abs", f64_abs, F64, F64, Never) \
  X(F64Neg, 0x9a, "f64.neg", f64_neg, F64, F64, Never) \
  X(F64Ceil, 0x9b, "f64.ceil", f64_ceil, F64, F64, Never) \
  X(F64Floor, 0x9c, "f64.floor", f64_floor, F64, F64, Never) \
  X(F64Trunc, 0x9d, "f64.trunc", f64_trunc, F64, F64, Never) \
  X(F64Nearest, 0x9e, "f64.nearest", f64_nearest, F64, F64, Never) \
  X(F64Sqrt, 0x9f, "f64.sqrt", f64_sqrt, F64, F64, Never) \
  X(I32WrapI64, 0xa7, "i32.wrap_i64", i32_wrap_i64, I64, I32, Never) \
  X(I32TruncF32S, 0xa8, "i32.trunc_f32_s", i32_trunc_f32_s, F32, I32, Traps) \
  X(I32TruncF32U, 0xa9, "i32.trunc_f32_u", i32_trunc_f32_u, F32, I32, Traps) \
  X(I32TruncF64S, 0xaa, "i32.trunc_f64_s", i32_trunc_f64_s, F64, I32, Traps) \
  X(I32TruncF64U, 0xab, "i32.trunc_f64_u", i32_trunc_f64_u, F64, I32, Traps) \
  X(I64ExtendI32S, 0xac, "i64.extend_i32_s", i64_extend_i32_s, I32, I64, Never) \
  X(I64ExtendI32U, 0xad, "i64.extend_i32_u", i64_extend_i32_u, I32, I64, Never) \
  X(I64TruncF32S, 0xae, "i64.trunc_f32_s", i64_trunc_f32_s, F32, I64, Traps) \
  X(I64TruncF32U, 0xaf, "i64.trunc_f32_u", i64_trunc_f32_u, F32, I64, Traps) \
  X(I64TruncF64S, 0xb0, "i64.trunc_f64_s", i64_trunc_f64_s, F64, I64, Traps) \
  X(I64TruncF64U, 0xb1, "i64.trunc_f64_u", i64_trunc_f64_u, F64, I64, Traps) \
  X(F32ConvertI32S, 0xb2, "f32.convert_i32_s", f32_convert_i32_s, I32, F32, Never) \
  X(F32ConvertI32U, 0xb3, "f32.convert_i32_u", f32_convert_i32_u, I32, F32, Never) \
  X(F32ConvertI64S, 0xb4, "f32.convert_i64_s", f32_convert_i64_s, I64, F32, Never) \
  X(F32ConvertI64U, 0xb5, "f32.convert_i64_u", f32_convert_i64_u, I64, F32, Never) \
  X(F32DemoteF64, 0xb6, "f32.demote_f64", f32_demote_f64, F64, F32, Never) \
  X(F64ConvertI32S, 0xb7, "f64.convert_i32_s", f64_convert_i32_s, I32, F64, Never) \
  X(F64ConvertI32U, 0xb8, "f64.convert_i32_u", f64_convert_i32_u, I32, F64, Never) \
  X(F64ConvertI64S, 0xb9, "f64.convert_i64_s", f64_convert_i64_s, I64, F64, Never) \
  X(F64ConvertI64U, 0xba, "f64.convert_i64_u", f64_convert_i64_u, I64, F64, Never) \
  X(F64PromoteF32, 0xbb, "f64.promote_f32", f64_promote_f32, F32, F64, Never) \
  X(I32ReinterpretF32, 0xbc, "i32.reinterpret_f32", i32_reinterpret_f32, F32, I32, Never) \
  X(I64ReinterpretF64, 0xbd, "i64.reinterpret_f64", i64_reinterpret_f64, F64, I64, Never) \
  X(F32ReinterpretI32, 0xbe, "f32.reinterpret_i32", f32_reinterpret_i32, I32, F32, Never) \
  X(F64ReinterpretI64, 0xbf, "f64.reinterpret_i64", f64_reinterpret_i64, I64, F64, Never) \
  X(I32Extend8S, 0xc0, "i32.extend8_s", i32_extend8_s, I32, I32, Never) \
  X(I32Extend16S, 0xc1, "i32.extend16_s", i32_extend16_s, I32, I32, Never) \
  X(I64Extend8S, 0xc2, "i64.extend8_s", i64_extend8_s, I64, I64, Never) \
  X(I64Extend16S, 0xc3, "i64.extend16_s", i64_extend16_s, I64, I64, Never) \
  X(I64Extend32S, 0xc4, "i64.extend32_s", i64_extend32_s, I64, I64, Never) \
  X(I32TruncSatF32S, 0xfc0000, "i32.trunc_sat_f32_s", i32_trunc_sat_f32_s, F32, I32, Never) \
  X(I32TruncSatF32U, 0xfc0001, "i32.trunc_sat_f32_u", i32_trunc_sat_f32_u, F32, I32, Never) \
  X(I32TruncSatF64S, 0xfc0002, "i32.trunc_sat_f64_s", i32_trunc_sat_f64_s, F64, I32, Never) \
  X(I32TruncSatF64U, 0xfc0003, "i32.trunc_sat_f64_u", i32_trunc_sat_f64_u, F64, I32, Never) \
  X(I64TruncSatF32S, 0xfc0004, "i64.trunc_sat_f32_s", i64_trunc_sat_f32_s, F32, I64, Never) \
  X(I64TruncSatF32U, 0xfc0005, "i64.trunc_sat_f32_u", i64_trunc_sat_f32_u, F32, I64, Never) \
  X(I64TruncSatF64S, 0xfc0006, "i64.trunc_sat_f64_s", i64_trunc_sat_f64_s, F64, I64, Never) \
  X(I64TruncSatF64U, 0xfc0007, "i64.trunc_sat_f64_u", i64_trunc_sat_f64_u, F64, I64, Never)

#define NACRE_WASM_INTEGER_COMPARISON_OPCODES(X) \
  X(I32Eq, 0x46, "i32.eq", i32_eq, I32, I32, Never) \
  X(I32Ne, 0x47, "i32.ne", i32_ne, I32, I32, Never) \
  X(I32LtS, 0x48, "i32.lt_s", i32_lt_s, I32, I32, Never) \
  X(I32LtU, 0x49, "i32.lt_u", i32_lt_u, I32, I32, Never) \
  X(I32GtS, 0x4a, "i32.gt_s", i32_gt_s, I32, I32, Never) \
  X(I32GtU, 0x4b, "i32.gt_u", i32_gt_u, I32, I32, Never) \
  X(I32LeS, 0x4c, "i32.le_s", i32_le_s, I32, I32, Never) \
  X(I32LeU, 0x4d, "i32.le_u", i32_le_u, I32, I32, Never) \
  X(I32GeS, 0x4e, "i32.ge_s", i32_ge_s, I32, I32, Never) \
  X(I32GeU, 0x4f, "i32.ge_u", i32_ge_u, I32, I32, Never) \
  X(I64Eq, 0x51, "i64.eq", i64_eq, I64, I32, Never) \
  X(I64Ne, 0x52, "i64.ne", i64_ne, I64, I32, Never) \
  X(I64LtS, 0x53, "i64.lt_s", i64_lt_s, I64, I32, Never) \
  X(I64LtU, 0x54, "i64.lt_u", i64_lt_u, I64, I32, Never) \
  X(I64GtS, 0x55, "i64.gt_s", i64_gt_s, I64, I32, Never) \
  X(I64GtU, 0x56, "i64.gt_u", i64_gt_u, I64, I32, Never) \
  X(I64LeS, 0x57, "i64.le_s", i64_le_s, I64, I32, Never) \
  X(I64LeU, 0x58, "i64.le_u", i64_le_u, I64, I32, Never) \
  X(I64GeS, 0x59, "i64.ge_s", i64_ge_s, I64, I32, Never) \
  X(I64GeU, 0x5a, "i64.ge_u", i64_ge_u, I64, I32, Never)

#define NACRE_WASM_INTEGER_BINARY_OPCODES(X) \
  X(I32Add, 0x6a, "i32.add", i32_add, I32, I32, Never) \
  X(I32Sub, 0x6b, "i32.sub", i32_sub, I32, I32, Never) \
  X(I32Mul, 0x6c, "i32.mul", i32_mul, I32, I32, Never) \
  X(I32DivS, 0x6d, "i32.div_s", i32_div_s, I32, I32, Traps) \
  X(I32DivU, 0x6e, "i32.div_u", i32_div_u, I32, I32, Traps) \
  X(I32RemS, 0x6f, "i32.rem_s", i32_rem_s, I32, I32, Traps) \
  X(I32RemU, 0x70, "i32.rem_u", i32_rem_u, I32, I32, Traps) \
  X(I32And, 0x71, "i32.and", i32_and, I32, I32, Never) \
  X(I32Or, 0x72, "i32.or", i32_or, I32, I32, Never) \
  X(I32Xor, 0x73, "i32.xor", i32_xor, I32, I32, Never) \
  X(I32Shl, 0x74, "i32.shl", i32_shl, I32, I32, Never) \
  X(I32ShrS, 0x75, "i32.shr_s", i32_shr_s, I32, I32, Never) \
  X(I32ShrU, 0x76, "i32.shr_u", i32_shr_u, I32, I32, Never) \
  X(I32Rotl, 0x77, "i32.rotl", i32_rotl, I32, I32, Never) \
  X(I32Rotr, 0x78, "i32.rotr", i32_rotr, I32, I32, Never) \
  X(I64Add, 0x7c, "i64.add", i64_add, I64, I64, Never) \
  X(I64Sub, 0x7d, "i64.sub", i64_sub, I64, I64, Never) \
  X(I64Mul, 0x7e, "i64.mul", i64_mul, I64, I64, Never) \
  X(I64DivS, 0x7f, "i64.div_s", i64_div_s, I64, I64, Traps) \
  X(I64DivU, 0x80, "i64.div_u", i64_div_u, I64, I64, Traps) \
  X(I64RemS, 0x81, "i64.rem_s", i64_rem_s, I64, I64, Traps) \
  X(I64RemU, 0x82, "i64.rem_u", i64_rem_u, I64, I64, Traps) \
  X(I64And, 0x83, "i64.and", i64_and, I64, I64, Never) \
  X(I64Or, 0x84, "i64.or", i64_or, I64, I64, Never) \
  X(I64Xor, 0x85, "i64.xor", i64_xor, I64, I64, Never) \
  X(I64Shl, 0x86, "i64.shl", i64_shl, I64, I64, Never) \
  X(I64ShrS, 0x87, "i64.shr_s", i64_shr_s, I64, I64, Never) \
  X(I64ShrU, 0x88, "i64.shr_u", i64_shr_u, I64, I64, Never) \
  X(I64Rotl, 0x89, "i64.rotl", i64_rotl, I64, I64, Never) \
  X(I64Rotr, 0x8a, "i64.rotr", i64_rotr, I64, I64, Never)

#define NACRE_WASM_FLOAT_BINARY_OPCODES(X) \
  X(F32Eq, 0x5b, "f32.eq", f32_eq, F32, I32, Never) \
  X(F32Ne, 0x5c, "f32.ne", f32_ne, F32, I32, Never) \
  X(F32Lt, 0x5d, "f32.lt", f32_lt, F32, I32, Never) \
  X(F32Gt, 0x5e, "f32.gt", f32_gt, F32, I32, Never) \
  X(F32Le, 0x5f, "f32.le", f32_le, F32, I32, Never) \
  X(F32Ge, 0x60, "f32.ge", f32_ge, F32, I32, Never) \
  X(F64Eq, 0x61, "f64.eq", f64_eq, F64, I32, Never) \
  X(F64Ne, 0x62, "f64.ne", f64_ne, F64, I32, Never) \
  X(F64Lt, 0x63, "f64.lt", f64_lt, F64, I32, Never) \
  X(F64Gt, 0x64, "f64.gt", f64_gt, F64, I32, Never) \
  X(F64Le, 0x65, "f64.le", f64_le, F64, I32, Never) \
  X(F64Ge, 0x66, "f64.ge", f64_ge, F64, I32, Never) \
  X(F32Add, 0x92, "f32.add", f32_add, F32, F32, Never) \
  X(F32Sub, 0x93, "f32.sub", f32_sub, F32, F32, Never) \
  X(F32Mul, 0x94, "f32.mul", f32_mul, F32, F32, Never) \
  X(F32Div, 0x95, "f32.div", f32_div, F32, F32, Never) \
  X(F32Min, 0x96, "f32.min", f32_min, F32, F32, Never) \
  X(F32Max, 0x97, "f32.max", f32_max, F32, F32, Never) \
  X(F32Copysign, 0x98, "f32.copysign", f32_copysign, F32, F32, Never) \
  X(F64Add, 0xa0, "f64.add", f64_add, F64, F64, Never) \
  X(F64Sub, 0xa1, "f64.sub", f64_sub, F64, F64, Never) \
  X(F64Mul, 0xa2, "f64.mul", f64_mul, F64, F64, Never) \
  X(F64Div, 0xa3, "f64.div", f64_div, F64, F64, Never) \
  X(F64Min, 0xa4, "f64.min", f64_min, F64, F64, Never) \
  X(F64Max, 0xa5, "f64.max", f64_max, F64, F64, Never) \
  X(F64Copysign, 0xa6, "f64.copysign", f64_copysign, F64, F64, Never)
#define NACRE_WASM_BINARY_OPCODES(X)       \
  NACRE_WASM_INTEGER_COMPARISON_OPCODES(X) \
  NACRE_WASM_INTEGER_BINARY_OPCODES(X)     \
  NACRE_WASM_FLOAT_BINARY_OPCODES(X)
// clang-format on

namespace nacre::wasm {

enum class Opcode : u32 {
#define NACRE_OPCODE(enumerator, encoding, ...) enumerator = encoding,
  NACRE_WASM_SPECIAL_OPCODES(NACRE_OPCODE) NACRE_WASM_LOAD_OPCODES(NACRE_OPCODE)
      NACRE_WASM_STORE_OPCODES(NACRE_OPCODE) NACRE_WASM_UNARY_OPCODES(NACRE_OPCODE)
          NACRE_WASM_BINARY_OPCODES(NACRE_OPCODE) NACRE_WASM_SIMD_OPCODES(NACRE_OPCODE)
#undef NACRE_OPCODE
};

/// What follows an opcode in the bytes.
enum class Immediate : u8 {
  None,
  BlockType,
  Label,
  BranchTable,
  Function,
  Type,
  Tag,
  TryTable,
  CallIndirect,
  SelectTypes,
  Local,
  Global,
  Table,
  Memory,
  MemoryAccess,
  I32,
  I64,
  F32,
  F64,
  HeapType,
  MemoryInit,
  DataSegment,
  MemoryCopy,
  TableInit,
  ElementSegment,
  TableCopy,
  V128,
  Lane,
  Shuffle,
  MemoryAccessLane,
};

/// How an opcode is typed: by a rule of its own, or by the signature in the table.
enum class OpcodeShape : u8 {
  Special,
  Load,
  Store,
  Unary,
  Binary,
  Ternary,
  /// A v128 and a count, which is an i32.
  Shift,
  ExtractLane,
  ReplaceLane,
  /// Of a v128 that is on the stack, from and to memory.
  LoadLane,
  StoreLane,
};

enum class MayTrap : u8 { Never, Traps };

struct OpcodeInfo {
  Opcode opcode;
  std::string_view name;
  Immediate immediate;
  OpcodeShape shape;
  MayTrap may_trap;
  /// Of every operand for a unary, binary or ternary opcode, of the stored value for a store, of
  /// the new lane for one that replaces a lane.
  ValueType operand;
  ValueType result;
  /// Base-2 logarithm of the bytes that a load or store touches, or of a lane.
  u8 access_log2;

  /// How many lanes of its size a v128 has.
  constexpr u32 lane_count() const { return 16u >> access_log2; }
};

namespace detail {

constexpr u8 log2_of(usize size) { return size == 1 ? 0 : size == 2 ? 1 : size == 4 ? 2 : 3; }

}  // namespace detail

inline constexpr auto opcode_table = std::to_array<OpcodeInfo>({
#define NACRE_SPECIAL(enumerator, encoding, name, immediate, may_trap)             \
  {Opcode::enumerator, name,           Immediate::immediate, OpcodeShape::Special, \
   MayTrap::may_trap,  ValueType::I32, ValueType::I32,       0},
#define NACRE_LOAD(enumerator, encoding, name, result, memory)                     \
  {Opcode::enumerator, name,           Immediate::MemoryAccess, OpcodeShape::Load, \
   MayTrap::Traps,     ValueType::I32, ValueType::result,       detail::log2_of(sizeof(memory))},
#define NACRE_STORE(enumerator, encoding, name, operand, memory) \
  {Opcode::enumerator,      name,                                \
   Immediate::MemoryAccess, OpcodeShape::Store,                  \
   MayTrap::Traps,          ValueType::operand,                  \
   ValueType::I32,          detail::log2_of(sizeof(memory))},
#define NACRE_UNARY(enumerator, encoding, name, function, operand, result, may_trap) \
  {Opcode::enumerator, name,                                                         \
   Immediate::None,    OpcodeShape::Unary,                                           \
   MayTrap::may_trap,  ValueType::operand,                                           \
   ValueType::result,  0},
#define NACRE_BINARY(enumerator, encoding, name, function, operand, result, may_trap) \
  {Opcode::enumerator, name,                                                          \
   Immediate::None,    OpcodeShape::Binary,                                           \
   MayTrap::may_trap,  ValueType::operand,                                            \
   ValueType::result,  0},
#define NACRE_SIMD(enumerator, name, immediate, shape, may_trap, operand, result, log2) \
  {Opcode::enumerator,   name,                                                          \
   Immediate::immediate, OpcodeShape::shape,                                            \
   MayTrap::may_trap,    ValueType::operand,                                            \
   ValueType::result,    log2},
#define NACRE_SIMD_LOAD(enumerator, encoding, name, function, log2) \
  NACRE_SIMD(enumerator, name, MemoryAccess, Load, Traps, I32, V128, log2)
#define NACRE_SIMD_STORE(enumerator, encoding, name, log2) \
  NACRE_SIMD(enumerator, name, MemoryAccess, Store, Traps, V128, I32, log2)
#define NACRE_SIMD_LOAD_LANE(enumerator, encoding, name, log2) \
  NACRE_SIMD(enumerator, name, MemoryAccessLane, LoadLane, Traps, V128, V128, log2)
#define NACRE_SIMD_STORE_LANE(enumerator, encoding, name, log2) \
  NACRE_SIMD(enumerator, name, MemoryAccessLane, StoreLane, Traps, V128, I32, log2)
#define NACRE_SIMD_SPLAT(enumerator, encoding, name, function, operand) \
  NACRE_SIMD(enumerator, name, None, Unary, Never, operand, V128, 0)
#define NACRE_SIMD_EXTRACT_LANE(enumerator, encoding, name, function, result, log2) \
  NACRE_SIMD(enumerator, name, Lane, ExtractLane, Never, V128, result, log2)
#define NACRE_SIMD_REPLACE_LANE(enumerator, encoding, name, function, operand, log2) \
  NACRE_SIMD(enumerator, name, Lane, ReplaceLane, Never, operand, V128, log2)
#define NACRE_SIMD_TEST(enumerator, encoding, name, function) \
  NACRE_SIMD(enumerator, name, None, Unary, Never, V128, I32, 0)
#define NACRE_SIMD_UNARY(enumerator, encoding, name, function) \
  NACRE_SIMD(enumerator, name, None, Unary, Never, V128, V128, 0)
#define NACRE_SIMD_BINARY(enumerator, encoding, name, function) \
  NACRE_SIMD(enumerator, name, None, Binary, Never, V128, V128, 0)
#define NACRE_SIMD_SHIFT(enumerator, encoding, name, function) \
  NACRE_SIMD(enumerator, name, None, Shift, Never, V128, V128, 0)
#define NACRE_SIMD_TERNARY(enumerator, encoding, name, function) \
  NACRE_SIMD(enumerator, name, None, Ternary, Never, V128, V128, 0)
    NACRE_WASM_SPECIAL_OPCODES(NACRE_SPECIAL) NACRE_WASM_LOAD_OPCODES(NACRE_LOAD)
        NACRE_WASM_STORE_OPCODES(NACRE_STORE) NACRE_WASM_UNARY_OPCODES(NACRE_UNARY)
            NACRE_WASM_BINARY_OPCODES(NACRE_BINARY)
    // clang-format off
    NACRE_WASM_SIMD_SPECIAL_OPCODES(NACRE_SPECIAL)
    NACRE_WASM_SIMD_LOAD_OPCODES(NACRE_SIMD_LOAD)
    NACRE_WASM_SIMD_STORE_OPCODES(NACRE_SIMD_STORE)
    NACRE_WASM_SIMD_LOAD_LANE_OPCODES(NACRE_SIMD_LOAD_LANE)
    NACRE_WASM_SIMD_STORE_LANE_OPCODES(NACRE_SIMD_STORE_LANE)
    NACRE_WASM_SIMD_SPLAT_OPCODES(NACRE_SIMD_SPLAT)
    NACRE_WASM_SIMD_EXTRACT_LANE_OPCODES(NACRE_SIMD_EXTRACT_LANE)
    NACRE_WASM_SIMD_REPLACE_LANE_OPCODES(NACRE_SIMD_REPLACE_LANE)
    NACRE_WASM_SIMD_TEST_OPCODES(NACRE_SIMD_TEST)
    NACRE_WASM_SIMD_UNARY_OPCODES(NACRE_SIMD_UNARY)
    NACRE_WASM_SIMD_BINARY_OPCODES(NACRE_SIMD_BINARY)
    NACRE_WASM_SIMD_SHIFT_OPCODES(NACRE_SIMD_SHIFT)
    NACRE_WASM_SIMD_TERNARY_OPCODES(NACRE_SIMD_TERNARY)
// clang-format on
#undef NACRE_SPECIAL
#undef NACRE_LOAD
#undef NACRE_STORE
#undef NACRE_UNARY
#undef NACRE_BINARY
#undef NACRE_SIMD
#undef NACRE_SIMD_LOAD
#undef NACRE_SIMD_STORE
#undef NACRE_SIMD_LOAD_LANE
#undef NACRE_SIMD_STORE_LANE
#undef NACRE_SIMD_SPLAT
#undef NACRE_SIMD_EXTRACT_LANE
#undef NACRE_SIMD_REPLACE_LANE
#undef NACRE_SIMD_TEST
#undef NACRE_SIMD_UNARY
#undef NACRE_SIMD_BINARY
#undef NACRE_SIMD_SHIFT
#undef NACRE_SIMD_TERNARY
});

namespace detail {

/// For the first `size` numbers of one opcode space: the place in `opcode_table` plus one, or 0.
template <usize size>
constexpr std::array<u16, size> index_opcodes(u32 prefix) {
  std::array<u16, size> index{};
  for (usize i = 0; i < opcode_table.size(); ++i) {
    u32 const encoding = static_cast<u32>(opcode_table[i].opcode);
    if (encoding >> 16 == prefix) index[encoding & 0xffff] = static_cast<u16>(i + 1);
  }
  return index;
}
inline constexpr auto plain_opcodes = index_opcodes<0x100>(0);
inline constexpr auto fc_opcodes = index_opcodes<0x12>(0xfc);
inline constexpr auto fd_opcodes = index_opcodes<0x114>(0xfd);

constexpr std::span<const u16> opcodes_behind(u32 prefix) {
  switch (prefix) {
    case 0: return plain_opcodes;
    case 0xfc: return fc_opcodes;
    case 0xfd: return fd_opcodes;
    default: return {};
  }
}

}  // namespace detail

/// Whether it loads from or stores to the memory that its first index names.
constexpr bool accesses_memory(const OpcodeInfo& info) {
  return info.immediate == Immediate::MemoryAccess || info.immediate == Immediate::MemoryAccessLane;
}

/// The table's line for an encoding, or null where this engine has none.
constexpr const OpcodeInfo* find_opcode(u32 encoding) {
  auto const index = detail::opcodes_behind(encoding >> 16);
  u32 const number = encoding & 0xffff;
  if (number >= index.size() || index[number] == 0) return nullptr;
  return &opcode_table[index[number] - 1u];
}
constexpr const OpcodeInfo& info_of(Opcode opcode) {
  return *find_opcode(static_cast<u32>(opcode));
}
static_assert(info_of(Opcode::I32Add).name == "i32.add");
static_assert(info_of(Opcode::MemoryCopy).name == "memory.copy");
static_assert(info_of(Opcode::I8x16RelaxedSwizzle).name == "i8x16.relaxed_swizzle");
static_assert(find_opcode(0xff) == nullptr && find_opcode(0xfd'009a) == nullptr);

}  // namespace nacre::wasm
