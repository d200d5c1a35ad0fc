#include "kernel/shell/reports.hpp"

#include <algorithm>
#include <array>

#include "lib/text/printable.hpp"

namespace nacre::shell {
namespace {

constexpr u64 ns_per_second = 1'000'000'000;

std::string_view level_color(base::LogLevel level) {
  switch (level) {
    case base::LogLevel::Debug: return "\x1b[2m";
    case base::LogLevel::Info: return "";
    case base::LogLevel::Warning: return "\x1b[33m";
    case base::LogLevel::Error: return "\x1b[31m";
  }
  return "";
}

struct PciClass {
  u8 class_code;
  u8 subclass;
  std::string_view name;
};
/// The devices that one meets, and what their classes are called. [pci-sig/class-codes]
constexpr std::array pci_classes = std::to_array<PciClass>({
    {0x01, 0x00, "SCSI storage controller"},
    {0x01, 0x01, "IDE controller"},
    {0x01, 0x06, "SATA controller"},
    {0x01, 0x08, "NVMe controller"},
    {0x02, 0x00, "Ethernet controller"},
    {0x03, 0x00, "VGA controller"},
    {0x03, 0x80, "Display controller"},
    {0x04, 0x01, "Audio controller"},
    {0x04, 0x03, "Audio controller"},
    {0x06, 0x00, "Host bridge"},
    {0x06, 0x01, "ISA bridge"},
    {0x06, 0x04, "PCI bridge"},
    {0x06, 0x80, "Bridge"},
    {0x0c, 0x03, "USB controller"},
    {0x0c, 0x05, "SMBus controller"},
});

std::string_view class_name(const PciDeviceInformation& device) {
  auto const found = std::ranges::find_if(pci_classes, [&](const PciClass& known) {
    return known.class_code == device.class_code && known.subclass == device.subclass;
  });
  return found == pci_classes.end() ? "Device" : found->name;
}

/// Seconds with milliseconds, right-aligned to ten characters.
void write_time(base::Sink& sink, base::Duration duration) {
  auto const ns = static_cast<u64>(std::max<base::i64>(duration.ns, 0));
  base::format_to(sink, "{:>6}.{:03}", ns / ns_per_second, ns % ns_per_second / 1'000'000);
}

}  // namespace

void report_tasks(base::Sink& sink, const System& system) {
  sink.write("    ID  STATE         TIME   RESUMED  NAME\n");
  system.for_each_task([&](const TaskInformation& task) {
    base::format_to(sink, "{:>6}  {:<8}", task.id, task.state);
    write_time(sink, task.run_time);
    base::format_to(sink, "{:>10}  {}\n", task.resumed, task.name);
  });
}

void report_programs(base::Sink& sink, process::ProcessTable& processes) {
  sink.write("   PID  PARENT  STATE         TIME  MEMORY KiB  COMMAND\n");
  processes.for_each_work([&](process::Work& work) {
    base::format_to(sink, "{:>6}  {:>6}  {:<8}", work.id().value, work.parent().value,
                    work.is_stopped() ? "stopped" : "shell");
    write_time(sink, work.cpu_time());
    base::format_to(sink, "{:>12}  {}\n", "-", text::Printable{work.text()});
  });
  processes.for_each([&](process::Process& process) {
    std::string_view const state =
        process.control().is_stopped() ? "stopped" : name_of(process.activity);
    base::format_to(sink, "{:>6}  {:>6}  {:<8}", process.id().value, process.parent().value, state);
    write_time(sink, process.cpu_time);
    base::format_to(sink, "{:>12}  {}", process.memory_size >> 10, text::Printable{process.name()});
    for (usize i = 1; i < process.arguments().size(); ++i)
      base::format_to(sink, " {}", text::Printable{process.arguments()[i]});
    sink.write("\n");
  });
}

void report_log(base::Sink& sink, const System& system, bool colored) {
  system.for_each_log_record([&](const base::LogRecord& record) {
    u64 const time = static_cast<u64>(std::max<base::i64>(record.time.ns, 0));
    std::string_view const color = colored ? level_color(record.level) : "";
    base::format_to(sink, "[{:>5}.{:06}] {}{}: {}{}\n", time / ns_per_second,
                    time % ns_per_second / 1'000, color, record.area, record.text,
                    color.empty() ? "" : "\x1b[0m");
  });
}

void report_pci_devices(base::Sink& sink, const System& system) {
  system.for_each_pci_device([&](const PciDeviceInformation& device) {
    base::format_to(sink, "{:02x}:{:02x}.{} {} [{:02x}{:02x}]: {:04x}:{:04x}\n", device.bus,
                    device.device, device.function, class_name(device), device.class_code,
                    device.subclass, device.vendor_id, device.device_id);
  });
}

}  // namespace nacre::shell
