#include "lib/text/paste.hpp"

#include "lib/base/format.hpp"
#include "lib/base/try.hpp"
#include "lib/text/utf8.hpp"

namespace nacre::text {

std::expected<base::String, base::OutOfMemory> pasted_bytes(std::string_view text,
                                                            bool is_bracketed) {
  base::String bytes;
  base::StringSink sink(bytes);
  if (is_bracketed) sink.write("\x1b[200~");
  bool after_return = false;
  for_each_codepoint(text, [&](char32_t codepoint) {
    bool const is_second = std::exchange(after_return, codepoint == U'\r') && codepoint == U'\n';
    if (is_second) return;
    if (codepoint == U'\n' || codepoint == U'\r') return sink.write("\r");
    bool const is_control = codepoint < 0x20 || (codepoint >= 0x7f && codepoint < 0xa0);
    if (!is_control || codepoint == U'\t') sink.write(encode_utf8(codepoint).view());
  });
  if (is_bracketed) sink.write("\x1b[201~");
  TRY(sink.result());
  return bytes;
}

}  // namespace nacre::text
