#pragma once

#include <span>

#include "lib/base/types.hpp"

namespace nacre::bench {

/// One call of an allocator: of `allocate` with a size, or of `free` with none, for object number
/// `object`.
struct HeapCall {
  base::u32 object;
  base::u32 size;
};

/// Everything that goes through any form of `operator new` and `operator delete` between the two
/// calls, in order. What was there before and what is left in the end is not in it.
void begin_recording();
std::span<const HeapCall> end_recording();

}  // namespace nacre::bench
