#include "lib/text/palette.hpp"

namespace nacre::text {
namespace {

std::optional<unsigned> hex_value(std::string_view digits) {
  unsigned value = 0;
  for (char const digit : digits) {
    value <<= 4;
    if (digit >= '0' && digit <= '9') {
      value |= static_cast<unsigned>(digit - '0');
    } else if (digit >= 'a' && digit <= 'f') {
      value |= static_cast<unsigned>(digit - 'a' + 10);
    } else if (digit >= 'A' && digit <= 'F') {
      value |= static_cast<unsigned>(digit - 'A' + 10);
    } else {
      return std::nullopt;
    }
  }
  return value;
}

/// Behind `#`, digits are the highest of four.
std::optional<u8> leading_level(std::string_view digits) {
  auto const value = hex_value(digits);
  if (!value) return std::nullopt;
  return static_cast<u8>(*value << (16 - 4 * digits.size()) >> 8);
}

/// Behind `rgb:`, the largest number of so many digits is all of a colour.
std::optional<u8> scaled_level(std::string_view digits) {
  if (digits.empty() || digits.size() > 4) return std::nullopt;
  auto const value = hex_value(digits);
  if (!value) return std::nullopt;
  unsigned const largest = (1u << (4 * digits.size())) - 1;
  return static_cast<u8>((*value * 255 + largest / 2) / largest);
}

std::optional<Rgb> joined(std::optional<u8> red, std::optional<u8> green, std::optional<u8> blue) {
  if (!red || !green || !blue) return std::nullopt;
  return Rgb{*red, *green, *blue};
}

}  // namespace

std::optional<Rgb> parse_color(std::string_view name) {
  if (name.starts_with('#')) {
    name.remove_prefix(1);
    usize const digits = name.size() / 3;
    if (digits == 0 || digits > 4 || name.size() % 3 != 0) return std::nullopt;
    return joined(leading_level(name.substr(0, digits)), leading_level(name.substr(digits, digits)),
                  leading_level(name.substr(2 * digits)));
  }
  constexpr std::string_view prefix = "rgb:";
  if (!name.starts_with(prefix)) return std::nullopt;
  name.remove_prefix(prefix.size());
  usize const first = name.find('/');
  if (first == std::string_view::npos) return std::nullopt;
  usize const second = name.find('/', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  return joined(scaled_level(name.substr(0, first)),
                scaled_level(name.substr(first + 1, second - first - 1)),
                scaled_level(name.substr(second + 1)));
}

void format_value(base::Sink& sink, const ColorName& name) {
  auto const part = [](u8 level) { return level * 0x101u; };
  base::format_to(sink, "rgb:{:04x}/{:04x}/{:04x}", part(name.color.red), part(name.color.green),
                  part(name.color.blue));
}

}  // namespace nacre::text
