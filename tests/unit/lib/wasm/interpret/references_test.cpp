#include <gtest/gtest.h>

#include "lib/wasm/validate/validator.hpp"
#include "tests/support/wasm_program.hpp"

// References to functions of one type, and what calls and branches by them.
namespace nacre::wasm {
namespace {

using test::Code;
using test::i32_of;
using test::ModuleBuilder;
using test::Program;
using test::ref_null_to;
using test::ref_to;
using test::returns;
using test::traps;
using enum ValueType;

/// A type (i32) -> (i32), and two functions of it that are declared: one adds 1, one doubles.
struct Functions {
  ModuleBuilder builder;
  u32 type = builder.type({I32}, {I32});
  u32 add = builder.function(type, Code().get(0).i32(1).op(Opcode::I32Add));
  u32 twice = builder.function(type, Code().get(0).get(0).op(Opcode::I32Add));
  u32 declared = builder.passive_elements({add, twice});
};

TEST(References, CallRefCallsWhatItIsGiven) {
  Functions f;
  u32 const apply = f.builder.exported("apply", {I32, ref_to(f.type)}, {I32},
                                       Code().get(0).get(1).op(Opcode::CallRef, {f.type}));
  f.builder.exported("both", {I32}, {I32},
                     Code()
                         .get(0)
                         .op(Opcode::RefFunc, {f.add})
                         .call(apply)
                         .op(Opcode::RefFunc, {f.twice})
                         .op(Opcode::CallRef, {f.type}));
  f.builder.exported("null", {}, {I32},
                     Code().i32(1).ref_null(ref_null_to(f.type)).op(Opcode::CallRef, {f.type}));
  Program program(f.builder);
  EXPECT_EQ(program.call("both", {i32_of(20)}), returns({42}));
  EXPECT_EQ(program.call("null"), traps(Trap::NullFunctionReference));
}

TEST(References, TheHostPassesThemCheckedByTheirType) {
  Functions f;
  f.builder.exported("apply", {I32, ref_null_to(f.type)}, {I32},
                     Code().get(0).get(1).op(Opcode::CallRef, {f.type}));
  f.builder.exported("add", {I32}, {I32}, Code().get(0).i32(1).op(Opcode::I32Add));
  f.builder.exported("other", {I64}, {I64}, Code().get(0));
  Program program(f.builder);
  ASSERT_TRUE(program.instantiate().has_value());
  auto const reference = [&](std::string_view name) {
    return Value(FuncRef, reference_to(program.instance().find_function(name)));
  };
  EXPECT_EQ(program.call("apply", {i32_of(1), reference("add")}), returns({2}));
  EXPECT_EQ(program.call("apply", {i32_of(1), Value(FuncRef, 0)}),
            traps(Trap::NullFunctionReference));
  std::vector<Value> const wrong[] = {
      {i32_of(1), reference("other")}, {i32_of(1), Value(ExternRef, 0)}, {i32_of(1), i32_of(0)}};
  auto& apply = *program.instance().find_function("apply");
  for (auto const& arguments : wrong)
    EXPECT_EQ(program.guest().begin(apply, arguments).error(), BeginError::WrongArguments);
}

TEST(References, NullIsNotPassedWhereItMayNotBe) {
  Functions f;
  f.builder.exported("apply", {ref_to(f.type)}, {I32},
                     Code().i32(1).get(0).op(Opcode::CallRef, {f.type}));
  Program program(f.builder);
  ASSERT_TRUE(program.instantiate().has_value());
  Value const null(FuncRef, 0);
  auto& apply = *program.instance().find_function("apply");
  EXPECT_EQ(program.guest().begin(apply, std::span(&null, 1)).error(), BeginError::WrongArguments);
}

TEST(References, AsNonNullTrapsOnNull) {
  Functions f;
  f.builder.exported("check", {FuncRef}, {I32},
                     Code().get(0).op(Opcode::RefAsNonNull).op(Opcode::RefIsNull));
  f.builder.export_as("add", ExternKind::Function, f.add);
  Program program(f.builder);
  ASSERT_TRUE(program.instantiate().has_value());
  Value const add(FuncRef, reference_to(program.instance().find_function("add")));
  EXPECT_EQ(program.call("check", {add}), returns({0}));
  EXPECT_EQ(program.call("check", {Value(FuncRef, 0)}), traps(Trap::NullReference));
}

TEST(References, BranchesOnNullAndOnNonNull) {
  Functions f;
  // 100 if it is null, else what it makes of 20.
  f.builder.exported("on_null", {ref_null_to(f.type)}, {I32},
                     Code()
                         .block(Opcode::Block, I32)
                         .i32(100)
                         .get(0)
                         .op(Opcode::BrOnNull, {0})
                         .op(Opcode::Drop)
                         .op(Opcode::Drop)
                         .i32(20)
                         .get(0)
                         .op(Opcode::CallRef, {f.type})
                         .end());
  // The reference goes along with the branch, and a number below it.
  u32 const pair = f.builder.type({}, {I32, ref_to(f.type)});
  f.builder.exported("on_non_null", {ref_null_to(f.type)}, {I32},
                     Code()
                         .block_of_type(Opcode::Block, pair)
                         .i32(20)
                         .get(0)
                         .op(Opcode::BrOnNonNull, {0})
                         .i32(300)
                         .op(Opcode::I32Add)
                         .op(Opcode::Return)
                         .end()
                         .op(Opcode::CallRef, {f.type}));
  f.builder.export_as("twice", ExternKind::Function, f.twice);
  Program program(f.builder);
  ASSERT_TRUE(program.instantiate().has_value());
  Value const twice(FuncRef, reference_to(program.instance().find_function("twice")));
  Value const null(FuncRef, 0);
  EXPECT_EQ(program.call("on_null", {null}), returns({100}));
  EXPECT_EQ(program.call("on_null", {twice}), returns({40}));
  EXPECT_EQ(program.call("on_non_null", {null}), returns({320}));
  EXPECT_EQ(program.call("on_non_null", {twice}), returns({40}));
}

TEST(References, LocalsThatCannotBeNullHoldWhatTheyAreSetTo) {
  Functions f;
  f.builder.exported(
      "f", {}, {I32},
      Code().op(Opcode::RefFunc, {f.twice}).set(0).i32(21).get(0).op(Opcode::CallRef, {f.type}),
      {ref_to(f.type)});
  EXPECT_EQ(Program(f.builder).call("f"), returns({42}));
}

TEST(References, TablesBeginWithTheirInitialElement) {
  Functions f;
  u32 const table = f.builder.table_of(ref_to(f.type), 3, Code().op(Opcode::RefFunc, {f.add}));
  f.builder.exported("call", {I32}, {I32},
                     Code().i32(1).get(0).op(Opcode::CallIndirect, {f.type, table}));
  f.builder.exported(
      "get", {I32}, {I32},
      Code().i32(5).get(0).op(Opcode::TableGet, {table}).op(Opcode::CallRef, {f.type}));
  f.builder.exported("set", {I32}, {},
                     Code().get(0).op(Opcode::RefFunc, {f.twice}).op(Opcode::TableSet, {table}));
  Program program(f.builder);
  EXPECT_EQ(program.call("call", {i32_of(2)}), returns({2}));
  EXPECT_EQ(program.call("call", {i32_of(3)}), traps(Trap::UndefinedElement));
  EXPECT_EQ(program.call("set", {i32_of(1)}), returns({}));
  EXPECT_EQ(program.call("get", {i32_of(1)}), returns({10}));
  EXPECT_EQ(program.call("get", {i32_of(0)}), returns({6}));
}

TEST(References, EqualTypesAreTheSameTypeInAndBetweenModules) {
  // A function of one module is imported by another whose type has another number and refers to
  // another one that is equal.
  ModuleBuilder exporting;
  u32 const inner = exporting.type({I32}, {I32});
  exporting.exported("f", {ref_null_to(inner)}, {I32}, Code().get(0).op(Opcode::RefIsNull));
  Program exporter(exporting);
  ASSERT_TRUE(exporter.instantiate().has_value());

  ModuleBuilder importing;
  importing.type({I64}, {});
  importing.type({}, {I64});
  u32 const same = importing.type({I32}, {I32});
  u32 const again = importing.type({I32}, {I32});
  u32 const outer = importing.type({ref_null_to(again)}, {I32});
  importing.import_function("m", "f", outer);
  importing.exported("g", {}, {I32}, Code().ref_null(ref_null_to(same)).call(0));
  auto const bytes = importing.bytes();
  auto const module = load(bytes);
  ASSERT_TRUE(module.has_value());
  Linker linker(exporter.store());
  ASSERT_TRUE(linker.define_instance("m", exporter.instance()).has_value());
  EXPECT_TRUE(exporter.store().instantiate(*module, linker).has_value());

  ModuleBuilder different;
  u32 const wide = different.type({I64}, {I32});
  different.import_function("m", "f", different.type({ref_null_to(wide)}, {I32}));
  auto const different_bytes = different.bytes();
  auto const different_module = load(different_bytes);
  ASSERT_TRUE(different_module.has_value());
  auto const refused = exporter.store().instantiate(*different_module, linker);
  ASSERT_FALSE(refused.has_value());
  EXPECT_TRUE(std::holds_alternative<IncompatibleImport>(refused.error().cause));
}

TEST(References, ATypeMayReferToItself) {
  ModuleBuilder builder;
  u32 const self = builder.type({ref_null_to(0)}, {I32});
  u32 const f = builder.function(self, Code().get(0).op(Opcode::RefIsNull));
  builder.passive_elements({f});
  builder.exported(
      "run", {}, {I32},
      Code().op(Opcode::RefFunc, {f}).op(Opcode::RefFunc, {f}).op(Opcode::CallRef, {self}));
  builder.export_as("f", ExternKind::Function, f);
  Program program(builder);
  EXPECT_EQ(program.call("run"), returns({0}));
  Value const itself(FuncRef, reference_to(program.instance().find_function("f")));
  EXPECT_EQ(program.call("f", {itself}), returns({0}));
}

// ---- calls in place of returns

TEST(TailCalls, RunInTheFrameOfTheirCaller) {
  ModuleBuilder builder;
  u32 const type = builder.type({I32, I64}, {I64});
  builder.table(FuncRef, 1);
  // Each adds its first argument to the second and goes on with one less.
  auto const body = [&](auto&& next) {
    Code code;
    code.get(0).op(Opcode::I32Eqz).block(Opcode::If).get(1).op(Opcode::Return).end();
    code.get(0).i32(1).op(Opcode::I32Sub);
    code.get(1).get(0).op(Opcode::I64ExtendI32U).op(Opcode::I64Add);
    next(code);
    return code;
  };
  u32 const direct = builder.function(
      type, body([](Code& code) { code.op(Opcode::ReturnCall, {0}); }), {I64, I64});
  u32 const indirect = builder.function(
      type, body([&](Code& code) { code.i32(0).op(Opcode::ReturnCallIndirect, {type, 0}); }));
  u32 const reference = builder.function(type, body([&](Code& code) {
                                           code.op(Opcode::RefFunc, {2});
                                           code.op(Opcode::ReturnCallRef, {type});
                                         }));
  builder.elements(0, {indirect});
  builder.passive_elements({reference});
  builder.export_as("direct", ExternKind::Function, direct);
  builder.export_as("indirect", ExternKind::Function, indirect);
  builder.export_as("reference", ExternKind::Function, reference);
  // Far more calls than may be active at once.
  Program program(builder, {}, {.call_depth = 10});
  for (std::string_view const name : {"direct", "indirect", "reference"})
    EXPECT_EQ(program.call(name, {i32_of(10'000), Value::of(u64{0})}), returns({50'005'000}))
        << name;
}

TEST(TailCalls, TrapsAreThoseOfCalls) {
  ModuleBuilder builder;
  u32 const type = builder.type({}, {});
  u32 const other = builder.type({I32}, {});
  builder.table(FuncRef, 2);
  u32 const target = builder.function(other, Code());
  builder.elements(1, {target});
  builder.exported("indirect", {I32}, {}, Code().get(0).op(Opcode::ReturnCallIndirect, {type, 0}));
  builder.exported("null", {}, {},
                   Code().ref_null(ref_null_to(type)).op(Opcode::ReturnCallRef, {type}));
  Program program(builder);
  EXPECT_EQ(program.call("indirect", {i32_of(2)}), traps(Trap::UndefinedElement));
  EXPECT_EQ(program.call("indirect", {i32_of(0)}), traps(Trap::UninitializedElement));
  EXPECT_EQ(program.call("indirect", {i32_of(1)}), traps(Trap::IndirectCallType));
  EXPECT_EQ(program.call("null"), traps(Trap::NullFunctionReference));
}

TEST(TailCalls, OfHostFunctionsReturnToTheCaller) {
  ModuleBuilder builder;
  u32 const type = builder.type({I32}, {I32});
  u32 const host = builder.import_function("env", "host", type);
  u32 const waiting = builder.import_function("env", "wait", type);
  u32 const last = builder.function(type, Code().get(0).op(Opcode::ReturnCall, {host}));
  u32 const wait = builder.function(type, Code().get(0).op(Opcode::ReturnCall, {waiting}));
  builder.exported("run", {I32}, {I32}, Code().get(0).call(last).i32(1).op(Opcode::I32Add));
  builder.exported("wait", {I32}, {I32}, Code().get(0).call(wait).i32(1).op(Opcode::I32Add));
  Program program(builder);
  ASSERT_TRUE(program.linker()
                  .define("env", "host", [](Caller&, i32 value) { return value * 2; })
                  .has_value());
  ASSERT_TRUE((program.linker().define_waiting<i32(i32)>("env", "wait", HostCallId{3})));
  EXPECT_EQ(program.call("run", {i32_of(20)}), returns({41}));
  program.begin("wait", {i32_of(5)});
  auto exit = program.guest().run(1000);
  ASSERT_TRUE(std::holds_alternative<exit::HostCall>(exit));
  EXPECT_EQ(std::get<exit::HostCall>(exit).argument<i32>(0), 5);
  program.guest().finish_host_call(i32{7});
  exit = program.guest().run(1000);
  ASSERT_TRUE(std::holds_alternative<exit::Finished>(exit));
  EXPECT_EQ(std::get<exit::Finished>(exit).results[0], 8u);
}

}  // namespace
}  // namespace nacre::wasm
