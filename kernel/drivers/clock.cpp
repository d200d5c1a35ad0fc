#include "kernel/drivers/clock.hpp"

#include "kernel/drivers/calibration.hpp"
#include "kernel/hw/apic.hpp"
#include "lib/base/log.hpp"

namespace nacre::drivers {
namespace {

using base::u32;
using base::u64;
using namespace base::literals;

constexpr base::Duration window = 2_ms;
constexpr base::Duration short_window = 200_us;
constexpr u64 assumed_hz = 1'000'000'000;
// Outside of these a rate is a mistake, and `TimeScale` is exact between them.
constexpr u64 lowest_hz = 1'000'000;
constexpr u64 highest_hz = 30'000'000'000;
constexpr u32 apic_divider = 16;

bool plausible(u64 hz) { return hz >= lowest_hz && hz <= highest_hz; }

/// [intel/vol2: "Time Stamp Counter and Nominal Core Crystal Clock Information Leaf"]
std::optional<ClockRates> told_by_processor() {
  u32 const last = hw::cpuid(0).eax;
  if (last < 0x15) return std::nullopt;
  auto const ratio = hw::cpuid(0x15);
  if (ratio.eax == 0 || ratio.ebx == 0) return std::nullopt;
  u64 hz = u64{ratio.ecx} * ratio.ebx / ratio.eax;
  // Where the crystal is not told, the counter runs at the base frequency, given in MHz.
  if (ratio.ecx == 0 && last >= 0x16) hz = u64{hw::cpuid(0x16).eax & 0xffff} * 1'000'000;
  if (!plausible(hz)) return std::nullopt;
  return ClockRates{hz, RateSource::Processor, std::nullopt};
}

/// The leaf with which hypervisors tell their timers, in kHz.
std::optional<ClockRates> told_by_hypervisor() {
  constexpr u32 first_leaf = 0x4000'0000;
  constexpr u32 timing_leaf = 0x4000'0010;
  auto const features = hw::apic::FeaturesEcx::from(hw::cpuid(1).ecx);
  if (!features.get<hw::apic::FeaturesEcx::Hypervisor>()) return std::nullopt;
  if (u32 const last = hw::cpuid(first_leaf).eax; last < timing_leaf || last > first_leaf + 0xffff)
    return std::nullopt;
  auto const timing = hw::cpuid(timing_leaf);
  u64 const hz = u64{timing.eax} * 1000;
  if (!plausible(hz)) return std::nullopt;
  ClockRates rates{hz, RateSource::Hypervisor, std::nullopt};
  if (u64 const bus_hz = u64{timing.ebx} * 1000; plausible(bus_hz))
    rates.apic_timer_hz = bus_hz / apic_divider;
  return rates;
}

template <ReferenceCounter Reference>
std::optional<ClockRates> measured(Reference reference, RateSource source, LocalApic<>* apic) {
  auto const elapsed =
      measure(reference, window, [&] { return apic != nullptr ? apic->timer_count() : u32{0}; });
  if (!elapsed) return std::nullopt;
  u64 const hz = elapsed->rate_of(elapsed->timestamp_ticks, reference.hz());
  if (!plausible(hz)) return std::nullopt;
  ClockRates rates{hz, source, std::nullopt};
  if (apic != nullptr && elapsed->other_ticks != 0)
    rates.apic_timer_hz = elapsed->rate_of(elapsed->other_ticks, reference.hz());
  return rates;
}

ClockRates find_rates(const AcpiPower* acpi, LocalApic<>* apic) {
  if (auto const rates = told_by_processor()) return *rates;
  if (auto const rates = told_by_hypervisor()) return *rates;
  if (auto const rates = measured(PitCounter<>(), RateSource::Pit, apic)) return *rates;
  if (acpi != nullptr && acpi->pm_timer_port) {
    PmTimerCounter<> const timer(*acpi->pm_timer_port, acpi->pm_timer_is_wide);
    if (auto const rates = measured(timer, RateSource::PmTimer, apic)) return *rates;
  }
  base::log_warning("clock", "nothing to measure against: assuming that the CPU counts at 1 GHz");
  return {assumed_hz, RateSource::Assumed, std::nullopt};
}

const char* name_of(RateSource source) {
  switch (source) {
    case RateSource::Processor: return "the processor says so";
    case RateSource::Hypervisor: return "the hypervisor says so";
    case RateSource::Pit: return "measured against the PIT";
    case RateSource::PmTimer: return "measured against the ACPI timer";
    case RateSource::Assumed: return "assumed";
  }
  return "";
}

}  // namespace

ClockRates measure_clock_rates(const AcpiPower* acpi, LocalApic<>* apic) {
  if (apic != nullptr) apic->start_masked_timer(UINT32_MAX);
  ClockRates rates = find_rates(acpi, apic);
  if (apic != nullptr && !rates.apic_timer_hz) {
    TimestampCounter reference(rates.timestamp_hz);
    auto const elapsed = measure(reference, short_window, [&] { return apic->timer_count(); });
    if (elapsed && elapsed->other_ticks != 0)
      rates.apic_timer_hz = elapsed->rate_of(elapsed->other_ticks, reference.hz());
  }
  if (apic != nullptr) apic->start_timer(0);
  base::log_info("clock", "timestamps at {} kHz ({})", rates.timestamp_hz / 1000,
                 name_of(rates.source));
  return rates;
}

}  // namespace nacre::drivers
