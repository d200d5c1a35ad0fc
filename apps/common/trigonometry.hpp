#pragma once

namespace arcade {

/// Angles are counted in steps of which a turn has `full_turn`; any number is fine.
inline constexpr int full_turn = 1024;
inline constexpr float pi = 3.14159265f;

namespace detail {

struct QuarterSines {
  float values[full_turn / 4 + 1];

  constexpr QuarterSines() : values() {
    for (int i = 0; i <= full_turn / 4; ++i) {
      // Taylor's series, of which few terms are enough up to a right angle.
      double const x = i * 2 * 3.14159265358979 / full_turn;
      double term = x;
      double sum = 0;
      for (int n = 1; n < 20; n += 2) {
        sum += term;
        term *= -x * x / ((n + 1) * (n + 2));
      }
      values[i] = static_cast<float>(sum);
    }
  }
};
inline constexpr QuarterSines quarter_sines;

}  // namespace detail

constexpr float sine(int angle) {
  constexpr int quarter = full_turn / 4;
  unsigned const turned = static_cast<unsigned>(angle) % full_turn;
  unsigned const inside = turned % quarter;
  switch (turned / quarter) {
    case 0: return detail::quarter_sines.values[inside];
    case 1: return detail::quarter_sines.values[quarter - inside];
    case 2: return -detail::quarter_sines.values[inside];
    default: return -detail::quarter_sines.values[quarter - inside];
  }
}
constexpr float cosine(int angle) { return sine(angle + full_turn / 4); }

static_assert(sine(0) == 0 && sine(full_turn / 4) == 1 && cosine(full_turn / 2) == -1);
static_assert(sine(full_turn / 12) > 0.496f && sine(full_turn / 12) < 0.504f);

constexpr float square_root(float x) { return __builtin_sqrtf(x); }
constexpr float absolute(float x) { return __builtin_fabsf(x); }

}  // namespace arcade
