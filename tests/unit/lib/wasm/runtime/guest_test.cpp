#include "lib/wasm/runtime/guest.hpp"

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

constexpr HostCallId read_call{7};

std::string backtrace_of(const Guest& guest) {
  base::String text;
  base::StringSink sink(text);
  guest.write_backtrace(sink);
  return std::string(text.view());
}

/// (import "env" "read" (func (param i32 i64) (result i32))); run: read(n, 5) + 1000 * n
ModuleBuilder waiting_module() {
  ModuleBuilder builder;
  u32 const type = builder.type({I32, I64}, {I32});
  u32 const read = builder.import_function("env", "read", type);
  u32 const run = builder.exported(
      "run", {I32}, {I32},
      Code().get(0).i32(1000).op(Opcode::I32Mul).get(0).i64(5).call(read).op(Opcode::I32Add));
  builder.exported("outer", {I32}, {I32}, Code().get(0).call(run));
  builder.export_as("read", ExternKind::Function, read);
  builder.function_name(run, "run_it");
  return builder;
}

TEST(Guest, StopsAtAWaitingHostCallAndGoesOn) {
  Program program(waiting_module());
  ASSERT_TRUE((program.linker().define_waiting<i32(i32, i64)>("env", "read", read_call)));
  program.begin("outer", {Value::of(3)});
  auto exit = program.guest().run(1000);
  auto const* const call = std::get_if<exit::HostCall>(&exit);
  ASSERT_NE(call, nullptr);
  EXPECT_EQ(call->id, read_call);
  ASSERT_EQ(call->arguments.size(), 2u);
  EXPECT_EQ(call->argument<i32>(0), 3);
  EXPECT_EQ(call->argument<i64>(1), 5);
  EXPECT_EQ(call->instance, &program.instance());
  EXPECT_EQ(program.guest().active_calls(), 2u);
  program.guest().finish_host_call(i32{42});
  exit = program.guest().run(1000);
  ASSERT_TRUE(std::holds_alternative<exit::Finished>(exit));
  EXPECT_EQ(std::get<exit::Finished>(exit).results[0], 3042u);
}

TEST(Guest, AHostCallCanFail) {
  Program program(waiting_module());
  ASSERT_TRUE((program.linker().define_waiting<i32(i32, i64)>("env", "read", read_call)));
  program.begin("outer", {Value::of(3)});
  ASSERT_TRUE(std::holds_alternative<exit::HostCall>(program.guest().run(1000)));
  auto const waiting_at = program.guest().active_call(0).offset;
  program.guest().fail_host_call(Trap::HostRefused);
  auto const exit = program.guest().run(1000);
  ASSERT_TRUE(std::holds_alternative<exit::Trapped>(exit));
  EXPECT_EQ(std::get<exit::Trapped>(exit).trap, Trap::HostRefused);
  EXPECT_EQ(program.guest().active_calls(), 2u);
  EXPECT_EQ(program.guest().active_call(0).offset, waiting_at);
  EXPECT_NE(waiting_at, 0u);
}

TEST(Guest, TheHostCanCallAWaitingFunctionItself) {
  Program program(waiting_module());
  ASSERT_TRUE((program.linker().define_waiting<i32(i32, i64)>("env", "read", read_call)));
  program.begin("read", {Value::of(3), Value::of(i64{4})});
  auto exit = program.guest().run(1000);
  ASSERT_TRUE(std::holds_alternative<exit::HostCall>(exit));
  EXPECT_EQ(std::get<exit::HostCall>(exit).memory().size(), 0u);
  program.guest().finish_host_call(i32{9});
  exit = program.guest().run(1000);
  ASSERT_TRUE(std::holds_alternative<exit::Finished>(exit));
  EXPECT_EQ(std::get<exit::Finished>(exit).results[0], 9u);
}

/// Counts to its argument in a loop.
ModuleBuilder counting_module() {
  ModuleBuilder builder;
  builder.exported("count", {I32}, {I32},
                   Code()
                       .block(Opcode::Loop)
                       .get(1)
                       .i32(1)
                       .op(Opcode::I32Add)
                       .tee(1)
                       .get(0)
                       .op(Opcode::I32Ne)
                       .br_if(0)
                       .end()
                       .get(1),
                   {I32});
  builder.exported("forever", {}, {}, Code().block(Opcode::Loop).br(0).end());
  builder.exported("recursion", {}, {}, Code().call(2));
  return builder;
}

