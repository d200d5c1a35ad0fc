#include <algorithm>
#include <array>

#include "kernel/shell/builtins/builtins.hpp"
#include "lib/base/try.hpp"
#include "lib/text/printable.hpp"

namespace nacre::shell::builtin {
namespace {

constexpr u64 ns_per_second = 1'000'000'000;

/// Collects what visitors write, until it is sent to a builtin's output.
class Report final : public base::Sink {
 public:
  void write(std::string_view text) override { sink_.write(text); }
  exec::Task<fs::Result<int>> send(Invocation& call) {
    CO_TRY(sink_.result());
    CO_TRY(co_await write_text(*call.streams.out, std::move(text_)));
    co_return status::success;
  }

 private:
  base::String text_;
  base::StringSink sink_{text_};
};

/// Refuses arguments where there are none to give.
exec::Task<fs::Result<bool>> has_no_arguments(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) {
    CO_TRY(co_await refuse(call, options.error()));
    co_return false;
  }
  if (!options->operands().empty()) {
    CO_TRY(co_await complain(call, "too many arguments"));
    co_return false;
  }
  co_return true;
}

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

void list_tasks(base::Sink& sink, System& system) {
  sink.write("    ID  STATE         TIME   RESUMED  NAME\n");
  system.for_each_task([&](const TaskInformation& task) {
    base::format_to(sink, "{:>6}  {:<8}", task.id, task.state);
    write_time(sink, task.run_time);
    base::format_to(sink, "{:>10}  {}\n", task.resumed, task.name);
  });
}

void list_programs(base::Sink& sink, process::ProcessTable& processes) {
  sink.write("   PID  STATE         TIME  MEMORY KiB  COMMAND\n");
  processes.for_each([&](process::Process& process) {
    std::string_view const state =
        process.control().is_stopped() ? "stopped" : name_of(process.activity);
    base::format_to(sink, "{:>6}  {:<8}", process.id().value, state);
    write_time(sink, process.cpu_time);
    base::format_to(sink, "{:>12}  {}", process.memory_size >> 10, text::Printable{process.name()});
    for (usize i = 1; i < process.arguments().size(); ++i)
      base::format_to(sink, " {}", text::Printable{process.arguments()[i]});
    sink.write("\n");
  });
}

}  // namespace

exec::Task<fs::Result<int>> dmesg(Invocation& call) {
  CO_TRY(bool const fine, co_await has_no_arguments(call));
  if (!fine) co_return status::usage;
  bool const colored = call.streams.out->is_terminal();
  Report report;
  call.services.system.for_each_log_record([&](const base::LogRecord& record) {
    u64 const time = static_cast<u64>(std::max<base::i64>(record.time.ns, 0));
    std::string_view const color = colored ? level_color(record.level) : "";
    base::format_to(report, "[{:>5}.{:06}] {}{}: {}{}\n", time / ns_per_second,
                    time % ns_per_second / 1'000, color, record.area, record.text,
                    color.empty() ? "" : "\x1b[0m");
  });
  co_return co_await report.send(call);
}

exec::Task<fs::Result<int>> lspci(Invocation& call) {
  CO_TRY(bool const fine, co_await has_no_arguments(call));
  if (!fine) co_return status::usage;
  Report report;
  call.services.system.for_each_pci_device([&](const PciDeviceInformation& device) {
    base::format_to(report, "{:02x}:{:02x}.{} {} [{:02x}{:02x}]: {:04x}:{:04x}\n", device.bus,
                    device.device, device.function, class_name(device), device.class_code,
                    device.subclass, device.vendor_id, device.device_id);
  });
  co_return co_await report.send(call);
}

exec::Task<fs::Result<int>> mem(Invocation& call) {
  CO_TRY(bool const fine, co_await has_no_arguments(call));
  if (!fine) co_return status::usage;
  MemoryStatistics const memory = call.services.system.memory();
  Report report;
  report.write("              total       used       free  KiB\n");
  auto const row = [&](std::string_view name, u64 total, u64 free) {
    base::format_to(report, "{:<8}{:>11}{:>11}{:>11}\n", name, total >> 10, (total - free) >> 10,
                    free >> 10);
  };
  row("memory", memory.total, memory.free);
  row("heap", memory.heap_reserved, memory.heap_reserved - memory.heap_used);
  co_return co_await report.send(call);
}

exec::Task<fs::Result<int>> ps(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  if (!options->operands().empty()) {
    CO_TRY(co_await complain(call, "too many arguments"));
    co_return status::usage;
  }
  Report report;
  if (options->has('t'))
    list_tasks(report, call.services.system);
  else
    list_programs(report, call.services.processes);
  co_return co_await report.send(call);
}

exec::Task<fs::Result<int>> uptime(Invocation& call) {
  CO_TRY(bool const fine, co_await has_no_arguments(call));
  if (!fine) co_return status::usage;
  auto const time = static_cast<u64>(std::max<base::i64>(call.services.system.uptime().ns, 0));
  u64 const seconds = time / ns_per_second;
  Report report;
  report.write("up ");
  if (seconds >= 86'400) base::format_to(report, "{} d ", seconds / 86'400);
  if (seconds >= 3'600) base::format_to(report, "{} h ", seconds / 3'600 % 24);
  if (seconds >= 60) base::format_to(report, "{} min ", seconds / 60 % 60);
  base::format_to(report, "{}.{:03} s\n", seconds % 60, time % ns_per_second / 1'000'000);
  co_return co_await report.send(call);
}

exec::Task<fs::Result<int>> reboot(Invocation& call) {
  CO_TRY(bool const fine, co_await has_no_arguments(call));
  if (!fine) co_return status::usage;
  call.services.system.reboot();
  CO_TRY(co_await complain(call, "the machine does not start again"));
  co_return status::failure;
}

exec::Task<fs::Result<int>> poweroff(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  std::span<const base::String> const operands = options->operands();
  auto const number = operands.empty() ? u64{0} : parse_number(operands[0]);
  if (operands.size() > 1 || !number || *number > 255) {
    CO_TRY(co_await complain(call, "one number from 0 to 255, or none"));
    co_return status::usage;
  }
  call.services.system.power_off(static_cast<int>(*number));
  CO_TRY(co_await complain(call, "the machine does not switch off"));
  co_return status::failure;
}

}  // namespace nacre::shell::builtin
