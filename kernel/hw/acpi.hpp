#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "kernel/hw/address.hpp"
#include "kernel/hw/register.hpp"

/// ACPI's tables as they lie in memory: little-endian, packed, at any alignment. Copy them out
/// before looking. [acpi: "ACPI Software Programming Model"]
namespace nacre::hw::acpi {

using Signature = std::array<char, 4>;
constexpr Signature signature(const char (&text)[5]) {
  return {text[0], text[1], text[2], text[3]};
}

/// [acpi: "Root System Description Pointer (RSDP)"]
struct [[gnu::packed]] RootPointer {
  std::array<char, 8> signature;  // "RSD PTR "
  u8 checksum;                    // of the first 20 bytes
  std::array<char, 6> oem;
  u8 revision;
  u32 rsdt;
  // From revision 2 on:
  u32 length;
  u64 xsdt;
  u8 extended_checksum;  // of all `length` bytes
  std::array<u8, 3> reserved;
};
inline constexpr std::string_view root_pointer_signature = "RSD PTR ";
inline constexpr usize root_pointer_v1_size = 20;
static_assert(sizeof(RootPointer) == 36 && offsetof(RootPointer, length) == root_pointer_v1_size);

/// Where BIOSes keep the root pointer, on a 16-byte boundary.
/// [acpi: "Finding the RSDP on IA-PC Systems"]
inline constexpr PhysAddr extended_bios_data_segment{0x40e};
inline constexpr u64 extended_bios_data_size = 1024;
inline constexpr PhysAddr bios_area{0xe'0000};
inline constexpr u64 bios_area_size = 0x2'0000;
inline constexpr u64 root_pointer_alignment = 16;

/// [acpi: "System Description Table Header"]
struct [[gnu::packed]] TableHeader {
  Signature signature;
  u32 length;  // with this header
  u8 revision;
  u8 checksum;  // makes the sum of all bytes zero
  std::array<char, 6> oem;
  std::array<char, 8> oem_table;
  u32 oem_revision;
  u32 creator;
  u32 creator_revision;
};
static_assert(sizeof(TableHeader) == 36);

enum class AddressSpace : u8 { Memory = 0, Port = 1, PciConfiguration = 2 };

/// [acpi: "Generic Address Structure"]
struct [[gnu::packed]] GenericAddress {
  AddressSpace space;
  u8 bit_width;
  u8 bit_offset;
  u8 access_size;
  u64 address;
};
static_assert(sizeof(GenericAddress) == 12);

/// [acpi: "Fixed ACPI Description Table (FADT)"]
struct [[gnu::packed]] FixedDescription {
  TableHeader header;
  u32 firmware_control;
  u32 dsdt;
  u8 reserved0;
  u8 profile;
  u16 sci_interrupt;
  u32 smi_command;
  u8 acpi_enable;
  u8 acpi_disable;
  std::array<u8, 2> unused0;
  u32 pm1a_event;
  u32 pm1b_event;
  u32 pm1a_control;
  u32 pm1b_control;
  u32 pm2_control;
  u32 pm_timer;
  std::array<u8, 8> general_events;
  u8 pm1_event_length;
  u8 pm1_control_length;
  u8 pm2_control_length;
  u8 pm_timer_length;
  std::array<u8, 16> unused1;
  u8 century;
  u16 boot_architecture;
  u8 reserved1;
  u32 flags;
  GenericAddress reset_register;
  u8 reset_value;
  std::array<u8, 3> unused2;
  u64 extended_firmware_control;
  u64 extended_dsdt;
  GenericAddress extended_pm1a_event;
  GenericAddress extended_pm1b_event;
  GenericAddress extended_pm1a_control;
  GenericAddress extended_pm1b_control;
  GenericAddress extended_pm2_control;
  GenericAddress extended_pm_timer;
  std::array<GenericAddress, 2> extended_general_events;
  GenericAddress sleep_control;
  GenericAddress sleep_status;
};
static_assert(offsetof(FixedDescription, pm1a_control) == 64);
static_assert(offsetof(FixedDescription, pm_timer) == 76);
static_assert(offsetof(FixedDescription, pm_timer_length) == 91);
static_assert(offsetof(FixedDescription, century) == 108);
static_assert(offsetof(FixedDescription, flags) == 112);
static_assert(offsetof(FixedDescription, reset_register) == 116);
static_assert(offsetof(FixedDescription, extended_dsdt) == 140);
static_assert(offsetof(FixedDescription, extended_pm1a_control) == 172);
static_assert(offsetof(FixedDescription, extended_pm_timer) == 208);
static_assert(offsetof(FixedDescription, sleep_control) == 244);
static_assert(sizeof(FixedDescription) == 268);

/// [acpi: "Fixed ACPI Description Table Fixed Feature Flags"]
struct FeatureFlags : Register<FeatureFlags, u32> {
  using WidePmTimer = Field<8, 8, bool>;
  using ResetRegister = Field<10, 10, bool>;
  using HardwareReduced = Field<20, 20, bool>;
};
/// [acpi: "IA-PC Boot Architecture Flags"]
struct BootArchitecture : Register<BootArchitecture, u16> {
  using LegacyDevices = Field<0, 0, bool>;
  using KeyboardController = Field<1, 1, bool>;
  using NoRealTimeClock = Field<5, 5, bool>;
};

/// [acpi: "Multiple APIC Description Table (MADT)"]
struct [[gnu::packed]] InterruptControllers {
  TableHeader header;
  u32 local_address;
  u32 flags;  // bit 0: there is a PIC too
};
static_assert(sizeof(InterruptControllers) == 44);

enum class ControllerKind : u8 {
  LocalApic = 0,
  IoApic = 1,
  SourceOverride = 2,
  NmiSource = 3,
  LocalApicNmi = 4,
  LocalAddressOverride = 5,
  LocalX2Apic = 9,
};
struct [[gnu::packed]] ControllerHeader {
  ControllerKind kind;
  u8 length;
};
struct [[gnu::packed]] LocalApicEntry {
  ControllerHeader header;
  u8 processor;
  u8 id;
  u32 flags;  // bit 0: enabled
};
struct [[gnu::packed]] IoApicEntry {
  ControllerHeader header;
  u8 id;
  u8 reserved;
  u32 address;
  u32 first_input;
};
struct [[gnu::packed]] SourceOverrideEntry {
  ControllerHeader header;
  u8 bus;  // 0: ISA
  u8 line;
  u32 input;
  u16 flags;
};
struct [[gnu::packed]] LocalApicNmiEntry {
  ControllerHeader header;
  u8 processor;  // 0xff: all
  u16 flags;
  u8 pin;
};
struct [[gnu::packed]] LocalAddressOverrideEntry {
  ControllerHeader header;
  u16 reserved;
  u64 address;
};
struct [[gnu::packed]] LocalX2ApicEntry {
  ControllerHeader header;
  u16 reserved;
  u32 id;
  u32 flags;
  u32 processor;
};
static_assert(sizeof(LocalApicEntry) == 8 && sizeof(IoApicEntry) == 12);
static_assert(sizeof(SourceOverrideEntry) == 10 && sizeof(LocalApicNmiEntry) == 6);
static_assert(sizeof(LocalAddressOverrideEntry) == 12 && sizeof(LocalX2ApicEntry) == 16);

/// [acpi: "MPS INTI Flags"]
struct InterruptFlags : Register<InterruptFlags, u16> {
  enum class Polarity : u8 { OfBus = 0, ActiveHigh = 1, ActiveLow = 3 };
  enum class Trigger : u8 { OfBus = 0, Edge = 1, Level = 3 };
  using PolarityField = Field<1, 0, Polarity>;
  using TriggerField = Field<3, 2, Trigger>;
};

/// [hpet: "The ACPI HPET Table"]
struct [[gnu::packed]] HpetTable {
  TableHeader header;
  u32 hardware;
  GenericAddress address;
  u8 number;
  u16 minimum_tick;
  u8 attributes;
};
static_assert(sizeof(HpetTable) == 56);

/// [pci-firmware: "MCFG Table Description"]
struct [[gnu::packed]] McfgEntry {
  u64 address;
  u16 segment;
  u8 first_bus;
  u8 last_bus;
  u32 reserved;
};
inline constexpr usize mcfg_entries_offset = sizeof(TableHeader) + 8;
static_assert(sizeof(McfgEntry) == 16);

/// The power management timer's rate. [acpi: "Power Management Timer"]
inline constexpr u64 pm_timer_hz = 3'579'545;

/// [acpi: "PM1 Control Registers"]
struct Pm1Control : Register<Pm1Control, u16> {
  using SleepType = Field<12, 10, u8>;
  using SleepEnable = Field<13, 13, bool>;
};
static_assert(
    Pm1Control{}.with<Pm1Control::SleepType>(5).with<Pm1Control::SleepEnable>(true).bits == 0x3400);
/// [acpi: "Sleep Control and Status Registers"]
struct SleepControl : Register<SleepControl, u8> {
  using SleepType = Field<4, 2, u8>;
  using SleepEnable = Field<5, 5, bool>;
};
static_assert(
    SleepControl{}.with<SleepControl::SleepType>(5).with<SleepControl::SleepEnable>(true).bits ==
    0x34);

/// Encodings in AML that `_S5_` needs. [acpi: "AML Byte Stream Byte Values"]
namespace aml {
inline constexpr u8 zero = 0x00, one = 0x01, name = 0x08, byte_prefix = 0x0a, word_prefix = 0x0b;
inline constexpr u8 dword_prefix = 0x0c, package = 0x12, root_character = '\\';
}  // namespace aml

/// The name under which firmware tells of a virtio device with its registers in memory.
/// [qemu: "microvm"]
inline constexpr std::string_view virtio_mmio_name = "LNRO0005";

/// What a device's resources are, in its `_CRS`.
/// [acpi: "32-Bit Fixed Memory Range Descriptor"]
struct [[gnu::packed]] MemoryResource {
  static constexpr u8 expected_tag = 0x86;
  static constexpr u16 expected_length = 9;
  u8 tag;
  u16 length;
  u8 information;
  u32 address;
  u32 size;
};
static_assert(sizeof(MemoryResource) == 12);
/// With one interrupt; further ones follow. [acpi: "Extended Interrupt Descriptor"]
struct [[gnu::packed]] InterruptResource {
  static constexpr u8 expected_tag = 0x89;
  static constexpr u16 least_length = 6;
  static constexpr u8 edge_flag = 1 << 1;
  static constexpr u8 active_low_flag = 1 << 2;
  u8 tag;
  u16 length;
  u8 flags;
  u8 count;
  u32 input;
};
static_assert(sizeof(InterruptResource) == 9);

}  // namespace nacre::hw::acpi