TEST(Guest, ManyLocalsTakeFuelAndAreSetToZeroInParts) {
  // The second call finds what the first one left.
  ModuleBuilder builder;
  constexpr u32 locals = 5000;
  u32 const type = builder.type({I32}, {I64});
  u32 const function = builder.function(
      type, Code().get(1).get(locals).op(Opcode::I64Or).i64(-1).set(1).i64(-1).set(locals),
      std::vector(locals, I64));
  builder.export_as("run", ExternKind::Function, function);
  Program program(builder);
  for (int call = 0; call < 2; ++call) {
    program.begin("run", {Value::of(0)});
    u64 const before = program.guest().fuel_left();
    int slices = 1;
    Exit exit = program.guest().run(1);
    for (; std::holds_alternative<exit::EndOfSlice>(exit); ++slices) exit = program.guest().run(1);
    // A unit for the call and one for each 4096 bytes.
    EXPECT_EQ(before - program.guest().fuel_left(), 1 + locals * sizeof(Slot) / 4096);
    EXPECT_EQ(slices, 10);
    ASSERT_TRUE(std::holds_alternative<exit::Finished>(exit));
    EXPECT_EQ(std::get<exit::Finished>(exit).results[0], 0u);
  }
}

TEST(Guest, ASliceEndsAndTheNextOneGoesOn) {
  Program program(counting_module());
  program.begin("count", {Value::of(1000)});
  int slices = 0;
  for (;;) {
    auto const exit = program.guest().run(100);
    if (std::holds_alternative<exit::EndOfSlice>(exit)) {
      ++slices;
      continue;
    }
    ASSERT_TRUE(std::holds_alternative<exit::Finished>(exit));
    EXPECT_EQ(std::get<exit::Finished>(exit).results[0], 1000u);
    break;
  }
  // One unit for its code, one for the call and 999 jumps back: ten slices are just not enough.
  EXPECT_EQ(slices, 10);
}

TEST(Guest, StopsOnDemand) {
  Program program(counting_module());
  program.begin("forever");
  program.guest().request_stop();
  EXPECT_TRUE(std::holds_alternative<exit::EndOfSlice>(program.guest().run(UINT64_MAX)));
  // The request was for one run only.
  u64 const before = program.guest().fuel_left();
  EXPECT_TRUE(std::holds_alternative<exit::EndOfSlice>(program.guest().run(1000)));
  EXPECT_EQ(before - program.guest().fuel_left(), 1000u);
}

TEST(Guest, FuelIsLimitedInAll) {
  Program program(counting_module(), {}, {.fuel = 500});
  program.begin("forever");
  EXPECT_TRUE(std::holds_alternative<exit::EndOfSlice>(program.guest().run(400)));
  auto const exit = program.guest().run(400);
  ASSERT_TRUE(std::holds_alternative<exit::Trapped>(exit));
  EXPECT_EQ(std::get<exit::Trapped>(exit).trap, Trap::OutOfFuel);
}

TEST(Guest, CallsTakeFuelToo) {
  Program program(counting_module());
  program.begin("recursion");
  EXPECT_TRUE(std::holds_alternative<exit::EndOfSlice>(program.guest().run(50)));
  EXPECT_EQ(program.guest().active_calls(), 51u);
}

TEST(Guest, RefusesArgumentsOfAnotherType) {
  Program program(counting_module());
  ASSERT_TRUE(program.instantiate());
  auto& count = *program.instance().find_function("count");
  auto const with = [&](std::vector<Value> arguments) {
    return program.guest().begin(count, arguments).error_or(BeginError::OutOfMemory);
  };
  EXPECT_EQ(with({}), BeginError::WrongArguments);
  EXPECT_EQ(with({Value::of(1.0)}), BeginError::WrongArguments);
  EXPECT_EQ(with({Value::of(1), Value::of(1)}), BeginError::WrongArguments);
}

