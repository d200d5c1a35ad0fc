#pragma once

#include "tests/support/wasm_builder.hpp"

namespace nacre::bench {

/// A module of about `size` bytes, the same every time: functions of a mix of instructions like
/// that of compiled C. It is valid, and there is nothing in it to run.
test::Bytes generate_module(base::usize size);

}  // namespace nacre::bench
