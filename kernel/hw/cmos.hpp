#pragma once

#include "kernel/hw/address.hpp"
#include "kernel/hw/register.hpp"

/// The battery-backed clock of the PC/AT. [mc146818: "Time, Calendar and Alarm Locations"]
namespace nacre::hw::cmos {

/// Bit 7 of what is written here would mask NMI.
inline constexpr u16 index_port = 0x70;
inline constexpr u16 data_port = 0x71;

enum class Index : u8 {
  Seconds = 0x00,
  Minutes = 0x02,
  Hours = 0x04,
  Day = 0x07,
  Month = 0x08,
  Year = 0x09,
  StatusA = 0x0a,
  StatusB = 0x0b,
};

struct StatusA : Register<StatusA, u8> {
  static constexpr Index index = Index::StatusA;
  using UpdateInProgress = Field<7, 7, bool>;
};
struct StatusB : Register<StatusB, u8> {
  static constexpr Index index = Index::StatusB;
  using Hours24 = Field<1, 1, bool>;
  using Binary = Field<2, 2, bool>;
};
/// In twelve-hour mode, the hour's bit for the afternoon.
inline constexpr u8 afternoon = 0x80;

}  // namespace nacre::hw::cmos
