#pragma once

#include <span>

#include "lib/base/types.hpp"

namespace nacre::test {

/// Runs everything that a module exports twice: in one go, and in slices of which the first is one
/// unit of fuel, the second two and so on up to `longest`, watched by an observer if `watched`.
/// Both have to come to the same end, at the same place, with the same fuel left and the same in
/// all memories, globals and tables; aborts where they do not. Bytes that are no valid module are
/// passed over.
void compare_slices(std::span<const base::u8> bytes, base::u64 longest, bool watched);

}  // namespace nacre::test
