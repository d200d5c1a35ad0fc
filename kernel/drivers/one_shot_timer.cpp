#include "kernel/drivers/one_shot_timer.hpp"

#include <algorithm>
#include <atomic>

#include "kernel/drivers/calibration.hpp"
#include "kernel/hw/apic.hpp"
#include "kernel/hw/pit8254.hpp"
#include "lib/base/log.hpp"

namespace nacre::drivers {

using base::u32;
using base::u64;
using base::u8;

OneShotTimer::OneShotTimer(InterruptController& controller, const TimestampClock& clock,
                           const ClockRates& rates)
    : controller_(controller), clock_(clock) {
  using hw::apic::FeaturesEcx;
  using hw::apic::TimerMode;
  LocalApic<>* const apic = controller.local_apic();
  if (apic != nullptr && FeaturesEcx::from(hw::cpuid(1).ecx).get<FeaturesEcx::TscDeadline>()) {
    kind_ = Kind::TscDeadline;
    hw::set_interrupt_handler(hw::local_timer_vector, interrupted, this);
    apic->set_up_timer(TimerMode::TscDeadline, hw::local_timer_vector);
    // The mode must have arrived before the first deadline. [intel/vol3: "TSC-Deadline Mode"]
    std::atomic_thread_fence(std::memory_order_seq_cst);
    base::log_info("timer", "local APIC, timestamp deadline");
  } else if (apic != nullptr && rates.apic_timer_hz && *rates.apic_timer_hz != 0) {
    kind_ = Kind::LocalApic;
    scale_ = TimeScale::from_hz(*rates.apic_timer_hz);
    hw::set_interrupt_handler(hw::local_timer_vector, interrupted, this);
    apic->set_up_timer(TimerMode::OneShot, hw::local_timer_vector);
    base::log_info("timer", "local APIC at {} kHz", *rates.apic_timer_hz / 1000);
  } else if (controller.route_line(hw::pit::line, interrupted, this)) {
    kind_ = Kind::Pit;
    scale_ = TimeScale::from_hz(hw::pit::frequency_hz);
    start_pit(UINT64_MAX);
    controller.unmask(hw::pit::line);
    base::log_info("timer", "PIT");
  } else {
    base::log_error("timer", "none: waiting for a time will not end the halt");
  }
}

void OneShotTimer::arm(base::Instant deadline) {
  if (deadline == base::Instant::never()) return disarm();
  if (kind_ == Kind::TscDeadline) {
    // Zero would disarm; one is long over.
    hw::write_model_register(hw::apic::tsc_deadline_register,
                             std::max(clock_.timestamp_at(deadline), u64{1}));
    return;
  }
  u64 const ticks = std::max(scale_.to_ticks(deadline - clock_.now()), u64{1});
  if (kind_ == Kind::LocalApic) {
    controller_.local_apic()->start_timer(static_cast<u32>(std::min(ticks, u64{UINT32_MAX})));
  } else if (kind_ == Kind::Pit) {
    start_pit(ticks);
  }
}

void OneShotTimer::disarm() {
  switch (kind_) {
    case Kind::TscDeadline: hw::write_model_register(hw::apic::tsc_deadline_register, 0); break;
    case Kind::LocalApic: controller_.local_apic()->start_timer(0); break;
    // It cannot be stopped but by a control word, after which it waits for a count.
    case Kind::Pit:
      hw::PortRegisters<hw::PortIo>({}, hw::pit::first_port).write(hw::pit::one_shot);
      break;
    case Kind::None: break;
  }
}

void OneShotTimer::start_pit(u64 ticks) {
  using namespace hw::pit;
  u64 const count = std::min(ticks, u64{0xffff});
  hw::PortRegisters<hw::PortIo> registers({}, first_port);
  registers.write(one_shot);
  registers.write(Channel0::from(static_cast<u8>(count)));
  registers.write(Channel0::from(static_cast<u8>(count >> 8)));
}

void OneShotTimer::interrupted(void* timer) {
  static_cast<OneShotTimer*>(timer)->expired_.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace nacre::drivers
