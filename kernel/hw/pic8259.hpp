#pragma once

#include "kernel/hw/address.hpp"
#include "kernel/hw/register.hpp"

/// The pair of interrupt controllers of the PC/AT. [8259a: "Programming the 8259A"]
namespace nacre::hw::pic {

inline constexpr u16 first_port = 0x20;   // lines 0 to 7
inline constexpr u16 second_port = 0xa0;  // lines 8 to 15
/// The first controller's line at which the second one stands.
inline constexpr u8 cascade_line = 2;
inline constexpr u8 line_count = 16;

/// Starts the initialisation; three more bytes follow at `Mask`: first vector, cascade, mode.
struct InitCommand1 : Register<InitCommand1, u8> {
  static constexpr usize offset = 0;
  using FourBytes = Field<0, 0, bool>;
  using Start = Field<4, 4, bool>;
};
inline constexpr InitCommand1 initialise =
    InitCommand1{}.with<InitCommand1::FourBytes>(true).with<InitCommand1::Start>(true);
static_assert(initialise.bits == 0x11);

/// The fourth initialisation byte: 8086 mode, ordinary end of interrupt.
inline constexpr u8 mode_8086 = 0x01;

/// An operation. Specific end of interrupt: this line, and no other, was handled.
struct Operation : Register<Operation, u8> {
  static constexpr usize offset = 0;
  using Line = Field<2, 0, u8>;
  using Command = Field<7, 5, u8>;
};
constexpr Operation end_of_interrupt(u8 line) {
  return Operation{}.with<Operation::Line>(line).with<Operation::Command>(3);
}
static_assert(end_of_interrupt(2).bits == 0x62);

/// Chooses what `Status` reads.
struct ReadSelect : Register<ReadSelect, u8> {
  static constexpr usize offset = 0;
};
inline constexpr ReadSelect select_in_service = ReadSelect::from(0x0b);

/// One bit for each line that is being serviced, after `select_in_service`.
struct Status : Register<Status, u8> {
  static constexpr usize offset = 0;
};

/// One bit for each line that is masked; also takes the initialisation bytes.
struct Mask : Register<Mask, u8> {
  static constexpr usize offset = 1;
};

}  // namespace nacre::hw::pic
