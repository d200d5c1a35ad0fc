#pragma once

#include <array>
#include <expected>

#include "kernel/fs/report_file_system.hpp"
#include "kernel/process/process.hpp"
#include "kernel/shell/reports.hpp"
#include "kernel/shell/system.hpp"

namespace nacre::boot {

/// What the files in `/proc` tell: `log`, `meminfo`, `pci`, `processes`, `tasks` and `uptime`.
/// Lines of `meminfo` and `uptime` are as Linux has them, as far as there is something to tell.
class MachineReports {
 public:
  /// Both outlive this.
  MachineReports(const shell::System& system, process::ProcessTable& processes)
      : system_(system), processes_(processes) {}
  MachineReports(const MachineReports&) = delete;
  MachineReports& operator=(const MachineReports&) = delete;

  /// A file system of them, which this outlives. Errors: OutOfMemory.
  std::expected<base::Box<fs::ReportFileSystem>, base::OutOfMemory> file_system(
      base::UnixTime created) const;

 private:
  void report_memory(base::Sink& sink) const;
  void report_uptime(base::Sink& sink) const;

  struct Writer {
    std::string_view name;
    const MachineReports& reports;
    void (*write)(const MachineReports& reports, base::Sink& sink);
    void operator()(base::Sink& sink) const { write(reports, sink); }
  };

  const shell::System& system_;
  process::ProcessTable& processes_;
  std::array<Writer, 6> writers_{{
      {"log", *this, [](auto& of, auto& sink) { shell::report_log(sink, of.system_, false); }},
      {"meminfo", *this, [](auto& of, auto& sink) { of.report_memory(sink); }},
      {"pci", *this, [](auto& of, auto& sink) { shell::report_pci_devices(sink, of.system_); }},
      {"processes", *this,
       [](auto& of, auto& sink) { shell::report_programs(sink, of.processes_); }},
      {"tasks", *this, [](auto& of, auto& sink) { shell::report_tasks(sink, of.system_); }},
      {"uptime", *this, [](auto& of, auto& sink) { of.report_uptime(sink); }},
  }};
};

}  // namespace nacre::boot