TEST(Guest, ABacktraceNamesFunctionsAndBytes) {
  ModuleBuilder builder;
  u32 const inner =
      builder.function(builder.type({I32}, {I32}), Code().i32(1).get(0).op(Opcode::I32DivU));
  builder.exported("outer", {I32}, {I32}, Code().op(Opcode::Nop).get(0).call(inner));
  builder.function_name(inner, "divide");
  Program program(builder);
  EXPECT_EQ(program.call("outer", {Value::of(0)}), traps(Trap::IntegerDivideByZero));
  auto const bytes = builder.bytes();
  auto const inner_call = program.guest().active_call(0);
  auto const outer_call = program.guest().active_call(1);
  EXPECT_EQ(bytes[inner_call.offset], static_cast<u8>(Opcode::I32DivU));
  EXPECT_EQ(bytes[outer_call.offset], static_cast<u8>(Opcode::Call));
  base::FixedText<200> const expected(
      "  #0 divide (function 0) at byte {:#x}\n  #1 outer (function 1) at byte {:#x}\n",
      inner_call.offset, outer_call.offset);
  EXPECT_EQ(backtrace_of(program.guest()), expected.view());
}

TEST(Guest, ABacktraceOfVeryManyCallsIsShort) {
  ModuleBuilder builder;
  builder.exported("recurse", {}, {}, Code().op(Opcode::Nop).call(0));
  Program program(builder);
  EXPECT_EQ(program.call("recurse", {}), traps(Trap::StackExhausted));
  usize const count = program.guest().active_calls();
  ASSERT_GT(count, 1000u);
  auto const text = backtrace_of(program.guest());
  EXPECT_EQ(std::ranges::count(text, '\n'), 24 + 1 + 8);
  EXPECT_NE(text.find("\n  #23 "), std::string::npos);
  EXPECT_NE(text.find("\n  ... " + std::to_string(count - 32) + " more\n  #" +
                      std::to_string(count - 8) + " recurse"),
            std::string::npos)
      << text;
}

TEST(Guest, ABacktraceKnowsWhereAFunctionBegins) {
  ModuleBuilder builder;
  builder.exported("spin", {}, {}, Code().call(0));
  Program program(builder, {}, {.fuel = 3});
  EXPECT_EQ(program.call("spin", {}), traps(Trap::OutOfFuel));
  auto const& body = program.instance().module().bodies[0];
  EXPECT_EQ(program.guest().active_call(0).offset, body.code.offset);
}

TEST(Guest, AStartFunctionIsACallLikeOthers) {
  ModuleBuilder builder;
  builder.global(I32, true, Code().i32(1));
  u32 const start =
      builder.function(builder.type({}, {}), Code().i32(5).op(Opcode::GlobalSet, {0}));
  builder.start(start);
  builder.exported("get", {}, {I32}, Code().op(Opcode::GlobalGet, {0}));
  Program program(builder);
  ASSERT_TRUE(program.instantiate());
  EXPECT_EQ(program.call("get"), returns({1}));
  ASSERT_NE(program.instance().start_function(), nullptr);
  ASSERT_TRUE(program.guest().begin(*program.instance().start_function(), {}));
  EXPECT_TRUE(std::holds_alternative<exit::Finished>(program.guest().run(10)));
  EXPECT_EQ(program.call("get"), returns({5}));
}

