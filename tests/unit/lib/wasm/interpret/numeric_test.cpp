#include <gtest/gtest.h>
#include <limits>
#include <set>

#include "tests/support/wasm_program.hpp"

// Every numeric instruction with its normal results, its edges and its traps, in every way in which
// operands reach it: from locals, as constants, computed, and as the condition of a branch.
namespace nacre::wasm {
namespace {

using test::Code;
using test::ModuleBuilder;
using test::Outcome;
using test::Program;
using test::returns;
using test::traps;

struct Case {
  Opcode opcode;
  std::vector<Slot> operands;
  Outcome expected;
};

constexpr Slot f(float value) { return to_slot(value); }
constexpr Slot d(double value) { return to_slot(value); }
constexpr Slot nan32 = 0x7fc0'0000;
constexpr Slot nan64 = 0x7ff8'0000'0000'0000;
constexpr Slot odd_nan32 = 0xffa0'0001;  // Signalling, with a sign and a payload.
constexpr Slot odd_nan64 = 0xfff4'0000'0000'0001;
constexpr Slot min32 = 0x8000'0000;
constexpr Slot min64 = 0x8000'0000'0000'0000;
constexpr Slot all32 = 0xffff'ffff;
constexpr Slot all64 = UINT64_MAX;
constexpr float inf32 = std::numeric_limits<float>::infinity();
constexpr double inf = std::numeric_limits<double>::infinity();

Case ok(Opcode opcode, std::vector<Slot> operands, Slot result) {
  return {opcode, std::move(operands), returns({result})};
}
Case trap(Opcode opcode, std::vector<Slot> operands, Trap why) {
  return {opcode, std::move(operands), traps(why)};
}

// clang-format off
std::vector<Case> const cases = {
    // Comparisons of integers.
    ok(Opcode::I32Eqz, {0}, 1), ok(Opcode::I32Eqz, {min32}, 0),
    ok(Opcode::I32Eq, {5, 5}, 1), ok(Opcode::I32Eq, {5, 6}, 0),
    ok(Opcode::I32Ne, {5, 5}, 0), ok(Opcode::I32Ne, {5, 6}, 1),
    ok(Opcode::I32LtS, {all32, 0}, 1), ok(Opcode::I32LtS, {0, 0}, 0),
    ok(Opcode::I32LtU, {all32, 0}, 0), ok(Opcode::I32LtU, {0, 1}, 1),
    ok(Opcode::I32GtS, {0, all32}, 1), ok(Opcode::I32GtS, {min32, 0}, 0),
    ok(Opcode::I32GtU, {min32, 0}, 1), ok(Opcode::I32GtU, {1, 1}, 0),
    ok(Opcode::I32LeS, {7, 7}, 1), ok(Opcode::I32LeS, {8, 7}, 0),
    ok(Opcode::I32LeU, {7, all32}, 1), ok(Opcode::I32LeU, {all32, 7}, 0),
    ok(Opcode::I32GeS, {7, 7}, 1), ok(Opcode::I32GeS, {min32, 7}, 0),
    ok(Opcode::I32GeU, {min32, 7}, 1), ok(Opcode::I32GeU, {6, 7}, 0),
    ok(Opcode::I64Eqz, {0}, 1), ok(Opcode::I64Eqz, {u64{1} << 32}, 0),
    ok(Opcode::I64Eq, {min64, min64}, 1), ok(Opcode::I64Eq, {min64, 0}, 0),
    ok(Opcode::I64Ne, {u64{1} << 32, 0}, 1), ok(Opcode::I64Ne, {3, 3}, 0),
    ok(Opcode::I64LtS, {all64, 0}, 1), ok(Opcode::I64LtS, {0, all64}, 0),
    ok(Opcode::I64LtU, {all64, 0}, 0), ok(Opcode::I64LtU, {0, all64}, 1),
    ok(Opcode::I64GtS, {0, min64}, 1), ok(Opcode::I64GtS, {min64, 0}, 0),
    ok(Opcode::I64GtU, {min64, 0}, 1), ok(Opcode::I64GtU, {2, 2}, 0),
    ok(Opcode::I64LeS, {2, 2}, 1), ok(Opcode::I64LeS, {3, 2}, 0),
    ok(Opcode::I64LeU, {2, all64}, 1), ok(Opcode::I64LeU, {all64, 2}, 0),
    ok(Opcode::I64GeS, {2, 2}, 1), ok(Opcode::I64GeS, {all64, 2}, 0),
    ok(Opcode::I64GeU, {all64, 2}, 1), ok(Opcode::I64GeU, {1, 2}, 0),
    // Arithmetic of integers.
    ok(Opcode::I32Clz, {0}, 32), ok(Opcode::I32Clz, {1}, 31),
    ok(Opcode::I32Ctz, {0}, 32), ok(Opcode::I32Ctz, {min32}, 31),
    ok(Opcode::I32Popcnt, {all32}, 32), ok(Opcode::I32Popcnt, {0x101}, 2),
    ok(Opcode::I32Add, {all32, 2}, 1), ok(Opcode::I32Add, {40, 2}, 42),
    ok(Opcode::I32Sub, {0, 1}, all32), ok(Opcode::I32Sub, {44, 2}, 42),
    ok(Opcode::I32Mul, {0x10000, 0x10000}, 0), ok(Opcode::I32Mul, {all32, 3}, 0xffff'fffd),
    ok(Opcode::I32DivS, {static_cast<u32>(-7), 2}, static_cast<u32>(-3)),
    trap(Opcode::I32DivS, {1, 0}, Trap::IntegerDivideByZero),
    trap(Opcode::I32DivS, {min32, all32}, Trap::IntegerOverflow),
    ok(Opcode::I32DivU, {min32, all32}, 0), ok(Opcode::I32DivU, {7, 2}, 3),
    trap(Opcode::I32DivU, {1, 0}, Trap::IntegerDivideByZero),
    ok(Opcode::I32RemS, {static_cast<u32>(-7), 2}, all32), ok(Opcode::I32RemS, {min32, all32}, 0),
    trap(Opcode::I32RemS, {1, 0}, Trap::IntegerDivideByZero),
    ok(Opcode::I32RemU, {7, 4}, 3), trap(Opcode::I32RemU, {1, 0}, Trap::IntegerDivideByZero),
    ok(Opcode::I32And, {0xff00, 0x0ff0}, 0x0f00), ok(Opcode::I32Or, {0xff00, 0x0ff0}, 0xfff0),
    ok(Opcode::I32Xor, {0xff00, 0x0ff0}, 0xf0f0),
    ok(Opcode::I32Shl, {1, 33}, 2), ok(Opcode::I32Shl, {3, 31}, min32),
    ok(Opcode::I32ShrS, {min32, 31}, all32), ok(Opcode::I32ShrS, {8, 34}, 2),
    ok(Opcode::I32ShrU, {min32, 31}, 1), ok(Opcode::I32ShrU, {8, 34}, 2),
    ok(Opcode::I32Rotl, {0x8000'0001, 1}, 3), ok(Opcode::I32Rotl, {1, 32}, 1),
    ok(Opcode::I32Rotr, {1, 1}, min32), ok(Opcode::I32Rotr, {1, 33}, min32),
    ok(Opcode::I64Clz, {0}, 64), ok(Opcode::I64Clz, {1}, 63),
    ok(Opcode::I64Ctz, {0}, 64), ok(Opcode::I64Ctz, {min64}, 63),
    ok(Opcode::I64Popcnt, {all64}, 64), ok(Opcode::I64Popcnt, {u64{5} << 40}, 2),
    ok(Opcode::I64Add, {all64, 2}, 1), ok(Opcode::I64Add, {1, u64{1} << 40}, (u64{1} << 40) + 1),
    ok(Opcode::I64Sub, {0, 1}, all64), ok(Opcode::I64Sub, {5, all64}, 6),
    ok(Opcode::I64Mul, {u64{1} << 32, u64{1} << 32}, 0), ok(Opcode::I64Mul, {all64, 3}, all64 - 2),
    ok(Opcode::I64DivS, {static_cast<u64>(-7), 2}, static_cast<u64>(-3)),
    trap(Opcode::I64DivS, {1, 0}, Trap::IntegerDivideByZero),
    trap(Opcode::I64DivS, {min64, all64}, Trap::IntegerOverflow),
    ok(Opcode::I64DivU, {min64, all64}, 0),
    trap(Opcode::I64DivU, {1, 0}, Trap::IntegerDivideByZero),
    ok(Opcode::I64RemS, {static_cast<u64>(-7), 2}, all64), ok(Opcode::I64RemS, {min64, all64}, 0),
    trap(Opcode::I64RemS, {1, 0}, Trap::IntegerDivideByZero),
    ok(Opcode::I64RemU, {all64, 16}, 15), trap(Opcode::I64RemU, {1, 0}, Trap::IntegerDivideByZero),
    ok(Opcode::I64And, {all64, 0xf0}, 0xf0), ok(Opcode::I64Or, {min64, 1}, min64 | 1),
    ok(Opcode::I64Xor, {all64, 1}, all64 - 1),
    ok(Opcode::I64Shl, {1, 65}, 2), ok(Opcode::I64ShrS, {min64, 63}, all64),
    ok(Opcode::I64ShrU, {min64, 63}, 1), ok(Opcode::I64Rotl, {min64 | 1, 1}, 3),
    ok(Opcode::I64Rotr, {1, 65}, min64),
    ok(Opcode::I32Extend8S, {0x180}, 0xffff'ff80), ok(Opcode::I32Extend8S, {0x17f}, 0x7f),
    ok(Opcode::I32Extend16S, {0x18000}, 0xffff'8000), ok(Opcode::I64Extend8S, {0x80}, all64 - 127),
    ok(Opcode::I64Extend16S, {0x8000}, all64 - 32767),
    ok(Opcode::I64Extend32S, {min32}, 0xffff'ffff'8000'0000),
    ok(Opcode::I64Extend32S, {0x1'0000'0001}, 1),
    // Comparisons of floating-point numbers.
    ok(Opcode::F32Eq, {f(0.0f), f(-0.0f)}, 1), ok(Opcode::F32Eq, {nan32, nan32}, 0),
    ok(Opcode::F32Ne, {nan32, nan32}, 1), ok(Opcode::F32Ne, {f(1), f(1)}, 0),
    ok(Opcode::F32Lt, {f(-1), f(0)}, 1), ok(Opcode::F32Lt, {nan32, f(0)}, 0),
    ok(Opcode::F32Gt, {f(inf32), f(0)}, 1), ok(Opcode::F32Gt, {f(0), nan32}, 0),
    ok(Opcode::F32Le, {f(1), f(1)}, 1), ok(Opcode::F32Le, {nan32, nan32}, 0),
    ok(Opcode::F32Ge, {f(1), f(1)}, 1), ok(Opcode::F32Ge, {nan32, nan32}, 0),
    ok(Opcode::F64Eq, {d(0.0), d(-0.0)}, 1), ok(Opcode::F64Eq, {nan64, nan64}, 0),
    ok(Opcode::F64Ne, {nan64, nan64}, 1), ok(Opcode::F64Ne, {d(1), d(1)}, 0),
    ok(Opcode::F64Lt, {d(-inf), d(0)}, 1), ok(Opcode::F64Lt, {nan64, d(0)}, 0),
    ok(Opcode::F64Gt, {d(1), d(0)}, 1), ok(Opcode::F64Gt, {d(0), nan64}, 0),
    ok(Opcode::F64Le, {d(1), d(1)}, 1), ok(Opcode::F64Le, {nan64, nan64}, 0),
    ok(Opcode::F64Ge, {d(1), d(1)}, 1), ok(Opcode::F64Ge, {nan64, nan64}, 0),
    // Floating-point numbers. A NaN comes out canonical wherever it may.
    ok(Opcode::F32Abs, {f(-2)}, f(2)), ok(Opcode::F32Abs, {odd_nan32}, odd_nan32 & 0x7fff'ffff),
    ok(Opcode::F32Neg, {f(0)}, f(-0.0f)), ok(Opcode::F32Neg, {nan32}, nan32 | min32),
    ok(Opcode::F32Ceil, {f(-0.5f)}, f(-0.0f)), ok(Opcode::F32Ceil, {f(1.1f)}, f(2)),
    ok(Opcode::F32Floor, {f(-0.5f)}, f(-1)), ok(Opcode::F32Floor, {odd_nan32}, nan32),
    ok(Opcode::F32Trunc, {f(-1.9f)}, f(-1)), ok(Opcode::F32Trunc, {f(1e30f)}, f(1e30f)),
    ok(Opcode::F32Nearest, {f(2.5f)}, f(2)), ok(Opcode::F32Nearest, {f(-0.4f)}, f(-0.0f)),
    ok(Opcode::F32Sqrt, {f(2.25f)}, f(1.5f)), ok(Opcode::F32Sqrt, {f(-1)}, nan32),
    ok(Opcode::F32Add, {f(1), f(2)}, f(3)), ok(Opcode::F32Add, {f(inf32), f(-inf32)}, nan32),
    ok(Opcode::F32Sub, {f(1), f(2)}, f(-1)), ok(Opcode::F32Sub, {odd_nan32, f(1)}, nan32),
    ok(Opcode::F32Mul, {f(3), f(2)}, f(6)), ok(Opcode::F32Mul, {f(0), f(inf32)}, nan32),
    ok(Opcode::F32Div, {f(1), f(-0.0f)}, f(-inf32)), ok(Opcode::F32Div, {f(0), f(0)}, nan32),
    ok(Opcode::F32Min, {f(0), f(-0.0f)}, f(-0.0f)), ok(Opcode::F32Min, {f(1), odd_nan32}, nan32),
    ok(Opcode::F32Max, {f(-0.0f), f(0)}, f(0)), ok(Opcode::F32Max, {f(1), f(2)}, f(2)),
    ok(Opcode::F32Copysign, {f(1), f(-0.0f)}, f(-1)),
    ok(Opcode::F32Copysign, {odd_nan32, f(1)}, odd_nan32 & 0x7fff'ffff),
    ok(Opcode::F64Abs, {d(-2)}, d(2)), ok(Opcode::F64Abs, {odd_nan64}, odd_nan64 & ~min64),
    ok(Opcode::F64Neg, {d(0)}, d(-0.0)), ok(Opcode::F64Neg, {nan64}, nan64 | min64),
    ok(Opcode::F64Ceil, {d(-0.5)}, d(-0.0)), ok(Opcode::F64Ceil, {d(1.1)}, d(2)),
    ok(Opcode::F64Floor, {d(-0.5)}, d(-1)), ok(Opcode::F64Floor, {odd_nan64}, nan64),
    ok(Opcode::F64Trunc, {d(-1.9)}, d(-1)), ok(Opcode::F64Trunc, {d(1e300)}, d(1e300)),
    ok(Opcode::F64Nearest, {d(3.5)}, d(4)), ok(Opcode::F64Nearest, {d(4503599627370497.5)}, d(4503599627370498)),
    ok(Opcode::F64Sqrt, {d(2)}, d(1.4142135623730951)), ok(Opcode::F64Sqrt, {d(-0.0)}, d(-0.0)),
    ok(Opcode::F64Add, {d(0.1), d(0.2)}, d(0.30000000000000004)),
    ok(Opcode::F64Add, {odd_nan64, d(1)}, nan64),
    ok(Opcode::F64Sub, {d(inf), d(inf)}, nan64), ok(Opcode::F64Sub, {d(5), d(3)}, d(2)),
    ok(Opcode::F64Mul, {d(1e200), d(1e200)}, d(inf)), ok(Opcode::F64Mul, {d(inf), d(0)}, nan64),
    ok(Opcode::F64Div, {d(1), d(0)}, d(inf)), ok(Opcode::F64Div, {d(0), d(0)}, nan64),
    ok(Opcode::F64Min, {d(-0.0), d(0)}, d(-0.0)), ok(Opcode::F64Min, {odd_nan64, d(0)}, nan64),
    ok(Opcode::F64Max, {d(-0.0), d(0)}, d(0)), ok(Opcode::F64Max, {d(-inf), d(1)}, d(1)),
    ok(Opcode::F64Copysign, {d(-3), d(1)}, d(3)),
    // Conversions.
    ok(Opcode::I32WrapI64, {0x1'8000'0000}, min32),
    ok(Opcode::I64ExtendI32S, {min32}, 0xffff'ffff'8000'0000), ok(Opcode::I64ExtendI32U, {min32}, min32),
    ok(Opcode::I32TruncF32S, {f(-2147483648.0f)}, min32),
    trap(Opcode::I32TruncF32S, {f(2147483648.0f)}, Trap::IntegerOverflow),
    trap(Opcode::I32TruncF32S, {nan32}, Trap::InvalidConversion),
    ok(Opcode::I32TruncF32U, {f(-0.9f)}, 0),
    trap(Opcode::I32TruncF32U, {f(-1)}, Trap::IntegerOverflow),
    trap(Opcode::I32TruncF32U, {nan32}, Trap::InvalidConversion),
    ok(Opcode::I32TruncF64S, {d(-2147483648.9)}, min32),
    trap(Opcode::I32TruncF64S, {d(-2147483649.0)}, Trap::IntegerOverflow),
    trap(Opcode::I32TruncF64S, {nan64}, Trap::InvalidConversion),
    ok(Opcode::I32TruncF64U, {d(4294967295.9)}, all32),
    trap(Opcode::I32TruncF64U, {d(4294967296.0)}, Trap::IntegerOverflow),
    trap(Opcode::I32TruncF64U, {nan64}, Trap::InvalidConversion),
    ok(Opcode::I64TruncF32S, {f(-9223372036854775808.0f)}, min64),
    trap(Opcode::I64TruncF32S, {f(9223372036854775808.0f)}, Trap::IntegerOverflow),
    trap(Opcode::I64TruncF32S, {nan32}, Trap::InvalidConversion),
    ok(Opcode::I64TruncF32U, {f(9223372036854775808.0f)}, min64),
    trap(Opcode::I64TruncF32U, {f(-1)}, Trap::IntegerOverflow),
    trap(Opcode::I64TruncF32U, {nan32}, Trap::InvalidConversion),
    ok(Opcode::I64TruncF64S, {d(-1.5)}, all64),
    trap(Opcode::I64TruncF64S, {d(inf)}, Trap::IntegerOverflow),
    trap(Opcode::I64TruncF64S, {nan64}, Trap::InvalidConversion),
    ok(Opcode::I64TruncF64U, {d(18446744073709549568.0)}, 18446744073709549568u),
    trap(Opcode::I64TruncF64U, {d(18446744073709551616.0)}, Trap::IntegerOverflow),
    trap(Opcode::I64TruncF64U, {nan64}, Trap::InvalidConversion),
    ok(Opcode::I32TruncSatF32S, {f(1e10f)}, 0x7fff'ffff), ok(Opcode::I32TruncSatF32S, {nan32}, 0),
    ok(Opcode::I32TruncSatF32U, {f(-5)}, 0), ok(Opcode::I32TruncSatF32U, {f(1e10f)}, all32),
    ok(Opcode::I32TruncSatF64S, {d(-1e10)}, min32), ok(Opcode::I32TruncSatF64S, {d(-7.9)}, static_cast<u32>(-7)),
    ok(Opcode::I32TruncSatF64U, {d(1e10)}, all32), ok(Opcode::I32TruncSatF64U, {nan64}, 0),
    ok(Opcode::I64TruncSatF32S, {f(-inf32)}, min64), ok(Opcode::I64TruncSatF32S, {nan32}, 0),
    ok(Opcode::I64TruncSatF32U, {f(inf32)}, all64), ok(Opcode::I64TruncSatF32U, {f(-1)}, 0),
    ok(Opcode::I64TruncSatF64S, {d(1e30)}, 0x7fff'ffff'ffff'ffff), ok(Opcode::I64TruncSatF64S, {nan64}, 0),
    ok(Opcode::I64TruncSatF64U, {d(1e30)}, all64), ok(Opcode::I64TruncSatF64U, {d(7.9)}, 7),
    ok(Opcode::F32ConvertI32S, {all32}, f(-1)), ok(Opcode::F32ConvertI32U, {all32}, f(4294967296.0f)),
    ok(Opcode::F32ConvertI64S, {all64}, f(-1)),
    // Rounded once: by way of f64 this would be another number.
    ok(Opcode::F32ConvertI64U, {0x8000'0080'0000'0001}, 0x5f00'0001),
    ok(Opcode::F32DemoteF64, {d(1e300)}, f(inf32)), ok(Opcode::F32DemoteF64, {odd_nan64}, nan32),
    ok(Opcode::F64ConvertI32S, {min32}, d(-2147483648.0)), ok(Opcode::F64ConvertI32U, {min32}, d(2147483648.0)),
    ok(Opcode::F64ConvertI64S, {all64}, d(-1)), ok(Opcode::F64ConvertI64U, {all64}, d(18446744073709551616.0)),
    ok(Opcode::F64PromoteF32, {f(1.5f)}, d(1.5)), ok(Opcode::F64PromoteF32, {odd_nan32}, nan64),
    ok(Opcode::I32ReinterpretF32, {odd_nan32}, odd_nan32), ok(Opcode::I64ReinterpretF64, {odd_nan64}, odd_nan64),
    ok(Opcode::F32ReinterpretI32, {odd_nan32}, odd_nan32), ok(Opcode::F64ReinterpretI64, {odd_nan64}, odd_nan64),
};
// clang-format on

void push_constant(Code& code, ValueType type, Slot slot) {
  switch (type) {
    case ValueType::I32: code.i32(static_cast<i32>(slot)); return;
    case ValueType::I64: code.i64(static_cast<i64>(slot)); return;
    case ValueType::F32: code.f32_bits(static_cast<u32>(slot)); return;
    case ValueType::F64: code.f64_bits(slot); return;
    default: FAIL();
  }
}

/// How an operand comes to be on the stack.
enum class From { Local, Constant, Block };
constexpr From all_origins[] = {From::Local, From::Constant, From::Block};

void push_operand(Code& code, From origin, ValueType type, u32 local, Slot slot) {
  switch (origin) {
    case From::Local: code.get(local); return;
    case From::Constant: push_constant(code, type, slot); return;
    case From::Block: code.block(Opcode::Block, type).get(local).end(); return;
  }
}

/// What is done with the result.
enum class Use { Result, If, BranchForward, BranchBack };

/// One function for each way; `label` says which one failed.
Code code_for(const Case& tested, From first, From second, Use use) {
  OpcodeInfo const& info = info_of(tested.opcode);
  Code code;
  if (use == Use::BranchForward) code.block(Opcode::Block);
  // Goes round once, with local 2 as the mark, if the condition holds.
  if (use == Use::BranchBack)
    code.block(Opcode::Loop)
        .get(2)
        .op(Opcode::If)
        .raw({0x40})
        .i32(1)
        .op(Opcode::Return)
        .end()
        .i32(1)
        .set(2);
  push_operand(code, first, info.operand, 0, tested.operands[0]);
  if (info.shape == OpcodeShape::Binary)
    push_operand(code, second, info.operand, 1, tested.operands[1]);
  code.op(tested.opcode);
  switch (use) {
    case Use::Result: break;
    case Use::If:
      code.block(Opcode::If, ValueType::I32).i32(1).op(Opcode::Else).i32(0).end();
      break;
    case Use::BranchForward: code.br_if(0).i32(0).op(Opcode::Return).end().i32(1); break;
    case Use::BranchBack: code.br_if(0).end().i32(0); break;
  }
  return code;
}

void check(const Case& tested, From first, From second, Use use) {
  OpcodeInfo const& info = info_of(tested.opcode);
  bool const binary = info.shape == OpcodeShape::Binary;
  ModuleBuilder builder;
  ModuleBuilder::Types parameters{info.operand};
  std::vector<Value> arguments{Value(info.operand, tested.operands[0])};
  if (binary) {
    parameters.push_back(info.operand);
    arguments.emplace_back(info.operand, tested.operands[1]);
  } else {
    parameters.push_back(ValueType::I32);
    arguments.push_back(Value::of(0));
  }
  builder.exported("f", parameters, {info.result}, code_for(tested, first, second, use),
                   {ValueType::I32});
  EXPECT_EQ(Program(builder).call("f", arguments), tested.expected)
      << info.name << " of " << std::hex << tested.operands[0] << " and "
      << (binary ? tested.operands[1] : 0) << ", operands from " << static_cast<int>(first)
      << " and " << static_cast<int>(second) << ", used as " << static_cast<int>(use);
}

TEST(Numeric, EveryInstructionInEveryWay) {
  for (Case const& tested : cases) {
    OpcodeInfo const& info = info_of(tested.opcode);
    for (From const first : all_origins)
      for (From const second : all_origins) {
        check(tested, first, second, Use::Result);
        bool const is_boolean = tested.expected == returns({0}) || tested.expected == returns({1});
        if (info.result != ValueType::I32 || !is_boolean) continue;
        for (Use const use : {Use::If, Use::BranchForward, Use::BranchBack})
          check(tested, first, second, use);
      }
  }
}

TEST(Numeric, NoInstructionIsLeftOut) {
  std::set<Opcode> tested;
  std::set<Opcode> trapped;
  for (Case const& one : cases) {
    tested.insert(one.opcode);
    if (one.expected.trap) trapped.insert(one.opcode);
  }
  for (OpcodeInfo const& info : opcode_table) {
    if (info.shape != OpcodeShape::Unary && info.shape != OpcodeShape::Binary) continue;
    if (info.operand == ValueType::V128 || info.result == ValueType::V128) continue;
    EXPECT_TRUE(tested.contains(info.opcode)) << info.name;
    EXPECT_EQ(trapped.contains(info.opcode), info.may_trap == MayTrap::Traps) << info.name;
  }
}

}  // namespace
}  // namespace nacre::wasm
