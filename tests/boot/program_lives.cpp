// Programs that come and go leave memory as it was, however they end and whatever they leave open.
#include "kernel/fs/pipe.hpp"
#include "kernel/fs/tmp_file_system.hpp"
#include "kernel/hw/cpu.hpp"
#include "kernel/memory/kernel_memory.hpp"
#include "kernel/process/run.hpp"
#include "tests/support/boot_test.hpp"
#include "tests/support/module_builder.hpp"
#include "tests/support/program_machine.hpp"

namespace nacre::test {
namespace {

using namespace module;

constexpr int many_lives = 10'000;
/// Where each takes long, the machine is told `few`.
constexpr int few_lives = 1'000;
/// So many lives fill what is kept for the next ones: page tables, pools of the heap.
constexpr int first_lives = 100;

/// How a program ends, after it has opened files, written to them, and left them open.
enum class End : u8 { Returns, Exits, Traps, UsesTooMuch, IsCancelled };
constexpr std::array ends{End::Returns, End::Exits, End::Traps, End::UsesTooMuch, End::IsCancelled};

constexpr Bytes program(End how) {
  constexpr std::string_view wasi = "wasi_snapshot_preview1";
  constexpr Bytes i32x4{i32_type, i32_type, i32_type, i32_type};
  // Where things are: a list of one buffer, a name, results.
  constexpr i32 list = 0;
  constexpr i32 name = 16;
  constexpr i32 descriptor = 32;
  constexpr i32 result = 48;
  constexpr i32 directory = 3;
  constexpr i32 create = 1;
  constexpr i64 read_write = 2 | 64;

  ModuleBuilder module;
  u32 const exit = module.import_function(wasi, "proc_exit", {i32_type}, {});
  u32 const open = module.import_function(
      wasi, "path_open", i32x4 + Bytes{i32_type, i64_type, i64_type, i32_type, i32_type},
      {i32_type});
  u32 const remove =
      module.import_function(wasi, "path_unlink_file", {i32_type, i32_type, i32_type}, {i32_type});
  u32 const write = module.import_function(wasi, "fd_write", i32x4, {i32_type});
  u32 const read = module.import_function(wasi, "fd_read", i32x4, {i32_type});
  module.memory(1);
  module.data(list, {name, 0, 0, 0, 2});
  module.data(name, characters("fg"));

  Bytes const or_trap = if_(unreachable);
  auto const opens = [&](i32 path, i32 options) {
    return i32_const(directory) + i32_const(0) + i32_const(path) + i32_const(1) +
           i32_const(options) + i64_const(read_write) + i64_const(0) + i32_const(0) +
           i32_const(descriptor) + call(open) + or_trap;
  };
  auto const moves = [&](const Bytes& to, u32 function) {
    return to + i32_const(list) + i32_const(1) + i32_const(result) + call(function) + or_trap;
  };
  Bytes const opened = i32_const(descriptor) + i32_load;
  Bytes const last = how == End::Exits         ? i32_const(0) + call(exit)
                     : how == End::Traps       ? unreachable
                     : how == End::UsesTooMuch ? i32_const(100) + memory_grow + drop
                     : how == End::IsCancelled ? moves(i32_const(0), read)
                                               : Bytes{};
  // One file that stays, one that has no name any more when it is left open.
  module.entry(opens(name, create) + moves(opened, write) + opens(name + 1, create) +
               moves(opened, write) + i32_const(directory) + i32_const(name + 1) + i32_const(1) +
               call(remove) + or_trap + moves(i32_const(1), write) + last);
  return module.build();
}

constexpr std::optional<process::ExitStatus> status_of(End how) {
  switch (how) {
    case End::Returns:
    case End::Exits: return process::ExitStatus{0};
    case End::Traps: return process::status::trapped;
    case End::UsesTooMuch: return process::status::out_of_memory;
    case End::IsCancelled: return std::nullopt;
  }
  return std::nullopt;
}

exec::Task<void> keep(exec::Task<process::RunResult> run,
                      std::optional<process::ExitStatus>& status) {
  if (auto const ended = co_await std::move(run)) status = *ended;
}

/// One program, with pipes as its streams, from its start to its end.
bool live(ProgramMachine& machine, fs::Vfs& files, std::span<const u8> module, End how) {
  auto input = fs::PipeEnds::create();
  auto output = fs::PipeEnds::create();
  if (!input || !output) return false;
  std::array<std::string_view, 2> const arguments{"program", "argument"};
  std::array<std::string_view, 1> const environment{"NAME=value"};
  std::array const directories{process::Preopened{"/", files.root()}};
  process::Limits limits;
  limits.memory = u64{2} << 20;
  std::optional<process::ExitStatus> status;
  auto run = process::run(machine.services, module,
                          {.name = "program",
                           .arguments = arguments,
                           .environment = environment,
                           .streams = {&input->reader, &output->writer, &output->writer},
                           .directories = directories,
                           .files = &files,
                           .limits = limits});
  auto task = machine.executor.spawn("program", keep(std::move(run), status));
  if (!task) return false;
  machine.executor.run_until_idle();
  if (how == End::IsCancelled && !task->is_finished()) task->cancel();
  machine.executor.run_until_idle();
  return task->is_finished() && status == status_of(how) && machine.processes.empty();
}

struct Memory {
  u64 free_frames = memory::kernel_memory().frames().free_bytes();
  u64 allocations = memory::kernel_memory().heap().statistics().allocations;
  u64 used_bytes = memory::kernel_memory().heap().statistics().used_bytes;
};

BOOT_TEST("many programs leave memory as it was") {
  static constexpr std::array modules{program(End::Returns), program(End::Exits),
                                      program(End::Traps), program(End::UsesTooMuch),
                                      program(End::IsCancelled)};
  // How many of them went as they should.
  auto const live_all = [&](int count) {
    ProgramMachine machine;
    auto root = fs::TmpFileSystem::create({});
    if (!root) return 0;
    auto files = fs::Vfs::create(std::move(*root));
    if (!files) return 0;
    for (int i = 0; i < count; ++i) {
      auto const which = static_cast<usize>(i) % ends.size();
      if (!live(machine, *files, modules[which].span(), ends[which])) return i;
    }
    return count;
  };
  EXPECT_EQ(live_all(first_lives), first_lives);
  int const lives = boot_info().command_line == "few" ? few_lives : many_lives;
  Memory const before;
  u64 const start = hw::read_timestamp();
  EXPECT_EQ(live_all(lives), lives);
  note("  {} thousand ticks of the clock for each",
       (hw::read_timestamp() - start) / static_cast<u64>(lives) / 1000);
  Memory const after;
  EXPECT_EQ(after.free_frames, before.free_frames);
  EXPECT_EQ(after.allocations, before.allocations);
  EXPECT_EQ(after.used_bytes, before.used_bytes);
}

}  // namespace
}  // namespace nacre::test
