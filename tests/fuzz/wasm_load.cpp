// Any bytes as a WebAssembly module: refused, or run within limits. A good corpus are the modules
// of the official test suite:  fuzz_wasm_load CORPUS ../shared/wasm-spec/json-*/*/*
#include "tests/support/wasm_survival.hpp"

extern "C" int LLVMFuzzerTestOneInput(const nacre::base::u8* data, nacre::base::usize size) {
  static_cast<void>(nacre::test::survive({data, size}));
  return 0;
}
