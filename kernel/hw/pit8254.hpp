#pragma once

#include "kernel/hw/address.hpp"
#include "kernel/hw/register.hpp"

/// The interval timer of the PC/AT; its channel 0 is interrupt line 0. [8254: "Programming"]
namespace nacre::hw::pit {

inline constexpr u16 first_port = 0x40;
inline constexpr u8 line = 0;
/// The rate at which the channels count down.
inline constexpr u64 frequency_hz = 1'193'182;

/// Channel 0, one half at a time, low half first.
struct Channel0 : Register<Channel0, u8> {
  static constexpr usize offset = 0;
};

/// Channel 2, whose output is the speaker's input, in the same way.
struct Channel2 : Register<Channel2, u8> {
  static constexpr usize offset = 2;
};

struct Control : Register<Control, u8> {
  static constexpr usize offset = 3;
  enum class Access : u8 { Latch = 0, LowThenHigh = 3 };
  enum class CountMode : u8 { InterruptOnTerminalCount = 0, SquareWave = 3 };
  using Binary = Field<0, 0, u8>;  // 0
  using Mode = Field<3, 1, CountMode>;
  using Halves = Field<5, 4, Access>;
  using Channel = Field<7, 6, u8>;
};
/// One interrupt when the count has come to its end, then none.
inline constexpr Control one_shot =
    Control{}
        .with<Control::Mode>(Control::CountMode::InterruptOnTerminalCount)
        .with<Control::Halves>(Control::Access::LowThenHigh);
inline constexpr Control latch_channel0{};
static_assert(one_shot.bits == 0x30 && latch_channel0.bits == 0);
/// Channel 2's output high for half of each count, low for the other: a tone.
inline constexpr Control tone = Control{}
                                    .with<Control::Mode>(Control::CountMode::SquareWave)
                                    .with<Control::Halves>(Control::Access::LowThenHigh)
                                    .with<Control::Channel>(2);
static_assert(tone.bits == 0xb6);

}  // namespace nacre::hw::pit
