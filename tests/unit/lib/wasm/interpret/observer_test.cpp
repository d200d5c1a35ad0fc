#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "lib/base/format.hpp"
#include "lib/wasm/interpret/interpreter.hpp"
#include "lib/wasm/runtime/guest.hpp"
#include "lib/wasm/runtime/linker.hpp"
#include "lib/wasm/validate/validator.hpp"
#include "tests/support/wasm_builder.hpp"
#include "tools/hosted_platform/hosted_platform.hpp"

namespace nacre::wasm {
namespace {

using test::Code;
using test::ModuleBuilder;
using enum ValueType;

/// Notes each instruction as `depth name`, with the parameters where a function begins.
struct Recorder final : Observer {
  void before_instruction(const FunctionInstance& function, usize offset, usize depth,
                          std::span<const Slot> parameters) override {
    Module const& module = function.instance->module();
    auto const& code = module.bodies[function.index - module.imported_functions].code;
    auto const at = offset - code.offset;
    Cursor cursor(code.bytes.subspan(at), offset);
    Instruction instruction;
    EXPECT_TRUE(read_instruction(cursor, instruction));
    std::string line = std::to_string(depth) + " " + std::string(instruction.info->name);
    if (at == 0)
      for (Slot const slot : parameters) line += " " + std::to_string(slot);
    lines.push_back(line);
  }
  std::vector<std::string> lines;
};

class ObserverTest : public testing::Test {
 protected:
  ObserverTest() {
    ModuleBuilder builder;
    u32 const twice =
        builder.exported("twice", {I32}, {I32}, Code().get(0).i32(1).op(Opcode::I32Shl));
    // Doubles until the number is above 9.
    builder.exported("grow", {I32}, {I32},
                     Code()
                         .block(Opcode::Loop)
                         .get(0)
                         .call(twice)
                         .tee(0)
                         .i32(10)
                         .op(Opcode::I32LtU)
                         .br_if(0)
                         .end()
                         .get(0));
    builder.exported("trap", {}, {},
                     Code().op(Opcode::Nop).op(Opcode::Unreachable).op(Opcode::Nop));
    bytes_ = builder.bytes();
    module_ = *load(bytes_);
    instance_ = *store_.instantiate(module_, linker_);
  }
  Exit run(std::string_view name, std::vector<Value> arguments) {
    EXPECT_TRUE(guest_.begin(*instance_->find_function(name), arguments));
    return guest_.run(UINT64_MAX);
  }

  test::Bytes bytes_;
  Module module_;
  Recorder recorder_;
  tools::HostedPlatform platform_;
  Interpreter interpreter_{recorder_};
  Store store_{platform_, interpreter_};
  Linker linker_{store_};
  Guest guest_ = *Guest::create(store_);
  Instance* instance_ = nullptr;
};

TEST_F(ObserverTest, SeesEachInstructionInItsOrder) {
  auto const exit = run("grow", {Value::of(4)});
  ASSERT_TRUE(std::holds_alternative<exit::Finished>(exit));
  EXPECT_EQ(std::get<exit::Finished>(exit).results[0], 16u);
  std::vector<std::string> const expected{
      "1 loop 4",    "1 local.get",   "1 call",      "2 local.get 4", "2 i32.const", "2 i32.shl",
      "2 end",       "1 local.tee",   "1 i32.const", "1 i32.lt_u",    "1 br_if",     "1 local.get",
      "1 call",      "2 local.get 8", "2 i32.const", "2 i32.shl",     "2 end",       "1 local.tee",
      "1 i32.const", "1 i32.lt_u",    "1 br_if",     "1 end",         "1 local.get", "1 end"};
  EXPECT_EQ(recorder_.lines, expected);
}

TEST_F(ObserverTest, ABacktraceIsAsWithoutIt) {
  auto const exit = run("trap", {});
  ASSERT_TRUE(std::holds_alternative<exit::Trapped>(exit));
  EXPECT_EQ(recorder_.lines, (std::vector<std::string>{"1 nop", "1 unreachable"}));
  ASSERT_EQ(guest_.active_calls(), 1u);
  EXPECT_EQ(guest_.active_call(0).offset, module_.bodies[2].code.offset + 1);
}

}  // namespace
}  // namespace nacre::wasm
