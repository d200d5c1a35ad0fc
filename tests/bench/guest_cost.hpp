#pragma once

#include <algorithm>
#include <variant>

#include "kernel/hw/cpu.hpp"
#include "lib/wasm/runtime/guest.hpp"

namespace nacre::bench {

/// The fewest instructions of three calls of `function`, which takes the number of its turns, an
/// i32; 0 if one of them does not finish. Host calls that wait are answered with nothing.
inline base::u64 instructions_of(wasm::Guest& guest, wasm::FunctionInstance& function,
                                 base::i32 turns) {
  auto const argument = wasm::Value::of(turns);
  base::u64 best = UINT64_MAX;
  for (int i = 0; i < 3; ++i) {
    if (!guest.begin(function, {&argument, 1})) return 0;
    base::u64 const start = hw::read_timestamp();
    wasm::Exit exit = guest.run(UINT64_MAX);
    while (std::holds_alternative<wasm::exit::HostCall>(exit)) {
      guest.finish_host_call();
      exit = guest.run(UINT64_MAX);
    }
    if (!std::holds_alternative<wasm::exit::Finished>(exit)) return 0;
    best = std::min(best, hw::read_timestamp() - start);
  }
  return best;
}

}  // namespace nacre::bench
