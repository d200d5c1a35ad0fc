#include <gtest/gtest.h>

#include "tests/support/wasm_program.hpp"

// Values of v128, which take two slots, wherever values go: through locals, blocks, branches,
// calls, globals and the host.
namespace nacre::wasm {
namespace {

using test::Code;
using test::i32_of;
using test::ModuleBuilder;
using test::Program;
using test::returns;
using enum ValueType;

constexpr ValueSlots a_slots{0x1111, 0x2222};
constexpr ValueSlots b_slots{0x3333, 0x4444};
Value const a(V128, a_slots);
Value const b(V128, b_slots);

TEST(VectorValues, LocalsBeginAsZeroAndKeepTheirOldValueOnTheStack) {
  ModuleBuilder builder;
  builder.exported("zero", {I32}, {V128, I32}, Code().get(2).get(3), {I64, V128, I32});
  builder.exported("swap", {V128, V128}, {V128, V128},
                   Code().get(0).get(1).set(0).set(1).get(0).get(1));
  builder.exported("tee", {V128, V128}, {V128, V128, V128}, Code().get(0).get(1).tee(0).get(0));
  builder.exported("self", {V128}, {V128}, Code().get(0).set(0).get(0));
  // The result of an instruction goes to a local at once; what the stack has of it was copied.
  builder.exported("under", {V128}, {V128},
                   Code().get(0).get(0).get(0).op(Opcode::I64x2Add).tee(0).op(Opcode::I64x2Sub));
  Program program(builder);
  EXPECT_EQ(program.call("zero", {i32_of(9)}), returns({0, 0, 0}));
  EXPECT_EQ(program.call("swap", {a, b}), returns({0x3333, 0x4444, 0x1111, 0x2222}));
  EXPECT_EQ(program.call("tee", {a, b}), returns({0x1111, 0x2222, 0x3333, 0x4444, 0x3333, 0x4444}));
  EXPECT_EQ(program.call("self", {a}), returns({0x1111, 0x2222}));
  EXPECT_EQ(program.call("under", {a}), returns({u64{} - 0x1111, u64{} - 0x2222}));
}

TEST(VectorValues, AreSelectedAndDropped) {
  ModuleBuilder builder;
  builder.exported("select", {V128, V128, I32}, {V128},
                   Code().get(0).get(1).get(2).op(Opcode::Select));
  builder.exported("typed", {V128, V128, I32}, {V128},
                   Code().get(0).get(1).get(2).op(Opcode::SelectTyped).raw({1, 0x7b}));
  builder.exported("constants", {I32}, {V128},
                   Code().v128(1, 2).v128(3, 4).get(0).op(Opcode::Select));
  builder.exported("drop", {V128, V128}, {V128}, Code().get(0).get(1).op(Opcode::Drop));
  Program program(builder);
  for (auto const* const name : {"select", "typed"}) {
    EXPECT_EQ(program.call(name, {a, b, i32_of(7)}), returns({0x1111, 0x2222}));
    EXPECT_EQ(program.call(name, {a, b, i32_of(0)}), returns({0x3333, 0x4444}));
  }
  EXPECT_EQ(program.call("constants", {i32_of(1)}), returns({1, 2}));
  EXPECT_EQ(program.call("constants", {i32_of(0)}), returns({3, 4}));
  EXPECT_EQ(program.call("drop", {a, b}), returns({0x1111, 0x2222}));
}

TEST(VectorValues, BlocksTakeAndLeaveThem) {
  ModuleBuilder builder;
  u32 const mixed = builder.type({I32, V128}, {V128, I32});
  builder.exported(
      "block", {I32, V128}, {V128, I32},
      Code().get(0).get(1).block_of_type(Opcode::Block, mixed).set(1).set(0).get(1).get(0).end());
  builder.exported(
      "if", {I32}, {V128},
      Code().get(0).block(Opcode::If, V128).v128(1, 2).op(Opcode::Else).v128(3, 4).end());
  // Doubles its vector as often as the counter says.
  u32 const doubling = builder.type({V128}, {V128});
  builder.exported("loop", {I32, V128}, {V128},
                   Code()
                       .get(1)
                       .block_of_type(Opcode::Loop, doubling)
                       .tee(1)
                       .get(1)
                       .op(Opcode::I64x2Add)
                       .get(0)
                       .i32(1)
                       .op(Opcode::I32Sub)
                       .tee(0)
                       .br_if(0)
                       .end());
  Program program(builder);
  EXPECT_EQ(program.call("block", {i32_of(5), a}), returns({0x1111, 0x2222, 5}));
  EXPECT_EQ(program.call("if", {i32_of(1)}), returns({1, 2}));
  EXPECT_EQ(program.call("if", {i32_of(0)}), returns({3, 4}));
  EXPECT_EQ(program.call("loop", {i32_of(4), a}), returns({0x11110, 0x22220}));
}

TEST(VectorValues, BranchesCarryThemPastOthers) {
  ModuleBuilder builder;
  u32 const pair = builder.type({}, {V128, V128});
  u32 const three = builder.type({}, {I32, V128, I64});
  // Below them lie values that are dropped on the way, so that source and target overlap.
  builder.exported("one", {V128, I32}, {V128},
                   Code()
                       .block(Opcode::Block, V128)
                       .i32(9)
                       .get(0)
                       .get(0)
                       .op(Opcode::I64x2Add)
                       .get(1)
                       .br_if(0)
                       .op(Opcode::Drop)
                       .op(Opcode::Drop)
                       .v128(7, 8)
                       .end());
  builder.exported("two", {V128, V128}, {V128, V128},
                   Code()
                       .block_of_type(Opcode::Block, pair)
                       .i64(1)
                       .get(0)
                       .get(0)
                       .op(Opcode::V128Or)
                       .get(1)
                       .br(0)
                       .end());
  builder.exported("three", {V128, I32}, {I32, V128, I64},
                   Code()
                       .block_of_type(Opcode::Block, three)
                       .get(0)
                       .i32(6)
                       .get(0)
                       .i64(-1)
                       .get(1)
                       .br_if(0)
                       .br(0)
                       .end());
  builder.exported("table", {V128, I32}, {V128},
                   Code()
                       .block(Opcode::Block, V128)
                       .block(Opcode::Block, V128)
                       .i32(99)
                       .get(0)
                       .get(1)
                       .br_table({0, 1, 2})
                       .end()
                       .get(0)
                       .op(Opcode::I64x2Add)
                       .op(Opcode::Return)
                       .end()
                       .v128(1, 1)
                       .op(Opcode::I64x2Add));
  builder.exported("return", {V128, I32}, {V128, I32},
                   Code()
                       .i32(3)
                       .get(0)
                       .get(1)
                       .get(1)
                       .br_if(0)
                       .op(Opcode::Drop)
                       .op(Opcode::Drop)
                       .op(Opcode::Drop)
                       .v128(5, 6)
                       .i32(7));
  Program program(builder);
  EXPECT_EQ(program.call("one", {a, i32_of(1)}), returns({0x2222, 0x4444}));
  EXPECT_EQ(program.call("one", {a, i32_of(0)}), returns({7, 8}));
  EXPECT_EQ(program.call("two", {a, b}), returns({0x1111, 0x2222, 0x3333, 0x4444}));
  for (u32 const condition : {0u, 1u})
    EXPECT_EQ(program.call("three", {a, i32_of(condition)}),
              returns({6, 0x1111, 0x2222, UINT64_MAX}));
  EXPECT_EQ(program.call("table", {a, i32_of(0)}), returns({0x2222, 0x4444}));
  EXPECT_EQ(program.call("table", {a, i32_of(1)}), returns({0x1112, 0x2223}));
  EXPECT_EQ(program.call("table", {a, i32_of(2)}), returns({0x1111, 0x2222}));
  EXPECT_EQ(program.call("return", {a, i32_of(1)}), returns({0x1111, 0x2222, 1}));
  EXPECT_EQ(program.call("return", {a, i32_of(0)}), returns({5, 6, 7}));
}

TEST(VectorValues, ADeepStackOfThem) {
  // Far more operands than may wait in locals, with scalars between them.
  ModuleBuilder builder;
  Code code;
  for (int i = 0; i < 120; ++i) code.get(0).get(1);
  code.v128(0, 0).set(0).i32(0).set(1);  // What was read before keeps its value.
  code.set(1).set(2);
  for (int i = 0; i < 119; ++i)
    code.get(1).op(Opcode::I32Add).set(1).get(2).op(Opcode::I64x2Add).set(2);
  code.get(2).get(1);
  builder.exported("sum", {V128, I32}, {V128, I32}, code, {V128});
  EXPECT_EQ(Program(builder).call("sum", {a, i32_of(3)}),
            returns({120 * 0x1111, 120 * 0x2222, 360}));
}

TEST(VectorValues, PassThroughCallsWithManyParameters) {
  ModuleBuilder builder;
  ModuleBuilder::Types const types{I32, V128, I64, V128, F32, V128, V128, I32, V128, F64};
  ModuleBuilder::Types const reversed(types.rbegin(), types.rend());
  u32 const type = builder.type(types, reversed);
  Code backwards;
  for (u32 i = 10; i-- != 0;) backwards.get(i);
  u32 const callee = builder.function(type, backwards);
  builder.table(FuncRef, 1);
  builder.elements(0, {callee});
  Code forwards;
  for (u32 i = 0; i < 10; ++i) forwards.get(i);
  builder.exported("direct", types, reversed, Code(forwards).call(callee));
  builder.exported("indirect", types, reversed,
                   Code(forwards).i32(0).op(Opcode::CallIndirect, {type, 0}));
  Program program(builder);
  std::vector<Value> arguments;
  std::vector<std::vector<Slot>> slots;
  for (u32 i = 0; i < 10; ++i) {
    Value value(types[i], ValueSlots{i + 1, types[i] == V128 ? 100 + i : 0});
    slots.emplace_back(value.slots.begin(), value.slots.begin() + slots_of(types[i]));
    arguments.push_back(value);
  }
  std::vector<Slot> expected;
  for (usize i = 10; i-- != 0;) expected.insert(expected.end(), slots[i].begin(), slots[i].end());
  EXPECT_EQ(program.call("direct", arguments), returns(expected));
  EXPECT_EQ(program.call("indirect", arguments), returns(expected));
}

TEST(VectorValues, RecursionKeepsTheFramesApart) {
  ModuleBuilder builder;
  // f(n, v) = n == 0 ? v : f(n - 1, v + v) + v.
  builder.exported("f", {I32, V128}, {V128},
                   Code()
                       .get(0)
                       .op(Opcode::I32Eqz)
                       .block(Opcode::If, V128)
                       .get(1)
                       .op(Opcode::Else)
                       .get(0)
                       .i32(1)
                       .op(Opcode::I32Sub)
                       .get(1)
                       .get(1)
                       .op(Opcode::I64x2Add)
                       .call(0)
                       .get(1)
                       .op(Opcode::I64x2Add)
                       .end());
  EXPECT_EQ(Program(builder).call("f", {i32_of(10), Value(V128, ValueSlots{1, 3})}),
            returns({2047, 3 * 2047}));
}

TEST(VectorValues, GlobalsHoldThem) {
  ModuleBuilder builder;
  u32 const imported = builder.import_global("env", "vector", V128, false);
  u32 const own = builder.global(V128, true, Code().v128(5, 6));
  u32 const copy = builder.global(V128, false, Code().op(Opcode::GlobalGet, {imported}));
  builder.export_as("own", ExternKind::Global, own);
  builder.exported("swap", {V128}, {V128},
                   Code().op(Opcode::GlobalGet, {own}).get(0).op(Opcode::GlobalSet, {own}));
  builder.exported(
      "sum", {}, {V128},
      Code().op(Opcode::GlobalGet, {imported}).op(Opcode::GlobalGet, {copy}).op(Opcode::I64x2Add));
  Program program(builder);
  auto const global = program.store().add_global({V128, false}, b);
  ASSERT_TRUE(global && program.linker().define("env", "vector", *global));
  EXPECT_EQ(program.call("sum"), returns({0x6666, 0x8888}));
  EXPECT_EQ(program.call("swap", {a}), returns({5, 6}));
  auto const exported = program.instance().find_export("own");
  ASSERT_TRUE(exported.has_value());
  EXPECT_EQ(std::get<GlobalInstance*>(*exported)->slots, a_slots);
}

TEST(VectorValues, TheHostIsCalledWithThemAndAnswersWithThem) {
  ModuleBuilder builder;
  u32 const type = builder.type({I32, V128, I64}, {V128, I32});
  u32 const host = builder.import_function("env", "host", type);
  builder.exported("call", {V128}, {V128, I32}, Code().i32(7).get(0).i64(8).call(host));
  Program program(builder);
  constexpr ValueType parameters[] = {I32, V128, I64};
  constexpr ValueType results[] = {V128, I32};
  ASSERT_TRUE(program.linker().define_waiting("env", "host", {parameters, results}, HostCallId{3}));
  program.begin("call", {a});
  auto exit = program.guest().run(1000);
  auto const* const call = std::get_if<exit::HostCall>(&exit);
  ASSERT_NE(call, nullptr);
  EXPECT_EQ(std::vector<Slot>(call->arguments.begin(), call->arguments.end()),
            (std::vector<Slot>{7, 0x1111, 0x2222, 8}));
  program.guest().finish_host_call(std::vector<Slot>{9, 10, 11});
  exit = program.guest().run(1000);
  auto const* const finished = std::get_if<exit::Finished>(&exit);
  ASSERT_NE(finished, nullptr);
  EXPECT_EQ(std::vector<Slot>(finished->results.begin(), finished->results.end()),
            (std::vector<Slot>{9, 10, 11}));
}

TEST(VectorValues, ArgumentsAreChecked) {
  ModuleBuilder builder;
  builder.exported("f", {V128}, {}, Code());
  Program program(builder);
  ASSERT_TRUE(program.instantiate());
  auto* const function = program.instance().find_function("f");
  Value const wrong = Value::of(u64{1});
  EXPECT_EQ(program.guest().begin(*function, {&wrong, 1}).error(), BeginError::WrongArguments);
  EXPECT_EQ(program.guest().begin(*function, {}).error(), BeginError::WrongArguments);
  EXPECT_TRUE(program.guest().begin(*function, {&a, 1}));
}

TEST(VectorValues, AFrameThatNoOperationCanNumberIsRefusedWhenCalled) {
  // Half as many vectors as scalars fit.
  ModuleBuilder builder;
  builder.exported("fits", {}, {V128}, Code().get(0), ModuleBuilder::Types(32'000, V128));
  builder.exported("huge", {}, {V128}, Code().get(0), ModuleBuilder::Types(33'000, V128));
  Program program(builder);
  EXPECT_EQ(program.call("fits"), returns({0, 0}));
  EXPECT_EQ(program.call("huge"), test::traps(Trap::StackExhausted));
}

}  // namespace
}  // namespace nacre::wasm
