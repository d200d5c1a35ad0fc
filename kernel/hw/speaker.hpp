#pragma once

#include "kernel/hw/address.hpp"
#include "kernel/hw/register.hpp"

/// The loudspeaker of the PC/AT: the output of the interval timer's channel 2, switched at a port
/// that it shares with what reports memory errors. [ich9: "NMI Status and Control Register"]
namespace nacre::hw::speaker {

inline constexpr u16 port = 0x61;

/// The upper half is read only, and to be written as zero.
struct Control : Register<Control, u8> {
  static constexpr usize offset = 0;
  using Counting = Field<0, 0, bool>;   // the gate of the timer's channel
  using Sounding = Field<1, 1, bool>;   // its output reaches the speaker
  using ErrorChecks = Field<3, 2, u8>;  // not ours: stays as it is
  using TimerOutput = Field<5, 5, bool>;
};
static_assert(Control{}.with<Control::Counting>(true).with<Control::Sounding>(true).bits == 0x03);

}  // namespace nacre::hw::speaker
