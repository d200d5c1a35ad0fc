#include "tests/support/fake_machine.hpp"

#include <cstdio>
#include <cstdlib>

#include "kernel/memory/mmio.hpp"

namespace nacre::test {
namespace {

FakeMachine* current = nullptr;

FakeMachine& machine() {
  if (current == nullptr) {
    std::fputs("a driver touched hardware without a FakeMachine\n", stderr);
    std::abort();
  }
  return *current;
}

u32 all_ones(unsigned size) { return size == 4 ? ~u32{0} : (u32{1} << (8 * size)) - 1; }

}  // namespace

FakeMachine::FakeMachine() {
  if (current != nullptr) std::abort();
  current = this;
}
FakeMachine::~FakeMachine() { current = nullptr; }

void FakeMachine::add_ports(u16 first, u16 count, FakeDevice& device) {
  ports_.push_back({first, count, &device});
}
void FakeMachine::add_memory(u64 first, u64 size, FakeDevice& device) {
  memory_.push_back({first, size, &device});
}

FakeMachine::Range* FakeMachine::find(std::vector<Range>& ranges, u64 address) {
  for (Range& range : ranges)
    if (address >= range.first && address - range.first < range.size) return &range;
  return nullptr;
}

u32 FakeMachine::port_in(u16 port, unsigned size) {
  timestamp += ticks_per_access;
  Range* const range = find(ports_, port);
  return range == nullptr ? all_ones(size) : range->device->read(port, size) & all_ones(size);
}
void FakeMachine::port_out(u16 port, u32 value, unsigned size) {
  timestamp += ticks_per_access;
  writes.push_back({port, value});
  if (Range* const range = find(ports_, port)) range->device->write(port, value, size);
}
u32 FakeMachine::memory_read(u64 address, unsigned size) {
  timestamp += ticks_per_access;
  Range* const range = find(memory_, address);
  return range == nullptr ? all_ones(size)
                          : range->device->read(address - range->first, size) & all_ones(size);
}
void FakeMachine::memory_write(u64 address, u32 value, unsigned size) {
  timestamp += ticks_per_access;
  if (Range* const range = find(memory_, address))
    range->device->write(address - range->first, value, size);
}

bool FakeMachine::interrupt(hw::Vector vector) {
  if (!interrupts_enabled) return false;
  auto const handler = handlers.find(vector.value);
  bool const handled = handler != handlers.end() && handler->second.call != nullptr;
  interrupts_enabled = false;
  if (handled) handler->second.call(handler->second.context);
  if (acknowledge != nullptr) acknowledge(vector);
  interrupts_enabled = true;
  return handled;
}

}  // namespace nacre::test

namespace nacre::hw {

using test::machine;

u8 port_read_u8(u16 port) { return static_cast<u8>(machine().port_in(port, 1)); }
u16 port_read_u16(u16 port) { return static_cast<u16>(machine().port_in(port, 2)); }
u32 port_read_u32(u16 port) { return machine().port_in(port, 4); }
void port_write_u8(u16 port, u8 value) { machine().port_out(port, value, 1); }
void port_write_u16(u16 port, u16 value) { machine().port_out(port, value, 2); }
void port_write_u32(u16 port, u32 value) { machine().port_out(port, value, 4); }

u8 mmio_read_u8(VirtAddr at) { return static_cast<u8>(machine().memory_read(at.value, 1)); }
u16 mmio_read_u16(VirtAddr at) { return static_cast<u16>(machine().memory_read(at.value, 2)); }
u32 mmio_read_u32(VirtAddr at) { return machine().memory_read(at.value, 4); }
void mmio_write_u8(VirtAddr at, u8 value) { machine().memory_write(at.value, value, 1); }
void mmio_write_u16(VirtAddr at, u16 value) { machine().memory_write(at.value, value, 2); }
void mmio_write_u32(VirtAddr at, u32 value) { machine().memory_write(at.value, value, 4); }

u64 read_timestamp() { return machine().timestamp += machine().ticks_per_access; }
CpuidResult cpuid(u32 leaf, u32) {
  auto const found = machine().cpuid.find(leaf);
  return found == machine().cpuid.end() ? CpuidResult{} : found->second;
}
u64 read_model_register(u32 index) { return machine().model_registers[index]; }
void write_model_register(u32 index, u64 value) { machine().model_registers[index] = value; }
void spin_hint() { machine().timestamp += machine().ticks_per_access; }

void set_interrupt_handler(Vector vector, InterruptHandler handler, void* context) {
  machine().handlers[vector.value] = {handler, context};
}
void set_end_of_interrupt(void (*acknowledge)(Vector vector)) {
  machine().acknowledge = acknowledge;
}
bool interrupts_enabled() { return machine().interrupts_enabled; }
void enable_interrupts() { machine().interrupts_enabled = true; }
void disable_interrupts() { machine().interrupts_enabled = false; }

}  // namespace nacre::hw

namespace nacre::memory {

std::expected<hw::VirtAddr, MapError> map_device(hw::PhysAddr phys, hw::u64, Caching) {
  if (test::machine().mapping_fails) return std::unexpected(MapError::OutOfMemory);
  return hw::VirtAddr{phys.value};
}

}  // namespace nacre::memory
