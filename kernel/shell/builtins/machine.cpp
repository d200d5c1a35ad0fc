#include <algorithm>

#include "kernel/shell/builtins/builtins.hpp"
#include "kernel/shell/reports.hpp"
#include "lib/base/try.hpp"

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

}  // namespace

exec::Task<fs::Result<int>> dmesg(Invocation& call) {
  CO_TRY(auto const options, co_await options_alone(call));
  if (!options) co_return status::usage;
  Report report;
  report_log(report, call.services.system, call.streams.out->is_terminal());
  co_return co_await report.send(call);
}

exec::Task<fs::Result<int>> lspci(Invocation& call) {
  CO_TRY(auto const options, co_await options_alone(call));
  if (!options) co_return status::usage;
  Report report;
  report_pci_devices(report, call.services.system);
  co_return co_await report.send(call);
}

exec::Task<fs::Result<int>> mem(Invocation& call) {
  CO_TRY(auto const options, co_await options_alone(call));
  if (!options) co_return status::usage;
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
  CO_TRY(auto const options, co_await options_alone(call));
  if (!options) co_return status::usage;
  Report report;
  if (options->has('t'))
    report_tasks(report, call.services.system);
  else
    report_programs(report, call.services.processes);
  co_return co_await report.send(call);
}

exec::Task<fs::Result<int>> uptime(Invocation& call) {
  CO_TRY(auto const options, co_await options_alone(call));
  if (!options) co_return status::usage;
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
  CO_TRY(auto const options, co_await options_alone(call));
  if (!options) co_return status::usage;
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
