// Any text is a layout or an error in one of its lines; what a layout types is text.
#include <cstdint>

#include "lib/base/assert.hpp"
#include "lib/text/composer.hpp"
#include "lib/text/layout_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nacre::text;
  std::string_view const text(reinterpret_cast<const char*>(data), size);
  auto const layout = parse_layout(text);
  if (!layout) {
    NACRE_ASSERT(layout.error().line <= size + 1 && !describe(layout.error().kind).empty());
    return 0;
  }
  NACRE_ASSERT(!layout->name().empty() && layout->keys().size() >= us_layout.keys().size());
  Composer composer;
  for (const LayoutKey& key : layout->keys()) {
    for (unsigned held = 0; held < 16; ++held) {
      Modifiers const modifiers{.shift = (held & 1) != 0,
                                .control = (held & 2) != 0,
                                .alt_gr = (held & 4) != 0,
                                .caps_lock = (held & 8) != 0};
      KeyBytes const typed = composer.feed(*layout, {key.key, true, false, modifiers});
      NACRE_ASSERT(typed.view().size() <= 9);
      for_each_codepoint(typed.view(), [&](char32_t codepoint) {
        NACRE_ASSERT(codepoint != replacement_character ||
                     typed.view().find("\xef\xbf\xbd") != std::string_view::npos);
      });
    }
  }
  return 0;
}
