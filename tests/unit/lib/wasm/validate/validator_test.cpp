#include "lib/wasm/validate/validator.hpp"

#include <gtest/gtest.h>
#include <string>

#include "lib/wasm/binary/decoder.hpp"
#include "tests/support/wasm_builder.hpp"

namespace nacre::wasm {
namespace {

using test::Code;
using test::ModuleBuilder;
using enum ValueType;

std::string verdict(const ModuleBuilder& builder) {
  auto const bytes = builder.bytes();
  auto const module = load(bytes);
  return module ? "valid" : std::string(text_of(module.error()));
}

/// The verdict on a function (i32) -> (i32) with an i64 local, beside a memory, a table of
/// functions, an immutable global and two types.
std::string verdict(const Code& code) {
  ModuleBuilder builder;
  builder.type({I32}, {I32});
  builder.type({I32, I64}, {I64, I32});
  builder.memory(1);
  builder.table(FuncRef, 1);
  builder.table(ExternRef, 1);
  builder.global(I32, false, Code().i32(0));
  builder.passive_data("x");
  builder.function(0, code, {I64});
  return verdict(builder);
}

TEST(Validator, Operands) {
  EXPECT_EQ(verdict(Code().get(0)), "valid");
  EXPECT_EQ(verdict(Code()), "type mismatch");
  EXPECT_EQ(verdict(Code().get(1)), "type mismatch");
  EXPECT_EQ(verdict(Code().get(0).get(0)), "type mismatch");
  EXPECT_EQ(verdict(Code().get(0).op(Opcode::I32Add)), "type mismatch");
  EXPECT_EQ(verdict(Code().get(2)), "unknown local");
  EXPECT_EQ(verdict(Code().f32(1).set(0).get(0)), "type mismatch");
  EXPECT_EQ(verdict(Code().op(Opcode::GlobalGet, {1})), "unknown global");
  EXPECT_EQ(verdict(Code().i32(1).op(Opcode::GlobalSet, {0}).get(0)), "immutable global");
  EXPECT_EQ(verdict(Code().ref_null(FuncRef).ref_null(FuncRef).i32(0).op(Opcode::Select)),
            "type mismatch");
  EXPECT_EQ(verdict(Code().i32(1).i64(1).i32(0).op(Opcode::Select)), "type mismatch");
  EXPECT_EQ(verdict(Code().i32(1).i32(1).i32(0).op(Opcode::SelectTyped).raw({2, 0x7f, 0x7f})),
            "invalid result arity");
  EXPECT_EQ(verdict(Code().i32(0).op(Opcode::RefIsNull)), "type mismatch");
  EXPECT_EQ(verdict(Code().op(Opcode::RefFunc, {0}).op(Opcode::RefIsNull)),
            "undeclared function reference");
}

TEST(Validator, Blocks) {
  EXPECT_EQ(verdict(Code().block(Opcode::Block, I32).get(0).end()), "valid");
  EXPECT_EQ(verdict(Code().block(Opcode::Block, I32).end()), "type mismatch");
  EXPECT_EQ(verdict(Code().get(0).block(Opcode::Block).op(Opcode::Drop).end().get(0)),
            "type mismatch");
  EXPECT_EQ(verdict(Code().get(0).block_of_type(Opcode::Block, 0).end()), "valid");
  EXPECT_EQ(verdict(Code().get(0).block_of_type(Opcode::Block, 9).end()), "unknown type");
  EXPECT_EQ(verdict(Code().get(0).block(Opcode::If, I32).get(0).end()), "type mismatch");
  EXPECT_EQ(verdict(Code().op(Opcode::Else)), "type mismatch");
  EXPECT_EQ(verdict(Code().get(0).br(0)), "valid");
  EXPECT_EQ(verdict(Code().get(0).br(1)), "unknown label");
  EXPECT_EQ(verdict(Code().br(0)), "type mismatch");
  EXPECT_EQ(verdict(Code().block(Opcode::Loop).br(0).end()), "type mismatch");
  EXPECT_EQ(verdict(Code().block(Opcode::Loop, I32).br(0).end()), "valid");
  EXPECT_EQ(verdict(Code().block(Opcode::Block).get(0).get(0).br_table({0, 1}).end()),
            "type mismatch");
  EXPECT_EQ(verdict(Code().get(0).end().op(Opcode::Nop)), "section size mismatch");
  EXPECT_EQ(verdict(Code().get(0).block(Opcode::Block)), "unexpected end of section or function");
}

TEST(Validator, Vectors) {
  auto const vector = Code().v128(0, 0);
  auto const two = Code().v128(0, 0).v128(0, 0);
  auto const extract = [](u64 lane) {
    return Code().v128(0, 0).op(Opcode::I16x8ExtractLaneU, {lane});
  };
  EXPECT_EQ(verdict(extract(7)), "valid");
  EXPECT_EQ(verdict(extract(8)), "invalid lane index");
  EXPECT_EQ(verdict(Code(vector).get(0).op(Opcode::I64x2ReplaceLane, {0})), "type mismatch");
  EXPECT_EQ(verdict(Code(vector).get(1).op(Opcode::I64x2ReplaceLane, {2})), "invalid lane index");
  EXPECT_EQ(verdict(Code(vector).get(1).op(Opcode::I64x2ReplaceLane, {1}).op(Opcode::V128AnyTrue)),
            "valid");
  auto const shuffle = [&](u64 lane) {
    return Code(two)
        .op(Opcode::I8x16Shuffle, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, lane, 0, 0})
        .op(Opcode::V128AnyTrue);
  };
  EXPECT_EQ(verdict(shuffle(31)), "valid");
  EXPECT_EQ(verdict(shuffle(32)), "invalid lane index");
  EXPECT_EQ(verdict(Code(vector).op(Opcode::I8x16AllTrue)), "valid");
  EXPECT_EQ(verdict(Code(vector).op(Opcode::I8x16Neg)), "type mismatch");
  EXPECT_EQ(verdict(Code(vector).op(Opcode::I8x16Add)), "type mismatch");
  EXPECT_EQ(verdict(Code(two).op(Opcode::V128Bitselect)), "type mismatch");
  EXPECT_EQ(verdict(Code(two).op(Opcode::I8x16Shl)), "type mismatch");
  EXPECT_EQ(verdict(Code(vector).get(0).op(Opcode::I8x16Shl).op(Opcode::V128AnyTrue)), "valid");
  EXPECT_EQ(verdict(Code().get(0).op(Opcode::F32x4Splat)), "type mismatch");
  EXPECT_EQ(verdict(Code(two).get(0).op(Opcode::Select).op(Opcode::V128AnyTrue)), "valid");
  EXPECT_EQ(verdict(Code(vector).get(1).get(0).op(Opcode::Select)), "type mismatch");
}

TEST(Validator, VectorsInConstantExpressions) {
  auto const global_of = [](ValueType type, const Code& initial) {
    ModuleBuilder builder;
    builder.global(V128, false, Code().v128(1, 2));
    builder.global(type, false, initial);
    return verdict(builder);
  };
  EXPECT_EQ(global_of(V128, Code().op(Opcode::GlobalGet, {0})), "valid");
  EXPECT_EQ(global_of(I64, Code().v128(1, 2)), "type mismatch");
  EXPECT_EQ(global_of(V128, Code().i32(1).op(Opcode::I32x4Splat)), "constant expression required");
}

TEST(Validator, VectorsInMemory) {
  auto const load = [](Opcode opcode, u32 align) {
    return Code().get(0).memory(opcode, 0, align).op(Opcode::V128AnyTrue);
  };
  EXPECT_EQ(verdict(load(Opcode::V128Load, 4)), "valid");
  EXPECT_EQ(verdict(load(Opcode::V128Load, 5)), "alignment must not be larger than natural");
  EXPECT_EQ(verdict(load(Opcode::V128Load8x8S, 3)), "valid");
  EXPECT_EQ(verdict(load(Opcode::V128Load8x8S, 4)), "alignment must not be larger than natural");
  EXPECT_EQ(verdict(load(Opcode::V128Load8Splat, 1)), "alignment must not be larger than natural");
  auto const load_lane = [](u32 lane, u32 align) {
    return Code()
        .get(0)
        .v128(0, 0)
        .memory_lane(Opcode::V128Load32Lane, lane, 0, align)
        .op(Opcode::V128AnyTrue);
  };
  EXPECT_EQ(verdict(load_lane(3, 2)), "valid");
  EXPECT_EQ(verdict(load_lane(4, 2)), "invalid lane index");
  EXPECT_EQ(verdict(load_lane(3, 3)), "alignment must not be larger than natural");
  auto const store = Code().get(0).v128(0, 0);
  EXPECT_EQ(verdict(Code(store).memory(Opcode::V128Store).get(0)), "valid");
  EXPECT_EQ(verdict(Code().v128(0, 0).get(0).memory(Opcode::V128Store).get(0)), "type mismatch");
  EXPECT_EQ(verdict(Code(store).memory_lane(Opcode::V128Store64Lane, 1).get(0)), "valid");
  EXPECT_EQ(verdict(Code(store).memory_lane(Opcode::V128Store64Lane, 2).get(0)),
            "invalid lane index");
  ModuleBuilder without_memory;
  without_memory.exported("f", {}, {V128}, Code().i32(0).memory(Opcode::V128Load));
  EXPECT_EQ(verdict(without_memory), "unknown memory");
}

TEST(Validator, UnreachableCodeIsTypedLoosely) {
  EXPECT_EQ(verdict(Code().op(Opcode::Unreachable)), "valid");
  EXPECT_EQ(verdict(Code().op(Opcode::Unreachable).op(Opcode::I32Add)), "valid");
  EXPECT_EQ(verdict(Code().op(Opcode::Unreachable).i64(1)), "type mismatch");
  EXPECT_EQ(verdict(Code().op(Opcode::Unreachable).op(Opcode::Select)), "valid");
  EXPECT_EQ(verdict(Code().op(Opcode::Unreachable).i64(1).op(Opcode::I32Add)), "type mismatch");
}

TEST(Validator, MemoriesTablesAndSegments) {
  EXPECT_EQ(verdict(Code().get(0).memory(Opcode::I32Load, 0, 3)),
            "alignment must not be larger than natural");
  EXPECT_EQ(verdict(Code().get(0).op(Opcode::I32Load, {2, u64{1} << 32})), "offset out of range");
  EXPECT_EQ(verdict(Code().get(0).op(Opcode::TableGet, {2}).op(Opcode::RefIsNull)),
            "unknown table");
  EXPECT_EQ(verdict(Code().get(0).get(0).op(Opcode::CallIndirect, {0, 1})), "type mismatch");
  EXPECT_EQ(verdict(Code().get(0).get(0).op(Opcode::CallIndirect, {5, 0})), "unknown type");
  EXPECT_EQ(verdict(Code().get(0).call(1)), "unknown function");
  EXPECT_EQ(verdict(Code().op(Opcode::DataDrop, {1}).get(0)), "unknown data segment");
  EXPECT_EQ(verdict(Code().op(Opcode::ElemDrop, {0}).get(0)), "unknown elem segment");
  EXPECT_EQ(verdict(Code().i32(0).i32(0).i32(0).op(Opcode::TableCopy, {0, 1}).get(0)),
            "type mismatch");
  ModuleBuilder without;
  without.exported("f", {}, {I32}, Code().op(Opcode::MemorySize, {0}));
  EXPECT_EQ(verdict(without), "unknown memory");
}

TEST(Validator, Modules) {
  ModuleBuilder twice;
  twice.exported("f", {}, {}, Code());
  twice.exported("f", {}, {}, Code());
  EXPECT_EQ(verdict(twice), "duplicate export name");
  ModuleBuilder missing;
  missing.export_as("f", ExternKind::Function, 0);
  EXPECT_EQ(verdict(missing), "unknown function");
  ModuleBuilder start;
  start.start(start.function(start.type({I32}, {}), Code()));
  EXPECT_EQ(verdict(start), "start function");
  ModuleBuilder order;
  order.memory(2, 1);
  EXPECT_EQ(verdict(order), "size minimum must not be greater than maximum");
  ModuleBuilder large;
  large.memory(65537);
  EXPECT_EQ(verdict(large), "memory size must be at most 65536 pages (4GiB)");
  ModuleBuilder constant;
  constant.global(I32, false, Code().i32(1).op(Opcode::I32Clz));
  EXPECT_EQ(verdict(constant), "constant expression required");
  ModuleBuilder later;
  later.global(I32, false, Code().op(Opcode::GlobalGet, {1}));
  later.global(I32, false, Code().i32(1));
  EXPECT_EQ(verdict(later), "unknown global");
}

TEST(Validator, NamesFeaturesThatAreMissing) {
  EXPECT_EQ(verdict(Code().raw({0xfb, 0})), "garbage collection");
  EXPECT_EQ(verdict(Code().raw({0xfe, 0})), "threads");
  EXPECT_EQ(verdict(Code().raw({0xff})), "illegal opcode");
  EXPECT_EQ(verdict(Code().raw({0xfd, 0x9a, 0x01})), "illegal opcode");  // A gap among v128's.
  EXPECT_EQ(verdict(Code().raw({0xfd, 0x94, 0x02})), "illegal opcode");  // Behind the last one.
}

/// The verdict on a function () -> () of type 0, beside the types (i32) -> (i32) and (i32) -> (), a
/// declared function of type 1 with a tag of type 2, and locals of two references.
std::string verdict_on_references(const Code& code) {
  ModuleBuilder builder;
  u32 const nothing = builder.type({}, {});
  u32 const unary = builder.type({I32}, {I32});
  builder.tag(builder.type({I32}, {}));
  builder.passive_elements({builder.function(unary, Code().get(0))});
  builder.function(nothing, code, {test::ref_to(unary), test::ref_null_to(unary)});
  return verdict(builder);
}

TEST(Validator, References) {
  auto const& check = verdict_on_references;
  auto const drop = Opcode::Drop;
  auto const function = Code().op(Opcode::RefFunc, {0});
  EXPECT_EQ(check(Code(function).set(0).get(0).op(drop)), "valid");
  EXPECT_EQ(check(Code().get(0).op(drop)), "uninitialized local");
  EXPECT_EQ(check(Code().get(1).op(drop)), "valid");
  EXPECT_EQ(check(Code().get(1).set(0)), "type mismatch");
  EXPECT_EQ(check(Code().get(1).op(Opcode::RefAsNonNull).set(0)), "valid");
  EXPECT_EQ(check(Code().ref_null(FuncRef).set(1)), "type mismatch");
  EXPECT_EQ(check(Code().ref_null(NullFuncRef).set(1)), "valid");
  EXPECT_EQ(check(Code().ref_null(NullExternRef).set(1)), "type mismatch");
  // Set in a block, it may not be after it; and it is after it was set before.
  EXPECT_EQ(
      check(Code().block(Opcode::Block).op(Opcode::RefFunc, {0}).set(0).end().get(0).op(drop)),
      "uninitialized local");
  EXPECT_EQ(check(Code(function).set(0).block(Opcode::Block).get(0).op(drop).end()), "valid");
  EXPECT_EQ(check(Code().i32(0).get(1).op(Opcode::CallRef, {1}).op(drop)), "valid");
  EXPECT_EQ(check(Code().i32(0).get(1).op(Opcode::CallRef, {2})), "type mismatch");
  EXPECT_EQ(check(Code().i32(0).get(1).op(Opcode::CallRef, {9})), "unknown type");
  EXPECT_EQ(check(Code().i32(0).op(Opcode::BrOnNull, {0})), "type mismatch");
  EXPECT_EQ(check(Code().get(1).op(Opcode::BrOnNull, {0}).set(0)), "valid");
  EXPECT_EQ(check(Code().get(1).op(Opcode::BrOnNull, {1}).op(drop)), "unknown label");
  EXPECT_EQ(check(Code().get(1).op(Opcode::BrOnNonNull, {0})), "type mismatch");
  EXPECT_EQ(check(Code()
                      .block(Opcode::Block, test::ref_to(1))
                      .get(1)
                      .op(Opcode::BrOnNonNull, {0})
                      .br(1)
                      .end()
                      .set(0)),
            "valid");
  EXPECT_EQ(check(Code().op(Opcode::Unreachable).op(Opcode::RefAsNonNull).set(0)), "valid");
  EXPECT_EQ(
      check(Code().op(Opcode::Unreachable).op(Opcode::RefAsNonNull).op(Opcode::I32Eqz).op(drop)),
      "type mismatch");
  EXPECT_EQ(check(Code().i32(1).op(Opcode::RefAsNonNull).op(drop)), "type mismatch");
  EXPECT_EQ(check(Code().block(Opcode::Block, test::ref_to(77)).end()), "unknown type");

  ModuleBuilder later;
  later.type({test::ref_to(1)}, {});
  later.type({}, {});
  EXPECT_EQ(verdict(later), "unknown type");
  ModuleBuilder table;
  table.table(test::ref_to(table.type({}, {})), 1);
  EXPECT_EQ(verdict(table), "type mismatch");
}

TEST(Validator, TailCalls) {
  EXPECT_EQ(verdict(Code().get(0).op(Opcode::ReturnCall, {0})), "valid");
  EXPECT_EQ(verdict(Code().op(Opcode::ReturnCall, {0})), "type mismatch");
  EXPECT_EQ(verdict(Code().op(Opcode::ReturnCall, {5})), "unknown function");
  EXPECT_EQ(verdict(Code().get(0).i32(0).op(Opcode::ReturnCallIndirect, {0, 0})), "valid");
  EXPECT_EQ(verdict(Code().get(0).i32(0).op(Opcode::ReturnCallIndirect, {0, 1})), "type mismatch");
  // Its results are not those of the function.
  EXPECT_EQ(verdict(Code().get(0).get(1).i32(0).op(Opcode::ReturnCallIndirect, {1, 0})),
            "type mismatch");
  EXPECT_EQ(verdict(Code().get(0).ref_null(NullFuncRef).op(Opcode::ReturnCallRef, {0})), "valid");
}

TEST(Validator, Exceptions) {
  auto const& check = verdict_on_references;
  EXPECT_EQ(check(Code().i32(1).op(Opcode::Throw, {0})), "valid");
  EXPECT_EQ(check(Code().op(Opcode::Throw, {0})), "type mismatch");
  EXPECT_EQ(check(Code().i32(1).op(Opcode::Throw, {1})), "unknown tag");
  EXPECT_EQ(check(Code().ref_null(ExnRef).op(Opcode::ThrowRef)), "valid");
  EXPECT_EQ(check(Code().ref_null(FuncRef).op(Opcode::ThrowRef)), "type mismatch");
  EXPECT_EQ(check(Code()
                      .block(Opcode::Block, I32)
                      .try_table({{0, 0, 0}})
                      .end()
                      .br(1)
                      .end()
                      .op(Opcode::Drop)),
            "valid");
  EXPECT_EQ(check(Code().try_table({{0, 0, 0}}).end()), "type mismatch");
  EXPECT_EQ(check(Code().try_table({{0, 7, 0}}).end()), "unknown tag");
  EXPECT_EQ(check(Code().try_table({{2, 0}}).end()), "valid");
  EXPECT_EQ(check(Code().try_table({{2, 1}}).end()), "unknown label");
  EXPECT_EQ(check(Code().try_table({{3, 0}}).end()), "type mismatch");
  EXPECT_EQ(check(Code().try_table({{4, 0}}).end()), "malformed catch clause");
  auto const attempt = Code().block(Opcode::Try);
  EXPECT_EQ(check(Code(attempt).op(Opcode::Catch, {0}).op(Opcode::Drop).end()), "valid");
  EXPECT_EQ(check(Code(attempt).op(Opcode::Catch, {0}).end()), "type mismatch");
  EXPECT_EQ(check(Code(attempt).op(Opcode::CatchAll).op(Opcode::CatchAll).end()), "type mismatch");
  EXPECT_EQ(check(Code(attempt).op(Opcode::CatchAll).op(Opcode::Rethrow, {0}).end()), "valid");
  EXPECT_EQ(check(Code(attempt).op(Opcode::Rethrow, {0}).end()), "invalid rethrow label");
  EXPECT_EQ(check(Code(attempt).op(Opcode::Delegate, {0})), "valid");
  EXPECT_EQ(check(Code(attempt).op(Opcode::Delegate, {1})), "unknown label");
  EXPECT_EQ(check(Code().op(Opcode::CatchAll)), "type mismatch");
  EXPECT_EQ(check(Code().op(Opcode::Delegate, {0})), "type mismatch");
  ModuleBuilder results;
  results.tag(results.type({}, {I32}));
  EXPECT_EQ(verdict(results), "non-empty tag result type");
}

TEST(Validator, LeavesMetadata) {
  ModuleBuilder builder;
  builder.exported("f", {I32}, {I32},
                   Code()
                       .block(Opcode::Block)
                       .block(Opcode::Loop)
                       .end()
                       .end()
                       .get(0)
                       .i32(1)
                       .i32(2)
                       .op(Opcode::I32Add)
                       .op(Opcode::I32Add),
                   {I64, F32});
  auto const bytes = builder.bytes();
  auto const module = load(bytes);
  ASSERT_TRUE(module.has_value());
  auto const& body = module->bodies[0];
  EXPECT_EQ(body.local_count, 3u);
  EXPECT_EQ(body.max_operands, 3u);
  EXPECT_EQ(body.max_labels, 3u);
  EXPECT_EQ(body.instruction_count, 10u);
}

/// How many steps decoding and validating take.
struct Steps {
  int decoding = 0;
  int validating = 0;
};
Steps steps_of(const ModuleBuilder& builder) {
  auto const bytes = builder.bytes();
  Steps steps;
  Decoder decoder(bytes);
  for (; !decoder.done(); ++steps.decoding) EXPECT_TRUE(decoder.step().has_value());
  Module module = decoder.take();
  Validator validator(module);
  for (; !validator.done(); ++steps.validating) EXPECT_TRUE(validator.step().has_value());
  return steps;
}

TEST(Validator, NoSectionIsOneLongStep) {
  ModuleBuilder types;
  for (int i = 0; i < 20'000; ++i) types.type({}, {});
  EXPECT_GT(steps_of(types).decoding, 10);
  EXPECT_GT(steps_of(types).validating, 10);

  ModuleBuilder exports;
  u32 const function = exports.exported("", {}, {}, Code());
  for (int i = 0; i < 20'000; ++i)
    exports.export_as(std::to_string(i), ExternKind::Function, function);
  EXPECT_GT(steps_of(exports).decoding, 10);
  EXPECT_GT(steps_of(exports).validating, 10);

  ModuleBuilder globals;
  for (int i = 0; i < 20'000; ++i) globals.global(I32, false, Code().i32(i));
  EXPECT_GT(steps_of(globals).decoding, 10);
  EXPECT_GT(steps_of(globals).validating, 10);

  // Much in one item: elements, and a function.
  ModuleBuilder elements;
  elements.table(FuncRef, 1);
  elements.passive_elements(
      std::vector<u32>(40'000, elements.function(elements.type({}, {}), Code())));
  EXPECT_GT(steps_of(elements).decoding, 10);
  EXPECT_GT(steps_of(elements).validating, 10);

  ModuleBuilder body;
  Code code;
  for (int i = 0; i < 2'000'000; ++i) code.op(Opcode::Nop);
  body.function(body.type({}, {}), code);
  EXPECT_GT(steps_of(body).validating, 5);
}

TEST(Validator, WorksInSteps) {
  ModuleBuilder builder;
  for (int i = 0; i < 100; ++i) {
    Code code;
    for (int n = 0; n < 10'000; ++n) code.op(Opcode::Nop);
    builder.function(builder.type({}, {}), code);
  }
  auto const bytes = builder.bytes();
  Decoder decoder(bytes);
  int decode_steps = 0;
  for (; !decoder.done(); ++decode_steps) ASSERT_TRUE(decoder.step());
  Module module = decoder.take();
  Validator validator(module);
  int steps = 0;
  for (; !validator.done(); ++steps) ASSERT_TRUE(validator.step());
  EXPECT_GE(decode_steps, 4);
  EXPECT_GE(steps, 4);
}

}  // namespace
}  // namespace nacre::wasm
