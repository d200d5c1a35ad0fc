#pragma once

#include <expected>
#include <span>

#include "lib/base/function_ref.hpp"
#include "lib/wasm/runtime/tier.hpp"
#include "lib/wasm_script/compact.hpp"
#include "lib/wasm_script/ledger.hpp"
#include "lib/wasm_script/score.hpp"

namespace nacre::wasm_script {

/// Told of each command that fails: its line and why.
using FailureListener = base::FunctionRef<void(u32 line, std::string_view why)>;

/// Runs a script, in the compact form, in a store of its own, of which nothing is left. What needs
/// a feature that the engine refuses by name, and what imports from such a module, is skipped; so
/// is what `differences` names by its line. Errors: the script cannot be read, or there is no
/// memory to run it. Context: task.
std::expected<Score, ScriptError> run_script(wasm::Platform& platform, wasm::Tier& tier,
                                             std::span<const u8> script,
                                             std::span<const Difference> differences,
                                             FailureListener on_failure);

}  // namespace nacre::wasm_script
