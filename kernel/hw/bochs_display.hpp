#pragma once

#include "kernel/hw/address.hpp"
#include "kernel/hw/register.hpp"

/// QEMU's and Bochs' display device. [bochs-display: "DISPI interface"]
namespace nacre::hw::bochs_display {

inline constexpr u16 vendor = 0x1234;
inline constexpr u16 device = 0x1111;

/// The registers stand in BAR 2 as 16-bit words from here on, or behind these two ports.
inline constexpr u64 registers_in_memory = 0x500;
inline constexpr u64 register_memory_size = 0x1000;
inline constexpr u16 index_port = 0x1ce;
inline constexpr u16 data_port = 0x1cf;

template <class Self, u16 Index>
struct DispiRegister : Register<Self, u16> {
  static constexpr u16 index = Index;
  static constexpr usize offset = registers_in_memory + 2 * usize{Index};
};
struct Id : DispiRegister<Id, 0> {
  static constexpr u16 first = 0xb0c0;
  static constexpr u16 last = 0xb0cf;
};
struct Width : DispiRegister<Width, 1> {};
struct Height : DispiRegister<Height, 2> {};
struct BitsPerPixel : DispiRegister<BitsPerPixel, 3> {};
struct Enable : DispiRegister<Enable, 4> {
  using On = Field<0, 0, bool>;
  using Capabilities = Field<1, 1, bool>;  // width and height then read as the highest ones
  using LinearFramebuffer = Field<6, 6, bool>;
};
struct VirtualWidth : DispiRegister<VirtualWidth, 6> {};
struct OffsetX : DispiRegister<OffsetX, 8> {};
struct OffsetY : DispiRegister<OffsetY, 9> {};
static_assert(Enable::offset == 0x508);
static_assert(Enable{}.with<Enable::On>(true).with<Enable::LinearFramebuffer>(true).bits == 0x41);

}  // namespace nacre::hw::bochs_display
