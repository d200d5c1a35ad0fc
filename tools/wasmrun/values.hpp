#pragma once

#include <optional>
#include <span>
#include <string>

#include "lib/wasm/runtime/value.hpp"

namespace nacre::tools {

/// The value that `text` writes; nothing where it is none of that type. Integers may be written
/// signed or unsigned, decimal or, behind `0x`, hexadecimal.
std::optional<wasm::Value> parse_value(wasm::ValueType type, const std::string& text);

/// A value as people write it. `slots` begins with the value's.
std::string text_of_value(wasm::ValueType type, std::span<const wasm::Slot> slots);

}  // namespace nacre::tools
