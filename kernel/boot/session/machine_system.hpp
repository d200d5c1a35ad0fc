#pragma once

#include "kernel/boot/devices.hpp"
#include "kernel/process/run.hpp"
#include "kernel/shell/system.hpp"

namespace nacre::boot {

/// The machine as the shell sees it.
class MachineSystem final : public shell::System {
 public:
  /// All outlive this.
  MachineSystem(Devices& devices, process::Services& services, fs::Vfs& files)
      : devices_(devices), services_(services), files_(files) {}

  shell::MemoryStatistics memory() const override;
  void for_each_task(base::FunctionRef<void(const shell::TaskInformation&)> visit) const override;
  base::Duration uptime() const override { return devices_.now() - base::Instant{}; }
  base::UnixTime now() const override { return services_.wall_clock(); }
  void for_each_log_record(base::FunctionRef<void(const base::LogRecord&)> visit) const override;
  void for_each_pci_device(
      base::FunctionRef<void(const shell::PciDeviceInformation&)> visit) const override;
  void with_processor(
      base::FunctionRef<void(const shell::ProcessorInformation&)> visit) const override;
  void for_each_processor_feature(
      base::FunctionRef<void(const shell::ProcessorFeature&)> visit) const override;
  void for_each_cpuid_leaf(
      base::FunctionRef<void(const shell::CpuidInformation&)> visit) const override;
  void for_each_acpi_table(
      base::FunctionRef<void(const shell::AcpiTableInformation&)> visit) const override;
  void describe_acpi_use(base::Sink& sink) const override;
  /// What was written to the serial ports leaves the machine first.
  [[noreturn]] void reboot() override;
  [[noreturn]] void power_off(int status) override;
  exec::Task<std::expected<int, shell::ProgramError>> run(shell::ProgramRequest request) override;

 private:
  void flush_serial();

  Devices& devices_;
  process::Services& services_;
  fs::Vfs& files_;
};

}  // namespace nacre::boot
