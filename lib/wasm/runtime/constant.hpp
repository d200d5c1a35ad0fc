#pragma once

#include "lib/wasm/binary/cursor.hpp"
#include "lib/wasm/runtime/instance.hpp"

namespace nacre::wasm {

/// The value of a validated constant expression at the cursor, whose functions and globals are
/// those of `instance`. Leaves the cursor behind its `end`. [wasm/core: "Constant Expressions"]
std::expected<ValueSlots, base::OutOfMemory> evaluate_constant(Cursor& cursor,
                                                               const Instance& instance);

}  // namespace nacre::wasm
