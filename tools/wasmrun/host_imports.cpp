#include "tools/wasmrun/host_imports.hpp"

#include <cinttypes>
#include <cstdio>

#include "lib/wasi/functions.hpp"

namespace nacre::tools {
namespace {

base::Box<process::Process> create_process(HostMachine& machine,
                                           const std::vector<std::string>& arguments,
                                           const std::vector<std::string>& variables) {
  auto process =
      process::Process::create(machine.services().processes, machine.services().executor.now(),
                               {.name = arguments[0],
                                .arguments = views_of(arguments),
                                .environment = views_of(variables),
                                .streams = machine.streams(),
                                .limits = {}});
  NACRE_ASSERT(process.has_value());
  return std::move(*process);
}

}  // namespace

HostImports::HostImports(HostMachine& machine, const std::vector<std::string>& arguments,
                         const std::vector<std::string>& variables)
    : machine_(machine),
      process_(create_process(machine, arguments, variables)),
      turn_(machine.services().executor),
      wasi_(machine.services(), *process_, turn_) {}

std::expected<void, base::OutOfMemory> HostImports::define(wasm::Linker& linker) {
  using wasm::Caller;
  TRY(wasi_.open_descriptors());
  TRY(wasi::define_all(linker, wasi_.system()));
  TRY(linker.define("env", "print_i32",
                    [](Caller&, base::i32 value) { std::printf("%" PRId32 "\n", value); }));
  TRY(linker.define("env", "print_i64",
                    [](Caller&, base::i64 value) { std::printf("%" PRId64 "\n", value); }));
  TRY(linker.define("env", "print_f64",
                    [](Caller&, base::f64 value) { std::printf("%.17g\n", value); }));
  return {};
}

std::optional<int> HostImports::answer(const wasm::exit::HostCall& call, wasm::Guest& guest) {
  auto const answered = machine_.finish(wasi::answer(wasi_.system(), call));
  if (auto const code = wasi_.exit_code()) return static_cast<int>(*code & 0xff);
  if (answered)
    guest.finish_host_call(wasi::number_of(*answered));
  else
    guest.fail_host_call(wasm::Trap::HostRefused);
  return std::nullopt;
}

}  // namespace nacre::tools
