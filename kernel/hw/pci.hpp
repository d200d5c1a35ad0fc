#pragma once

#include "kernel/hw/address.hpp"
#include "kernel/hw/register.hpp"

/// PCI configuration space. [pci: "Configuration Space"]
namespace nacre::hw::pci {

inline constexpr u16 address_port = 0xcf8;
inline constexpr u16 data_port = 0xcfc;

/// What chooses the register that `data_port` shows. [pci: "Configuration Mechanism #1"]
struct ConfigurationAddress : Register<ConfigurationAddress, u32> {
  using Offset = Field<7, 0, u8>;  // a multiple of four
  using Function = Field<10, 8, u8>;
  using Device = Field<15, 11, u8>;
  using Bus = Field<23, 16, u8>;
  using Enable = Field<31, 31, bool>;
};
static_assert(ConfigurationAddress{}
                  .with<ConfigurationAddress::Enable>(true)
                  .with<ConfigurationAddress::Bus>(1)
                  .with<ConfigurationAddress::Device>(2)
                  .with<ConfigurationAddress::Function>(3)
                  .with<ConfigurationAddress::Offset>(0x10)
                  .bits == 0x8001'1310);

inline constexpr u8 devices_per_bus = 32;
inline constexpr u8 functions_per_device = 8;
inline constexpr u16 no_vendor = 0xffff;

struct Identity : Register<Identity, u32> {
  static constexpr u8 offset = 0x00;
  using Vendor = Field<15, 0, u16>;
  using Device = Field<31, 16, u16>;
};
/// Writing zeroes to the upper half changes nothing: its bits are cleared by ones.
struct CommandStatus : Register<CommandStatus, u32> {
  static constexpr u8 offset = 0x04;
  using PortSpace = Field<0, 0, bool>;
  using MemorySpace = Field<1, 1, bool>;
  using BusMaster = Field<2, 2, bool>;
  using InterruptDisable = Field<10, 10, bool>;
  using Command = Field<15, 0, u16>;
  using HasCapabilities = Field<20, 20, bool>;
  using Status = Field<31, 16, u16>;
};
struct ClassCode : Register<ClassCode, u32> {
  static constexpr u8 offset = 0x08;
  using Revision = Field<7, 0, u8>;
  using Interface = Field<15, 8, u8>;
  using Subclass = Field<23, 16, u8>;
  using Class = Field<31, 24, u8>;
};
struct HeaderType : Register<HeaderType, u32> {
  static constexpr u8 offset = 0x0c;
  enum class Layout : u8 { Device = 0, Bridge = 1, CardBus = 2 };
  using LayoutField = Field<22, 16, Layout>;
  using ManyFunctions = Field<23, 23, bool>;
};
/// Of a bridge.
struct BusNumbers : Register<BusNumbers, u32> {
  static constexpr u8 offset = 0x18;
  using Secondary = Field<15, 8, u8>;
  using Subordinate = Field<23, 16, u8>;
};
/// Where the list of capabilities begins. [pci: "Capabilities List"]
struct CapabilitiesPointer : Register<CapabilitiesPointer, u32> {
  static constexpr u8 offset = 0x34;
  using First = Field<7, 0, u8>;
};
inline constexpr u8 vendor_capability = 0x09;
/// Capabilities stand behind the header, a word at least each: a longer list is a loop.
inline constexpr u8 first_capability = 0x40;
inline constexpr usize most_capabilities = (256 - first_capability) / 4;

struct InterruptLine : Register<InterruptLine, u32> {
  static constexpr u8 offset = 0x3c;
  using Line = Field<7, 0, u8>;
  using Pin = Field<15, 8, u8>;  // 1 is INTA#, 0 none
};

inline constexpr u8 first_bar_offset = 0x10;
inline constexpr u8 device_bars = 6;
inline constexpr u8 bridge_bars = 2;

/// [pci: "Base Addresses"]
struct BaseAddress : Register<BaseAddress, u32> {
  enum class Width : u8 { Bits32 = 0, Below1M = 1, Bits64 = 2 };
  using IsPort = Field<0, 0, bool>;
  using WidthField = Field<2, 1, Width>;
  using Prefetchable = Field<3, 3, bool>;
  static constexpr u32 memory_mask = 0xffff'fff0;
  static constexpr u32 port_mask = 0xffff'fffc;
};

inline constexpr u8 class_bridge = 0x06;
inline constexpr u8 class_display = 0x03;

}  // namespace nacre::hw::pci
