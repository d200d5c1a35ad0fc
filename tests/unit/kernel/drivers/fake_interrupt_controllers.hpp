#pragma once

#include <array>
#include <optional>

#include "tests/support/fake_machine.hpp"

namespace nacre::test {

/// The 8259 pair, edge triggered, with priorities and cascade.
class FakePic final : public FakeDevice {
 public:
  explicit FakePic(FakeMachine& machine) {
    machine.add_ports(0x20, 2, *this);
    machine.add_ports(0xa0, 2, *this);
  }

  void raise(u8 line) { chip(line).request |= bit(line); }
  /// What the CPU gets when it acknowledges: a vector, perhaps a spurious one, if the pair asks.
  std::optional<u8> acknowledge() {
    if (auto const line = first_.next(second_.next().has_value())) {
      first_.request &= static_cast<u8>(~(1u << *line));
      first_.in_service |= static_cast<u8>(1u << *line);
      if (*line != 2) return static_cast<u8>(first_.vector + *line);
      auto const other = second_.next();
      second_.request &= static_cast<u8>(~(1u << *other));
      second_.in_service |= static_cast<u8>(1u << *other);
      return static_cast<u8>(second_.vector + *other);
    }
    return std::nullopt;
  }
  u8 spurious_first() const { return static_cast<u8>(first_.vector + 7); }
  /// A spurious one of the second controller: the first one is in service at its cascade.
  u8 spurious_second() {
    first_.in_service |= 4;
    return static_cast<u8>(second_.vector + 7);
  }
  bool in_service(u8 line) { return (chip(line).in_service & bit(line)) != 0; }
  bool idle() const { return first_.in_service == 0 && second_.in_service == 0; }
  u16 mask() const { return static_cast<u16>(second_.mask << 8 | first_.mask); }
  bool initialised() const {
    return first_.step == 0 && second_.step == 0 && first_.cascade == 4 && second_.cascade == 2 &&
           first_.mode == 1 && second_.mode == 1;
  }

  u32 read(u64 port, unsigned) override {
    Chip& chip = port >= 0xa0 ? second_ : first_;
    if ((port & 1) != 0) return chip.mask;
    return chip.read_in_service ? chip.in_service : chip.request;
  }
  void write(u64 port, u32 wide, unsigned) override {
    Chip& chip = port >= 0xa0 ? second_ : first_;
    u8 const value = static_cast<u8>(wide);
    if ((port & 1) == 0) {
      if ((value & 0x10) != 0) {
        chip = Chip{};
        chip.step = 1;
      } else if ((value & 0x08) != 0) {
        chip.read_in_service = (value & 3) == 3;
      } else if (value >> 5 == 3) {
        chip.in_service &= static_cast<u8>(~(1u << (value & 7)));
      } else if (value >> 5 == 1) {
        chip.in_service &= static_cast<u8>(chip.in_service - 1);
      }
      return;
    }
    switch (chip.step) {
      case 1: chip.vector = value; break;
      case 2: chip.cascade = value; break;
      case 3: chip.mode = value; break;
      default: chip.mask = value; return;
    }
    chip.step = chip.step == 3 ? 0 : static_cast<u8>(chip.step + 1);
  }

 private:
  struct Chip {
    u8 request = 0, in_service = 0, mask = 0, vector = 0x08, cascade = 0, mode = 0, step = 0;
    bool read_in_service = false;
    std::optional<u8> next(bool cascade_asks = false) const {
      u8 const asking = static_cast<u8>((request | (cascade_asks ? 4 : 0)) & ~mask);
      for (u8 line = 0; line < 8; ++line) {
        if ((in_service >> line & 1) != 0) return std::nullopt;
        if ((asking >> line & 1) != 0) return line;
      }
      return std::nullopt;
    }
  };
  static u8 bit(u8 line) { return static_cast<u8>(1u << (line & 7)); }
  Chip& chip(u8 line) { return line >= 8 ? second_ : first_; }
  Chip first_, second_;
};

/// A local APIC's page with its timer, which counts down once in `timer_period` machine ticks.
class FakeLocalApic final : public FakeDevice {
 public:
  FakeLocalApic(FakeMachine& machine, u64 address = 0xfee0'0000) : machine_(machine) {
    machine.add_memory(address, 0x1000, *this);
    registers[0x20] = 0;
    registers[0x30] = 5u << 16 | 0x14;
    registers[0x350] = 0x700;
  }
  u32 read(u64 offset, unsigned) override {
    if (offset == 0x390) {
      if (registers[0x380] == 0) return 0;
      u64 const passed = (machine_.timestamp - started_) / timer_period;
      return passed >= registers[0x380] ? 0 : registers[0x380] - static_cast<u32>(passed);
    }
    return registers[offset];
  }
  void write(u64 offset, u32 value, unsigned) override {
    registers[offset] = value;
    if (offset == 0xb0) ++acknowledged;
    if (offset == 0x380) started_ = machine_.timestamp;
  }
  std::map<u64, u32> registers;
  int acknowledged = 0;
  u64 timer_period = 16;

 private:
  FakeMachine& machine_;
  u64 started_ = 0;
};

class FakeIoApic final : public FakeDevice {
 public:
  FakeIoApic(FakeMachine& machine, u64 address, u8 inputs) : inputs_(inputs) {
    machine.add_memory(address, 0x20, *this);
  }
  u32 read(u64 offset, unsigned) override {
    if (offset == 0) return index_;
    if (index_ == 1) return static_cast<u32>((inputs_ - 1) << 16 | 0x11);
    return registers[index_];
  }
  void write(u64 offset, u32 value, unsigned) override {
    if (offset == 0) {
      index_ = value;
    } else {
      registers[index_] = value;
    }
  }
  u64 entry(u32 input) {
    return u64{registers[0x11 + 2 * input]} << 32 | registers[0x10 + 2 * input];
  }
  std::map<u32, u32> registers;

 private:
  u8 inputs_;
  u32 index_ = 0;
};

}  // namespace nacre::test
