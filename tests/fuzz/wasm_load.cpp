// Any bytes as a WebAssembly module: refused, or run within limits. To go on for longer with a
// corpus of one's own:  fuzz_wasm_load CORPUS build/fuzz/tests/fuzz/wasm_corpus
#include "tests/support/wasm_survival.hpp"

extern "C" int LLVMFuzzerTestOneInput(const nacre::base::u8* data, nacre::base::usize size) {
  static_cast<void>(nacre::test::survive({data, size}));
  return 0;
}
