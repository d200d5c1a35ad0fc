// Any bytes are a font or an error: every glyph that can be found lies in them.
#include "lib/text/psf.hpp"

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto const font = nacre::text::Font::parse({data, size});
  if (!font) {
    NACRE_ASSERT(font.error().offset <= size);
    return 0;
  }
  for (char32_t codepoint = 0; codepoint < 0x3000; ++codepoint) {
    auto const glyph = font->glyph(font->find_or_fallback(codepoint));
    NACRE_ASSERT(glyph.size() == std::size_t{font->height()} * font->bytes_per_row());
    NACRE_ASSERT(glyph.data() >= data && glyph.data() + glyph.size() <= data + size);
  }
  return 0;
}
