#include "kernel/drivers/acpi.hpp"
#include "kernel/drivers/acpi_bytes.hpp"
#include "lib/base/log.hpp"
#include "lib/base/try.hpp"

namespace nacre::drivers {
namespace {

using base::u32;
using base::usize;
using namespace hw::acpi;

constexpr u32 enabled_flag = 1;

Signalling signalling_of(InterruptFlags flags) {
  // ISA's own are active high and edge triggered.
  return {.active_low =
              flags.get<InterruptFlags::PolarityField>() == InterruptFlags::Polarity::ActiveLow,
          .level_triggered =
              flags.get<InterruptFlags::TriggerField>() == InterruptFlags::Trigger::Level};
}

std::expected<void, AcpiError> read_entry(std::span<const base::u8> entry, ControllerKind kind,
                                          AcpiInterrupts& interrupts) {
  switch (kind) {
    case ControllerKind::LocalApic:
      if (auto const apic = copy_at<LocalApicEntry>(entry, 0))
        if ((apic->flags & enabled_flag) != 0)
          return interrupts.processors.try_push_back({apic->id});
      break;
    case ControllerKind::LocalX2Apic:
      if (auto const apic = copy_at<LocalX2ApicEntry>(entry, 0))
        if ((apic->flags & enabled_flag) != 0)
          return interrupts.processors.try_push_back({apic->id});
      break;
    case ControllerKind::IoApic:
      if (auto const apic = copy_at<IoApicEntry>(entry, 0))
        return interrupts.io_apics.try_push_back({{apic->address}, apic->first_input});
      break;
    case ControllerKind::SourceOverride:
      if (auto const source = copy_at<SourceOverrideEntry>(entry, 0))
        if (source->bus == 0 && source->line < interrupts.overrides.size())
          interrupts.overrides[source->line] =
              LineOverride{source->input, signalling_of(InterruptFlags::from(source->flags))};
      break;
    case ControllerKind::LocalAddressOverride:
      if (auto const address = copy_at<LocalAddressOverrideEntry>(entry, 0))
        interrupts.local_address = {address->address};
      break;
    case ControllerKind::NmiSource:
    case ControllerKind::LocalApicNmi: break;  // NMI comes in at LINT1, which `LocalApic` sets up.
  }
  return {};
}

}  // namespace

std::expected<AcpiInterrupts, AcpiError> read_acpi_interrupts(std::span<const base::u8> table) {
  AcpiInterrupts interrupts;
  auto const start = copy_what_is_there<InterruptControllers>(table);
  interrupts.local_address = {start.local_address};
  interrupts.has_pic = (start.flags & 1) != 0;
  for (usize offset = sizeof(InterruptControllers); offset < table.size();) {
    auto const header = copy_at<ControllerHeader>(table, offset);
    if (!header || header->length < sizeof(ControllerHeader) ||
        header->length > table.size() - offset) {
      base::log_warning("acpi", "MADT: the entry at {:#x} is truncated, the rest is ignored",
                        offset);
      break;
    }
    TRY(read_entry(table.subspan(offset, header->length), header->kind, interrupts));
    offset += header->length;
  }
  return interrupts;
}

}  // namespace nacre::drivers
