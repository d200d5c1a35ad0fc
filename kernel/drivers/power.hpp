#pragma once

#include "kernel/drivers/acpi.hpp"
#include "kernel/hw/acpi.hpp"
#include "kernel/hw/cpu.hpp"
#include "kernel/hw/port.hpp"
#include "kernel/hw/ps2.hpp"
#include "kernel/memory/mmio.hpp"

namespace nacre::drivers {

/// QEMU's `isa-debug-exit`: ends the emulator with status `code * 2 + 1`. Goes on where it is not
/// there. Any context.
inline constexpr base::u16 debug_exit_port = 0xf4;
template <hw::PortAccess Io = hw::PortIo>
void debug_exit(base::u8 code, Io io = {}) {
  io.out8(debug_exit_port, code);
}

/// Switching off and starting again. Both return when nothing of what the machine offers has
/// worked; then all that is left is to halt, or a triple fault. Call them with interrupts off.
template <hw::PortAccess Io = hw::PortIo>
class Power {
 public:
  /// `acpi` is what the firmware says, if it says anything. Maps what lies in memory now, when that
  /// can still fail without harm. Boot or task context.
  explicit Power(const AcpiPower* acpi, Io io = {}) : io_(io) {
    if (acpi == nullptr) return;
    acpi_ = *acpi;
    sleep_control_ = reachable(acpi_.sleep_control);
    reset_register_ = reachable(acpi_.reset_register);
  }

  /// By ACPI, or at last as `isa-debug-exit` with `exit_code`.
  void power_off(base::u8 exit_code = 0) {
    using hw::acpi::SleepControl;
    // Without the type a machine might fall asleep instead.
    SleepTypes const types = acpi_.soft_off.value_or(SleepTypes{});
    if (acpi_.soft_off && sleep_control_) {
      write(*sleep_control_, SleepControl{}
                                 .template with<SleepControl::SleepType>(types.pm1a)
                                 .template with<SleepControl::SleepEnable>(true)
                                 .bits);
      wait();
    }
    if (acpi_.soft_off && acpi_.pm1a_control) {
      enable_acpi();
      sleep(*acpi_.pm1a_control, types.pm1a);
      if (acpi_.pm1b_control) sleep(*acpi_.pm1b_control, types.pm1b);
      wait();
    }
    debug_exit(exit_code, io_);
  }

  /// By ACPI's reset register, or at last the keyboard controller.
  void reboot() {
    if (reset_register_) {
      write(*reset_register_, acpi_.reset_value);
      wait();
    }
    for (int i = 0; i < patience; ++i)
      if ((io_.in8(hw::ps2::command_port) & 2) == 0) break;
    io_.out8(hw::ps2::command_port, static_cast<base::u8>(hw::ps2::ControllerCommand::PulseReset));
    wait();
  }

 private:
  static constexpr int patience = 20'000;

  /// A byte-wide register, mapped where it is memory.
  struct Target {
    bool is_port;
    base::u16 port;
    hw::VirtAddr mapped;
  };
  static std::optional<Target> reachable(const std::optional<AcpiRegister>& at) {
    if (!at) return std::nullopt;
    if (at->is_port) return Target{true, static_cast<base::u16>(at->address), {}};
    auto const mapped = memory::map_device({at->address}, 1, memory::Caching::Uncached);
    if (!mapped) return std::nullopt;
    return Target{false, 0, *mapped};
  }
  void write(const Target& target, base::u8 value) {
    if (target.is_port) {
      io_.out8(target.port, value);
    } else {
      hw::mmio_write_u8(target.mapped, value);
    }
  }

  /// Takes the machine out of legacy mode, in which PM1 control belongs to the firmware.
  /// [acpi: "Legacy/ACPI Select and the SCI Interrupt"]
  void enable_acpi() {
    if (acpi_.smi_command == 0 || acpi_.acpi_enable == 0 || acpi_is_on()) return;
    io_.out8(acpi_.smi_command, acpi_.acpi_enable);
    for (int i = 0; i < patience && !acpi_is_on(); ++i) hw::spin_hint();
  }
  bool acpi_is_on() { return (io_.in16(*acpi_.pm1a_control) & 1) != 0; }

  /// The type first, then the type with the bit that acts on it.
  void sleep(base::u16 port, base::u8 type) {
    using hw::acpi::Pm1Control;
    auto const control = Pm1Control::from(io_.in16(port))
                             .template with<Pm1Control::SleepType>(type)
                             .template with<Pm1Control::SleepEnable>(false);
    io_.out16(port, control.bits);
    io_.out16(port, control.template with<Pm1Control::SleepEnable>(true).bits);
  }

  /// It takes a moment: an emulator acts on it in another thread, which may have to wait for a
  /// processor.
  void wait() {
    constexpr int a_second_or_so = 20'000'000;
    for (int i = 0; i < a_second_or_so; ++i) hw::spin_hint();
  }

  [[no_unique_address]] Io io_;
  AcpiPower acpi_;
  std::optional<Target> sleep_control_;
  std::optional<Target> reset_register_;
};

}  // namespace nacre::drivers
