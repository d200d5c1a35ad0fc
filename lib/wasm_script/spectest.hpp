#pragma once

#include <expected>
#include <optional>
#include <string_view>

#include "lib/wasm/runtime/linker.hpp"

namespace nacre::wasm_script {

inline constexpr std::string_view spectest = "spectest";

/// Defines the module of that name, from which the suite's scripts import: functions that would
/// print, globals, a table and a memory.
std::expected<void, base::OutOfMemory> define_spectest(wasm::Store& store, wasm::Linker& linker);

/// The feature without which `name` is not in it.
std::optional<wasm::Feature> missing_in_spectest(std::string_view name);

}  // namespace nacre::wasm_script
