#pragma once

#include <span>

#include "lib/base/types.hpp"

namespace nacre::test {

/// Loads, instantiates and runs a valid module while one of its allocations fails, several times
/// with others of them, which `seed` chooses; then, where it came that far, once more with none
/// failing. Nothing of it may crash or leak, and loading fails for no other reason than want of
/// memory. Bytes that are no valid module are passed over.
void survive_shortage(std::span<const base::u8> bytes, base::u64 seed);

}  // namespace nacre::test
