#include "kernel/boot/session/machine_system.hpp"
#include "kernel/drivers/acpi.hpp"
#include "kernel/hw/cpuid.hpp"

/// What `MachineSystem` tells about the processor and the firmware.
namespace nacre::boot {
namespace {

using base::u32;
using base::u64;

/// Without what fills it up.
std::string_view trimmed(std::span<const char> text) {
  std::string_view rest(text.data(), text.size());
  rest = rest.substr(0, rest.find('\0'));
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  while (rest.ends_with(' ')) rest.remove_suffix(1);
  return rest;
}

constexpr auto read_memory = [](hw::PhysAddr start, u64 size) {
  return drivers::read_direct_map(start, size);
};
constexpr auto read_cpuid = [](u32 leaf, u32 subleaf) { return hw::cpuid(leaf, subleaf); };

void describe_power(base::Sink& sink, const drivers::AcpiPower& power) {
  if (power.pm_timer_port)
    base::format_to(sink, "PM timer: port {:#x}, {} bits\n", *power.pm_timer_port,
                    power.pm_timer_is_wide ? 32 : 24);
  if (power.reset_register)
    base::format_to(sink, "reset: {:#x} to {} {:#x}\n", power.reset_value,
                    std::string_view(power.reset_register->is_port ? "port" : "address"),
                    power.reset_register->address);
  if (power.soft_off && power.pm1a_control)
    base::format_to(sink, "power off: sleep type {} to port {:#x}\n", power.soft_off->pm1a,
                    *power.pm1a_control);
  if (power.soft_off && power.sleep_control)
    base::format_to(sink, "power off: sleep type {} to {} {:#x}\n", power.soft_off->pm1a,
                    std::string_view(power.sleep_control->is_port ? "port" : "address"),
                    power.sleep_control->address);
}

void describe_interrupts(base::Sink& sink, const drivers::AcpiInterrupts& interrupts) {
  base::format_to(sink, "local APIC: {}\n", interrupts.local_address);
  for (const drivers::AcpiProcessor& processor : interrupts.processors)
    base::format_to(sink, "processor: APIC {}\n", processor.apic_id);
  for (const drivers::AcpiIoApic& apic : interrupts.io_apics)
    base::format_to(sink, "I/O APIC: {}, inputs from {}\n", apic.address, apic.first_input);
  for (base::usize line = 0; line < interrupts.overrides.size(); ++line) {
    auto const& wired = interrupts.overrides[line];
    if (!wired) continue;
    base::format_to(sink, "line {}: input {}, active {}, {}\n", line, wired->input,
                    std::string_view(wired->signalling.active_low ? "low" : "high"),
                    std::string_view(wired->signalling.level_triggered ? "level" : "edge"));
  }
}

}  // namespace

void MachineSystem::with_processor(
    base::FunctionRef<void(const shell::ProcessorInformation&)> visit) const {
  hw::ProcessorIdentity const identity = hw::identify_processor(read_cpuid);
  visit({.vendor = trimmed(identity.vendor),
         .brand = trimmed(identity.brand),
         .family = identity.family,
         .model = identity.model,
         .stepping = identity.stepping});
}

void MachineSystem::for_each_processor_feature(
    base::FunctionRef<void(const shell::ProcessorFeature&)> visit) const {
  for (const hw::CpuidFeature& feature : hw::cpuid_features())
    visit({.name = feature.name,
           .is_there = hw::has_feature(read_cpuid, feature),
           .is_of_use = feature.is_of_use});
}

void MachineSystem::for_each_cpuid_leaf(
    base::FunctionRef<void(const shell::CpuidInformation&)> visit) const {
  auto const tell = [&](u32 leaf, u32 subleaf, const hw::CpuidResult& result) {
    visit({leaf, subleaf, result.eax, result.ebx, result.ecx, result.edx});
  };
  hw::for_each_cpuid_leaf(read_cpuid, tell);
}

void MachineSystem::for_each_acpi_table(
    base::FunctionRef<void(const shell::AcpiTableInformation&)> visit) const {
  if (devices_.acpi().root.value == 0) return;
  auto const tell = [&](const drivers::AcpiTable& table) {
    // Fields of packed structures are copied before they are pointed at.
    auto const signature = table.header.signature;
    auto const oem = table.header.oem;
    auto const oem_table = table.header.oem_table;
    visit({.signature = {signature.data(), signature.size()},
           .oem = {oem.data(), oem.size()},
           .oem_table = {oem_table.data(), oem_table.size()},
           .address = table.address.value,
           .revision = table.header.revision,
           .has_right_checksum = table.has_right_checksum,
           .bytes = table.bytes});
  };
  drivers::for_each_acpi_table(read_memory, devices_.acpi().root, tell);
}

void MachineSystem::describe_acpi_use(base::Sink& sink) const {
  const drivers::Acpi& acpi = devices_.acpi();
  if (acpi.power) describe_power(sink, *acpi.power);
  if (acpi.interrupts) describe_interrupts(sink, *acpi.interrupts);
  if (acpi.hpet) base::format_to(sink, "HPET: {}\n", *acpi.hpet);
  for (const drivers::AcpiPciWindow& window : acpi.pci_windows)
    base::format_to(sink, "PCI configuration: {}, buses {} to {}\n", window.address,
                    window.first_bus, window.last_bus);
  for (const drivers::AcpiVirtioDevice& device : acpi.virtio_devices)
    base::format_to(sink, "virtio device: {}, input {}\n", device.address, device.input);
}

}  // namespace nacre::boot
