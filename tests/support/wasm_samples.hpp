#pragma once

#include <vector>

#include "tests/support/wasm_builder.hpp"

namespace nacre::test {

/// Valid modules that between them have every instruction there is, one or a few in each, in a
/// function that is exported.
std::vector<Bytes> sample_modules();

}  // namespace nacre::test
