#pragma once

#include <algorithm>

#include "kernel/hw/pit8254.hpp"
#include "kernel/hw/register_io.hpp"
#include "kernel/hw/speaker.hpp"
#include "lib/base/time.hpp"
#include "lib/exec/executor.hpp"

namespace nacre::drivers {

/// Something that sounds one tone at a time. Task context.
class Speaker {
 public:
  /// The frequencies that it has; others are brought to the nearer end.
  static constexpr base::u32 lowest_hz = 20;
  static constexpr base::u32 highest_hz = 20'000;

  /// Sounds a tone for `duration` from now on, in place of the one before. Does not wait.
  virtual void play(base::u32 frequency_hz, base::Duration duration) = 0;
  virtual void silence() = 0;

 protected:
  ~Speaker() = default;
};

/// The loudspeaker of a PC. [8254: "Mode 3: Square Wave Mode"]
template <hw::PortAccess Io = hw::PortIo>
class PcSpeaker final : public Speaker, private exec::Timer {
 public:
  /// Whether there is one: its switches can be read back. Boot or task context; leaves it silent.
  static bool is_present(Io io = {}) {
    using hw::speaker::Control;
    Switches switches(io, hw::speaker::port);
    auto const reads_back = [&](bool counting) {
      set(switches, counting, false);
      auto const read = switches.template read<Control>();
      return read.template get<Control::Counting>() == counting &&
             !read.template get<Control::Sounding>();
    };
    return reads_back(true) && reads_back(false);
  }

  /// The executor's clock ends the tones; it outlives this.
  explicit PcSpeaker(exec::Executor& executor, Io io = {})
      : Timer(base::Instant{}),
        executor_(executor),
        timer_(io, hw::pit::first_port),
        switches_(io, hw::speaker::port) {}
  ~PcSpeaker() { silence(); }

  void play(base::u32 frequency_hz, base::Duration duration) override {
    using namespace hw::pit;
    silence();
    if (duration <= base::Duration{}) return;
    timer_.write(tone);
    base::u64 const count = frequency_hz_pit / std::clamp(frequency_hz, lowest_hz, highest_hz);
    timer_.write(Channel2::from(static_cast<base::u8>(count)));
    timer_.write(Channel2::from(static_cast<base::u8>(count >> 8)));
    set(switches_, true, true);
    set_deadline(executor_.now() + duration);
    executor_.timers().arm(*this);
  }
  void silence() override {
    if (is_armed()) executor_.timers().disarm(*this);
    set(switches_, false, false);
  }

 private:
  using Switches = hw::PortRegisters<Io>;
  static constexpr base::u64 frequency_hz_pit = hw::pit::frequency_hz;
  static_assert(frequency_hz_pit / lowest_hz <= 0xffff, "a count has two bytes");

  static void set(Switches& switches, bool counting, bool sounding) {
    using hw::speaker::Control;
    auto const checks = switches.template read<Control>().template get<Control::ErrorChecks>();
    switches.write(Control{}
                       .with<Control::Counting>(counting)
                       .with<Control::Sounding>(sounding)
                       .template with<Control::ErrorChecks>(checks));
  }
  void expired() override { silence(); }

  exec::Executor& executor_;
  hw::PortRegisters<Io> timer_;
  Switches switches_;
};

}  // namespace nacre::drivers
