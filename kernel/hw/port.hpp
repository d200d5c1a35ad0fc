#pragma once

#include <concepts>

#include "kernel/hw/address.hpp"

/// Port I/O and memory-mapped I/O, as the CPU offers them. Defined in kernel/arch; hosted tests
/// link fakes or use drivers through a `RegisterIo`. Any context.
namespace nacre::hw {

u8 port_read_u8(u16 port);
u16 port_read_u16(u16 port);
u32 port_read_u32(u16 port);
void port_write_u8(u16 port, u8 value);
void port_write_u16(u16 port, u16 value);
void port_write_u32(u16 port, u32 value);

/// Reads and writes device memory at a mapped address: each call is one access of that width.
u8 mmio_read_u8(VirtAddr at);
u16 mmio_read_u16(VirtAddr at);
u32 mmio_read_u32(VirtAddr at);
void mmio_write_u8(VirtAddr at, u8 value);
void mmio_write_u16(VirtAddr at, u16 value);
void mmio_write_u32(VirtAddr at, u32 value);

/// Port I/O as an object, for drivers that take their I/O as a parameter.
struct PortIo {
  u8 in8(u16 port) const { return port_read_u8(port); }
  u16 in16(u16 port) const { return port_read_u16(port); }
  u32 in32(u16 port) const { return port_read_u32(port); }
  void out8(u16 port, u8 value) const { port_write_u8(port, value); }
  void out16(u16 port, u16 value) const { port_write_u16(port, value); }
  void out32(u16 port, u32 value) const { port_write_u32(port, value); }
};

/// What `PortIo` is and a fake must be.
template <class Io>
concept PortAccess = requires(Io& io, u16 port) {
  { io.in8(port) } -> std::same_as<u8>;
  { io.in16(port) } -> std::same_as<u16>;
  { io.in32(port) } -> std::same_as<u32>;
  io.out8(port, u8{});
  io.out16(port, u16{});
  io.out32(port, u32{});
};

}  // namespace nacre::hw
