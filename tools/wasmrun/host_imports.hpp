#pragma once

#include <optional>

#include "lib/wasm/runtime/guest.hpp"
#include "lib/wasm/runtime/linker.hpp"

namespace nacre::tools {

/// What `wasmrun` gives a program to import. A library of host functions (WASI, the game host) is
/// connected here: its names in `define`, its waiting calls in `answer`.
class HostImports {
 public:
  std::expected<void, base::OutOfMemory> define(wasm::Linker& linker);
  /// Answers a waiting host call; a number is the program's exit status, and the program ends.
  std::optional<int> answer(const wasm::exit::HostCall& call, wasm::Guest& guest);
};

}  // namespace nacre::tools
