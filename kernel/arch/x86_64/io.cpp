#include "kernel/hw/port.hpp"

namespace nacre::hw {
namespace {

template <class T>
volatile T& device(VirtAddr at) {
  return *reinterpret_cast<volatile T*>(at.value);
}

}  // namespace

u8 port_read_u8(u16 port) {
  u8 value;
  asm volatile("inb %1, %0" : "=a"(value) : "Nd"(port) : "memory");
  return value;
}
u16 port_read_u16(u16 port) {
  u16 value;
  asm volatile("inw %1, %0" : "=a"(value) : "Nd"(port) : "memory");
  return value;
}
u32 port_read_u32(u16 port) {
  u32 value;
  asm volatile("inl %1, %0" : "=a"(value) : "Nd"(port) : "memory");
  return value;
}
void port_write_u8(u16 port, u8 value) {
  asm volatile("outb %0, %1" : : "a"(value), "Nd"(port) : "memory");
}
void port_write_u16(u16 port, u16 value) {
  asm volatile("outw %0, %1" : : "a"(value), "Nd"(port) : "memory");
}
void port_write_u32(u16 port, u32 value) {
  asm volatile("outl %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

u8 mmio_read_u8(VirtAddr at) { return device<u8>(at); }
u16 mmio_read_u16(VirtAddr at) { return device<u16>(at); }
u32 mmio_read_u32(VirtAddr at) { return device<u32>(at); }
void mmio_write_u8(VirtAddr at, u8 value) { device<u8>(at) = value; }
void mmio_write_u16(VirtAddr at, u16 value) { device<u16>(at) = value; }
void mmio_write_u32(VirtAddr at, u32 value) { device<u32>(at) = value; }

}  // namespace nacre::hw
