#include "kernel/process/tracer.hpp"

#include <gmock/gmock.h>

#include "kernel/process/wasi_host.hpp"
#include "lib/wasi/functions.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tests/support/module_builder.hpp"
#include "tests/unit/kernel/process/fakes.hpp"

namespace nacre::process {
namespace {

using namespace nacre::test::module;
using testing::HasSubstr;

constexpr std::string_view wasi = "wasi_snapshot_preview1";
constexpr Bytes i32x2{i32_type, i32_type};
constexpr Bytes i32x4{i32_type, i32_type, i32_type, i32_type};

/// Asks for the sizes of its arguments, once at a bad address, says "hello\n", and exits with 3.
constexpr Bytes talkative() {
  ModuleBuilder module;
  u32 const exit = module.import_function(wasi, "proc_exit", {i32_type}, {});
  u32 const write = module.import_function(wasi, "fd_write", i32x4, {i32_type});
  u32 const sizes = module.import_function(wasi, "args_sizes_get", i32x2, {i32_type});
  module.memory(1);
  module.data(0, Bytes{32, 0, 0, 0, 6, 0, 0, 0});
  module.data(32, characters("hello\n"));
  module.entry(i32_const(48) + i32_const(52) + call(sizes) + drop +  //
               i32_const(-1) + i32_const(52) + call(sizes) + drop +  //
               i32_const(1) + i32_const(0) + i32_const(1) + i32_const(16) + call(write) + drop +
               i32_const(3) + call(exit));
  return module.build();
}

class TracerTest : public testing::Test {
 protected:
  test::Machine machine;

  int run_traced(const Bytes& module) {
    auto request = machine.request(arguments);
    request.traced = true;
    return machine.run(module.span(), request);
  }
  std::string_view arguments[2] = {"prog", "abc"};
};

TEST_F(TracerTest, TellsEachCallWithWhatItGave) {
  EXPECT_EQ(run_traced(talkative()), 3);
  EXPECT_EQ(machine.output.text, "hello\n");
  EXPECT_EQ(machine.error.text,
            "args_sizes_get() = 0 (2, 9)\n"
            "args_sizes_get() = 21 fault\n"
            "fd_write(1, [{0x20, 6}], 1) = 0 (6)\n"
            "proc_exit(3)\n");
}

TEST_F(TracerTest, ACallThatWaitsIsToldBeforeItsAnswer) {
  ModuleBuilder module;
  u32 const read = module.import_function(wasi, "fd_read", i32x4, {i32_type});
  module.memory(1);
  module.data(0, Bytes{32, 0, 0, 0, 4});
  module.entry(i32_const(0) + i32_const(0) + i32_const(9) + i32_const(12) + call(read) + drop);
  Bytes const bytes = module.build();
  auto request = machine.request();
  request.traced = true;
  auto const task = machine.executor.spawn("prog", run(machine.services, bytes.span(), request));
  machine.executor.run_until_idle();
  std::string list = "{0x20, 4}";
  for (int i = 1; i < 8; ++i) list += ", {0x0, 0}";
  EXPECT_EQ(machine.error.text, "fd_read(0, [" + list + ", ...], 9)");
  machine.error.text.clear();
  machine.input.end();
  machine.executor.run_until_idle();
  EXPECT_THAT(machine.error.text, HasSubstr(" = 0 (0)\n"));
}

TEST_F(TracerTest, UntracedProgramsSayNothing) {
  EXPECT_EQ(machine.run(talkative().span(), machine.request(arguments)), 3);
  EXPECT_EQ(machine.error.text, "");
}

TEST_F(TracerTest, NoMemoryLeavesLinesOutOrEndsTheProgram) {
  nacre::test::fail_each_allocation([&] {
    EXPECT_THAT(run_traced(talkative()), testing::AnyOf(3, -1, -2, 134, 137));
    EXPECT_EQ(machine.platform.reservations, 0);
  });
}

TEST(TraceTable, KnowsEachFunctionAndItsParameters) {
  test::Machine machine;
  wasm::Store store(machine.platform, machine.interpreter);
  wasm::Linker linker(store);
  auto const request = machine.request();
  auto const process = *Process::create(machine.processes, {}, request);
  Turn turn(machine.executor);
  WasiHost host(machine.services, *process, turn);
  ASSERT_TRUE(wasi::define_all(linker, host.system()));
  for (const wasi::Function& one : wasi::functions()) {
    std::string_view const name = one.name;
    auto const function = linker.find(wasi, name);
    auto const* const traced = find_traced(wasi, name);
    ASSERT_TRUE(function && traced != nullptr) << name;
    usize parameters = 0;
    for (char const kind : traced->arguments) parameters += kind == 's' || kind == 'v' ? 2 : 1;
    EXPECT_EQ(parameters, std::get<wasm::FunctionInstance*>(*function)->parameter_slots) << name;
  }
  EXPECT_EQ(errno_name(77), "");
}

}  // namespace
}  // namespace nacre::process
