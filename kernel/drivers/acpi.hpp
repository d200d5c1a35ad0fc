#pragma once

#include <array>
#include <expected>
#include <optional>
#include <span>

#include "kernel/drivers/io_apic.hpp"
#include "kernel/hw/acpi.hpp"
#include "lib/base/function_ref.hpp"
#include "lib/base/memory.hpp"
#include "lib/base/vector.hpp"

namespace nacre::drivers {

/// Gives `size` bytes of physical memory to look at, or an empty span where there are none.
using PhysicalReader =
    base::FunctionRef<std::span<const base::u8>(hw::PhysAddr start, base::u64 size)>;

/// `NotFound`: no root pointer, or none with a right checksum. `NoTables`: it leads to no table.
/// `OutOfMemory`: for the lists.
enum class AcpiProblem : base::u8 { NotFound, NoTables, OutOfMemory };
struct AcpiError {
  AcpiProblem problem;
  constexpr AcpiError(AcpiProblem which) : problem(which) {}
  constexpr AcpiError(base::OutOfMemory) : problem(AcpiProblem::OutOfMemory) {}
  friend constexpr bool operator==(AcpiError, AcpiError) = default;
};

/// A CPU that the firmware found and that can be used.
struct AcpiProcessor {
  base::u32 apic_id;
};
struct AcpiIoApic {
  hw::PhysAddr address;
  base::u32 first_input;
};
/// An ISA line that is wired differently from what the PC/AT did.
struct LineOverride {
  base::u32 input;
  Signalling signalling;
};

/// What the MADT says. [acpi: "Multiple APIC Description Table (MADT)"]
struct AcpiInterrupts {
  hw::PhysAddr local_address{};
  base::Vector<AcpiProcessor> processors;
  base::Vector<AcpiIoApic> io_apics;
  std::array<std::optional<LineOverride>, 16> overrides{};
  bool has_pic = false;

  /// Which I/O APIC input an ISA line is, and how it signals.
  LineOverride line(base::u8 number) const {
    if (number < overrides.size() && overrides[number]) return *overrides[number];
    return {number, {}};
  }
};

/// A byte or word somewhere: what is left of a generic address once it was found usable.
struct AcpiRegister {
  bool is_port = true;
  base::u64 address = 0;
};

/// What to write to switch off. [acpi: "\_Sx (System States)"]
struct SleepTypes {
  base::u8 pm1a = 0;
  base::u8 pm1b = 0;
};

/// What the FADT and the DSDT say. Registers that are not there are empty.
struct AcpiPower {
  bool hardware_reduced = false;
  std::optional<base::u16> pm1a_control, pm1b_control;
  std::optional<AcpiRegister> sleep_control;
  std::optional<SleepTypes> soft_off;
  std::optional<AcpiRegister> reset_register;
  base::u8 reset_value = 0;
  std::optional<base::u16> pm_timer_port;
  bool pm_timer_is_wide = false;  // 32 bits, else 24
  /// The RTC register that holds the century, if there is one.
  base::u8 century_register = 0;
  bool has_keyboard_controller = true;
  bool has_real_time_clock = true;
  /// To be written to `smi_command` to leave legacy mode, if both are there.
  base::u16 smi_command = 0;
  base::u8 acpi_enable = 0;
};

/// A window of PCI configuration space in memory.
struct AcpiPciWindow {
  hw::PhysAddr address;
  base::u16 segment;
  base::u8 first_bus, last_bus;
};

/// A virtio device whose registers are memory.
struct AcpiVirtioDevice {
  hw::PhysAddr address;
  base::u64 size;
  base::u32 input;  // of an I/O APIC
  Signalling signalling;
};

/// What was found. A table that is missing, truncated or has a wrong checksum is as good as absent,
/// and a warning in the log says so.
struct Acpi {
  /// Where the root pointer is.
  hw::PhysAddr root{};
  std::optional<AcpiInterrupts> interrupts;
  std::optional<AcpiPower> power;
  std::optional<hw::PhysAddr> hpet;
  base::Vector<AcpiPciWindow> pci_windows;
  base::Vector<AcpiVirtioDevice> virtio_devices;
};

/// Reads ACPI's tables, from the root pointer at `root` or, without one, from where a BIOS keeps
/// it. Context: boot. Errors: as named.
std::expected<Acpi, AcpiError> read_acpi(PhysicalReader read, std::optional<hw::PhysAddr> root);

/// The parts, for whoever has a table already. `table` is all of it, with a right checksum.
std::expected<AcpiInterrupts, AcpiError> read_acpi_interrupts(std::span<const base::u8> table);
AcpiPower read_acpi_power(std::span<const base::u8> table);
/// Looks for `Name (\_S5, Package () {a, b, ...})` in the code of a DSDT or SSDT.
std::optional<SleepTypes> find_soft_off(std::span<const base::u8> table);

/// Looks for virtio devices in the code of a DSDT or SSDT: their name, and behind it memory and an
/// interrupt. Each is added to `devices`, up to 64.
std::expected<void, base::OutOfMemory> find_virtio_devices(std::span<const base::u8> table,
                                                           base::Vector<AcpiVirtioDevice>& devices);

/// A table that the root table lists, or that one of those names, as it lies there.
struct AcpiTable {
  hw::PhysAddr address{};
  hw::acpi::TableHeader header{};
  std::span<const base::u8> bytes;
  bool has_right_checksum = false;
};
/// Calls `visit` for each table whose header and length can be read: the root table first, the DSDT
/// behind the table that names it. `root` is where `read_acpi` found the pointer. Context: boot or
/// task.
void for_each_acpi_table(PhysicalReader read, hw::PhysAddr root,
                         base::FunctionRef<void(const AcpiTable&)> visit);

/// Physical memory as the kernel's direct map shows it: a `PhysicalReader`. Context: boot or task.
std::span<const base::u8> read_direct_map(hw::PhysAddr start, base::u64 size);

}  // namespace nacre::drivers
