#pragma once

#include <concepts>
#include <optional>

#include "kernel/hw/acpi.hpp"
#include "kernel/hw/cpu.hpp"
#include "kernel/hw/pit8254.hpp"
#include "kernel/hw/register_io.hpp"
#include "lib/base/function_ref.hpp"
#include "lib/base/time.hpp"

namespace nacre::drivers {

/// A counter whose rate is known: counts up and wraps around at `mask()`.
template <class Counter>
concept ReferenceCounter = requires(Counter& counter) {
  { counter.read() } -> std::same_as<base::u32>;
  { counter.mask() } -> std::same_as<base::u32>;
  { counter.hz() } -> std::same_as<base::u64>;
};

/// Channel 0 of the PIT, free running: it needs no gate. Its interrupt line must be masked.
template <hw::PortAccess Io = hw::PortIo>
class PitCounter {
 public:
  explicit PitCounter(Io io = {}) : registers_(io, hw::pit::first_port) {
    using namespace hw::pit;
    registers_.write(one_shot);
    registers_.write(Channel0::from(0xff));
    registers_.write(Channel0::from(0xff));
  }
  base::u32 read() {
    using namespace hw::pit;
    registers_.write(latch_channel0);
    base::u32 const low = registers_.template read<Channel0>().bits;
    base::u32 const high = registers_.template read<Channel0>().bits;
    return ~(high << 8 | low) & mask();
  }
  base::u32 mask() const { return 0xffff; }
  base::u64 hz() const { return hw::pit::frequency_hz; }

 private:
  hw::PortRegisters<Io> registers_;
};

/// ACPI's power management timer.
template <hw::PortAccess Io = hw::PortIo>
class PmTimerCounter {
 public:
  PmTimerCounter(base::u16 port, bool wide, Io io = {}) : io_(io), port_(port), wide_(wide) {}
  base::u32 read() { return io_.in32(port_) & mask(); }
  base::u32 mask() const { return wide_ ? 0xffff'ffff : 0x00ff'ffff; }
  base::u64 hz() const { return hw::acpi::pm_timer_hz; }

 private:
  [[no_unique_address]] Io io_;
  base::u16 port_;
  bool wide_;
};

/// The time stamp counter, once its rate is known.
class TimestampCounter {
 public:
  explicit TimestampCounter(base::u64 hz) : hz_(hz) {}
  base::u32 read() const { return static_cast<base::u32>(hw::read_timestamp()); }
  base::u32 mask() const { return 0xffff'ffff; }
  base::u64 hz() const { return hz_; }

 private:
  base::u64 hz_;
};

/// What passed between two looks at the counters.
struct Elapsed {
  base::u64 reference_ticks = 0;
  base::u64 timestamp_ticks = 0;
  base::u32 other_ticks = 0;

  /// The rate of what counted `ticks` meanwhile.
  constexpr base::u64 rate_of(base::u64 ticks, base::u64 reference_hz) const {
    return ticks * reference_hz / reference_ticks;
  }
};

/// Lets `window` pass by `reference`, and says how far the time stamp counter and `other`, which
/// counts down, came meanwhile. Nothing when the reference does not count. Boot context, interrupts
/// off.
template <ReferenceCounter Reference>
std::optional<Elapsed> measure(Reference& reference, base::Duration window,
                               base::FunctionRef<base::u32()> other) {
  struct Sample {
    base::u32 reference = 0, other = 0;
    base::u64 timestamp = 0;
  };
  // Something may come between two reads (a hypervisor, a firmware interrupt): the quickest of a
  // few tries is the true one.
  auto const sample = [&] {
    Sample best;
    base::u64 least = UINT64_MAX;
    for (int i = 0; i < 3; ++i) {
      base::u64 const before = hw::read_timestamp();
      base::u32 const ticks = reference.read();
      base::u32 const others = other();
      base::u64 const after = hw::read_timestamp();
      if (after - before >= least) continue;
      least = after - before;
      best = {.reference = ticks, .other = others, .timestamp = before + least / 2};
    }
    return best;
  };
  auto const wanted =
      static_cast<base::u32>(static_cast<base::u64>(window.ns) * reference.hz() / 1'000'000'000);
  Sample const start = sample();
  base::u32 last = start.reference;
  for (int standing = 0; standing < 1000;) {
    base::u32 const now = reference.read();
    standing = now == last ? standing + 1 : 0;
    last = now;
    if (((now - start.reference) & reference.mask()) < wanted) continue;
    Sample const end = sample();
    return Elapsed{.reference_ticks = (end.reference - start.reference) & reference.mask(),
                   .timestamp_ticks = end.timestamp - start.timestamp,
                   .other_ticks = start.other - end.other};
  }
  return std::nullopt;
}

}  // namespace nacre::drivers
