// A valid module survives that memory runs out while it is loaded, instantiated and run.
#include "tests/support/wasm_shortage.hpp"

extern "C" int LLVMFuzzerTestOneInput(const nacre::base::u8* data, nacre::base::usize size) {
  nacre::base::u64 seed = size;
  for (nacre::base::usize i = 0; i < size; ++i) seed = seed * 31 + data[i];
  nacre::test::survive_shortage({data, size}, seed);
  return 0;
}
