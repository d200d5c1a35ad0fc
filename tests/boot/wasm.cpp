// Programs in the kernel: loaded, run, stopped, and nothing of them left.
#include "kernel/memory/kernel_memory.hpp"
#include "kernel/process/run.hpp"
#include "tests/support/boot_test.hpp"
#include "tests/support/module_builder.hpp"
#include "tests/support/program_machine.hpp"

namespace nacre::test {
namespace {

using namespace module;
using process::RunResult;

constexpr std::string_view wasi = "wasi_snapshot_preview1";
constexpr Bytes i32x4{i32_type, i32_type, i32_type, i32_type};

constexpr Bytes hello = [] {
  ModuleBuilder module;
  u32 const exit = module.import_function(wasi, "proc_exit", {i32_type}, {});
  u32 const write = module.import_function(wasi, "fd_write", i32x4, {i32_type});
  module.memory(1);
  module.data(0, {8, 0, 0, 0, 6, 0, 0, 0});
  module.data(8, characters("hello\n"));
  module.entry(i32_const(1) + i32_const(0) + i32_const(1) + i32_const(64) + call(write) + drop +
               i32_const(7) + call(exit));
  return module.build();
}();

constexpr Bytes traps = [] {
  ModuleBuilder module;
  u32 const boom =
      module.function("boom", {}, {}, i32_const(1) + i32_const(0) + i32_div_unsigned + drop);
  module.entry(call(boom));
  return module.build();
}();

constexpr Bytes spins = [] {
  ModuleBuilder module;
  module.entry(loop(branch(0)));
  return module.build();
}();

/// Grows its memory by 100 pages, writes to the last word and exits with the sum of it and of the
/// word before, which nobody wrote to.
constexpr Bytes grows = [] {
  ModuleBuilder module;
  u32 const exit = module.import_function(wasi, "proc_exit", {i32_type}, {});
  module.memory(1);
  i32 const last = 101 * 65536 - 4;
  module.entry(i32_const(100) + memory_grow + drop + i32_const(last) + i32_const(42) + i32_store +
               i32_const(last) + i32_load + i32_const(last - 4) + i32_load + i32_add + call(exit));
  return module.build();
}();

constexpr Bytes recurses = [] {
  ModuleBuilder module;
  module.entry(call(0));
  return module.build();
}();

constexpr Bytes text = characters("text");

constexpr Bytes lacks_import = [] {
  ModuleBuilder module;
  module.import_function("env", "missing", {}, {});
  module.entry({});
  return module.build();
}();

constexpr Bytes is_large = [] {
  ModuleBuilder module;
  module.memory(65536);
  module.entry({});
  return module.build();
}();

constexpr Bytes starts_outside = [] {
  ModuleBuilder module;
  module.memory(1);
  module.data(65530, characters("outside"));
  module.entry({});
  return module.build();
}();

constexpr Bytes starts_with_trap = [] {
  ModuleBuilder module;
  module.start(module.function("", {}, {}, unreachable));
  module.entry({});
  return module.build();
}();

class Collected final : public fs::Stream {
 public:
  exec::Task<fs::Result<usize>> read(std::span<base::u8>) override { co_return usize{0}; }
  exec::Task<fs::Result<usize>> write(std::span<const base::u8> bytes) override {
    for (base::u8 const byte : bytes)
      if (size_ < text_.size()) text_[size_++] = static_cast<char>(byte);
    co_return bytes.size();
  }
  std::string_view text() const { return {text_.data(), size_}; }

