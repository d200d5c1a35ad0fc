#include "lib/wasm_script/runner.hpp"

#include <deque>
#include <gtest/gtest.h>

#include "lib/wasm/interpret/interpreter.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tests/support/wasm_builder.hpp"
#include "tests/unit/lib/wasm_script/constants.hpp"
#include "tools/hosted_platform/hosted_platform.hpp"

// Scripts that pass, and those that must fail: what cannot fail tests nothing.
namespace nacre::wasm_script {
namespace {

using test::Bytes;
using test::Code;
using test::ModuleBuilder;
using wasm::Opcode;
using enum wasm::ValueType;
using enum CommandKind;

/// What a run comes to, with the reason of its last failure.
struct Result {
  u32 passed = 0;
  u32 failed = 0;
  u32 skipped = 0;
  u32 line = 0;
  std::string failure;
  std::string reason;
  bool is_error = false;
};

Result run(const std::vector<Command>& commands, std::span<const Difference> differences = {}) {
  Result result;
  tools::HostedPlatform platform;
  wasm::Interpreter interpreter;
  auto const score = run_script(platform, interpreter, script_of(commands), differences,
                                [&](u32 line, std::string_view why) {
                                  result.line = line;
                                  result.failure = why;
                                });
  result.is_error = !score;
  if (!score) return result;
  result.passed = score->passed;
  result.failed = score->failed;
  result.skipped = score->skipped;
  for (auto const& reason : score->reasons)
    if (reason.count != 0) result.reason = reason.text.view();
  return result;
}

Bytes module_of_everything() {
  ModuleBuilder builder;
  builder.memory(1);
  builder.exported("add", {I32, I32}, {I32}, Code().get(0).get(1).op(Opcode::I32Add));
  builder.exported("pair", {}, {I32, I64}, Code().i32(1).i64(2));
  builder.exported("nothing", {}, {}, Code());
  builder.exported("same", {ExternRef}, {ExternRef}, Code().get(0));
  builder.exported("nan", {}, {F32}, Code().f32_bits(0x7fc0'0001));
  builder.exported("trap", {}, {}, Code().op(Opcode::Unreachable));
  builder.exported("recurse", {}, {}, Code().call(6));
  builder.exported("set", {I32}, {}, Code().i32(0).get(0).memory(Opcode::I32Store));
  builder.exported("get", {}, {I32}, Code().i32(0).memory(Opcode::I32Load));
  u32 const global = builder.global(I64, false, Code().i64(42));
  builder.export_as("global", wasm::ExternKind::Global, global);
  builder.export_as("memory", wasm::ExternKind::Memory, 0);
  return builder.bytes();
}

/// Imports a function of `from`.
Bytes importing(std::string_view from, std::string_view name) {
  ModuleBuilder builder;
  u32 const function = builder.import_function(from, name, builder.type({}, {}));
  builder.exported("call", {}, {}, Code().call(function));
  return builder.bytes();
}
/// Its start function traps.
Bytes failing_start() {
  ModuleBuilder builder;
  builder.start(builder.function(builder.type({}, {}), Code().op(Opcode::Unreachable)));
  return builder.bytes();
}
/// A component, which the engine refuses by name.
Bytes unsupported() { return {0, 'a', 's', 'm', 0x0d, 0, 1, 0}; }

class RunnerTest : public testing::Test {
 protected:
  Command make(CommandKind kind, std::string_view text = {}) {
    Command command;
    command.kind = kind;
    command.line = ++line_;
    command.text = text;
    return command;
  }
  Command with(CommandKind kind, const Bytes& bytes, std::string_view text = {}) {
    Command command = make(kind, text);
    command.bytes = modules_.emplace_back(bytes);
    return command;
  }
  Command call(CommandKind kind, std::string_view field, std::vector<Constant> arguments = {},
               std::vector<Constant> expected = {}, std::string_view text = {}) {
    Command command = make(kind, text);
    command.field = field;
    command.arguments = keep(std::move(arguments));
    command.expected = keep(std::move(expected));
    return command;
  }
  static Command named(Command command, std::string_view name, std::string_view of = {}) {
    command.name = name;
    command.module = of;
    return command;
  }
  static Command of(Command command, std::string_view module) {
    command.module = module;
    return command;
  }
  /// The module, and one command on it.
  Result on_module(const Command& command) { return run({with(Module, everything_), command}); }

  void passes(const Command& command) {
    auto const result = on_module(command);
    EXPECT_EQ(result.passed, 2u) << result.failure;
    EXPECT_EQ(result.failed, 0u);
    EXPECT_EQ(result.skipped, 0u);
  }
  void fails(const Command& command, std::string_view why) {
    auto const result = on_module(command);
    EXPECT_EQ(result.passed, 1u);
    EXPECT_EQ(result.failed, 1u);
    EXPECT_EQ(result.line, command.line);
    EXPECT_EQ(result.failure, why);
  }

  Bytes const everything_ = module_of_everything();
  Bytes const nothing_ = ModuleBuilder().bytes();
  Bytes const unsupported_ = unsupported();
  Bytes const malformed_{0, 'a', 's', 'm', 2, 0, 0, 0};
  Bytes const failing_start_ = failing_start();

 private:
  std::span<const Constant> keep(std::vector<Constant> list) {
    kept_.push_back(std::move(list));
    return kept_.back();
  }
  u32 line_ = 0;
  /// What commands borrow.
  std::deque<std::vector<Constant>> kept_;
  std::deque<Bytes> modules_;
};

TEST_F(RunnerTest, ComparesResults) {
  passes(call(AssertReturn, "add", {i32(2), i32(-3)}, {i32(-1)}));
  passes(call(AssertReturn, "pair", {}, {i32(1), i64(2)}));
  passes(call(AssertReturn, "nothing"));
  passes(call(Action, "pair"));
  passes(call(AssertReturn, "same", {reference(ConstantKind::HostReference, 3)},
              {reference(ConstantKind::HostReference, 3)}));
  passes(call(AssertReturn, "nan", {}, {arithmetic_nan(ConstantKind::F32)}));
  passes(call(AssertReturn, "add", {i32(1), i32(1)}, {either(2), i32(1), i32(2)}));
  fails(call(AssertReturn, "add", {i32(2), i32(2)}, {i32(5)}),
        "add: result 0 is i32 4 (0x4), not i32 5 (0x5)");
  fails(call(AssertReturn, "add", {i32(2), i32(2)}, {i64(4)}),
        "add: result 0 is i32 4 (0x4), not i64 4 (0x4)");
  fails(call(AssertReturn, "pair", {}, {i32(1), i64(3)}),
        "pair: result 1 is i64 2 (0x2), not i64 3 (0x3)");
  fails(call(AssertReturn, "pair", {}, {i32(1)}), "pair: it has 2 results, and 1 are expected");
  fails(call(AssertReturn, "nothing", {}, {i32(1)}),
        "nothing: it has 0 results, and 1 are expected");
  fails(call(AssertReturn, "nan", {}, {canonical_nan(ConstantKind::F32)}),
        "nan: result 0 is f32 bits 0x7fc00001, not a canonical NaN");
  fails(call(AssertReturn, "add", {i32(1), i32(1)}, {either(2), i32(1), i32(3)}),
        "add: result 0 is i32 2 (0x2), not one of 2");
  fails(call(AssertReturn, "trap"), "trap: it traps: unreachable");
  fails(call(Action, "trap"), "trap: it traps: unreachable");
}

TEST_F(RunnerTest, RefusesCallsThatMakeNoSense) {
  fails(call(AssertReturn, "add", {i32(1)}, {i32(1)}),
        "add: the arguments do not fit the function's type");
  fails(call(AssertReturn, "add", {i32(1), i64(1)}, {i32(1)}),
        "add does not take i64 1 (0x1) as argument 1");
  fails(call(AssertReturn, "nothing", {i32(1)}), "nothing does not take i32 1 (0x1) as argument 0");
  fails(call(AssertReturn, "nowhere"), "no function is exported as nowhere");
  fails(call(AssertReturn, "global"), "no function is exported as global");
  fails(of(call(AssertReturn, "add"), "$M"), "there is no module $M");
}

TEST_F(RunnerTest, ReadsGlobals) {
  auto const get = [&](std::string_view field, base::i64 expected) {
    Command command = call(AssertReturn, field, {}, {i64(expected)});
    command.reads_global = true;
    return command;
  };
  passes(get("global", 42));
  fails(get("global", 43), "global: result 0 is i64 42 (0x2a), not i64 43 (0x2b)");
  fails(get("add", 42), "no global is exported as add");
}

TEST_F(RunnerTest, WantsTraps) {
  passes(call(AssertTrap, "trap", {}, {}, "unreachable"));
  passes(call(AssertExhaustion, "recurse", {}, {}, "call stack exhausted"));
  fails(call(AssertTrap, "trap", {}, {}, "integer overflow"),
        "trap: it traps: unreachable, not: integer overflow");
  fails(call(AssertTrap, "nothing", {}, {}, "unreachable"), "nothing: no trap, but: it returns");
  fails(call(AssertExhaustion, "trap", {}, {}, "call stack exhausted"),
        "trap: it traps: unreachable, not: call stack exhausted");
  fails(call(AssertException, "nothing"), "nothing: no exception comes out of it, but: it returns");
  fails(call(AssertException, "trap"),
        "trap: no exception comes out of it, but: it traps: unreachable");
}

TEST_F(RunnerTest, WantsModulesRefused) {
  Bytes invalid;
  {
    ModuleBuilder builder;
    builder.exported("f", {}, {I32}, Code());
    invalid = builder.bytes();
  }
  passes(with(AssertMalformed, malformed_, "unknown binary version"));
  passes(with(AssertInvalid, invalid, "type mismatch"));
  fails(with(AssertMalformed, nothing_, "x"), "the module is accepted, but it is: x");
  fails(with(AssertInvalid, nothing_, "x"), "the module is accepted, but it is: x");
  fails(with(AssertInvalid, malformed_, "x"),
        "refused as malformed module at byte 0x4: unknown binary version, but it is: x");
  EXPECT_TRUE(on_module(with(AssertMalformed, invalid, "x")).failure.contains("type mismatch"));
}

TEST_F(RunnerTest, WantsModulesNotInstantiated) {
  Bytes const unknown = importing("nowhere", "f");
  passes(with(AssertUnlinkable, unknown, "unknown import"));
  passes(with(AssertUninstantiable, failing_start_, "unreachable"));
  fails(with(AssertUnlinkable, nothing_, "unknown import"),
        "the module is linked, but it has: unknown import");
  fails(with(AssertUnlinkable, unknown, "incompatible import type"),
        "not linked because of unknown import nowhere.f, but it has: incompatible import type");
  fails(with(AssertUnlinkable, malformed_, "unknown import"),
        "the module is refused: malformed module at byte 0x4: unknown binary version");
  fails(with(AssertUninstantiable, nothing_, "unreachable"), "no trap, but it has: unreachable");
  fails(with(AssertUninstantiable, failing_start_, "integer overflow"),
        "it traps: unreachable, but it has: integer overflow");
}

TEST_F(RunnerTest, ModulesMustBeHad) {
  EXPECT_EQ(run({with(Module, malformed_)}).failure,
            "the module cannot be had: malformed module at byte 0x4: unknown binary version");
  auto const result = run({with(Module, failing_start_), call(AssertReturn, "add")});
  EXPECT_EQ(result.failed, 1u);
  EXPECT_EQ(result.skipped, 1u);
  EXPECT_EQ(result.reason, "its module failed");
}

TEST_F(RunnerTest, ModulesHaveNamesAndDefinitionsInstances) {
  auto const result = run(
      {named(with(ModuleDefinition, everything_), "$M"), named(make(ModuleInstance), "$A", "$M"),
       named(make(ModuleInstance), "$B", "$M"), of(call(Action, "set", {i32(5)}), "$A"),
       of(call(AssertReturn, "get", {}, {i32(5)}), "$A"),
       of(call(AssertReturn, "get", {}, {i32(0)}), "$B"), call(AssertReturn, "get", {}, {i32(0)})});
  EXPECT_EQ(result.passed, 7u) << result.failure;
  EXPECT_EQ(result.failed, 0u);
  EXPECT_EQ(run({named(make(ModuleInstance), "$A", "$M")}).failure,
            "there is no module definition $M");
  EXPECT_EQ(run({named(make(Register), "M", "$M")}).failure,
            "there is no module $M to import from");
}

TEST_F(RunnerTest, ModulesImportFromRegisteredOnesAndSpectest) {
  Bytes const user = importing("M", "nothing");
  auto const result =
      run({named(with(Module, everything_), "$M"), named(make(Register), "M", "$M"),
           with(Module, user), call(AssertReturn, "call"),
           with(Module, importing("spectest", "print")), call(AssertReturn, "call")});
  EXPECT_EQ(result.passed, 5u) << result.failure;
  EXPECT_EQ(result.failed, 0u);
  EXPECT_EQ(run({with(Module, user)}).failure,
            "the module cannot be had: unknown import M.nothing");
}

TEST_F(RunnerTest, SkipsWhatNeedsAMissingFeature) {
  Bytes const user = importing("M", "nothing");
  auto const result =
      run({named(with(Module, unsupported_), "$M"), call(AssertReturn, "f"),
           of(call(AssertTrap, "f"), "$M"), named(make(Register), "M"), with(Module, user),
           call(AssertReturn, "call"), with(AssertInvalid, unsupported_, "x"),
           with(AssertUnlinkable, unsupported_, "x"), with(AssertUninstantiable, user, "x")});
  EXPECT_EQ(result.passed, 0u);
  EXPECT_EQ(result.failed, 0u) << result.failure;
  EXPECT_EQ(result.skipped, 9u);
  EXPECT_EQ(result.reason, "needs components");
}

TEST_F(RunnerTest, TextModulesAreSkipped) {
  Command command = make(AssertMalformed, "unexpected token");
  command.is_text = true;
  auto const result = run({command});
  EXPECT_EQ(result.skipped, 1u);
  EXPECT_EQ(result.reason, "text format");
}

TEST_F(RunnerTest, DoubtsWhatFollowsASkippedModule) {
  // It would have written to the registered module's memory, perhaps.
  auto const wrong = [&] { return call(AssertReturn, "get", {}, {i32(7)}); };
  auto const module = [&] { return named(with(Module, everything_), "$M"); };
  auto result =
      run({module(), named(make(Register), "M"), with(Module, unsupported_), of(wrong(), "$M"),
           of(call(AssertReturn, "get", {}, {i32(0)}), "$M"), with(AssertInvalid, nothing_, "x")});
  EXPECT_EQ(result.skipped, 2u);
  EXPECT_EQ(result.passed, 2u);
  EXPECT_EQ(result.failed, 1u);  // What is no call is as sure as ever.
  EXPECT_EQ(result.reason, "follows a module that needs components");
  // Nobody can write to what is not registered.
  result = run({module(), with(Module, unsupported_), of(wrong(), "$M")});
  EXPECT_EQ(result.failed, 1u);
}

TEST_F(RunnerTest, SkipsDifferencesByTheirLine) {
  auto const wrong = call(AssertReturn, "get", {}, {i32(7)});
  std::array const differences{Difference{"", wrong.line, "it was so once"}};
  auto const result = run({with(Module, everything_), wrong}, differences);
  EXPECT_EQ(result.passed, 1u);
  EXPECT_EQ(result.skipped, 1u);
  EXPECT_EQ(result.reason, "it was so once");
}

TEST_F(RunnerTest, ABrokenScriptIsAnError) {
  auto bytes = script_of({with(Module, everything_)});
  bytes.pop_back();
  tools::HostedPlatform platform;
  wasm::Interpreter interpreter;
  auto const score =
      run_script(platform, interpreter, bytes, {}, [](u32, std::string_view) { FAIL(); });
  ASSERT_FALSE(score);
  EXPECT_EQ(std::get<Flaw>(score.error().cause), Flaw::Truncated);
}

TEST_F(RunnerTest, MemoryMayRunOut) {
  std::vector<Command> const commands{named(with(Module, everything_), "$M"),
                                      named(make(Register), "M", "$M"),
                                      with(Module, importing("M", "nothing")),
                                      call(AssertReturn, "call"),
                                      with(Module, unsupported_),
                                      with(AssertMalformed, malformed_, "unknown binary version")};
  auto const script = script_of(commands);
  tools::HostedPlatform platform;
  wasm::Interpreter interpreter;
  u64 complete = 0;
  auto const failures = test::fail_each_allocation([&] {
    u32 failed = 0;
    auto const score =
        run_script(platform, interpreter, script, {}, [&](u32, std::string_view) { ++failed; });
    if (!score) {
      EXPECT_TRUE(std::holds_alternative<base::OutOfMemory>(score.error().cause));
    } else {
      EXPECT_EQ(score->failed, failed);
      if (failed == 0) ++complete;
    }
  });
  EXPECT_GT(failures, 50u);
  EXPECT_EQ(complete, 1u);
}

}  // namespace
}  // namespace nacre::wasm_script
