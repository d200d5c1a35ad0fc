#pragma once

#include "kernel/hw/apic.hpp"
#include "kernel/hw/cpu.hpp"
#include "kernel/hw/interrupts.hpp"
#include "kernel/hw/register_io.hpp"

namespace nacre::drivers {

/// The registers of this CPU's local APIC, in whichever of its two modes the firmware left it.
class LocalApicRegisters {
 public:
  /// `mapped` is where its memory stands; unused in x2APIC mode.
  LocalApicRegisters(hw::VirtAddr mapped, bool x2apic) : memory_(mapped), x2apic_(x2apic) {}

  template <class R>
  R read() {
    if (x2apic_)
      return R::from(static_cast<base::u32>(hw::read_model_register(model_register<R>())));
    return memory_.read<R>();
  }
  template <class R>
  void write(R value) {
    if (x2apic_) {
      hw::write_model_register(model_register<R>(), value.bits);
    } else {
      memory_.write(value);
    }
  }
  bool x2apic() const { return x2apic_; }

 private:
  template <class R>
  static constexpr base::u32 model_register() {
    return hw::apic::x2apic_first_register + static_cast<base::u32>(R::offset / 16);
  }

  hw::MmioRegisters memory_;
  bool x2apic_;
};

/// This CPU's own interrupt controller with its timer.
template <hw::RegisterIo<hw::apic::LvtTimer> Io = LocalApicRegisters>
class LocalApic {
 public:
  /// Accepts interrupts from now on; all its own sources are masked but NMI. Boot context.
  explicit LocalApic(Io io) : io_(io) {
    using namespace hw::apic;
    io_.write(TaskPriority{});
    mask<LvtTimer>();
    mask<LvtLint0>();
    mask<LvtError>();
    base::u8 const last = io_.template read<Version>().template get<Version::MaxLvtEntry>();
    if (last >= 4) mask<LvtPerformance>();
    if (last >= 5) mask<LvtThermal>();
    io_.write(LvtLint1{}.template with<LvtLint1::Delivery>(DeliveryMode::Nmi));
    io_.write(InitialCount{});
    io_.write(SpuriousVector{}
                  .with<SpuriousVector::Vector>(hw::spurious_vector.value)
                  .template with<SpuriousVector::SoftwareEnabled>(true));
    // Left over by firmware, if anything.
    end_of_interrupt();
  }

  /// Interrupt context. The spurious vector is not acknowledged.
  /// [intel/vol3: "Spurious Interrupt"]
  void end_of_interrupt() { io_.write(hw::apic::EndOfInterrupt{}); }

  base::u32 id() {
    auto const id = io_.template read<hw::apic::Id>();
    if constexpr (requires { io_.x2apic(); })
      if (io_.x2apic()) return id.bits;
    return id.template get<hw::apic::Id::Short>();
  }

  /// Connects the timer to `vector` without starting it. The counting timer runs at one sixteenth
  /// of its input.
  void set_up_timer(hw::apic::TimerMode mode, hw::Vector vector) {
    using namespace hw::apic;
    io_.write(divide_by_16);
    io_.write(LvtTimer{}
                  .template with<LvtTimer::Vector>(vector.value)
                  .template with<LvtTimer::Mode>(mode));
  }
  /// Counts from now on without interrupting: for measuring how fast it counts.
  void start_masked_timer(base::u32 count) {
    using namespace hw::apic;
    io_.write(divide_by_16);
    mask<LvtTimer>();
    io_.write(InitialCount::from(count));
  }
  /// Interrupts once after `count` ticks; zero stops the timer. In one-shot mode.
  void start_timer(base::u32 count) { io_.write(hw::apic::InitialCount::from(count)); }
  base::u32 timer_count() { return io_.template read<hw::apic::CurrentCount>().bits; }

 private:
  template <class Entry>
  void mask() {
    io_.write(Entry{}.template with<typename Entry::Masked>(true));
  }

  Io io_;
};

}  // namespace nacre::drivers
