#pragma once

#include "lib/base/format.hpp"
#include "lib/base/types.hpp"

namespace nacre::shell::builtin {

/// A number of bytes as people read it: "512", "1.5K", "23M".
struct HumanSize {
  base::u64 bytes;
};
inline void format_value(base::Sink& sink, HumanSize size) {
  constexpr std::string_view letters = "KMGTPE";
  if (size.bytes < 1024) return base::format_to(sink, "{}", size.bytes);
  base::usize power = 0;
  base::u64 unit = 1024;
  while (power + 1 < letters.size() && size.bytes / unit >= 1024) {
    unit *= 1024;
    ++power;
  }
  // Always up, as others do: what is there is not less than what is shown.
  base::u64 const whole = size.bytes / unit;
  base::u64 const tenths = whole * 10 + (size.bytes % unit * 10 + unit - 1) / unit;
  if (tenths < 100)
    base::format_to(sink, "{}.{}{}", tenths / 10, tenths % 10, letters.substr(power, 1));
  else
    base::format_to(sink, "{}{}", whole + (size.bytes % unit != 0 ? 1 : 0),
                    letters.substr(power, 1));
}

}  // namespace nacre::shell::builtin
