#pragma once

#include <vector>

#include "lib/wasm/runtime/guest.hpp"
#include "lib/wasm/runtime/linker.hpp"

namespace nacre::test {

/// Something of the right type for each import, named by the number of the function where it is
/// one. False where there is nothing that would do, or no memory.
bool define_imports(const wasm::Module& module, wasm::Store& store, wasm::Linker& linker);

/// Arguments for a function, null where they are references: they may not fit.
std::vector<wasm::Value> some_arguments(const wasm::FunctionType& type);

/// Answers a call of a function that `define_imports` defined: results that are numbers are
/// `number`, references are null, and where they cannot be that is a trap.
void answer_host_call(const wasm::Module& module, wasm::Guest& guest,
                      const wasm::exit::HostCall& call, base::u32 number);

}  // namespace nacre::test
