// Any bytes are a script or none; those that are one are written again as the same bytes.
#include <algorithm>
#include <cstdint>

#include "lib/base/assert.hpp"
#include "lib/wasm_script/compact.hpp"

using namespace nacre::wasm_script;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto reader = Reader::create({data, size});
  if (!reader) return 0;
  Writer writer;
  for (;;) {
    auto const command = reader->next();
    if (!command) return 0;
    if (!*command) break;
    NACRE_ASSERT(writer.add(**command).has_value());
  }
  auto const again = writer.take();
  NACRE_ASSERT(again && std::ranges::equal(*again, std::span(data, size)));
  return 0;
}
