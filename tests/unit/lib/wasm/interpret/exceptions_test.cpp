#include <gtest/gtest.h>

#include "lib/wasm/validate/validator.hpp"
#include "tests/support/wasm_program.hpp"

// Exceptions in both encodings: who catches what, with which values, and what is left behind.
namespace nacre::wasm {
namespace {

using test::Code;
using test::i32_of;
using test::ModuleBuilder;
using test::Program;
using test::returns;
using test::traps;
using enum ValueType;

// The kinds of clauses. [wasm/core: "Control Instructions"]
constexpr u64 catch_tag = 0;
constexpr u64 catch_tag_ref = 1;
constexpr u64 catch_all = 2;
constexpr u64 catch_all_ref = 3;

/// Two tags, and a function that throws the first with its argument if that is odd, the second if
/// it is 0, and returns its argument else.
struct Throwing {
  ModuleBuilder builder;
  u32 unary = builder.type({I32}, {I32});
  u32 payload = builder.type({I32, I64}, {});
  u32 nothing = builder.type({}, {});
  u32 tag = builder.tag(payload);
  u32 empty = builder.tag(nothing);
  u32 thrower = builder.function(unary, Code()
                                            .get(0)
                                            .i32(1)
                                            .op(Opcode::I32And)
                                            .block(Opcode::If)
                                            .get(0)
                                            .i64(1000)
                                            .op(Opcode::Throw, {tag})
                                            .end()
                                            .get(0)
                                            .op(Opcode::I32Eqz)
                                            .block(Opcode::If)
                                            .op(Opcode::Throw, {empty})
                                            .end()
                                            .get(0));
};

TEST(Exceptions, UncaughtOnesEndTheProgramWithItsBacktrace) {
  Throwing t;
  t.builder.exported("run", {I32}, {I32}, Code().get(0).call(t.thrower));
  Program program(t.builder);
  EXPECT_EQ(program.call("run", {i32_of(4)}), returns({4}));
  EXPECT_EQ(program.call("run", {i32_of(3)}), traps(Trap::UncaughtException));
  EXPECT_EQ(program.guest().active_calls(), 2u);
  EXPECT_NE(program.guest().active_call(0).offset, 0u);
}

TEST(Exceptions, TryTableCatchesByTag) {
  Throwing t;
  u32 const pair = t.builder.type({}, {I32, I64});
  t.builder.exported("run", {I32}, {I32},
                     Code()
                         .block(Opcode::Block)
                         .block_of_type(Opcode::Block, pair)
                         .try_table({{catch_tag, t.tag, 0}, {catch_all, 1}}, I32)
                         .get(0)
                         .call(t.thrower)
                         .end()
                         .op(Opcode::Return)
                         .end()
                         .op(Opcode::I32WrapI64)
                         .op(Opcode::I32Add)
                         .op(Opcode::Return)
                         .end()
                         .i32(77));
  Program program(t.builder);
  EXPECT_EQ(program.call("run", {i32_of(4)}), returns({4}));
  EXPECT_EQ(program.call("run", {i32_of(5)}), returns({1005}));
  EXPECT_EQ(program.call("run", {i32_of(0)}), returns({77}));
}

TEST(Exceptions, ReferencesAreThrownAgain) {
  Throwing t;
  // Adds 10 to what another exception carries after letting it through.
  u32 const triple = t.builder.type({}, {I32, I64, ExnRef});
  u32 const inner = t.builder.function(t.unary, Code()
                                                    .block(Opcode::Block, ExnRef)
                                                    .try_table({{catch_all_ref, 0}}, I32)
                                                    .get(0)
                                                    .call(t.thrower)
                                                    .end()
                                                    .op(Opcode::Return)
                                                    .end()
                                                    .op(Opcode::ThrowRef));
  t.builder.exported("run", {I32}, {I32},
                     Code()
                         .block_of_type(Opcode::Block, triple)
                         .try_table({{catch_tag_ref, t.tag, 0}}, I32)
                         .get(0)
                         .call(inner)
                         .end()
                         .op(Opcode::Return)
                         .end()
                         .op(Opcode::RefIsNull)
                         .block(Opcode::If)
                         .op(Opcode::Unreachable)
                         .end()
                         .op(Opcode::I32WrapI64)
                         .op(Opcode::I32Add)
                         .i32(10)
                         .op(Opcode::I32Add));
  t.builder.exported("null", {}, {}, Code().ref_null(ExnRef).op(Opcode::ThrowRef));
  Program program(t.builder);
  EXPECT_EQ(program.call("run", {i32_of(4)}), returns({4}));
  EXPECT_EQ(program.call("run", {i32_of(5)}), returns({1015}));
  EXPECT_EQ(program.call("run", {i32_of(0)}), traps(Trap::UncaughtException));
  EXPECT_EQ(program.call("null"), traps(Trap::NullExceptionReference));
}

TEST(Exceptions, AClauseMayLeadOutOfTheFunctionOrRoundALoop) {
  Throwing t;
  u32 const pair = t.builder.type({}, {I32, I64});
  u32 const out = t.builder.function(pair, Code()
                                               .try_table({{catch_tag, t.tag, 0}})
                                               .i32(7)
                                               .call(t.thrower)
                                               .op(Opcode::Drop)
                                               .end()
                                               .i32(1)
                                               .i64(2));
  t.builder.exported("out", {}, {I64},
                     Code().call(out).set(0).op(Opcode::I64ExtendI32U).get(0).op(Opcode::I64Add),
                     {I64});
  // Counts down the exceptions that bring it back to the loop's start.
  t.builder.exported("loop", {I32}, {I32},
                     Code()
                         .block(Opcode::Loop)
                         .get(0)
                         .op(Opcode::I32Eqz)
                         .block(Opcode::If)
                         .get(1)
                         .op(Opcode::Return)
                         .end()
                         .get(1)
                         .i32(1)
                         .op(Opcode::I32Add)
                         .set(1)
                         .get(0)
                         .i32(1)
                         .op(Opcode::I32Sub)
                         .set(0)
                         .try_table({{catch_all, 0}})
                         .i32(0)
                         .call(t.thrower)
                         .op(Opcode::Drop)
                         .end()
                         .end()
                         .op(Opcode::Unreachable),
                     {I32});
  Program program(t.builder);
  EXPECT_EQ(program.call("out"), returns({1007}));
  EXPECT_EQ(program.call("loop", {i32_of(9)}), returns({9}));
}

TEST(Exceptions, OperandsBelowABlockAreThereInItsHandler) {
  Throwing t;
  t.builder.exported("run", {I32}, {I32},
                     Code()
                         .i32(500)
                         .get(0)
                         .block(Opcode::Block)
                         .try_table({{catch_all, 0}})
                         .i32(33)
                         .set(0)
                         .i32(0)
                         .call(t.thrower)
                         .op(Opcode::Drop)
                         .end()
                         .end()
                         .get(0)
                         .op(Opcode::I32Add)
                         .op(Opcode::I32Add));
  EXPECT_EQ(Program(t.builder).call("run", {i32_of(2)}), returns({535}));
}

// ---- the encoding before 3.0

TEST(LegacyExceptions, TryCatchesByTagAndAll) {
  Throwing t;
  t.builder.exported("run", {I32}, {I32},
                     Code()
                         .i32(10000)
                         .block(Opcode::Try, I32)
                         .get(0)
                         .call(t.thrower)
                         .op(Opcode::Catch, {t.tag})
                         .op(Opcode::I32WrapI64)
                         .op(Opcode::I32Add)
                         .op(Opcode::CatchAll)
                         .i32(77)
                         .end()
                         .op(Opcode::I32Add));
  // Nothing to do with an exception: a `try` without handlers.
  t.builder.exported("bare", {I32}, {I32},
                     Code().block(Opcode::Try, I32).get(0).call(t.thrower).end());
  Program program(t.builder);
  EXPECT_EQ(program.call("run", {i32_of(4)}), returns({10004}));
  EXPECT_EQ(program.call("run", {i32_of(5)}), returns({11005}));
  EXPECT_EQ(program.call("run", {i32_of(0)}), returns({10077}));
  EXPECT_EQ(program.call("bare", {i32_of(4)}), returns({4}));
  EXPECT_EQ(program.call("bare", {i32_of(5)}), traps(Trap::UncaughtException));
}

TEST(LegacyExceptions, RethrowNamesTheHandlerWhoseExceptionItMeans) {
  Throwing t;
  // The inner handler throws what the outer one holds.
  t.builder.exported("run", {}, {I32},
                     Code()
                         .block(Opcode::Try, I32)
                         .block(Opcode::Try, I32)
                         .i32(5)
                         .call(t.thrower)
                         .op(Opcode::Catch, {t.tag})
                         .op(Opcode::Drop)
                         .op(Opcode::Drop)
                         .block(Opcode::Try, I32)
                         .i32(0)
                         .call(t.thrower)
                         .op(Opcode::CatchAll)
                         .op(Opcode::Rethrow, {1})
                         .end()
                         .end()
                         .op(Opcode::Catch, {t.tag})
                         .op(Opcode::I32WrapI64)
                         .op(Opcode::I32Add)
                         .op(Opcode::CatchAll)
                         .i32(1)
                         .end());
  EXPECT_EQ(Program(t.builder).call("run"), returns({1005}));
}

TEST(LegacyExceptions, RethrowMayFindNobody) {
  Throwing t;
  t.builder.exported("run", {}, {},
                     Code()
                         .block(Opcode::Try)
                         .op(Opcode::Throw, {t.empty})
                         .op(Opcode::CatchAll)
                         .op(Opcode::Rethrow, {0})
                         .end());
  EXPECT_EQ(Program(t.builder).call("run"), traps(Trap::UncaughtException));
}

TEST(LegacyExceptions, DelegatePassesOverWhatIsInBetween) {
  Throwing t;
  auto const nested = [&](u64 depth) {
    return Code()
        .block(Opcode::Try, I32)
        .block(Opcode::Try, I32)
        .block(Opcode::Try, I32)
        .get(0)
        .call(t.thrower)
        .op(Opcode::Delegate, {depth})
        .op(Opcode::CatchAll)
        .i32(1)
        .end()
        .op(Opcode::CatchAll)
        .i32(2)
        .end();
  };
  t.builder.exported("inner", {I32}, {I32}, nested(0));
  t.builder.exported("outer", {I32}, {I32}, nested(1));
  t.builder.exported("caller", {I32}, {I32}, nested(2));
  Program program(t.builder);
  EXPECT_EQ(program.call("inner", {i32_of(5)}), returns({1}));
  EXPECT_EQ(program.call("outer", {i32_of(5)}), returns({2}));
  EXPECT_EQ(program.call("caller", {i32_of(5)}), traps(Trap::UncaughtException));
  EXPECT_EQ(program.call("outer", {i32_of(4)}), returns({4}));
}

TEST(LegacyExceptions, BranchesOutOfHandlersTakeTheirValuesAlong) {
  Throwing t;
  u32 const triple = t.builder.type({}, {I32, I32, I32});
  u32 const three = t.builder.function(triple, Code()
                                                   .block_of_type(Opcode::Try, triple)
                                                   .op(Opcode::Throw, {t.empty})
                                                   .op(Opcode::CatchAll)
                                                   .i32(1)
                                                   .i32(2)
                                                   .i32(3)
                                                   .i32(9)
                                                   .br_if(0)
                                                   .op(Opcode::Drop)
                                                   .i32(30)
                                                   .end());
  t.builder.exported("run", {}, {I32},
                     Code()
                         .call(three)
                         .i32(100)
                         .op(Opcode::I32Mul)
                         .op(Opcode::I32Add)
                         .i32(100)
                         .op(Opcode::I32Mul)
                         .op(Opcode::I32Add));
  EXPECT_EQ(Program(t.builder).call("run"), returns({30201}));
}

// ---- across instances and in time

TEST(Exceptions, CrossInstancesAndComeBackToTheirMemory) {
  ModuleBuilder exporting;
  u32 const payload = exporting.type({I32}, {});
  u32 const tag = exporting.tag(payload);
  exporting.memory(1);
  exporting.exported("throw", {I32}, {}, Code().get(0).op(Opcode::Throw, {tag}));
  exporting.export_as("tag", ExternKind::Tag, tag);
  Program exporter(exporting);
  ASSERT_TRUE(exporter.instantiate().has_value());

  ModuleBuilder importing;
  u32 const type = importing.type({I32}, {});
  u32 const imported = importing.import_tag("m", "tag", type);
  u32 const thrower = importing.import_function("m", "throw", type);
  importing.memory(1);
  importing.data(0, "\x2a");
  importing.exported("run", {I32}, {I32},
                     Code()
                         .block(Opcode::Block, I32)
                         .try_table({{catch_tag, imported, 0}})
                         .get(0)
                         .call(thrower)
                         .end()
                         .op(Opcode::Unreachable)
                         .end()
                         .i32(0)
                         .memory(Opcode::I32Load8U)
                         .op(Opcode::I32Add));
  auto const bytes = importing.bytes();
  auto const module = load(bytes);
  ASSERT_TRUE(module.has_value());
  Linker linker(exporter.store());
  ASSERT_TRUE(linker.define_instance("m", exporter.instance()).has_value());
  auto const instance = exporter.store().instantiate(*module, linker);
  ASSERT_TRUE(instance.has_value());
  Value const argument = i32_of(100);
  ASSERT_TRUE(exporter.guest().begin(*(*instance)->find_function("run"), std::span(&argument, 1)));
  auto const exit = exporter.guest().run(1000);
  ASSERT_TRUE(std::holds_alternative<exit::Finished>(exit));
  EXPECT_EQ(std::get<exit::Finished>(exit).results[0], 142u);

  ModuleBuilder wrong;
  wrong.import_tag("m", "tag", wrong.type({I64}, {}));
  auto const wrong_bytes = wrong.bytes();
  auto const wrong_module = load(wrong_bytes);
  ASSERT_TRUE(wrong_module.has_value());
  EXPECT_FALSE(exporter.store().instantiate(*wrong_module, linker).has_value());
}

TEST(Exceptions, ThoseThatNobodyHoldsAreFreed) {
  // Throws and catches as often as it is told, and keeps every hundredth in a table.
  ModuleBuilder builder;
  u32 const payload = builder.type({I64, I64}, {});
  u32 const tag = builder.tag(payload);
  u32 const table = builder.table(ExnRef, 1000);
  u32 const pair = builder.type({}, {I64, I64, ExnRef});
  builder.exported("run", {I32}, {},
                   Code()
                       .block(Opcode::Loop)
                       .block_of_type(Opcode::Block, pair)
                       .try_table({{catch_tag_ref, tag, 0}})
                       .get(0)
                       .op(Opcode::I64ExtendI32U)
                       .i64(1)
                       .op(Opcode::Throw, {tag})
                       .end()
                       .op(Opcode::Unreachable)
                       .end()
                       .set(1)
                       .op(Opcode::Drop)
                       .op(Opcode::Drop)
                       .get(0)
                       .i32(100)
                       .op(Opcode::I32DivU)
                       .get(1)
                       .op(Opcode::TableSet, {table})
                       .get(0)
                       .i32(1)
                       .op(Opcode::I32Sub)
                       .tee(0)
                       .br_if(0)
                       .end(),
                   {ExnRef});
  // The value that the exception at that place carries.
  builder.exported("look", {I32}, {I64},
                   Code()
                       .block_of_type(Opcode::Block, builder.type({}, {I64, I64}))
                       .try_table({{catch_tag, tag, 0}})
                       .get(0)
                       .op(Opcode::TableGet, {table})
                       .op(Opcode::ThrowRef)
                       .end()
                       .op(Opcode::Unreachable)
                       .end()
                       .op(Opcode::Drop));
  // A tenth of what all exceptions together would take.
  Program program(builder, {.exceptions_size = 480'000});
  EXPECT_EQ(program.call("run", {i32_of(99'999)}), returns({}));
  for (u32 const place : {0u, 1u, 500u, 999u})
    EXPECT_EQ(program.call("look", {i32_of(place)}), returns({place == 0 ? 1 : place * 100ull}))
        << place;
}

TEST(Exceptions, MoreThanTheLimitAreRefused) {
  // A chain: each carries the one before it, so none can be freed.
  ModuleBuilder builder;
  u32 const tag = builder.tag(builder.type({ExnRef}, {}));
  u32 const pair = builder.type({}, {ExnRef, ExnRef});
  builder.exported("run", {}, {},
                   Code()
                       .block(Opcode::Loop)
                       .block_of_type(Opcode::Block, pair)
                       .try_table({{catch_tag_ref, tag, 0}})
                       .get(0)
                       .op(Opcode::Throw, {tag})
                       .end()
                       .op(Opcode::Unreachable)
                       .end()
                       .set(0)
                       .op(Opcode::Drop)
                       .br(0)
                       .end(),
                   {ExnRef});
  Program program(builder, {.exceptions_size = 100'000});
  EXPECT_EQ(program.call("run"), traps(Trap::OutOfMemory));
}

}  // namespace
}  // namespace nacre::wasm
