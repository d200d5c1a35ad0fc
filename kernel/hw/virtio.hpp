#pragma once

#include <concepts>

#include "kernel/hw/address.hpp"
#include "kernel/hw/register.hpp"

/// Virtio devices, version 1: no legacy interface. [virtio: "Basic Facilities of a Virtio Device"]
namespace nacre::hw::virtio {

enum class DeviceType : u32 { None = 0, Network = 1, Block = 2, Console = 3, Entropy = 4 };

/// What the driver tells of its progress. [virtio: "Device Status Field"]
struct Status : Register<Status, u8> {
  using Acknowledge = Field<0, 0, bool>;
  using Driver = Field<1, 1, bool>;
  using DriverOk = Field<2, 2, bool>;
  using FeaturesOk = Field<3, 3, bool>;
  using NeedsReset = Field<6, 6, bool>;
  using Failed = Field<7, 7, bool>;
};

/// Features are numbered bits in words of 32. [virtio: "Reserved Feature Bits"]
inline constexpr u32 version_1_word = 1;
inline constexpr u32 version_1_bit = 1u << 0;  // feature 32

/// Why a device interrupted. [virtio: "ISR status capability"]
struct InterruptCause : Register<InterruptCause, u32> {
  using QueueUsed = Field<0, 0, bool>;
  using ConfigurationChanged = Field<1, 1, bool>;
};

/// A piece of memory that the driver offers. [virtio: "The Virtqueue Descriptor Table"]
struct Descriptor {
  static constexpr u16 next_flag = 1;
  static constexpr u16 device_writes_flag = 2;
  u64 address;
  u32 length;
  u16 flags;
  u16 next;
};
static_assert(sizeof(Descriptor) == 16);

/// What begins the ring of what the driver offers, and of what the device has used; entries follow.
/// [virtio: "The Virtqueue Available Ring"], [virtio: "The Virtqueue Used Ring"]
struct RingHeader {
  /// In the driver's ring: no interrupts, please. In the device's: no notifications.
  static constexpr u16 quiet_flag = 1;
  u16 flags;
  u16 index;
};
static_assert(sizeof(RingHeader) == 4);
struct UsedEntry {
  u32 descriptor;
  u32 length;
};
static_assert(sizeof(UsedEntry) == 8);

/// [virtio: "Console Device"]
namespace console {

/// The device has several ports and control queues. Feature 1, so in the first word.
inline constexpr u32 several_ports_bit = 1u << 1;
inline constexpr u16 control_receive_queue = 2;
inline constexpr u16 control_send_queue = 3;
/// Of a port from 1 on.
constexpr u16 receive_queue(u16 port) { return static_cast<u16>(2 * port + 2); }
constexpr u16 send_queue(u16 port) { return static_cast<u16>(2 * port + 3); }
static_assert(receive_queue(1) == 4 && send_queue(1) == 5);

/// What both sides say about ports. A name follows in the message that tells it.
/// [virtio: "Multiport Device Operation"]
struct ControlMessage {
  enum class Event : u16 {
    DeviceReady = 0,
    PortAdd = 1,
    PortRemove = 2,
    PortReady = 3,
    ConsolePort = 4,
    Resize = 5,
    PortOpen = 6,
    PortName = 7,
  };
  u32 port;
  Event event;
  u16 value;
};
static_assert(sizeof(ControlMessage) == 8);

}  // namespace console

/// Registers of a device in memory. [virtio: "MMIO Device Register Layout"]
namespace mmio {

inline constexpr u64 window_size = 0x200;
inline constexpr u32 magic = 0x7472'6976;  // "virt"
inline constexpr u32 version = 2;

template <class Self, usize Offset>
struct WordRegister : Register<Self, u32> {
  static constexpr usize offset = Offset;
};
struct Magic : WordRegister<Magic, 0x000> {};
struct Version : WordRegister<Version, 0x004> {};
struct Device : WordRegister<Device, 0x008> {};
struct DeviceFeatures : WordRegister<DeviceFeatures, 0x010> {};
struct DeviceFeaturesSelect : WordRegister<DeviceFeaturesSelect, 0x014> {};
struct DriverFeatures : WordRegister<DriverFeatures, 0x020> {};
struct DriverFeaturesSelect : WordRegister<DriverFeaturesSelect, 0x024> {};
struct QueueSelect : WordRegister<QueueSelect, 0x030> {};
struct QueueSizeMax : WordRegister<QueueSizeMax, 0x034> {};
struct QueueSize : WordRegister<QueueSize, 0x038> {};
struct QueueReady : WordRegister<QueueReady, 0x044> {};
struct QueueNotify : WordRegister<QueueNotify, 0x050> {};
struct InterruptStatus : WordRegister<InterruptStatus, 0x060> {};
struct InterruptAcknowledge : WordRegister<InterruptAcknowledge, 0x064> {};
struct DeviceStatus : WordRegister<DeviceStatus, 0x070> {};
struct DescriptorsLow : WordRegister<DescriptorsLow, 0x080> {};
struct DescriptorsHigh : WordRegister<DescriptorsHigh, 0x084> {};
struct DriverRingLow : WordRegister<DriverRingLow, 0x090> {};
struct DriverRingHigh : WordRegister<DriverRingHigh, 0x094> {};
struct DeviceRingLow : WordRegister<DeviceRingLow, 0x0a0> {};
struct DeviceRingHigh : WordRegister<DeviceRingHigh, 0x0a4> {};

}  // namespace mmio

/// A device on PCI. [virtio: "Virtio Over PCI Bus"]
namespace pci {

inline constexpr u16 vendor = 0x1af4;
/// A device of version 1 has this number plus its type; one that speaks the legacy interface, too,
/// has a number of its own.
inline constexpr u16 first_device = 0x1040;
inline constexpr u16 transitional_console = 0x1003;

/// Where a structure of registers is. [virtio: "Virtio Structure PCI Capabilities"]
enum class Structure : u8 { Common = 1, Notify = 2, InterruptStatus = 3, Device = 4 };
/// The first word of such a capability.
struct CapabilityHead : Register<CapabilityHead, u32> {
  using Id = Field<7, 0, u8>;
  using Next = Field<15, 8, u8>;
  using Length = Field<23, 16, u8>;
  using Type = Field<31, 24, Structure>;
};
inline constexpr u8 bar_word = 4, offset_word = 8, length_word = 12, multiplier_word = 16;
inline constexpr u8 capability_size = 16;

/// [virtio: "Common configuration structure layout"]
template <class Self, std::unsigned_integral Bits, usize Offset>
struct CommonRegister : Register<Self, Bits> {
  static constexpr usize offset = Offset;
};
struct DeviceFeaturesSelect : CommonRegister<DeviceFeaturesSelect, u32, 0x00> {};
struct DeviceFeatures : CommonRegister<DeviceFeatures, u32, 0x04> {};
struct DriverFeaturesSelect : CommonRegister<DriverFeaturesSelect, u32, 0x08> {};
struct DriverFeatures : CommonRegister<DriverFeatures, u32, 0x0c> {};
struct QueueCount : CommonRegister<QueueCount, u16, 0x12> {};
struct DeviceStatus : CommonRegister<DeviceStatus, u8, 0x14> {};
struct QueueSelect : CommonRegister<QueueSelect, u16, 0x16> {};
struct QueueSize : CommonRegister<QueueSize, u16, 0x18> {};
struct QueueEnable : CommonRegister<QueueEnable, u16, 0x1c> {};
struct QueueNotifyOffset : CommonRegister<QueueNotifyOffset, u16, 0x1e> {};
struct DescriptorsLow : CommonRegister<DescriptorsLow, u32, 0x20> {};
struct DescriptorsHigh : CommonRegister<DescriptorsHigh, u32, 0x24> {};
struct DriverRingLow : CommonRegister<DriverRingLow, u32, 0x28> {};
struct DriverRingHigh : CommonRegister<DriverRingHigh, u32, 0x2c> {};
struct DeviceRingLow : CommonRegister<DeviceRingLow, u32, 0x30> {};
struct DeviceRingHigh : CommonRegister<DeviceRingHigh, u32, 0x34> {};
inline constexpr u32 common_size = 0x38;

/// Reading it takes the causes away. [virtio: "ISR status capability"]
struct InterruptStatus : CommonRegister<InterruptStatus, u8, 0> {};

}  // namespace pci

}  // namespace nacre::hw::virtio
