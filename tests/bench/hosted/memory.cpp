// What modules take besides their linear memory, as multiples of their size. The bytes of a module,
// which the engine borrows, are not counted. Prints `bench: memory/WHAT/MODULE VALUE x the module`.
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <optional>
#include <unistd.h>
#include <vector>

#include "lib/wasm/interpret/function_code.hpp"
#include "lib/wasm/interpret/interpreter.hpp"
#include "lib/wasm/interpret/machine.hpp"
#include "lib/wasm/interpret/translator.hpp"
#include "lib/wasm/runtime/guest.hpp"
#include "lib/wasm/runtime/linker.hpp"
#include "lib/wasm/validate/validator.hpp"
#include "tests/bench/hosted/counting_allocator.hpp"
#include "tests/bench/hosted/modules.hpp"
#include "tools/hosted_platform/hosted_platform.hpp"
#include "tools/wasmrun/host_imports.hpp"

namespace nacre::bench {
namespace {

using base::u64;
using base::u8;
using base::usize;

constexpr usize smallest_module = 1'000'000;
constexpr u64 fuel_of_a_slice = 20'000'000;
constexpr int most_slices = 10;

/// Counts what it commits for anything but linear memories.
class CountingPlatform final : public tools::HostedPlatform {
 public:
  std::expected<u8*, base::OutOfMemory> reserve(usize size) override {
    auto const address = HostedPlatform::reserve(size);
    if (address && size == wasm::LinearMemory::reserved) linear_memories_.push_back(*address);
    return address;
  }
  std::expected<void, base::OutOfMemory> commit(u8* address, usize size) override {
    if (!is_linear_memory(address)) committed_ += size;
    return HostedPlatform::commit(address, size);
  }
  u64 committed() const { return committed_; }

 private:
  bool is_linear_memory(const u8* address) const {
    for (const u8* const start : linear_memories_)
      if (address >= start && address < start + wasm::LinearMemory::reserved) return true;
    return false;
  }
  std::vector<u8*> linear_memories_;
  u64 committed_ = 0;
};

/// Where the report goes: the programs' own output is of no interest.
std::FILE* report = nullptr;

void send_programs_nowhere() {
  report = fdopen(dup(STDOUT_FILENO), "w");
  int const nowhere = open("/dev/null", O_RDWR);
  if (report == nullptr || nowhere < 0) std::abort();
  for (int descriptor = 0; descriptor < 3; ++descriptor) dup2(nowhere, descriptor);
}

void run(wasm::Guest& guest, tools::HostImports& imports, wasm::FunctionInstance& function) {
  if (!guest.begin(function, {})) return;
  for (int slices = 0; slices < most_slices;) {
    auto const exit = guest.run(fuel_of_a_slice);
    if (auto const* const call = std::get_if<wasm::exit::HostCall>(&exit)) {
      if (imports.answer(*call, guest)) return;
    } else if (std::holds_alternative<wasm::exit::EndOfSlice>(exit)) {
      ++slices;
    } else {
      return;
    }
  }
}

bool translate(wasm::FunctionInstance& function) {
  namespace interpret = wasm::interpret;
  interpret::Translator translator(function.instance->module(), function.index, /*traced=*/false);
  return translator.begin() && translator.proceed(UINT32_MAX) &&
         interpret::install(function, translator.code());
}

bool translate_all(wasm::Instance& instance) {
  for (auto& function : instance.own_functions)
    if (function.entry == wasm::interpret::translate_stub && !translate(function)) return false;
  return true;
}

/// The name of what failed, if anything did.
std::optional<std::string> measure(const NamedModule& named) {
  wasm::Interpreter interpreter;
  tools::HostMachine machine(interpreter);
  tools::HostImports imports(machine, {named.name}, {});
  CountingPlatform platform;
  u64 const before = heap_use().current;
  begin_peak();
  auto const print = [&](const char* what, u64 bytes) {
    std::fprintf(report, "bench: memory/%s/%s %.3f x the module\n", what, named.name.c_str(),
                 static_cast<double>(bytes) / static_cast<double>(named.bytes.size()));
  };
  auto const taken = [&] { return heap_use().current - before + platform.committed(); };

  auto const module = wasm::load(named.bytes);
  if (!module) return "load";
  print("loaded", taken());
  wasm::Store store(platform, interpreter);
  wasm::Linker linker(store);
  if (!imports.define(linker)) return "define";
  auto const instance = store.instantiate(*module, linker);
  auto guest = wasm::Guest::create(store);
  if (!instance || !guest) return "instantiate";
  print("instantiated", taken());
  if (auto* const function = (*instance)->find_function("_start")) run(*guest, imports, *function);
  print("ran", taken());
  print("peak", heap_use().peak - before + platform.committed());
  if (!translate_all(**instance)) return "translate";
  print("all_translated", taken());
  return std::nullopt;
}

int main() {
  send_programs_nowhere();
  for (auto const& module : modules_of_at_least(smallest_module))
    if (auto const failed = measure(module))
      std::fprintf(report, "nacre: memory/%s: not measured, the engine refuses to %s it\n",
                   module.name.c_str(), failed->c_str());
  return std::fclose(report) == 0 ? 0 : 1;
}

}  // namespace
}  // namespace nacre::bench

int main() { return nacre::bench::main(); }
