#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/process/wasi_host.hpp"
#include "lib/wasm/runtime/guest.hpp"
#include "lib/wasm/runtime/linker.hpp"
#include "tools/hosted_programs/host_machine.hpp"

namespace nacre::tools {

/// What functions that are called by themselves can import: WASI on this process' streams, and the
/// print functions of engines' test programs in `env`.
class HostImports {
 public:
  /// Argument 0 is the program's name. `machine` outlives it.
  HostImports(HostMachine& machine, const std::vector<std::string>& arguments,
              const std::vector<std::string>& variables);

  std::expected<void, base::OutOfMemory> define(wasm::Linker& linker);
  /// Answers a waiting host call; a number is the program's exit status, and the program ends.
  std::optional<int> answer(const wasm::exit::HostCall& call, wasm::Guest& guest);

 private:
  HostMachine& machine_;
  base::Box<process::Process> process_;
  process::Turn turn_;
  process::WasiHost wasi_;
};

/// The same texts as the kernel takes them.
inline std::vector<std::string_view> views_of(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

}  // namespace nacre::tools
