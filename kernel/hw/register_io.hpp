#pragma once

#include <concepts>

#include "kernel/hw/port.hpp"
#include "kernel/hw/register.hpp"

namespace nacre::hw {

/// A device's registers at consecutive ports: `R::offset` counts from the first. Each access has
/// the width of the register. Any context.
template <PortAccess Io>
class PortRegisters {
 public:
  constexpr PortRegisters(Io io, u16 first_port) : io_(io), first_port_(first_port) {}

  template <class R>
  R read() {
    if constexpr (sizeof(R) == 1) {
      return R::from(io_.in8(port<R>()));
    } else if constexpr (sizeof(R) == 2) {
      return R::from(io_.in16(port<R>()));
    } else {
      return R::from(io_.in32(port<R>()));
    }
  }
  template <class R>
  void write(R value) {
    if constexpr (sizeof(R) == 1) {
      io_.out8(port<R>(), value.bits);
    } else if constexpr (sizeof(R) == 2) {
      io_.out16(port<R>(), value.bits);
    } else {
      io_.out32(port<R>(), value.bits);
    }
  }
  constexpr u16 first_port() const { return first_port_; }
  Io& io() { return io_; }

 private:
  template <class R>
  constexpr u16 port() const {
    return static_cast<u16>(first_port_ + R::offset);
  }

  [[no_unique_address]] Io io_;
  u16 first_port_;
};

/// A device's 8-, 16- or 32-bit registers in memory mapped at `base`. Any context.
class MmioRegisters {
 public:
  constexpr explicit MmioRegisters(VirtAddr base) : base_(base) {}

  template <class R>
  R read() {
    if constexpr (sizeof(R) == 1) {
      return R::from(mmio_read_u8(base_ + R::offset));
    } else if constexpr (sizeof(R) == 2) {
      return R::from(mmio_read_u16(base_ + R::offset));
    } else {
      static_assert(sizeof(R) == 4);
      return R::from(mmio_read_u32(base_ + R::offset));
    }
  }
  template <class R>
  void write(R value) {
    if constexpr (sizeof(R) == 1) {
      mmio_write_u8(base_ + R::offset, value.bits);
    } else if constexpr (sizeof(R) == 2) {
      mmio_write_u16(base_ + R::offset, value.bits);
    } else {
      static_assert(sizeof(R) == 4);
      mmio_write_u32(base_ + R::offset, value.bits);
    }
  }

 private:
  VirtAddr base_;
};

}  // namespace nacre::hw
