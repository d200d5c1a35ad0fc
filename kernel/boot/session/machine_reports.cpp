#include "kernel/boot/session/machine_reports.hpp"

#include <algorithm>

#include "lib/base/vector.hpp"

namespace nacre::boot {

std::expected<base::Box<fs::ReportFileSystem>, base::OutOfMemory> MachineReports::file_system(
    base::UnixTime created) const {
  base::Vector<fs::Report> reports;
  TRY(reports.try_reserve(writers_.size()));
  for (const Writer& writer : writers_) reports.push_back_reserved({writer.name, writer});
  return fs::ReportFileSystem::create({reports.data(), reports.size()}, created);
}

void MachineReports::report_memory(base::Sink& sink) const {
  shell::MemoryStatistics const memory = system_.memory();
  auto const line = [&](std::string_view name, base::u64 bytes) {
    base::format_to(sink, "{:<14}{:>12} kB\n", name, bytes >> 10);
  };
  line("MemTotal:", memory.total);
  line("MemFree:", memory.free);
  line("HeapTotal:", memory.heap_reserved);
  line("HeapFree:", memory.heap_reserved - memory.heap_used);
}

void MachineReports::report_uptime(base::Sink& sink) const {
  auto const ms = static_cast<base::u64>(std::max<base::i64>(system_.uptime().ns, 0)) / 1'000'000;
  base::format_to(sink, "{}.{:02}\n", ms / 1000, ms % 1000 / 10);
}

}  // namespace nacre::boot
