#include "kernel/process/run.hpp"

#include <gmock/gmock.h>

#include "kernel/fs/pipe.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tests/unit/kernel/process/programs.hpp"

namespace nacre::process {
namespace {

using namespace test;
using nacre::test::fail_each_allocation;
using testing::HasSubstr;
using testing::StartsWith;

/// A module that imports the function `a.b` again and again.
std::vector<u8> with_imports(u32 count) {
  std::vector<u8> module{0, 'a', 's', 'm', 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 2};
  auto const add = [&](const Bytes& bytes) {
    module.insert(module.end(), bytes.span().begin(), bytes.span().end());
  };
  Bytes const import = name("a") + name("b") + Bytes{0, 0};
  add(leb(leb(count).size() + count * import.size()) + leb(count));
  for (u32 i = 0; i < count; ++i) add(import);
  return module;
}

TEST_F(RunTest, EndsWithTheProgramsStatus) {
  ModuleBuilder returns;
  returns.entry({});
  EXPECT_EQ(run_module(returns.build()), 0);
  EXPECT_EQ(run_module(exits_with(7)), 7);
  EXPECT_EQ(run_module(exits_with(255)), 255);
  EXPECT_EQ(run_module(exits_with(-1)), 255);
  EXPECT_EQ(run_module(exits_with(-128)), 128);
  EXPECT_EQ(machine.error.text, "");
  EXPECT_EQ(machine.platform.reservations, 0);
}

TEST_F(RunTest, AStatusOutOfRangeIsAFailureAndTold) {
  EXPECT_EQ(run_module(exits_with(256)), 255);
  EXPECT_EQ(machine.error.text, "prog: exit status 256 is out of range\n");
  machine.error.text.clear();
  EXPECT_EQ(run_module(exits_with(-129)), 255);
  EXPECT_EQ(machine.error.text, "prog: exit status -129 is out of range\n");
}

TEST_F(RunTest, MainServesAsEntryAndItsResultAsStatus) {
  ModuleBuilder module;
  module.function("main", {}, {i32_type}, i32_const(200));
  EXPECT_EQ(run_module(module.build()), 200);
  ModuleBuilder other;
  other.function("main", {}, {i32_type}, i32_const(300));
  EXPECT_EQ(run_module(other.build()), 255);
}

TEST_F(RunTest, ASignalEndsIt) {
  ModuleBuilder module;
  u32 const raise = module.import_function(wasi, "proc_raise", {i32_type}, {i32_type});
  module.entry(i32_const(15) + call(raise) + unreachable);
  EXPECT_EQ(run_module(module.build()), 128 + 15);
}

TEST_F(RunTest, TheStartFunctionRunsFirst) {
  ModuleBuilder module;
  u32 const exit = import_exit(module);
  u32 const start = module.function("", {}, {}, i32_const(5) + call(exit));
  module.start(start);
  module.entry(i32_const(6) + call(exit));
  EXPECT_EQ(run_module(module.build()), 5);
}

TEST_F(RunTest, WritesAllBuffersInOrder) {
  EXPECT_EQ(run_module(hello()), 0);
  EXPECT_EQ(machine.output.text, "hello, world\n");
  machine.output.text.clear();
  machine.output.most_at_once = 1;
  EXPECT_EQ(run_module(hello()), 0);
  EXPECT_EQ(machine.output.text, "hello, world\n");
  EXPECT_EQ(run_module(hello(2)), 0);
  EXPECT_EQ(machine.error.text, "hello, world\n");
}

TEST_F(RunTest, ErrorsOfStreamsAreErrnos) {
  EXPECT_EQ(run_module(hello(0)), 76);  // no right to write
  EXPECT_EQ(run_module(hello(3)), 8);   // not open
  EXPECT_EQ(run_module(hello(-1)), 8);
  machine.output.error = fs::ErrorKind::Closed;
  EXPECT_EQ(run_module(hello()), 64);
  auto request = machine.request();
  request.streams.output = nullptr;
  EXPECT_EQ(machine.run(hello().span(), request), 8);
}

TEST_F(RunTest, WhoDoesNotHeedThatNobodyReadsIsEnded) {
  ModuleBuilder module;
  u32 const write = import_write(module);
  module.memory(1);
  module.data(0, word(32) + word(7));
  module.entry(loop(i32_const(1) + i32_const(0) + i32_const(1) + i32_const(16) + call(write) +
                    drop + branch(0)));
  machine.output.error = fs::ErrorKind::Closed;
  EXPECT_EQ(run_module(module.build()), 141);
  EXPECT_EQ(machine.error.text, "");
}

TEST_F(RunTest, ReadsInputAsItComes) {
  Bytes const module = cat();
  auto task =
      machine.executor.spawn("cat", run(machine.services, module.span(), machine.request()));
  ASSERT_TRUE(task);
  machine.executor.run_until_idle();
  EXPECT_TRUE(machine.input.someone_waits());
  machine.input.put("one\n");
  machine.executor.run_until_idle();
  EXPECT_EQ(machine.output.text, "one\n");
  std::string const large(1000, 'x');
  machine.input.put("two");
  machine.input.put(large);
  machine.executor.run_until_idle();
  EXPECT_EQ(machine.output.text, "one\ntwo" + large);
  EXPECT_FALSE(task->is_finished());
  machine.input.end();
  machine.executor.run_until_idle();
  EXPECT_TRUE(task->is_finished());
}

TEST_F(RunTest, PassesBytesUnchanged) {
  std::string all;
  for (int i = 0; i < 1024; ++i) all += static_cast<char>(i * 7);
  machine.input.put(all);
  machine.input.end();
  EXPECT_EQ(run_module(cat()), 0);
  EXPECT_EQ(machine.output.text, all);
}

TEST_F(RunTest, ATrapIsToldWithItsBacktrace) {
  ModuleBuilder module;
  u32 const boom = module.function("boom", {}, {}, unreachable);
  module.entry(call(boom));
  Bytes const bytes = module.build();
  EXPECT_EQ(run_module(bytes), 134);
  EXPECT_THAT(machine.error.text,
              testing::MatchesRegex("prog: trap: unreachable\n"
                                    "  #0 boom \\(function 0\\) at byte 0x[0-9a-f]+\n"
                                    "  #1 _start \\(function 1\\) at byte 0x[0-9a-f]+\n"));
  EXPECT_EQ(machine.platform.reservations, 0);
}

TEST_F(RunTest, EndlessRecursionShowsBothEndsOfItsBacktrace) {
  ModuleBuilder module;
  module.entry(call(0));
  EXPECT_EQ(run_module(module.build()), 134);
  EXPECT_THAT(machine.error.text, StartsWith("prog: trap: call stack exhausted\n  #0 _start"));
  EXPECT_THAT(machine.error.text, HasSubstr(" more\n"));
  EXPECT_EQ(std::ranges::count(machine.error.text, '\n'), 1 + 24 + 1 + 8);
}

TEST_F(RunTest, FilesThatAreNoProgramsAreNamed) {
  struct {
    Bytes module;
    std::string_view message;
  } const cases[] = {
      {characters("#!/bin/sh"),
       "prog: not a WebAssembly module: magic header not detected at byte 0x0\n"},
      {{}, "prog: not a WebAssembly module: "},
      {Bytes{0, 'a', 's', 'm'}, "prog: not a WebAssembly module: "},
      {Bytes{0, 'a', 's', 'm', 1, 0, 0, 0}, "prog: no program: it exports neither _start nor main"},
      {Bytes{0, 'a', 's', 'm', 13, 0, 1, 0},
       "prog: this is a component, preview 2 is not supported yet\n"},
  };
  for (auto const& [module, message] : cases) {
    machine.error.text.clear();
    EXPECT_EQ(run_module(module), 126) << message;
    EXPECT_THAT(machine.error.text, StartsWith(message));
    EXPECT_EQ(std::ranges::count(machine.error.text, '\n'), 1);
  }
}

TEST_F(RunTest, AnInvalidModuleIsToldWithItsPlace) {
  ModuleBuilder module;
  module.entry(i32_const(1));
  EXPECT_EQ(run_module(module.build()), 126);
  EXPECT_THAT(machine.error.text,
              testing::MatchesRegex(
                  "prog: not a valid WebAssembly module: type mismatch at byte 0x[0-9a-f]+\n"));
}

TEST_F(RunTest, AllMissingImportsAreNamed) {
  ModuleBuilder one;
  one.import_function("env", "foo", {}, {});
  one.entry({});
  EXPECT_EQ(run_module(one.build()), 126);
  EXPECT_EQ(machine.error.text, "prog: unknown import env.foo\n");

  machine.error.text.clear();
  ModuleBuilder three;
  three.import_function("env", "foo", {}, {});
  import_exit(three);
  three.import_function(wasi, "sock_connect", {}, {});
  three.entry({});
  EXPECT_EQ(run_module(three.build()), 126);
  EXPECT_EQ(machine.error.text,
            "prog: unknown imports env.foo, wasi_snapshot_preview1.sock_connect\n");
}

TEST_F(RunTest, ManyMissingImportsAreAllNamed) {
  auto const missing = [](int count, std::string_view name) {
    ModuleBuilder module;
    for (int i = 0; i < count; ++i) module.import_function(name, name, {}, {});
    module.entry({});
    return module.build();
  };
  EXPECT_EQ(run_module(missing(25, "ten_bytes_")), 126);
  EXPECT_EQ(std::ranges::count(machine.error.text, ','), 24);
  EXPECT_THAT(machine.error.text, testing::EndsWith(", ten_bytes_.ten_bytes_\n"));

  machine.error.text.clear();
  std::string const long_name(120, 'x');
  EXPECT_EQ(run_module(missing(3, long_name)), 126);
  std::string const shown = std::string(100, 'x') + "..." + "." + std::string(100, 'x') + "...";
  EXPECT_EQ(machine.error.text,
            "prog: unknown imports " + shown + ", " + shown + ", " + shown + "\n");

  machine.error.text.clear();
  auto const many = with_imports(20'000);
  EXPECT_EQ(machine.run(many), 126);
  EXPECT_EQ(std::ranges::count(machine.error.text, ','), 199);
  EXPECT_THAT(machine.error.text, testing::EndsWith(", a.b and 19800 more\n"));
}

TEST_F(RunTest, NoNameCommandsATerminal) {
  ModuleBuilder module;
  module.import_function("a\x1b[2J", "b\n", {}, {});
  module.entry({});
  EXPECT_EQ(run_module(module.build()), 126);
  EXPECT_EQ(machine.error.text, "prog: unknown import a?[2J.b?\n");

  machine.error.text.clear();
  ModuleBuilder traps;
  traps.function("main", {}, {}, call(1));
  traps.function("\x1b[31m", {}, {}, unreachable);
  auto request = machine.request();
  request.name = "\x1b[7mprog\n";
  EXPECT_EQ(machine.run(traps.build().span(), request), 134);
  EXPECT_THAT(machine.error.text, StartsWith("?[7mprog?: trap: unreachable\n  #0 ?[31m ("));
}

TEST_F(RunTest, AnImportOfAnotherTypeIsNamed) {
  ModuleBuilder module;
  module.import_function(wasi, "proc_exit", i32x2, {});
  module.entry({});
  EXPECT_EQ(run_module(module.build()), 126);
  EXPECT_EQ(machine.error.text,
            "prog: import wasi_snapshot_preview1.proc_exit is wanted as a function (i32, i32) -> "
            "(), and is a function (i32) -> ()\n");
}

Bytes closes_its_output() {
  ModuleBuilder module;
  u32 const close = module.import_function(wasi, "fd_close", {i32_type}, {i32_type});
  u32 const read = module.import_function(wasi, "fd_read", i32x4, {i32_type});
  module.memory(1);
  module.data(0, word(64) + word(1000));
  module.entry(i32_const(1) + call(close) + drop + i32_const(0) + i32_const(0) + i32_const(1) +
               i32_const(16) + call(read) + drop);
  return module.build();
}

TEST_F(RunTest, APipeEndsWhenTheProgramClosesIt) {
  auto pipe = *fs::PipeEnds::create();
  auto request = machine.request();
  request.streams.output = &pipe.writer;
  auto const close = [&] { pipe.writer.close(); };
  request.on_started = close;
  Bytes const module = closes_its_output();
  auto program = machine.executor.spawn("program", run(machine.services, module.span(), request));
  ASSERT_TRUE(program);
  machine.executor.run_until_idle();
  EXPECT_FALSE(program->is_finished()) << "it waits for input";
  std::array<u8, 10> buffer;
  auto const count = pipe.reader.read_now(buffer);
  ASSERT_TRUE(count.has_value()) << "nobody has the other end";
  EXPECT_EQ(*count, 0u);
  machine.input.end();
  machine.executor.run_until_idle();
  EXPECT_TRUE(program->is_finished());
}

TEST_F(RunTest, MessagesOutliveThePipesEndOfWhoeverStartedIt) {
  auto pipe = *fs::PipeEnds::create();
  auto request = machine.request();
  request.streams.error = &pipe.writer;
  auto const close = [&] { pipe.writer.close(); };
  request.on_started = close;
  ModuleBuilder module;
  module.entry(unreachable);
  EXPECT_EQ(machine.run(module.build().span(), request), 134);
  std::array<u8, 5> buffer;
  EXPECT_EQ(**pipe.reader.read_now(buffer), 5u);
  EXPECT_EQ(std::string_view(std::bit_cast<char*>(buffer.data()), 5), "prog:");
}

TEST_F(RunTest, OthersRunWhileAProgramLoopsForEver) {
  fake_tick = {10'000};
  Bytes const module = spins();
  auto task =
      machine.executor.spawn("spins", run(machine.services, module.span(), machine.request()));
  ASSERT_TRUE(task);
  int turns = 0;
  auto const other = [](int& count) -> exec::Task<void> {
    for (;;) {
      ++count;
      co_await exec::yield();
    }
  };
  auto counting = machine.executor.spawn("other", other(turns));
  for (int i = 0; i < 100; ++i) machine.executor.run_round();
  EXPECT_GE(turns, 50);
  EXPECT_FALSE(task->is_finished());

  // Ctrl-C.
  EXPECT_FALSE(machine.processes.empty());
  EXPECT_GT(machine.platform.reservations, 0);
  task->cancel();
  EXPECT_TRUE(task->is_finished());
  EXPECT_TRUE(machine.processes.empty());
  EXPECT_EQ(machine.platform.reservations, 0);
}

TEST_F(RunTest, OthersRunWhileAProgramFloodsAStreamThatNeverWaits) {
  fake_tick = {10'000};
  ModuleBuilder builder;
  u32 const write = import_write(builder);
  builder.memory(1);
  builder.data(0, word(0) + word(4));
  builder.entry(loop(i32_const(1) + i32_const(0) + i32_const(1) + i32_const(16) + call(write) +
                     drop + branch(0)));
  Bytes const module = builder.build();
  auto task =
      machine.executor.spawn("flood", run(machine.services, module.span(), machine.request()));
  ASSERT_TRUE(task);
  for (int i = 0; i < 20; ++i) machine.executor.run_round();
  EXPECT_GT(machine.output.text.size(), 20u);
  EXPECT_LT(machine.output.text.size(), 100'000u);
}

TEST_F(RunTest, CancellingAReaderTakesItOffItsStream) {
  Bytes const module = cat();
  auto task =
      machine.executor.spawn("cat", run(machine.services, module.span(), machine.request()));
  machine.executor.run_until_idle();
  EXPECT_TRUE(machine.input.someone_waits());
  task->cancel();
  EXPECT_FALSE(machine.input.someone_waits());
  EXPECT_EQ(machine.platform.reservations, 0);
}

TEST_F(RunTest, SleepsOnTheClock) {
  ModuleBuilder module;
  u32 const exit = import_exit(module);
  u32 const poll = module.import_function(wasi, "poll_oneoff", i32x4, {i32_type});
  module.memory(1);
  Bytes const no_words = word(0) + word(0);
  // Half a second on the monotonic clock.
  module.data(0, word(7) + word(0) + no_words + word(1) + word(0) + word(500'000'000) + word(0) +
                     no_words + no_words);
  module.entry(i32_const(0) + i32_const(64) + i32_const(1) + i32_const(128) + call(poll) +
               if_(i32_const(99) + call(exit)) + i32_const(128) + i32_load + i32_const(64) +
               i32_load + i32_add + call(exit));
  EXPECT_EQ(run_module(module.build()), 1 + 7);
  EXPECT_EQ(fake_now.ns, 500'000'000);
}

TEST_F(RunTest, GetsRandomBytesAndYields) {
  ModuleBuilder module;
  u32 const exit = import_exit(module);
  u32 const random = module.import_function(wasi, "random_get", i32x2, {i32_type});
  u32 const yield = module.import_function(wasi, "sched_yield", {}, {i32_type});
  module.memory(4);
  module.entry(call(yield) + drop + i32_const(8) + i32_const(200'000) + call(random) +
               if_(i32_const(99) + call(exit)) + i32_const(199'996) + i32_load +
               if_(i32_const(1) + call(exit)));
  EXPECT_EQ(run_module(module.build()), 1);
}

TEST_F(RunTest, GetsItsArguments) {
  ModuleBuilder module;
  u32 const exit = import_exit(module);
  u32 const sizes = module.import_function(wasi, "args_sizes_get", i32x2, {i32_type});
  module.memory(1);
  module.entry(i32_const(0) + i32_const(4) + call(sizes) + drop + i32_const(0) + i32_load +
               i32_const(4) + i32_load + i32_add + call(exit));
  std::string_view const arguments[] = {"prog", "a b", {"c\0d", 3}};
  EXPECT_EQ(machine.run(module.build().span(), machine.request(arguments)), 3 + 5 + 4 + 2);
}

TEST_F(RunTest, StandsInTheTableWhileItRuns) {
  Bytes const module = cat();
  std::vector<std::string> names{"cat", "file"};
  std::vector<std::string_view> const arguments(names.begin(), names.end());
  fake_now = {42};
  ProcessId const parent = machine.processes.reserve_id();
  EXPECT_EQ(machine.processes.find(parent), nullptr) << "a number, and no process";
  auto request = machine.request(arguments);
  request.parent = parent;
  auto task = machine.executor.spawn("cat", run(machine.services, module.span(), request));
  names.clear();  // everything was copied
  machine.executor.run_until_idle();
  int seen = 0;
  machine.processes.for_each([&](const Process& process) {
    ++seen;
    EXPECT_EQ(process.name(), "prog");
    EXPECT_EQ(process.id().value, parent.value + 1);
    EXPECT_EQ(process.parent(), parent);
    EXPECT_EQ(process.arguments()[1].view(), "file");
    EXPECT_EQ(process.started().ns, 42);
    EXPECT_EQ(process.activity, Activity::Waiting);
    EXPECT_EQ(process.memory_size, 65536u);
  });
  EXPECT_EQ(seen, 1);
  task->reset();
  EXPECT_TRUE(machine.processes.empty());
}

/// The one process that there is.
Process& only(ProcessTable& processes) {
  Process* found = nullptr;
  processes.for_each([&](Process& process) { found = &process; });
  return *found;
}

TEST_F(RunTest, AStoppedProgramDoesNotRunUntilItIsContinued) {
  Bytes const module = spins();
  auto const task =
      machine.executor.spawn("spin", run(machine.services, module.span(), machine.request()));
  fake_tick = {100'000};
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(machine.executor.run_round());
  Process& process = only(machine.processes);
  EXPECT_GT(process.cpu_time.ns, 0);
  process.control().stop();
  machine.executor.run_until_idle();
  base::Duration const before = process.cpu_time;
  machine.executor.run_until_idle();
  EXPECT_EQ(process.cpu_time, before);
  process.control().resume();
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(machine.executor.run_round());
  EXPECT_GT(process.cpu_time, before);
}

TEST_F(RunTest, WhatAStoppedProgramWaitsForIsNotLost) {
  Bytes const module = cat();
  auto const task =
      machine.executor.spawn("cat", run(machine.services, module.span(), machine.request()));
  machine.executor.run_until_idle();
  only(machine.processes).control().stop();
  machine.input.put("text");
  machine.executor.run_until_idle();
  EXPECT_EQ(machine.output.text, "");
  only(machine.processes).control().resume();
  machine.executor.run_until_idle();
  EXPECT_EQ(machine.output.text, "text");
}

TEST_F(RunTest, AGroupIsStoppedContinuedAndCounted) {
  Group group;
  auto request = machine.request();
  request.group = &group;
  Bytes const module = spins();
  auto one = machine.executor.spawn("one", run(machine.services, module.span(), request));
  auto two = machine.executor.spawn("two", run(machine.services, module.span(), request));
  fake_tick = {100'000};
  for (int i = 0; i < 10; ++i) machine.executor.run_round();
  EXPECT_FALSE(group.is_stopped());
  base::Duration sum{};
  machine.processes.for_each([&](Process& process) { sum = sum + process.cpu_time; });
  EXPECT_EQ(group.cpu_time, sum);
  only(machine.processes).control().stop();
  EXPECT_FALSE(group.is_stopped()) << "one of them still runs";
  group.stop();
  machine.executor.run_until_idle();
  EXPECT_TRUE(group.is_stopped());
  auto const three = machine.executor.spawn("three", run(machine.services, module.span(), request));
  machine.executor.run_until_idle();
  EXPECT_EQ(only(machine.processes).cpu_time.ns, 0) << "who joins is stopped, too";
  group.resume();
  one->reset();
  for (int i = 0; i < 10; ++i) machine.executor.run_round();
  EXPECT_GT(only(machine.processes).cpu_time.ns, 0);
  machine.processes.for_each([&](Process& process) { process.control().stop(); });
  EXPECT_TRUE(group.is_stopped());
}

TEST_F(RunTest, AProgramIsEndedWhereverItIs) {
  for (Bytes const& module : {cat(), spins()}) {
    auto task =
        machine.executor.spawn("prog", run(machine.services, module.span(), machine.request()));
    fake_tick = {100'000};
    for (int i = 0; i < 10; ++i) machine.executor.run_round();
    only(machine.processes).end({143});
    EXPECT_EQ(machine.platform.reservations, 0) << "all is given back at once";
    fake_tick = {};
    std::optional<RunResult> result;
    auto const keep = [](exec::JoinHandle<RunResult>& handle,
                         std::optional<RunResult>& out) -> exec::Task<void> {
      out = *co_await handle.join();
    };
    ASSERT_TRUE(machine.executor.spawn_detached("keep", keep(*task, result)));
    machine.executor.run_until_idle();
    ASSERT_TRUE(result);
    EXPECT_EQ((*result)->code, 143);
  }
}

TEST_F(RunTest, EveryFailedAllocationIsAValue) {
  Bytes const module = hello();
  int succeeded = 0;
  auto const tried = fail_each_allocation([&] {
    machine.output.text.clear();
    int const code = machine.run(module.span());
    // No memory to start or to tell; told; or an errno for the program, which exits with it.
    EXPECT_THAT(code, testing::AnyOf(-2, -1, 137, 134, 48, 0));
    succeeded += code == 0;
    EXPECT_TRUE(machine.processes.empty());
    EXPECT_EQ(machine.platform.reservations, 0);
  });
  EXPECT_GT(tried, 30u);
  EXPECT_GE(succeeded, 1);
  EXPECT_EQ(machine.output.text, "hello, world\n");
}

}  // namespace
}  // namespace nacre::process
