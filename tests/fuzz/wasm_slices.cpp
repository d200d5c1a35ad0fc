// A valid module runs in slices as it runs in one go.
#include "tests/support/wasm_slices.hpp"

extern "C" int LLVMFuzzerTestOneInput(const nacre::base::u8* data, nacre::base::usize size) {
  // The shape of the slices is the input's as well.
  nacre::base::u64 const longest = size % 29 + 1;
  nacre::test::compare_slices({data, size}, longest, size % 2 == 0);
  return 0;
}
