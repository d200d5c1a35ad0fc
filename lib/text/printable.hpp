#pragma once

#include <string_view>

#include "lib/base/format.hpp"
#include "lib/text/utf8.hpp"

namespace nacre::text {

/// A name as it may be shown: control characters and what is not UTF-8 become `?`, so that no name
/// can command a terminal. Of one that is longer than `most` code points, the rest is `...`.
struct Printable {
  std::string_view name;
  usize most = SIZE_MAX;
};

inline void format_value(base::Sink& sink, const Printable& printable) {
  usize count = 0;
  for_each_codepoint(printable.name, [&](char32_t codepoint) {
    if (count > printable.most) return;
    if (count++ == printable.most) return sink.write("...");
    bool const is_plain = codepoint >= 0x20 && !(codepoint >= 0x7f && codepoint < 0xa0) &&
                          codepoint != replacement_character;
    sink.write(encode_utf8(is_plain ? codepoint : U'?').view());
  });
}

}  // namespace nacre::text
