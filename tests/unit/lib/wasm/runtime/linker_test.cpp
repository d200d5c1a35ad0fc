#include "lib/wasm/runtime/linker.hpp"

#include <gtest/gtest.h>
#include <string>

#include "lib/wasm/validate/validator.hpp"
#include "tests/support/wasm_program.hpp"

namespace nacre::wasm {
namespace {

using test::Code;
using test::ModuleBuilder;
using test::Program;
using test::returns;
using test::traps;
using enum ValueType;

std::string message(const InstantiateError& error) {
  return std::string(base::FixedText<200>("{}", error).view());
}

TEST(Linker, CallsTypedHostFunctions) {
  ModuleBuilder builder;
  u32 const pixel =
      builder.import_function("env", "put_pixel", builder.type({I32, I32, I32, I32, I32}, {}));
  u32 const mix = builder.import_function("env", "mix", builder.type({I32, I64, F32, F64}, {F64}));
  builder.exported("draw", {}, {}, Code().i32(1).i32(2).i32(-3).i32(4).i32(5).call(pixel));
  builder.exported("mix", {}, {F64},
                   Code().i32(-1).i64(i64{1} << 40).f32(0.5f).f64(0.25).call(mix));
  Program program(builder);
  std::vector<i32> seen;
  ASSERT_TRUE(program.linker().define(
      "env", "put_pixel",
      [&](Caller&, i32 x, i32 y, i32 r, i32 g, i32 b) { seen = {x, y, r, g, b}; }));
  ASSERT_TRUE(program.linker().define("env", "mix", [](Caller&, i32 a, u64 b, f32 c, f64 d) {
    return a + static_cast<f64>(b) + f64{c} + d;
  }));
  EXPECT_EQ(program.call("draw"), returns({}));
  EXPECT_EQ(seen, (std::vector<i32>{1, 2, -3, 4, 5}));
  EXPECT_EQ(program.call("mix"), returns({to_slot(1099511627775.75)}));
}

TEST(Linker, AHostFunctionMayTrap) {
  ModuleBuilder builder;
  u32 const type = builder.type({I32}, {I32});
  u32 const half = builder.import_function("env", "half", type);
  builder.exported("run", {I32}, {I32}, Code().get(0).call(half));
  builder.export_as("half", ExternKind::Function, half);
  Program program(builder);
  ASSERT_TRUE(
      program.linker().define("env", "half", [](Caller&, i32 value) -> std::expected<i32, Trap> {
        if (value % 2 != 0) return std::unexpected(Trap::HostRefused);
        return value / 2;
      }));
  EXPECT_EQ(program.call("run", {Value::of(8)}), returns({4}));
  EXPECT_EQ(program.call("run", {Value::of(7)}), traps(Trap::HostRefused));
  // The backtrace is the program's own: the call of the host function stands on top.
  ASSERT_EQ(program.guest().active_calls(), 1u);
  EXPECT_EQ(builder.bytes()[program.guest().active_call(0).offset], static_cast<u8>(Opcode::Call));
  // The host calls it directly.
  EXPECT_EQ(program.call("half", {Value::of(6)}), returns({3}));
  EXPECT_EQ(program.call("half", {Value::of(5)}), traps(Trap::HostRefused));
  EXPECT_EQ(program.guest().active_calls(), 0u);
}

TEST(Linker, AHostFunctionSeesItsCallersMemory) {
  ModuleBuilder builder;
  u32 const fill = builder.import_function("env", "fill", builder.type({I32, I32}, {}));
  builder.memory(1);
  builder.exported("run", {I32}, {I32},
                   Code().get(0).i32(4).call(fill).get(0).memory(Opcode::I32Load));
  Program program(builder);
  ASSERT_TRUE(program.linker().define(
      "env", "fill", [](Caller& caller, u32 address, u32 size) -> std::expected<void, Trap> {
        TRY(auto const bytes, caller.memory().span(address, size));
        for (auto& byte : bytes) byte = 0x11;
        return {};
      }));
  EXPECT_EQ(program.call("run", {Value::of(65532)}), returns({0x11111111}));
  EXPECT_EQ(program.call("run", {Value::of(65533)}), traps(Trap::MemoryOutOfBounds));
}

TEST(Linker, NamesWhatIsMissingOrDoesNotFit) {
  ModuleBuilder builder;
  builder.import_function("env", "foo", builder.type({I32}, {}));
  Program program(builder);
  auto const attempt = [&] { return message(program.instantiate().error()); };
  EXPECT_EQ(attempt(), "unknown import env.foo");
  ASSERT_TRUE(program.linker().define("env", "foo", [](Caller&, i64) {}));
  EXPECT_EQ(
      attempt(),
      "incompatible import type: env.foo is a function of another type, wanted is a function");
  ASSERT_TRUE(program.linker().define("env", "foo", *program.store().add_memory({{1, {}}})));
  EXPECT_EQ(attempt(), "incompatible import type: env.foo is a memory, wanted is a function");
  // The last definition counts.
  ASSERT_TRUE(program.linker().define("env", "foo", [](Caller&, i32) {}));
  EXPECT_TRUE(program.instantiate().has_value());
}

TEST(Linker, LimitsMustMatch) {
  auto const fits = [](Limits offered, Limits wanted) { return offered.matches(wanted); };
  EXPECT_TRUE(fits({2, 4}, {1, 4}));
  EXPECT_TRUE(fits({2, {}}, {2, {}}));
  EXPECT_FALSE(fits({1, {}}, {2, {}}));
  EXPECT_FALSE(fits({2, {}}, {2, 9}));
  EXPECT_FALSE(fits({2, 10}, {2, 9}));
}

TEST(Linker, SharesWhatAnInstanceExports) {
  ModuleBuilder first;
  first.global(I32, true, Code().i32(3));
  first.memory(1);
  first.table(FuncRef, 4);
  first.export_as("global", ExternKind::Global, 0);
  first.export_as("memory", ExternKind::Memory, 0);
  first.export_as("table", ExternKind::Table, 0);
  // The memory of its own instance, whoever calls it.
  first.exported("peek", {}, {I32}, Code().i32(0).memory(Opcode::I32Load));
  first.data(0, "\x2a");

  ModuleBuilder second;
  u32 const peek = second.import_function("first", "peek", second.type({}, {I32}));
  second.import_table("first", "table", 1);
  second.import_global("first", "global", I32, true);
  second.memory(2);
  second.exported("peek_there", {}, {I32},
                  Code().call(peek).i32(0).memory(Opcode::I32Load).op(Opcode::I32Add));
  second.exported(
      "add", {}, {},
      Code().op(Opcode::GlobalGet, {0}).i32(1).op(Opcode::I32Add).op(Opcode::GlobalSet, {0}));
  second.data(0, "\x01");
  second.elements(0, {1});

  // Both in one store, which the module outlives.
  auto const bytes = second.bytes();
  auto const module = load(bytes);
  ASSERT_TRUE(module.has_value());
  Program program(first);
  ASSERT_TRUE(program.instantiate());
  ASSERT_TRUE(program.linker().define_instance("first", program.instance()));
  auto const instance = program.store().instantiate(*module, program.linker());
  ASSERT_TRUE(instance.has_value()) << message(instance.error());
  auto const call = [&](FunctionInstance* function) {
    EXPECT_TRUE(program.guest().begin(*function, {}));
    return program.guest().run(1000);
  };
  auto const exit = call((*instance)->find_function("peek_there"));
  ASSERT_TRUE(std::holds_alternative<exit::Finished>(exit));
  EXPECT_EQ(std::get<exit::Finished>(exit).results[0], 0x2bu);
  call((*instance)->find_function("add"));
  EXPECT_EQ(std::get<GlobalInstance*>(*program.instance().find_export("global"))->slots[0], 4u);
  auto* const table = std::get<Table*>(*program.instance().find_export("table"));
  EXPECT_EQ(function_of(table->elements()[0])->instance, *instance);
}

TEST(Store, SegmentsThatDoNotFitTrap) {
  ModuleBuilder data;
  data.memory(1);
  data.data(65535, "ab");
  EXPECT_EQ(message(Program(data).instantiate().error()),
            "trap while a segment was copied: out of bounds memory access");
  ModuleBuilder elements;
  elements.table(FuncRef, 1);
  elements.function(elements.type({}, {}), Code());
  elements.elements(1, {0});
  EXPECT_EQ(message(Program(elements).instantiate().error()),
            "trap while a segment was copied: out of bounds table access");
}

TEST(Store, RefusesWhatIsLargerThanTheHostAllows) {
  ModuleBuilder memory;
  memory.memory(3);
  EXPECT_EQ(message(Program(memory, {.memory_pages = 2}).instantiate().error()),
            "memory 0 is larger than the host allows");
  ModuleBuilder tables;
  tables.table(FuncRef, 60);
  tables.table(FuncRef, 60);
  EXPECT_EQ(message(Program(tables, {.table_elements = 100}).instantiate().error()),
            "table 1 is larger than the host allows");
}

}  // namespace
}  // namespace nacre::wasm