TEST(Guest, ALargeFunctionIsTranslatedInSlices) {
  ModuleBuilder builder;
  Code code;
  code.get(0);
  for (int i = 0; i < 20'000; ++i) code.i32(1).op(Opcode::I32Add);
  builder.exported("large", {I32}, {I32}, code);
  builder.exported("small", {}, {I32}, Code().i32(7));
  Program program(builder);
  program.begin("large", {Value::of(5)});
  int slices = 0;
  for (;; ++slices) {
    auto const exit = program.guest().run(10);
    if (std::holds_alternative<exit::EndOfSlice>(exit)) continue;
    ASSERT_TRUE(std::holds_alternative<exit::Finished>(exit));
    EXPECT_EQ(std::get<exit::Finished>(exit).results[0], 20'005u);
    break;
  }
  EXPECT_GT(slices, 50);
  // The second time its code is there, and takes fuel for the call and each 256 instructions.
  u64 const before = program.guest().fuel_left();
  EXPECT_EQ(program.call("large", {Value::of(6)}), returns({20'006}));
  EXPECT_EQ(before - program.guest().fuel_left(), 1u + 40'001 / 256);
}

TEST(Guest, CodeThatGoesStraightOnTakesFuel) {
  ModuleBuilder builder;
  u32 const global = builder.global(I32, true, Code().i32(0));
  Code code;
  for (int i = 0; i < 20'000; ++i)
    code.op(Opcode::GlobalGet, {global}).i32(1).op(Opcode::I32Add).op(Opcode::GlobalSet, {global});
  builder.exported("count", {}, {I32}, code.op(Opcode::GlobalGet, {global}));
  Program program(builder);
  EXPECT_EQ(program.call("count"), returns({20'000}));
  // Again, now that its code is there.
  program.begin("count");
  u64 slices = 0;
  for (;; ++slices) {
    auto const exit = program.guest().run(1);
    if (std::holds_alternative<exit::EndOfSlice>(exit)) continue;
    ASSERT_TRUE(std::holds_alternative<exit::Finished>(exit));
    EXPECT_EQ(std::get<exit::Finished>(exit).results[0], 40'000u);
    break;
  }
  // At least one for a thousand instructions.
  EXPECT_GE(slices, 80u);
}

TEST(Guest, SlicesDoNotChangeWhatATranslationTakes) {
  ModuleBuilder builder;
  Code code;
  for (int i = 0; i < 5'000; ++i) code.op(Opcode::Nop);
  builder.exported("large", {}, {I32}, code.i32(1));
  Program at_once(builder, {}, {.fuel = 10'000});
  Program in_slices(builder, {}, {.fuel = 10'000});
  EXPECT_EQ(at_once.call("large"), returns({1}));
  in_slices.begin("large");
  while (std::holds_alternative<exit::EndOfSlice>(in_slices.guest().run(1))) {
  }
  EXPECT_EQ(in_slices.guest().fuel_left(), at_once.guest().fuel_left());
  EXPECT_LT(at_once.guest().fuel_left(), 9'950u);
}

/// Forgets what it sees.
struct IdleObserver final : Observer {
  void before_instruction(const FunctionInstance&, usize, usize, std::span<const Slot>) override {}
};

/// The fuel that is left of 10,000 when a function of many instructions has run.
u64 fuel_left_by_straight_code(Interpreter interpreter) {
  ModuleBuilder builder;
  Code code;
  code.get(0);
  for (int i = 0; i < 5'000; ++i) code.i32(1).op(Opcode::I32Add);
  builder.exported("large", {I32}, {I32}, code);
  auto const bytes = builder.bytes();
  auto const module = load(bytes);
  tools::HostedPlatform platform;
  Store store(platform, interpreter);
  auto const instance = store.instantiate(*module, Linker(store));
  auto guest = Guest::create(store, {.fuel = 10'000});
  Value const argument = Value::of(5);
  if (!instance || !guest ||
      !guest->begin(*(*instance)->find_function("large"), std::span(&argument, 1)))
    return 0;
  auto const exit = guest->run(10'000);
  EXPECT_TRUE(std::holds_alternative<exit::Finished>(exit));
  return guest->fuel_left();
}

TEST(Guest, WatchedCodeTakesNoMoreFuel) {
  IdleObserver observer;
  u64 const plain = fuel_left_by_straight_code(Interpreter());
  EXPECT_LT(plain, 9'990u);
  EXPECT_EQ(fuel_left_by_straight_code(Interpreter(observer)), plain);
}

TEST(Guest, ATranslationThatIsGivenUpIsForgotten) {
  ModuleBuilder builder;
  Code code;
  for (int i = 0; i < 20'000; ++i) code.op(Opcode::Nop);
  builder.exported("large", {}, {I32}, code.i32(1));
  builder.exported("other", {}, {I32}, Code().i32(2));
  Program program(builder);
  program.begin("large");
  ASSERT_TRUE(std::holds_alternative<exit::EndOfSlice>(program.guest().run(10)));
  EXPECT_EQ(program.guest().active_calls(), 1u);
  EXPECT_EQ(program.call("other"), returns({2}));
  EXPECT_EQ(program.call("large"), returns({1}));
}

}  // namespace
}  // namespace nacre::wasm
