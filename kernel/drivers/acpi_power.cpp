#include <array>
#include <cstring>

#include "kernel/drivers/acpi.hpp"
#include "kernel/drivers/acpi_bytes.hpp"
#include "lib/base/byte_cursor.hpp"

namespace nacre::drivers {
namespace {

using base::ByteCursor;
using base::u16;
using base::u32;
using base::u8;
using base::usize;
using namespace hw::acpi;

/// A port given by its wide address where there is one, else by the narrow one.
std::optional<u16> port_of(const GenericAddress& wide, u32 narrow) {
  if (wide.address != 0) {
    if (wide.space != AddressSpace::Port || wide.address > 0xffff) return std::nullopt;
    return static_cast<u16>(wide.address);
  }
  if (narrow == 0 || narrow > 0xffff) return std::nullopt;
  return static_cast<u16>(narrow);
}

std::optional<AcpiRegister> register_of(const GenericAddress& at) {
  if (at.address == 0) return std::nullopt;
  if (at.space == AddressSpace::Port && at.address <= 0xffff) return AcpiRegister{true, at.address};
  if (at.space == AddressSpace::Memory) return AcpiRegister{false, at.address};
  return std::nullopt;
}

/// [acpi: "Package Length Encoding"]
std::expected<void, base::UnexpectedEnd> skip_package_length(ByteCursor& code) {
  TRY(u8 const lead, code.next());
  return code.skip(lead >> 6);
}

/// A constant that fits a sleep type. [acpi: "Data Objects Encoding"]
std::expected<u8, base::UnexpectedEnd> constant(ByteCursor& code) {
  TRY(u8 const prefix, code.next());
  switch (prefix) {
    case aml::one: return u8{1};
    case aml::byte_prefix: return code.next();
    case aml::word_prefix: {
      TRY(u16 const value, code.little_endian<u16>());
      return static_cast<u8>(value);
    }
    case aml::dword_prefix: {
      TRY(u32 const value, code.little_endian<u32>());
      return static_cast<u8>(value);
    }
    default: return u8{0};
  }
}

/// The package behind the name `_S5_`.
std::expected<SleepTypes, base::UnexpectedEnd> sleep_types(ByteCursor code) {
  TRY(skip_package_length(code));
  TRY(u8 const count, code.next());
  SleepTypes types;
  if (count > 0) {
    TRY(types.pm1a, constant(code));
  }
  if (count > 1) {
    TRY(types.pm1b, constant(code));
  }
  // Three bits each, whatever is written there.
  return SleepTypes{static_cast<u8>(types.pm1a & 7), static_cast<u8>(types.pm1b & 7)};
}

}  // namespace

AcpiPower read_acpi_power(std::span<const u8> table) {
  auto const fixed = copy_what_is_there<FixedDescription>(table);
  auto const flags = FeatureFlags::from(fixed.flags);
  AcpiPower power;
  power.hardware_reduced = flags.get<FeatureFlags::HardwareReduced>();
  power.century_register = fixed.century;
  if (power.hardware_reduced) {
    power.sleep_control = register_of(fixed.sleep_control);
  } else {
    power.pm1a_control = port_of(fixed.extended_pm1a_control, fixed.pm1a_control);
    power.pm1b_control = port_of(fixed.extended_pm1b_control, fixed.pm1b_control);
    if (fixed.pm_timer_length == 4)
      power.pm_timer_port = port_of(fixed.extended_pm_timer, fixed.pm_timer);
    power.pm_timer_is_wide = flags.get<FeatureFlags::WidePmTimer>();
    if (fixed.smi_command <= 0xffff) power.smi_command = static_cast<u16>(fixed.smi_command);
    power.acpi_enable = fixed.acpi_enable;
  }
  if (flags.get<FeatureFlags::ResetRegister>() && fixed.header.revision >= 2) {
    power.reset_register = register_of(fixed.reset_register);
    power.reset_value = fixed.reset_value;
  }
  // The first version of the table had no such flags.
  if (fixed.header.revision >= 3) {
    auto const boot = BootArchitecture::from(fixed.boot_architecture);
    power.has_keyboard_controller = boot.get<BootArchitecture::KeyboardController>();
    power.has_real_time_clock = !boot.get<BootArchitecture::NoRealTimeClock>();
  }
  return power;
}

std::optional<SleepTypes> find_soft_off(std::span<const u8> table) {
  constexpr std::array<u8, 5> pattern{'_', 'S', '5', '_', aml::package};
  for (usize at = sizeof(TableHeader) + 1; at + pattern.size() < table.size(); ++at) {
    if (table[at] != '_' || std::memcmp(table.data() + at, pattern.data(), pattern.size()) != 0)
      continue;
    bool const named = table[at - 1] == aml::name ||
                       (table[at - 1] == aml::root_character && table[at - 2] == aml::name);
    if (!named) continue;
    if (auto const types = sleep_types(ByteCursor(table, at + pattern.size()))) return *types;
  }
  return std::nullopt;
}

}  // namespace nacre::drivers
