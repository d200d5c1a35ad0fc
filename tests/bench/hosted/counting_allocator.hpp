#pragma once

#include "lib/base/types.hpp"

namespace nacre::bench {

/// What the heap holds for this process now, through all forms of `operator new`, and the most that
/// it held since `begin_peak`, in bytes as the allocator rounds them.
struct HeapUse {
  base::u64 current = 0;
  base::u64 peak = 0;
};
HeapUse heap_use();
void begin_peak();

}  // namespace nacre::bench
