#pragma once

#include <expected>
#include <utility>

#include "kernel/shell/system.hpp"
#include "lib/base/try.hpp"

namespace nacre::test {

/// There is nothing but the shell: no devices, no programs, and one moment.
class NoMachine final : public shell::System {
 public:
  shell::MemoryStatistics memory() const override { return {}; }
  void for_each_task(base::FunctionRef<void(const shell::TaskInformation&)>) const override {}
  base::Duration uptime() const override { return {}; }
  base::UnixTime now() const override { return {1'000'000'000}; }
  void for_each_log_record(base::FunctionRef<void(const base::LogRecord&)>) const override {}
  void for_each_pci_device(
      base::FunctionRef<void(const shell::PciDeviceInformation&)>) const override {}
  void with_processor(base::FunctionRef<void(const shell::ProcessorInformation&)>) const override {}
  void for_each_processor_feature(
      base::FunctionRef<void(const shell::ProcessorFeature&)>) const override {}
  void for_each_cpuid_leaf(base::FunctionRef<void(const shell::CpuidInformation&)>) const override {
  }
  void for_each_acpi_table(
      base::FunctionRef<void(const shell::AcpiTableInformation&)>) const override {}
  void describe_acpi_use(base::Sink&) const override {}
  void reboot() override {}
  void power_off(int) override {}
  exec::Task<std::expected<int, shell::ProgramError>> run(shell::ProgramRequest) override {
    CO_TRY(auto message, base::String::create("not a WebAssembly module"));
    co_return std::unexpected(shell::ProgramError(std::move(message)));
  }
};

}  // namespace nacre::test
