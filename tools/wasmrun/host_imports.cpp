#include "tools/wasmrun/host_imports.hpp"

#include <cinttypes>
#include <cstdio>

namespace nacre::tools {

/// Print functions as engines' test programs know them, in the module `env`.
std::expected<void, base::OutOfMemory> HostImports::define(wasm::Linker& linker) {
  using wasm::Caller;
  TRY(linker.define("env", "print_i32",
                    [](Caller&, base::i32 value) { std::printf("%" PRId32 "\n", value); }));
  TRY(linker.define("env", "print_i64",
                    [](Caller&, base::i64 value) { std::printf("%" PRId64 "\n", value); }));
  TRY(linker.define("env", "print_f64",
                    [](Caller&, base::f64 value) { std::printf("%.17g\n", value); }));
  return {};
}

std::optional<int> HostImports::answer(const wasm::exit::HostCall&, wasm::Guest& guest) {
  guest.fail_host_call(wasm::Trap::HostRefused);
  return std::nullopt;
}

}  // namespace nacre::tools
