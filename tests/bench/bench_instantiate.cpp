#include <algorithm>
#include <variant>

#include "kernel/boot/ramdisk.hpp"
#include "kernel/hw/cpu.hpp"
#include "kernel/process/file_bytes.hpp"
#include "kernel/process/kernel_platform.hpp"
#include "lib/exec/executor.hpp"
#include "lib/wasm/binary/decoder.hpp"
#include "lib/wasm/interpret/interpreter.hpp"
#include "lib/wasm/runtime/guest.hpp"
#include "lib/wasm/runtime/linker.hpp"
#include "lib/wasm/validate/validator.hpp"
#include "tests/support/boot_test.hpp"
#include "tests/support/module_builder.hpp"

// What it costs to bring a module to life, part by part.
namespace nacre {
namespace {

using base::u64;
using namespace test::module;

/// A program that greets, without a library.
constexpr Bytes small = [] {
  constexpr std::string_view wasi = "wasi_snapshot_preview1";
  constexpr Bytes i32x4{i32_type, i32_type, i32_type, i32_type};
  ModuleBuilder module;
  u32 const exit = module.import_function(wasi, "proc_exit", {i32_type}, {});
  u32 const write = module.import_function(wasi, "fd_write", i32x4, {i32_type});
  module.memory(1);
  module.data(0, {8, 0, 0, 0, 14, 0, 0, 0});
  module.data(8, characters("Hello, world!\n"));
  module.entry(i32_const(1) + i32_const(0) + i32_const(1) + i32_const(64) + call(write) + drop +
               i32_const(0) + call(exit));
  return module.build();
}();

/// Instructions of each part of one life.
struct Life {
  u64 decode = 0;
  u64 validate = 0;
  u64 link = 0;
  u64 instantiate = 0;
  u64 create_guest = 0;
  u64 first_call = 0;
  u64 end = 0;
};

/// Instructions of `part`, which says whether it worked.
template <class Part>
u64 instructions_of(Part&& part) {
  u64 const start = hw::read_timestamp();
  bool const worked = part();
  u64 const end = hw::read_timestamp();
  u64 const overhead = hw::read_timestamp() - end;
  EXPECT_TRUE(worked);
  return end - start - overhead;
}

bool define_imports(const wasm::Module& module, wasm::Linker& linker) {
  return std::ranges::all_of(module.imports, [&](const wasm::Import& import) {
    return linker
        .define_waiting(import.module, import.name, module.type_of_function(import.index),
                        wasm::HostCallId{import.index})
        .has_value();
  });
}

Life live(std::span<const base::u8> bytes) {
  Life life;
  std::optional<wasm::Loaded<wasm::Module>> module;
  life.decode = instructions_of([&] { return module.emplace(wasm::decode(bytes)).has_value(); });
  life.validate = instructions_of([&] { return wasm::validate(**module).has_value(); });

  process::KernelPlatform platform;
  wasm::Interpreter interpreter;
  std::optional<wasm::Store> store(std::in_place, platform, interpreter);
  std::optional<wasm::Linker> linker(*store);
  life.link = instructions_of([&] { return define_imports(**module, *linker); });
  wasm::Instance* instance = nullptr;
  life.instantiate = instructions_of([&] {
    auto const made = store->instantiate(**module, *linker);
    if (made) instance = *made;
    return made.has_value();
  });
  std::optional<wasm::Guest> guest;
  life.create_guest = instructions_of([&] {
    auto made = wasm::Guest::create(*store);
    if (made) guest.emplace(std::move(*made));
    return made.has_value();
  });
  if (instance == nullptr || !guest) return life;
  life.first_call = instructions_of([&] {
    auto* const function = instance->find_function("_start");
    return function != nullptr && guest->begin(*function, {}) &&
           std::holds_alternative<wasm::exit::HostCall>(guest->run(UINT64_MAX));
  });
  life.end = instructions_of([&] {
    guest.reset();
    linker.reset();
    store.reset();
    return true;
  });
  return life;
}

void report(std::string_view name, std::span<const base::u8> bytes) {
  // The first one also makes page tables and parts of the heap, which stay.
  Life const first = live(bytes);
  test::note("bench: first_instantiate_{} {} instructions", name, first.instantiate);
  Life const life = live(bytes);
  test::note("bench: decode_{} {} instructions", name, life.decode);
  test::note("bench: validate_{} {} instructions", name, life.validate);
  test::note("bench: link_{} {} instructions", name, life.link);
  test::note("bench: instantiate_{} {} instructions", name, life.instantiate);
  test::note("bench: create_guest_{} {} instructions", name, life.create_guest);
  test::note("bench: first_call_{} {} instructions", name, life.first_call);
  test::note("bench: end_{} {} instructions", name, life.end);
}

exec::Task<bool> report_file(fs::Vfs& vfs, std::string_view name, std::string_view path) {
  auto const file = co_await process::FileBytes::read(vfs, vfs.root(), path);
  if (!file) co_return false;
  report(name, file->bytes());
  co_return true;
}

BOOT_TEST("a module of two hundred bytes") { report("small", small.span()); }

BOOT_TEST("a program with the C library") {
  auto ramdisk = boot::read_ramdisk(test::boot_info());
  ASSERT_TRUE(ramdisk.has_value());
  auto vfs = fs::Vfs::create(std::move(*ramdisk));
  ASSERT_TRUE(vfs.has_value());
  exec::Executor executor([] { return base::Instant{}; });
  auto const done = executor.spawn("report", report_file(*vfs, "hello", "/bin/hello.wasm"));
  executor.run_until_idle();
  EXPECT_TRUE(done && done->is_finished());
}

}  // namespace
}  // namespace nacre
