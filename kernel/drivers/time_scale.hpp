#pragma once

#include "lib/base/time.hpp"
#include "lib/base/types.hpp"

namespace nacre::drivers {

/// Converts between ticks of a counter and nanoseconds: one multiplication and one shift each way,
/// no division. Off by less than one in a million for rates between 1 MHz and 34 GHz.
class TimeScale {
 public:
  /// `hz` is the counter's rate, between 1 and 2^35 - 1.
  static constexpr TimeScale from_hz(base::u64 hz) {
    TimeScale scale;
    scale.hz_ = hz;
    scale.ns_per_tick_ = (ns_per_second << ns_shift) / hz;
    scale.ticks_per_ns_ = (hz << tick_shift) / ns_per_second;
    return scale;
  }

  constexpr base::u64 hz() const { return hz_; }
  /// Rounded down. Saturates after 292 years.
  constexpr base::Duration to_duration(base::u64 ticks) const {
    Wide const ns = Wide{ticks} * ns_per_tick_ >> ns_shift;
    return {ns > INT64_MAX ? INT64_MAX : static_cast<base::i64>(ns)};
  }
  /// Rounded up: after that many ticks, `duration` is over. None for what is not after now.
  constexpr base::u64 to_ticks(base::Duration duration) const {
    if (duration.ns <= 0) return 0;
    Wide const ticks =
        (Wide{static_cast<base::u64>(duration.ns)} * ticks_per_ns_ >> tick_shift) + 1;
    return ticks > UINT64_MAX ? UINT64_MAX : static_cast<base::u64>(ticks);
  }

 private:
  __extension__ using Wide = unsigned __int128;
  static constexpr base::u64 ns_per_second = 1'000'000'000;
  static constexpr unsigned ns_shift = 32;
  static constexpr unsigned tick_shift = 29;

  base::u64 hz_ = 0;
  base::u64 ns_per_tick_ = 0;
  base::u64 ticks_per_ns_ = 0;
};
static_assert(TimeScale::from_hz(1'000'000'000).to_duration(123'456'789).ns == 123'456'789);
static_assert(TimeScale::from_hz(2'000'000'000).to_ticks({1'000}) == 2'001);
static_assert(TimeScale::from_hz(3'000'000'000).to_ticks({INT64_MAX}) > base::u64{1} << 63);

}  // namespace nacre::drivers
