#pragma once

#include <map>
#include <tuple>

#include "kernel/drivers/pci.hpp"
#include "tests/support/fake_machine.hpp"

namespace nacre::test {

/// One function's configuration space. Address registers keep only the bits that their size leaves.
struct FakePciFunction {
  std::map<u8, u32> registers;
  std::map<u8, u32> writable;  // bits of address registers that can be written
  bool sized_while_enabled = false;

  FakePciFunction& identity(u16 vendor, u16 device, u8 class_code, u8 subclass) {
    registers[0x00] = u32{device} << 16 | vendor;
    registers[0x04] = 0x0290'0107;
    registers[0x08] = u32{class_code} << 24 | u32{subclass} << 16 | 0x0002;
    return *this;
  }
  FakePciFunction& bar(u8 index, u32 value, u32 mask) {
    u8 const offset = static_cast<u8>(0x10 + 4 * index);
    registers[offset] = value;
    writable[offset] = mask;
    return *this;
  }
  FakePciFunction& many_functions() {
    registers[0x0c] |= 0x80'0000;
    return *this;
  }
  FakePciFunction& bridge_to(u8 bus) {
    registers[0x0c] |= 0x01'0000;
    registers[0x18] = u32{bus} << 16 | u32{bus} << 8;
    return *this;
  }
};

/// The configuration mechanism with its two ports.
class FakePci final : public FakeDevice {
 public:
  explicit FakePci(FakeMachine& machine) { machine.add_ports(0xcf8, 8, *this); }
  FakePciFunction& at(u8 bus, u8 device, u8 function = 0) {
    return functions_[{bus, device, function}];
  }
  usize accesses = 0;

  u32 read(u64 port, unsigned) override {
    ++accesses;
    if (port == 0xcf8) return address_;
    FakePciFunction* const function = selected();
    if (function == nullptr) return ~u32{0};
    auto const found = function->registers.find(offset());
    return found == function->registers.end() ? 0 : found->second;
  }
  void write(u64 port, u32 value, unsigned) override {
    if (port == 0xcf8) {
      address_ = value;
      return;
    }
    FakePciFunction* const function = selected();
    if (function == nullptr) return;
    u8 const at = offset();
    u32& kept = function->registers[at];
    if (at >= 0x10 && at < 0x28) {
      u32 const mask = function->writable.contains(at) ? function->writable[at] : 0;
      if (value == ~u32{0} && (function->registers[4] & 3) != 0)
        function->sized_while_enabled = true;
      kept = (value & mask) | (kept & ~mask);
    } else if (at == 4) {
      kept = (kept & 0xffff'0000 & ~value) | (value & 0xffff);
    } else {
      kept = value;
    }
  }

 private:
  FakePciFunction* selected() {
    if ((address_ & 0x8000'0000) == 0) return nullptr;
    auto const found =
        functions_.find({static_cast<u8>(address_ >> 16), static_cast<u8>(address_ >> 11 & 31),
                         static_cast<u8>(address_ >> 8 & 7)});
    return found == functions_.end() ? nullptr : &found->second;
  }
  u8 offset() const { return static_cast<u8>(address_ & 0xfc); }
  u32 address_ = 0;
  std::map<std::tuple<u8, u8, u8>, FakePciFunction> functions_;
};

}  // namespace nacre::test
