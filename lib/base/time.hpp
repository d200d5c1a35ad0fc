#pragma once

#include <compare>

#include "lib/base/types.hpp"

namespace nacre::base {

/// A span of time in nanoseconds.
struct Duration {
  i64 ns = 0;
  friend constexpr auto operator<=>(Duration, Duration) = default;
  friend constexpr Duration operator+(Duration a, Duration b) { return {a.ns + b.ns}; }
  friend constexpr Duration operator-(Duration a, Duration b) { return {a.ns - b.ns}; }
  friend constexpr Duration operator*(Duration a, i64 factor) { return {a.ns * factor}; }
};

/// A point on the monotonic clock: nanoseconds since the machine started to count.
struct Instant {
  i64 ns = 0;
  static constexpr Instant never() { return {INT64_MAX}; }
  friend constexpr auto operator<=>(Instant, Instant) = default;
  friend constexpr Instant operator+(Instant at, Duration by) { return {at.ns + by.ns}; }
  friend constexpr Duration operator-(Instant a, Instant b) { return {a.ns - b.ns}; }
};

/// A point in calendar time: seconds since 1970-01-01 00:00 UTC, which may be negative, and the
/// nanoseconds after that second.
struct UnixTime {
  i64 seconds = 0;
  u32 nanoseconds = 0;
  friend constexpr auto operator<=>(UnixTime, UnixTime) = default;
};

inline namespace literals {
consteval Duration operator""_ns(unsigned long long count) { return {static_cast<i64>(count)}; }
consteval Duration operator""_us(unsigned long long count) {
  return {static_cast<i64>(count) * 1'000};
}
consteval Duration operator""_ms(unsigned long long count) {
  return {static_cast<i64>(count) * 1'000'000};
}
consteval Duration operator""_s(unsigned long long count) {
  return {static_cast<i64>(count) * 1'000'000'000};
}
}  // namespace literals

}  // namespace nacre::base
