#include <cstring>

#include "kernel/fs/tmp_file_system.hpp"
#include "kernel/hw/cpu.hpp"
#include "kernel/process/run.hpp"
#include "tests/support/boot_test.hpp"
#include "tests/support/module_builder.hpp"
#include "tests/support/program_machine.hpp"

// What WASI calls of a program cost, there and back, all that the kernel does for a process
// included: programs that do something more often take as much longer.
namespace nacre {
namespace {

using base::u64;
using base::usize;
using namespace test::module;

enum class Work : u8 { Nothing, ReadClock, Seek, SeekAndRead, SeekAndWrite };

/// A program that works so many turns, each time with `size` bytes at the start of a file.
template <Work work, i32 turns, i32 size>
constexpr Bytes program = [] {
  constexpr std::string_view wasi = "wasi_snapshot_preview1";
  constexpr Bytes i32x4{i32_type, i32_type, i32_type, i32_type};
  // Where things are: a list of one buffer, which begins with page 1, and so on.
  constexpr i32 list = 0;
  constexpr i32 name = 16;
  constexpr i32 descriptor = 32;
  constexpr i32 result = 64;
  constexpr i32 directory = 3;
  constexpr i32 create = 1;
  constexpr i64 read_write_seek = 2 | 4 | 64;

  ModuleBuilder module;
  u32 const clock =
      module.import_function(wasi, "clock_time_get", {i32_type, i64_type, i32_type}, {i32_type});
  u32 const open = module.import_function(
      wasi, "path_open", i32x4 + Bytes{i32_type, i64_type, i64_type, i32_type, i32_type},
      {i32_type});
  u32 const seek =
      module.import_function(wasi, "fd_seek", {i32_type, i64_type, i32_type, i32_type}, {i32_type});
  u32 const read = module.import_function(wasi, "fd_read", i32x4, {i32_type});
  u32 const write = module.import_function(wasi, "fd_write", i32x4, {i32_type});
  module.memory(2 + size / 65536);
  module.data(list, {0, 0, 1, 0, size & 0xff, size >> 8 & 0xff, size >> 16 & 0xff, 0});
  module.data(name, characters("f"));

  Bytes const file = i32_const(descriptor) + i32_load;
  Bytes const to_start = file + i64_const(0) + i32_const(0) + i32_const(result) + call(seek);
  Bytes const moved = file + i32_const(list) + i32_const(1) + i32_const(result);
  Bytes const of_turn = work == Work::Nothing ? Bytes{}
                        : work == Work::ReadClock
                            ? i32_const(1) + i64_const(0) + i32_const(result) + call(clock) + drop
                        : work == Work::Seek        ? to_start + drop
                        : work == Work::SeekAndRead ? to_start + drop + moved + call(read) + drop
                                                    : to_start + drop + moved + call(write) + drop;
  u32 const work_turns = module.function(
      "", {i32_type}, {},
      loop(of_turn + local_get(0) + i32_const(1) + i32_sub + local_tee(0) + branch_if(0)));
  Bytes const or_end = if_(unreachable);
  module.entry(i32_const(directory) + i32_const(0) + i32_const(name) + i32_const(1) +
               i32_const(create) + i64_const(read_write_seek) + i64_const(0) + i32_const(0) +
               i32_const(descriptor) + call(open) + or_end + moved + call(write) + or_end +
               to_start + or_end + moved + call(read) + or_end + i32_const(turns) +
               call(work_turns));
  return module.build();
}();

exec::Task<void> live(process::Services& services, std::span<const u8> module, fs::Vfs& files,
                      bool& is_good) {
  std::array const directories{process::Preopened{"/", files.root()}};
  auto const ended = co_await process::run(services, module,
                                           {.name = "program",
                                            .arguments = {},
                                            .environment = {},
                                            .streams = {},
                                            .directories = directories,
                                            .files = &files,
                                            .limits = {}});
  is_good = ended && ended->success();
}

/// Instructions of a process that runs `module` with a directory of its own; 0 if it went wrong.
u64 instructions_of(std::span<const u8> module) {
  test::ProgramMachine machine;
  auto root = fs::TmpFileSystem::create({});
  if (!root) return 0;
  auto files = fs::Vfs::create(std::move(*root));
  if (!files) return 0;
  bool is_good = false;
  u64 const start = hw::read_timestamp();
  auto const task =
      machine.executor.spawn("program", live(machine.services, module, *files, is_good));
  machine.executor.run_until_idle();
  u64 const spent = hw::read_timestamp() - start;
  return task && is_good ? spent : 0;
}

/// Of one turn, with the turn of the loop.
template <Work work, i32 size = 0>
u64 instructions_of_turn() {
  constexpr i32 turns = 200;
  static constexpr Bytes few = program<work, turns, size>;
  static constexpr Bytes many = program<work, 2 * turns, size>;
  u64 const less = instructions_of(few.span());
  u64 const more = instructions_of(many.span());
  EXPECT_TRUE(less > 0 && more > less);
  return (more - less) / turns;
}

u64 instructions_of_memcpy(usize size) {
  auto const from = base::Vector<u8>::create(size);
  auto to = base::Vector<u8>::create(size);
  if (!from || !to) return 0;
  u64 const start = hw::read_timestamp();
  std::memcpy(to->data(), from->data(), size);
  u64 const spent = hw::read_timestamp() - start;
  test::touch(hw::VirtAddr{reinterpret_cast<u64>(to->data())});
  return spent;
}

template <i32 size>
void measure_file(std::string_view called) {
  u64 const copy = instructions_of_memcpy(size);
  u64 const seek = instructions_of_turn<Work::Seek, size>();
  ASSERT_TRUE(copy > 0 && seek > 0);
  auto const report = [&](std::string_view name, u64 turn) {
    u64 const call = turn - seek;
    u64 const hundredths = call * 100 / copy;
    test::note("bench: {}_{} {}.{:02} x memcpy", name, called, hundredths / 100, hundredths % 100);
    test::note("bench: {}_{}_beside_memcpy {} instructions", name, called, call - copy);
  };
  report("fd_read", instructions_of_turn<Work::SeekAndRead, size>());
  report("fd_write", instructions_of_turn<Work::SeekAndWrite, size>());
}

BOOT_TEST("calls that are answered at once") {
  u64 const loop = instructions_of_turn<Work::Nothing>();
  test::note("bench: clock_time_get {} instructions",
             instructions_of_turn<Work::ReadClock>() - loop);
  test::note("bench: fd_seek {} instructions", instructions_of_turn<Work::Seek>() - loop);
}

BOOT_TEST("files in memory") {
  measure_file<4096>("4KiB");
  measure_file<65536>("64KiB");
}

}  // namespace
}  // namespace nacre
