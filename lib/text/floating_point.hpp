#pragma once

#include <optional>
#include <string_view>

#include "lib/base/format.hpp"
#include "lib/base/types.hpp"

/// Fractions as text and back, each rounded to what is nearest.
namespace nacre::text {

/// What `text` begins with: digits with a point and an exponent, or `inf` or `nan`, with a sign.
struct ParsedNumber {
  double value = 0;
  /// How many bytes it takes; 0 if `text` begins with no number.
  base::usize size = 0;
};
/// The number that is nearest, the even one of two. Blanks do not count.
ParsedNumber parse_floating_point(std::string_view text);

/// As `printf` has them. [posix/xbd: "File Format Notation"]
enum class FloatStyle : base::u8 {
  Fixed,       // 1.50
  Scientific,  // 1.50e+00
  Shortest,    // the shorter of both, without zeros at the end
};
struct FloatFormat {
  FloatStyle style = FloatStyle::Fixed;
  /// Digits behind the point; of `Shortest`, all of them.
  base::usize precision = 6;
  /// Letters are capitals.
  bool is_upper = false;
  /// A point stands behind whole numbers, and `Shortest` keeps its zeros.
  bool is_alternative = false;
};
/// Without its sign.
void write_floating_point(base::Sink& sink, double value, const FloatFormat& format);

}  // namespace nacre::text
