#pragma once

#include "kernel/hw/apic.hpp"
#include "kernel/hw/register_io.hpp"

namespace nacre::drivers {

/// How a device signals an interrupt. ISA devices do it with a rising edge unless the firmware says
/// otherwise.
struct Signalling {
  bool active_low = false;
  bool level_triggered = false;
  friend constexpr bool operator==(Signalling, Signalling) = default;
};

/// Takes the interrupts of devices and sends them to local APICs. Calls are made with interrupts
/// off. `first_input` is the global number of its input 0.
template <hw::RegisterIo<hw::apic::IoSelect> Io = hw::MmioRegisters>
class IoApic {
 public:
  /// Masks all inputs.
  IoApic(Io io, base::u32 first_input) : io_(io), first_input_(first_input) {
    using namespace hw::apic;
    input_count_ = 1u + IoVersion::from(read(io_version_index)).template get<IoVersion::MaxEntry>();
    for (base::u32 entry = 0; entry < input_count_; ++entry)
      write_entry(static_cast<base::u8>(entry),
                  RedirectionEntry{}.with<RedirectionEntry::Masked>(true));
  }

  base::u32 first_input() const { return first_input_; }
  base::u32 input_count() const { return input_count_; }
  bool has_input(base::u32 global_input) const {
    return global_input >= first_input_ && global_input - first_input_ < input_count_;
  }

  /// Sends `global_input`, which it has, to `vector` of the local APIC `destination`. Masked until
  /// `unmask`.
  void route(base::u32 global_input, base::u8 vector, Signalling signalling, base::u8 destination) {
    using hw::apic::RedirectionEntry;
    write_entry(entry_of(global_input),
                RedirectionEntry{}
                    .with<RedirectionEntry::Vector>(vector)
                    .with<RedirectionEntry::ActiveLow>(signalling.active_low)
                    .with<RedirectionEntry::LevelTriggered>(signalling.level_triggered)
                    .with<RedirectionEntry::Masked>(true)
                    .with<RedirectionEntry::Destination>(destination));
  }
  void mask(base::u32 global_input) { set_masked(global_input, true); }
  void unmask(base::u32 global_input) { set_masked(global_input, false); }

 private:
  base::u8 entry_of(base::u32 global_input) const {
    return static_cast<base::u8>(global_input - first_input_);
  }
  base::u32 read(base::u32 index) {
    io_.write(hw::apic::IoSelect::from(index));
    return io_.template read<hw::apic::IoWindow>().bits;
  }
  void write(base::u32 index, base::u32 value) {
    io_.write(hw::apic::IoSelect::from(index));
    io_.write(hw::apic::IoWindow::from(value));
  }
  /// The low half with the mask goes last: what it unmasks is complete.
  void write_entry(base::u8 entry, hw::apic::RedirectionEntry value) {
    write(value.high_index(entry), static_cast<base::u32>(value.bits >> 32));
    write(value.low_index(entry), static_cast<base::u32>(value.bits));
  }
  void set_masked(base::u32 global_input, bool masked) {
    using hw::apic::RedirectionEntry;
    base::u32 const index = RedirectionEntry::low_index(entry_of(global_input));
    auto const changed =
        RedirectionEntry::from(read(index)).template with<RedirectionEntry::Masked>(masked);
    write(index, static_cast<base::u32>(changed.bits));
  }

  Io io_;
  base::u32 first_input_;
  base::u32 input_count_ = 0;
};

}  // namespace nacre::drivers
