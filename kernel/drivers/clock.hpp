#pragma once

#include <optional>

#include "kernel/drivers/acpi.hpp"
#include "kernel/drivers/local_apic.hpp"
#include "kernel/drivers/time_scale.hpp"
#include "kernel/hw/cpu.hpp"

namespace nacre::drivers {

/// What told the rate of the time stamp counter.
enum class RateSource : base::u8 { Processor, Hypervisor, Pit, PmTimer, Assumed };

/// How fast the machine's counters count.
struct ClockRates {
  base::u64 timestamp_hz;
  RateSource source;
  /// The local APIC's timer at one sixteenth of its input; none where it was not measured.
  std::optional<base::u64> apic_timer_hz;
};

/// Finds the rates out: from the processor or the hypervisor where they tell, else by measuring for
/// two milliseconds against the PIT or ACPI's timer. Without any of these a rate is assumed and a
/// warning logged. `apic` is the timer to be measured too, if there is one. Boot context,
/// interrupts off.
ClockRates measure_clock_rates(const AcpiPower* acpi, LocalApic<>* apic);

/// Monotonic time from the time stamp counter. Any context.
class TimestampClock {
 public:
  /// Starts at zero at the timestamp `start`.
  constexpr TimestampClock(base::u64 start, base::u64 hz)
      : start_(start), scale_(TimeScale::from_hz(hz)) {}

  base::Instant now() const {
    return base::Instant{} + scale_.to_duration(hw::read_timestamp() - start_);
  }
  /// The timestamp at which `at` is reached.
  constexpr base::u64 timestamp_at(base::Instant at) const {
    base::u64 const ticks = scale_.to_ticks(at - base::Instant{});
    return ticks > UINT64_MAX - start_ ? UINT64_MAX : start_ + ticks;
  }
  constexpr base::u64 hz() const { return scale_.hz(); }

 private:
  base::u64 start_;
  TimeScale scale_;
};

}  // namespace nacre::drivers