 private:
  std::array<char, 4096> text_{};
  usize size_ = 0;
};

base::Instant now{};

/// A clock that goes on whenever it is looked at.
struct Machine : ProgramMachine {
  Machine() : ProgramMachine([] { return now = now + base::Duration{10'000}; }) {}

  Collected input, output, error;

  [[clang::coro_wrapper]] exec::Task<RunResult> start(const Bytes& module) {
    return process::run(services, module.span(),
                        {.name = "prog",
                         .arguments = {},
                         .environment = {},
                         .streams = {&input, &output, &error},
                         .limits = {}});
  }
  /// The exit code, or -1.
  int run(const Bytes& module) {
    int code = -1;
    auto const keep = [](exec::Task<RunResult> task, int& out) -> exec::Task<void> {
      auto const result = co_await std::move(task);
      if (result) out = result->code;
    };
    if (!executor.spawn_detached("test", keep(start(module), code))) return -1;
    executor.run_until_idle();
    return code;
  }
};

u64 free_bytes() { return memory::kernel_memory().frames().free_bytes(); }

BOOT_TEST("a program writes and exits with its status") {
  Machine machine;
  EXPECT_EQ(machine.run(hello), 7);
  EXPECT_EQ(machine.output.text(), std::string_view("hello\n"));
  EXPECT_EQ(machine.error.text(), std::string_view(""));
}

BOOT_TEST("a trap is reported with its backtrace") {
  Machine machine;
  EXPECT_EQ(machine.run(traps), 134);
  EXPECT_TRUE(machine.error.text().starts_with("prog: trap: integer divide by zero\n  #0 boom "));
  EXPECT_TRUE(machine.error.text().contains("\n  #1 _start "));
}

BOOT_TEST("a memory grows where it is, with zeros") {
  Machine machine;
  EXPECT_EQ(machine.run(grows), 42);
}

BOOT_TEST("endless recursion is a trap") {
  Machine machine;
  EXPECT_EQ(machine.run(recurses), 134);
  EXPECT_TRUE(machine.error.text().starts_with("prog: trap: call stack exhausted\n"));
}

BOOT_TEST("what is no module is a message") {
  Machine machine;
  EXPECT_EQ(machine.run(characters("text")), 126);
  EXPECT_EQ(
      machine.error.text(),
      std::string_view("prog: not a WebAssembly module: magic header not detected at byte 0x0\n"));
}

BOOT_TEST("others run while a program loops for ever, and it can be ended") {
  Machine machine;
  auto task = machine.executor.spawn("spins", machine.start(spins));
  ASSERT_TRUE(task.has_value());
  int turns = 0;
  auto const other = [](int& count) -> exec::Task<void> {
    for (;; ++count) co_await exec::yield();
  };
  auto counting = machine.executor.spawn("other", other(turns));
  ASSERT_TRUE(counting.has_value());
  for (int i = 0; i < 100; ++i) machine.executor.run_round();
  EXPECT_TRUE(turns > 50);
  EXPECT_TRUE(!task->is_finished());
  EXPECT_TRUE(!machine.processes.empty());
  task->cancel();
  EXPECT_TRUE(task->is_finished());
  EXPECT_TRUE(machine.processes.empty());
}

BOOT_TEST("programs that fail leave memory as it was") {
  struct {
    const Bytes& module;
    int status;
  } const cases[] = {{text, 126},           {lacks_import, 126},     {is_large, 137},
                     {starts_outside, 134}, {starts_with_trap, 134}, {traps, 134},
                     {recurses, 134}};
  auto const run_all = [&](int count) {
    Machine machine;
    for (int i = 0; i < count; ++i) {
      for (auto const& [module, status] : cases) EXPECT_EQ(machine.run(module), status);
      auto task = machine.executor.spawn("spins", machine.start(spins));
      machine.executor.run_round();
      if (task) task->cancel();
      EXPECT_TRUE(machine.processes.empty());
    }
  };
  auto const& heap = memory::kernel_memory().heap().statistics();
  run_all(2);
  u64 const free_before = free_bytes();
  u64 const allocations_before = heap.allocations;
  run_all(50);
  EXPECT_EQ(free_bytes(), free_before);
  EXPECT_EQ(heap.allocations, allocations_before);
}

BOOT_TEST("a thousand programs leave memory as it was") {
  auto const run_some = [](int count) {
    Machine machine;
    for (int i = 0; i < count; ++i) {
      if (machine.run(hello) != 7) return false;
    }
    return true;
  };
  EXPECT_TRUE(run_some(10));  // The heap takes what it needs and keeps it.
  u64 const before = free_bytes();
  EXPECT_TRUE(run_some(1000));
  EXPECT_EQ(free_bytes(), before);
}

}  // namespace
}  // namespace nacre::test
