#include <gtest/gtest.h>

#include "tests/support/wasm_program.hpp"

// Memory, tables, variables, control flow and calls; what they do, and where they trap.
namespace nacre::wasm {
namespace {

using test::Code;
using test::i32_of;
using test::ModuleBuilder;
using test::Program;
using test::returns;
using test::traps;
using enum ValueType;

// ---- memory

struct LoadCase {
  Opcode opcode;
  Slot expected;
  u32 size;
};

TEST(Memory, EveryLoadReadsItsBytesAndStopsAtTheEnd) {
  // In memory from 16 on: 80 81 82 83 84 85 86 87.
  LoadCase const cases[] = {
      {Opcode::I32Load, 0x83828180, 4},
      {Opcode::I64Load, 0x8786858483828180, 8},
      {Opcode::F32Load, 0x83828180, 4},
      {Opcode::F64Load, 0x8786858483828180, 8},
      {Opcode::I32Load8S, 0xffffff80, 1},
      {Opcode::I32Load8U, 0x80, 1},
      {Opcode::I32Load16S, 0xffff8180, 2},
      {Opcode::I32Load16U, 0x8180, 2},
      {Opcode::I64Load8S, 0xffffffffffffff80, 1},
      {Opcode::I64Load8U, 0x80, 1},
      {Opcode::I64Load16S, 0xffffffffffff8180, 2},
      {Opcode::I64Load16U, 0x8180, 2},
      {Opcode::I64Load32S, 0xffffffff83828180, 4},
      {Opcode::I64Load32U, 0x83828180, 4},
  };
  for (LoadCase const& one : cases) {
    OpcodeInfo const& info = info_of(one.opcode);
    ModuleBuilder builder;
    builder.memory(1);
    builder.data(16, "\x80\x81\x82\x83\x84\x85\x86\x87");
    builder.exported("load", {I32}, {info.result}, Code().get(0).memory(one.opcode, 6));
    builder.exported("far", {I32}, {info.result}, Code().get(0).memory(one.opcode, UINT32_MAX));
    Program program(builder);
    EXPECT_EQ(program.call("load", {i32_of(10)}), returns({one.expected})) << info.name;
    u32 const last = 65536 - one.size - 6;
    EXPECT_EQ(program.call("load", {i32_of(last)}), returns({0})) << info.name;
    EXPECT_EQ(program.call("load", {i32_of(last + 1)}), traps(Trap::MemoryOutOfBounds))
        << info.name;
    // Address and offset together do not wrap.
    EXPECT_EQ(program.call("load", {i32_of(UINT32_MAX)}), traps(Trap::MemoryOutOfBounds));
    EXPECT_EQ(program.call("far", {i32_of(1)}), traps(Trap::MemoryOutOfBounds)) << info.name;
  }
}

TEST(Memory, EveryStoreWritesItsBytesOnly) {
  struct StoreCase {
    Opcode opcode;
    u32 size;
  };
  StoreCase const cases[] = {
      {Opcode::I32Store, 4},  {Opcode::I64Store, 8},   {Opcode::F32Store, 4},
      {Opcode::F64Store, 8},  {Opcode::I32Store8, 1},  {Opcode::I32Store16, 2},
      {Opcode::I64Store8, 1}, {Opcode::I64Store16, 2}, {Opcode::I64Store32, 4},
  };
  u64 const pattern = 0x1122'3344'5566'7788;
  for (StoreCase const& one : cases) {
    OpcodeInfo const& info = info_of(one.opcode);
    ModuleBuilder builder;
    builder.memory(1);
    builder.data(0, std::string(32, '\xee'));
    builder.exported("store", {I32, info.operand}, {}, Code().get(0).get(1).memory(one.opcode, 8));
    Program program(builder);
    bool const is_short = info.operand == I32 || info.operand == F32;
    Value const value(info.operand, is_short ? static_cast<u32>(pattern) : pattern);
    EXPECT_EQ(program.call("store", {i32_of(2), value}), returns({})) << info.name;
    auto const memory = program.instance().memory();
    for (u32 i = 0; i < 32; ++i) {
      bool const written = i >= 10 && i < 10 + one.size;
      u8 const expected = written ? static_cast<u8>(pattern >> (8 * (i - 10))) : 0xee;
      EXPECT_EQ(*memory.read<u8>(i), expected) << info.name << " byte " << i;
    }
    u32 const last = 65536 - one.size - 8;
    EXPECT_EQ(program.call("store", {i32_of(last), value}), returns({})) << info.name;
    EXPECT_EQ(program.call("store", {i32_of(last + 1), value}), traps(Trap::MemoryOutOfBounds));
  }
}

TEST(Memory, GrowsToItsMaximumZeroed) {
  ModuleBuilder builder;
  builder.memory(1, 3);
  builder.exported("size", {}, {I32}, Code().op(Opcode::MemorySize, {0}));
  builder.exported("grow", {I32}, {I32}, Code().get(0).op(Opcode::MemoryGrow, {0}));
  builder.exported("load", {I32}, {I32}, Code().get(0).memory(Opcode::I32Load));
  // Grows and reads what came with it in one function, whose view of the memory must be fresh.
  builder.exported("both", {}, {I32},
                   Code()
                       .i32(1)
                       .op(Opcode::MemoryGrow, {0})
                       .op(Opcode::Drop)
                       .i32(65536 * 2)
                       .memory(Opcode::I32Load));
  Program program(builder);
  EXPECT_EQ(program.call("load", {i32_of(65536)}), traps(Trap::MemoryOutOfBounds));
  EXPECT_EQ(program.call("grow", {i32_of(1)}), returns({1}));
  EXPECT_EQ(program.call("load", {i32_of(65536)}), returns({0}));
  EXPECT_EQ(program.call("both"), returns({0}));
  EXPECT_EQ(program.call("size"), returns({3}));
  EXPECT_EQ(program.call("grow", {i32_of(1)}), returns({UINT32_MAX}));
  EXPECT_EQ(program.call("grow", {i32_of(UINT32_MAX)}), returns({UINT32_MAX}));
  EXPECT_EQ(program.call("grow", {i32_of(0)}), returns({3}));
}

TEST(Memory, TheHostLimitsIt) {
  ModuleBuilder builder;
  builder.memory(1);
  builder.exported("grow", {I32}, {I32}, Code().get(0).op(Opcode::MemoryGrow, {0}));
  Program program(builder, {.memory_pages = 2});
  EXPECT_EQ(program.call("grow", {i32_of(2)}), returns({UINT32_MAX}));
  EXPECT_EQ(program.call("grow", {i32_of(1)}), returns({1}));
}

TEST(Memory, BulkOperations) {
  ModuleBuilder builder;
  builder.memory(1);
  u32 const segment = builder.passive_data("abcdef");
  auto const three = Code().get(0).get(1).get(2);
  builder.exported("copy", {I32, I32, I32}, {}, Code(three).op(Opcode::MemoryCopy, {0, 0}));
  builder.exported("fill", {I32, I32, I32}, {}, Code(three).op(Opcode::MemoryFill, {0}));
  builder.exported("init", {I32, I32, I32}, {}, Code(three).op(Opcode::MemoryInit, {segment, 0}));
  builder.exported("drop", {}, {}, Code().op(Opcode::DataDrop, {segment}));
  Program program(builder);
  auto const call = [&](const char* name, u32 a, u32 b, u32 c) {
    return program.call(name, {i32_of(a), i32_of(b), i32_of(c)});
  };
  EXPECT_EQ(call("init", 10, 1, 4), returns({}));
  auto const memory = program.instance().memory();
  EXPECT_EQ(*memory.text(10, 4), "bcde");
  EXPECT_EQ(call("copy", 11, 10, 4), returns({}));  // Overlapping.
  EXPECT_EQ(*memory.text(10, 5), "bbcde");
  EXPECT_EQ(call("fill", 12, 0x15a, 2), returns({}));
  EXPECT_EQ(*memory.text(10, 5), "bbZZe");

  EXPECT_EQ(call("copy", 65535, 0, 2), traps(Trap::MemoryOutOfBounds));
  EXPECT_EQ(call("copy", 0, 65535, 2), traps(Trap::MemoryOutOfBounds));
  EXPECT_EQ(call("copy", 0, UINT32_MAX, UINT32_MAX), traps(Trap::MemoryOutOfBounds));
  EXPECT_EQ(call("copy", 65536, 65536, 0), returns({}));
  EXPECT_EQ(call("copy", 65537, 0, 0), traps(Trap::MemoryOutOfBounds));
  EXPECT_EQ(call("fill", 65535, 0, 2), traps(Trap::MemoryOutOfBounds));
  EXPECT_EQ(call("init", 65535, 0, 2), traps(Trap::MemoryOutOfBounds));
  EXPECT_EQ(call("init", 0, 5, 2), traps(Trap::MemoryOutOfBounds));
  EXPECT_EQ(program.call("drop"), returns({}));
  EXPECT_EQ(call("init", 0, 0, 1), traps(Trap::MemoryOutOfBounds));
  EXPECT_EQ(call("init", 0, 0, 0), returns({}));
}

// ---- tables and references

TEST(Table, GetSetGrowAndFill) {
  ModuleBuilder builder;
  builder.table(ExternRef, 2, 5);
  builder.exported("get", {I32}, {ExternRef}, Code().get(0).op(Opcode::TableGet, {0}));
  builder.exported("set", {I32, ExternRef}, {}, Code().get(0).get(1).op(Opcode::TableSet, {0}));
  builder.exported("size", {}, {I32}, Code().op(Opcode::TableSize, {0}));
  builder.exported("grow", {ExternRef, I32}, {I32},
                   Code().get(0).get(1).op(Opcode::TableGrow, {0}));
  builder.exported("fill", {I32, ExternRef, I32}, {},
                   Code().get(0).get(1).get(2).op(Opcode::TableFill, {0}));
  builder.exported("null", {I32}, {I32},
                   Code().get(0).op(Opcode::TableGet, {0}).op(Opcode::RefIsNull));
  Program program(builder);
  Value const reference(ExternRef, 0x1234);
  EXPECT_EQ(program.call("null", {i32_of(1)}), returns({1}));
  EXPECT_EQ(program.call("set", {i32_of(1), reference}), returns({}));
  EXPECT_EQ(program.call("get", {i32_of(1)}), returns({0x1234}));
  EXPECT_EQ(program.call("null", {i32_of(1)}), returns({0}));
  EXPECT_EQ(program.call("get", {i32_of(2)}), traps(Trap::TableOutOfBounds));
  EXPECT_EQ(program.call("set", {i32_of(2), reference}), traps(Trap::TableOutOfBounds));
  EXPECT_EQ(program.call("grow", {reference, i32_of(3)}), returns({2}));
  EXPECT_EQ(program.call("get", {i32_of(4)}), returns({0x1234}));
  EXPECT_EQ(program.call("grow", {reference, i32_of(1)}), returns({UINT32_MAX}));
  EXPECT_EQ(program.call("size"), returns({5}));
  Value const null(ExternRef, 0);
  EXPECT_EQ(program.call("fill", {i32_of(3), null, i32_of(2)}), returns({}));
  EXPECT_EQ(program.call("null", {i32_of(4)}), returns({1}));
  EXPECT_EQ(program.call("fill", {i32_of(4), null, i32_of(2)}), traps(Trap::TableOutOfBounds));
}

TEST(Table, CopyInitAndDrop) {
  ModuleBuilder builder;
  u32 const type = builder.type({}, {I32});
  builder.table(FuncRef, 6);
  u32 const seven = builder.function(type, Code().i32(7));
  u32 const eight = builder.function(type, Code().i32(8));
  u32 const segment = builder.passive_elements({seven, eight});
  auto const three = Code().get(0).get(1).get(2);
  builder.exported("init", {I32, I32, I32}, {}, Code(three).op(Opcode::TableInit, {segment, 0}));
  builder.exported("copy", {I32, I32, I32}, {}, Code(three).op(Opcode::TableCopy, {0, 0}));
  builder.exported("drop", {}, {}, Code().op(Opcode::ElemDrop, {segment}));
  builder.exported("call", {I32}, {I32}, Code().get(0).op(Opcode::CallIndirect, {type, 0}));
  Program program(builder);
  auto const call = [&](const char* name, u32 a, u32 b, u32 c) {
    return program.call(name, {i32_of(a), i32_of(b), i32_of(c)});
  };
  EXPECT_EQ(call("init", 1, 0, 2), returns({}));
  EXPECT_EQ(call("copy", 2, 1, 2), returns({}));
  EXPECT_EQ(program.call("call", {i32_of(1)}), returns({7}));
  EXPECT_EQ(program.call("call", {i32_of(2)}), returns({7}));
  EXPECT_EQ(program.call("call", {i32_of(3)}), returns({8}));
  EXPECT_EQ(program.call("call", {i32_of(4)}), traps(Trap::UninitializedElement));
  EXPECT_EQ(program.call("call", {i32_of(6)}), traps(Trap::UndefinedElement));
  EXPECT_EQ(call("init", 5, 0, 2), traps(Trap::TableOutOfBounds));
  EXPECT_EQ(call("init", 0, 1, 2), traps(Trap::TableOutOfBounds));
  EXPECT_EQ(call("copy", 5, 0, 2), traps(Trap::TableOutOfBounds));
  EXPECT_EQ(call("copy", 0, 5, 2), traps(Trap::TableOutOfBounds));
  EXPECT_EQ(program.call("drop"), returns({}));
  EXPECT_EQ(call("init", 0, 0, 1), traps(Trap::TableOutOfBounds));
}

TEST(Table, AnIndirectCallComparesSignatures) {
  ModuleBuilder builder;
  u32 const to_i32 = builder.type({}, {I32});
  u32 const to_i64 = builder.type({}, {I64});
  u32 const same = builder.type({}, {I32});  // Another type of the same form.
  builder.table(FuncRef, 2);
  u32 const first = builder.function(to_i32, Code().i32(1));
  u32 const second = builder.function(to_i64, Code().i64(2));
  builder.elements(0, {first, second});
  builder.exported("call", {I32}, {I32}, Code().get(0).op(Opcode::CallIndirect, {same, 0}));
  Program program(builder);
  EXPECT_EQ(program.call("call", {i32_of(0)}), returns({1}));
  EXPECT_EQ(program.call("call", {i32_of(1)}), traps(Trap::IndirectCallType));
}

TEST(References, FunctionsAndNull) {
  ModuleBuilder builder;
  builder.exported("function", {}, {I32}, Code().op(Opcode::RefFunc, {0}).op(Opcode::RefIsNull));
  builder.exported("null", {}, {FuncRef}, Code().ref_null(FuncRef));
  Program program(builder);
  EXPECT_EQ(program.call("function"), returns({0}));
  EXPECT_EQ(program.call("null"), returns({0}));
}

// ---- variables and operands

TEST(Variables, GlobalsKeepTheirValue) {
  ModuleBuilder builder;
  builder.global(I64, true, Code().i64(5).i64(37).op(Opcode::I64Add));
  builder.exported("next", {}, {I64},
                   Code()
                       .op(Opcode::GlobalGet, {0})
                       .i64(1)
                       .op(Opcode::I64Add)
                       .op(Opcode::GlobalSet, {0})
                       .op(Opcode::GlobalGet, {0}));
  Program program(builder);
  EXPECT_EQ(program.call("next"), returns({43}));
  EXPECT_EQ(program.call("next"), returns({44}));
}

TEST(Variables, AReadLocalKeepsItsValueWhenTheLocalChanges) {
  ModuleBuilder builder;
  // Swaps by way of the stack; also: the old value under a tee.
  builder.exported("swap", {I32, I32}, {I32, I32},
                   Code().get(0).get(1).set(0).set(1).get(0).get(1));
  builder.exported("under", {I32}, {I32},
                   Code().get(0).get(0).i32(1).op(Opcode::I32Add).tee(0).op(Opcode::I32Sub));
  builder.exported("self", {I32}, {I32}, Code().get(0).set(0).get(0));
  builder.exported(
      "loop", {I32}, {I32},
      Code().get(0).block(Opcode::Loop).i32(100).set(0).end().get(0).op(Opcode::I32Add));
  Program program(builder);
  EXPECT_EQ(program.call("swap", {i32_of(1), i32_of(2)}), returns({2, 1}));
  EXPECT_EQ(program.call("under", {i32_of(9)}), returns({UINT32_MAX}));
  EXPECT_EQ(program.call("self", {i32_of(9)}), returns({9}));
  EXPECT_EQ(program.call("loop", {i32_of(9)}), returns({109}));
}

TEST(Variables, LocalsBeginAsZero) {
  ModuleBuilder builder;
  u32 const dirty =
      builder.exported("dirty", {}, {I64}, Code().i64(-1).tee(0).set(1).get(1), {I64, I64});
  builder.exported("clean", {}, {I64},
                   Code().call(dirty).op(Opcode::Drop).get(0).get(1).op(Opcode::I64Or), {I64, I64});
  u32 const callee =
      builder.exported("or", {}, {I64}, Code().get(0).get(1).op(Opcode::I64Or), {I64, I64});
  builder.exported("after", {}, {I64}, Code().call(dirty).op(Opcode::Drop).call(callee));
  Program program(builder);
  EXPECT_EQ(program.call("clean"), returns({0}));
  EXPECT_EQ(program.call("after"), returns({0}));
}

TEST(Operands, SelectDropAndNop) {
  ModuleBuilder builder;
  builder.exported("select", {I32}, {I64}, Code().i64(1).i64(2).get(0).op(Opcode::Select));
  builder.exported("typed", {ExternRef, ExternRef, I32}, {ExternRef},
                   Code().get(0).get(1).get(2).op(Opcode::SelectTyped).raw({1, 0x6f}));
  builder.exported("drop", {}, {I32}, Code().i32(1).i32(2).op(Opcode::Drop).op(Opcode::Nop));
  Program program(builder);
  EXPECT_EQ(program.call("select", {i32_of(7)}), returns({1}));
  EXPECT_EQ(program.call("select", {i32_of(0)}), returns({2}));
  EXPECT_EQ(program.call("typed", {Value(ExternRef, 5), Value(ExternRef, 6), i32_of(0)}),
            returns({6}));
  EXPECT_EQ(program.call("drop"), returns({1}));
}

TEST(Operands, ADeepStackOfEveryKind) {
  // Far more operands than may wait in locals or as constants.
  ModuleBuilder builder;
  Code code;
  for (int i = 0; i < 300; ++i) {
    if (i % 3 == 0) code.get(0);
    if (i % 3 == 1) code.i32(i);
    if (i % 3 == 2) code.get(0).i32(1).op(Opcode::I32Add);
  }
  code.i32(1000).set(0);  // What was read before keeps its value.
  for (int i = 0; i < 299; ++i) code.op(Opcode::I32Add);
  builder.exported("sum", {I32}, {I32}, code);
  u32 expected = 0;
  for (u32 i = 0; i < 300; ++i) expected += i % 3 == 0 ? 5 : i % 3 == 1 ? i : 6;
  EXPECT_EQ(Program(builder).call("sum", {i32_of(5)}), returns({expected}));
}

// ---- control flow

TEST(Control, UnreachableTraps) {
  ModuleBuilder builder;
  builder.exported("f", {}, {I32}, Code().op(Opcode::Unreachable).op(Opcode::I32Add));
  EXPECT_EQ(Program(builder).call("f"), traps(Trap::Unreachable));
}

TEST(Control, LoopsAndBranches) {
  ModuleBuilder builder;
  // 1 + 2 + ... + n.
  builder.exported("sum", {I32}, {I32},
                   Code()
                       .block(Opcode::Block)
                       .block(Opcode::Loop)
                       .get(0)
                       .op(Opcode::I32Eqz)
                       .br_if(1)
                       .get(1)
                       .get(0)
                       .op(Opcode::I32Add)
                       .set(1)
                       .get(0)
                       .i32(1)
                       .op(Opcode::I32Sub)
                       .set(0)
                       .br(0)
                       .end()
                       .end()
                       .get(1),
                   {I32});
  EXPECT_EQ(Program(builder).call("sum", {i32_of(1000)}), returns({500500}));
}

TEST(Control, BranchesCarryValues) {
  ModuleBuilder builder;
  u32 const three = builder.type({}, {I32, I32, I32});
  u32 const pair = builder.type({I32, I32}, {I32, I32});
  // The carried values lie above others, which are dropped on the way.
  builder.exported("three", {I32}, {I32, I32, I32},
                   Code()
                       .block_of_type(Opcode::Block, three)
                       .i32(9)
                       .i32(1)
                       .get(0)
                       .i32(3)
                       .get(0)
                       .br_if(0)
                       .op(Opcode::Drop)
                       .op(Opcode::Drop)
                       .op(Opcode::Drop)
                       .op(Opcode::Drop)
                       .i32(4)
                       .i32(5)
                       .i32(6)
                       .end());
  // A loop with parameters: Fibonacci.
  builder.exported("fibonacci", {I32}, {I32, I32},
                   Code()
                       .i32(0)
                       .i32(1)
                       .block_of_type(Opcode::Loop, pair)
                       .tee(1)
                       .op(Opcode::I32Add)
                       .set(2)
                       .get(1)
                       .get(2)
                       .get(0)
                       .i32(1)
                       .op(Opcode::I32Sub)
                       .tee(0)
                       .br_if(0)
                       .end(),
                   {I32, I32});
  builder.exported("else", {I32}, {I32},
                   Code().get(0).block(Opcode::If, I32).get(0).op(Opcode::Else).i32(77).end());
  builder.exported("return", {I32}, {I32, I32},
                   Code().i32(1).i32(2).i32(3).get(0).br_if(0).op(Opcode::Drop));
  Program program(builder);
  EXPECT_EQ(program.call("three", {i32_of(2)}), returns({1, 2, 3}));
  EXPECT_EQ(program.call("three", {i32_of(0)}), returns({4, 5, 6}));
  EXPECT_EQ(program.call("fibonacci", {i32_of(10)}), returns({55, 89}));
  EXPECT_EQ(program.call("else", {i32_of(5)}), returns({5}));
  EXPECT_EQ(program.call("else", {i32_of(0)}), returns({77}));
  EXPECT_EQ(program.call("return", {i32_of(1)}), returns({2, 3}));
  EXPECT_EQ(program.call("return", {i32_of(0)}), returns({1, 2}));
}

TEST(Control, BranchTable) {
  ModuleBuilder builder;
  // Out of two blocks with a value, and out of the function.
  builder.exported("table", {I32}, {I32},
                   Code()
                       .block(Opcode::Block, I32)
                       .block(Opcode::Block, I32)
                       .i32(99)
                       .get(0)
                       .i32(10)
                       .op(Opcode::I32Add)
                       .get(0)
                       .br_table({0, 1, 2, 1})
                       .end()
                       .i32(100)
                       .op(Opcode::I32Add)
                       .op(Opcode::Return)
                       .end()
                       .i32(200)
                       .op(Opcode::I32Add));
  // Round a loop until the local has grown to the argument.
  builder.exported("loop", {I32}, {I32},
                   Code()
                       .block(Opcode::Block)
                       .block(Opcode::Loop)
                       .get(1)
                       .i32(1)
                       .op(Opcode::I32Add)
                       .tee(1)
                       .get(0)
                       .op(Opcode::I32GeU)
                       .br_table({0, 1})
                       .end()
                       .end()
                       .get(1),
                   {I32});
  Program program(builder);
  EXPECT_EQ(program.call("loop", {i32_of(7)}), returns({7}));
  EXPECT_EQ(program.call("table", {i32_of(0)}), returns({110}));
  EXPECT_EQ(program.call("table", {i32_of(1)}), returns({211}));
  EXPECT_EQ(program.call("table", {i32_of(2)}), returns({12}));
  EXPECT_EQ(program.call("table", {i32_of(3)}), returns({213}));
  EXPECT_EQ(program.call("table", {i32_of(UINT32_MAX)}), returns({209}));
}

TEST(Control, ConditionsThatAreNoComparisons) {
  ModuleBuilder builder;
  builder.memory(1);
  builder.exported("size", {}, {I32},
                   Code()
                       .block(Opcode::Block)
                       .op(Opcode::MemorySize, {0})
                       .br_if(0)
                       .i32(1)
                       .op(Opcode::Return)
                       .end()
                       .i32(2));
  builder.exported(
      "constant", {}, {I32},
      Code().block(Opcode::Block).i32(1).br_if(0).i32(1).op(Opcode::Return).end().i32(2));
  builder.exported(
      "wide", {I64}, {I32},
      Code().get(0).op(Opcode::I64Eqz).block(Opcode::If, I32).i32(1).op(Opcode::Else).i32(2).end());
  Program program(builder);
  EXPECT_EQ(program.call("size"), returns({2}));
  EXPECT_EQ(program.call("constant"), returns({2}));
  EXPECT_EQ(program.call("wide", {Value::of(u64{1} << 32)}), returns({2}));
  EXPECT_EQ(program.call("wide", {Value::of(u64{0})}), returns({1}));
}

TEST(Control, CodeThatIsNeverReachedIsPassedOver) {
  ModuleBuilder builder;
  builder.exported("f", {I32}, {I32},
                   Code()
                       .block(Opcode::Block, I32)
                       .get(0)
                       .br(0)
                       .block(Opcode::If, I32)
                       .i32(1)
                       .op(Opcode::Else)
                       .i32(2)
                       .i32(0)
                       .br_table({0, 1})
                       .end()
                       .end());
  EXPECT_EQ(Program(builder).call("f", {i32_of(42)}), returns({42}));
}

// ---- calls

TEST(Calls, ArgumentsAndManyResults) {
  ModuleBuilder builder;
  u32 const type = builder.type({I32, I64}, {I64, I32});
  u32 const swap = builder.function(type, Code().get(1).get(0));
  builder.exported("twice", {I32, I64}, {I64},
                   Code()
                       .i64(1000)
                       .get(0)
                       .get(1)
                       .call(swap)
                       .op(Opcode::I64ExtendI32U)
                       .op(Opcode::I64Sub)
                       .op(Opcode::I64Add));
  EXPECT_EQ(Program(builder).call("twice", {i32_of(2), Value::of(u64{50})}), returns({1048}));
}

TEST(Calls, EndlessRecursionExhaustsTheStack) {
  ModuleBuilder builder;
  builder.exported("deep", {}, {}, Code().call(0));
  // A frame so large that the slots run out before the calls do.
  builder.exported("wide", {}, {}, Code().call(1), ModuleBuilder::Types(10'000, I64));
  Program program(builder, {}, {.stack_size = 1 << 20, .call_depth = 1000});
  EXPECT_EQ(program.call("deep"), traps(Trap::StackExhausted));
  EXPECT_EQ(program.guest().active_calls(), 1000u);
  EXPECT_EQ(program.call("wide"), traps(Trap::StackExhausted));
  EXPECT_LT(program.guest().active_calls(), 20u);
  // And it can be used again.
  EXPECT_EQ(program.call("deep"), traps(Trap::StackExhausted));
}

TEST(Calls, AFrameThatNoOperationCanNumberIsRefusedWhenCalled) {
  ModuleBuilder builder;
  Code code;
  for (int i = 0; i < 70'000; ++i) code.i32(1);
  for (int i = 0; i < 69'999; ++i) code.op(Opcode::I32Add);
  builder.exported("huge", {}, {I32}, code);
  builder.exported("small", {}, {I32}, Code().i32(1));
  Program program(builder);
  EXPECT_EQ(program.call("huge"), traps(Trap::StackExhausted));
  EXPECT_EQ(program.call("small"), returns({1}));
}

}  // namespace
}  // namespace nacre::wasm
