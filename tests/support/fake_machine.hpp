#pragma once

#include <functional>
#include <map>
#include <vector>

#include "kernel/hw/address.hpp"
#include "kernel/hw/cpu.hpp"
#include "kernel/hw/interrupts.hpp"
#include "kernel/hw/port.hpp"

namespace nacre::test {

using base::u16;
using base::u32;
using base::u64;
using base::u8;
using base::usize;

/// A device model: `address` is the port, or counts from where the device's memory starts; `size`
/// is the width of the access in bytes.
struct FakeDevice {
  virtual ~FakeDevice() = default;
  virtual u32 read(u64 address, unsigned size) = 0;
  virtual void write(u64 address, u32 value, unsigned size) = 0;
};

/// A machine without anything in it but what a test puts there. Where there is no device, reads
/// give all ones and writes go nowhere, as on a PC. While it lives, what kernel/hw and
/// kernel/memory declare reaches it; one lives at a time.
class FakeMachine {
 public:
  FakeMachine();
  FakeMachine(const FakeMachine&) = delete;
  FakeMachine& operator=(const FakeMachine&) = delete;
  ~FakeMachine();

  void add_ports(u16 first, u16 count, FakeDevice& device);
  void add_memory(u64 first, u64 size, FakeDevice& device);

  u32 port_in(u16 port, unsigned size);
  void port_out(u16 port, u32 value, unsigned size);
  u32 memory_read(u64 address, unsigned size);
  void memory_write(u64 address, u32 value, unsigned size);

  /// An interrupt arrives: the handler runs, then the acknowledgement. False when interrupts are
  /// off or nobody handles it.
  bool interrupt(hw::Vector vector);

  struct Handler {
    hw::InterruptHandler call = nullptr;
    void* context = nullptr;
  };
  std::map<u8, Handler> handlers;
  void (*acknowledge)(hw::Vector) = nullptr;
  bool interrupts_enabled = false;
  std::map<u32, u64> model_registers;
  std::map<u32, hw::CpuidResult> cpuid;

  /// Every access to a port, device memory or the time stamp counter takes this long.
  u64 ticks_per_access = 10;
  u64 timestamp = 0;
  /// Port writes in their order.
  struct Write {
    u16 port;
    u32 value;
    friend bool operator==(Write, Write) = default;
  };
  std::vector<Write> writes;
  /// Fails `memory::map_device` when set.
  bool mapping_fails = false;

 private:
  struct Range {
    u64 first, size;
    FakeDevice* device;
  };
  static Range* find(std::vector<Range>& ranges, u64 address);
  std::vector<Range> ports_;
  std::vector<Range> memory_;
};

/// Port I/O of one machine as an object.
struct FakePortIo {
  FakeMachine* machine;
  u8 in8(u16 port) const { return static_cast<u8>(machine->port_in(port, 1)); }
  u16 in16(u16 port) const { return static_cast<u16>(machine->port_in(port, 2)); }
  u32 in32(u16 port) const { return machine->port_in(port, 4); }
  void out8(u16 port, u8 value) const { machine->port_out(port, value, 1); }
  void out16(u16 port, u16 value) const { machine->port_out(port, value, 2); }
  void out32(u16 port, u32 value) const { machine->port_out(port, value, 4); }
};
static_assert(hw::PortAccess<FakePortIo>);

}  // namespace nacre::test
