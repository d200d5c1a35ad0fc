#pragma once

#include <atomic>

#include "kernel/drivers/clock.hpp"
#include "kernel/drivers/interrupt_controller.hpp"

namespace nacre::drivers {

/// One interrupt at a time that was asked for, and none otherwise: the machine sleeps when nothing
/// is due. It may come early when the hardware cannot count that far: who wakes up looks at the
/// clock and arms it again. The interrupt itself does nothing but end the halt.
class OneShotTimer {
 public:
  enum class Kind : base::u8 { TscDeadline, LocalApic, Pit, None };

  /// Takes the best timer there is. Boot context. `controller` and `clock` must outlive it.
  OneShotTimer(InterruptController& controller, const TimestampClock& clock,
               const ClockRates& rates);
  OneShotTimer(const OneShotTimer&) = delete;
  OneShotTimer& operator=(const OneShotTimer&) = delete;

  Kind kind() const { return kind_; }
  /// Interrupts at `deadline` or soon after; at once when it is over already. The deadline before
  /// is forgotten. `Instant::never()` disarms. Call it with interrupts off.
  void arm(base::Instant deadline);
  /// Nothing is due any more. With the PIT an interrupt that was asked for may still come.
  void disarm();
  /// How often it has interrupted.
  base::u64 expired() const { return expired_.load(std::memory_order_relaxed); }

 private:
  static void interrupted(void* timer);
  void start_pit(base::u64 ticks);

  InterruptController& controller_;
  const TimestampClock& clock_;
  Kind kind_ = Kind::None;
  TimeScale scale_ = TimeScale::from_hz(1);
  std::atomic<base::u64> expired_{0};
};

}  // namespace nacre::drivers
