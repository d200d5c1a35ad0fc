#include "kernel/shell/jobs.hpp"

#include <algorithm>
#include <array>

#include "kernel/shell/builtins/builtins.hpp"
#include "lib/base/try.hpp"

namespace nacre::shell::builtin {
namespace {

/// What `kill` can be told to do.
struct Signal {
  enum class Effect : u8 { End, Stop, Continue };
  std::string_view name;
  int number;
  Effect effect = Effect::End;
};
/// The numbers are those that one knows. [posix/xcu: "kill"]
constexpr std::array signals = std::to_array<Signal>({
    {"HUP", 1},
    {"INT", 2},
    {"QUIT", 3},
    {"ABRT", 6},
    {"KILL", 9},
    {"ALRM", 14},
    {"TERM", 15},
    {"CONT", 18, Signal::Effect::Continue},
    {"STOP", 19, Signal::Effect::Stop},
    {"TSTP", 20, Signal::Effect::Stop},
});
constexpr std::string_view default_signal = "TERM";
/// What a signal that ends a command makes of its status.
constexpr int signal_base = 128;

const Signal* find_signal(std::string_view text) {
  auto const number = parse_number(text);
  if (text.starts_with("SIG")) text.remove_prefix(3);
  auto const found = std::ranges::find_if(signals, [&](const Signal& signal) {
    return signal.name == text || (number && static_cast<int>(*number) == signal.number);
  });
  return found == signals.end() ? nullptr : &*found;
}

void send(const Signal& signal, Job& job) {
  switch (signal.effect) {
    case Signal::Effect::End: return job.end(signal_base + signal.number);
    case Signal::Effect::Stop: return job.group.stop();
    case Signal::Effect::Continue: return job.group.resume();
  }
}

void send(const Signal& signal, process::Process& process) {
  switch (signal.effect) {
    case Signal::Effect::End: return process.end({static_cast<u8>(signal_base + signal.number)});
    case Signal::Effect::Stop: return process.control().stop();
    case Signal::Effect::Continue: return process.control().resume();
  }
}

/// The signal that a call names, and where its other arguments begin. Null: it was refused.
struct Order {
  const Signal* signal;
  usize operands;
};
exec::Task<fs::Result<Order>> order_of(Invocation& call) {
  std::string_view name = default_signal;
  usize at = 1;
  if (call.arguments.size() > 1 && call.arguments[1].view().starts_with('-')) {
    name = call.arguments[1].view().substr(1);
    at = 2;
    if (name == "s" && call.arguments.size() > 2) {
      name = call.arguments[2];
      at = 3;
    }
  }
  const Signal* const signal = find_signal(name);
  if (signal == nullptr) {
    CO_TRY(base::String const shown, printable(name));
    CO_TRY(co_await complain(call, "{}: no such signal; see kill --help", shown.view()));
  }
  co_return Order{signal, at};
}

/// The job that a call of `fg` or `bg` means; null if it was refused.
struct Choice {
  Job* job = nullptr;
};
exec::Task<fs::Result<Choice>> choose(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) {
    CO_TRY(co_await refuse(call, options.error()));
    co_return Choice{};
  }
  std::span<const base::String> const operands = options->operands();
  if (operands.size() > 1) {
    CO_TRY(co_await complain(call, "too many arguments"));
    co_return Choice{};
  }
  if (!call.jobs.has_terminal() || !call.group.is_foreground()) {
    CO_TRY(co_await complain(call, "there is no terminal to control jobs from"));
    co_return Choice{};
  }
  Job* const job = operands.empty() ? call.jobs.current() : call.jobs.find(operands[0]);
  if (job == nullptr) {
    CO_TRY(base::String const shown, printable(operands.empty() ? "current" : operands[0].view()));
    CO_TRY(co_await complain(call, "{}: no such job", shown.view()));
  }
  co_return Choice{job};
}

}  // namespace

exec::Task<fs::Result<int>> bg(Invocation& call) {
  CO_TRY(auto const [job], co_await choose(call));
  if (job == nullptr) co_return status::failure;
  CO_TRY(base::String const text, printable(job->text()));
  call.jobs.resume(*job);
  CO_TRY(co_await print(*call.streams.out, "[{}] {} &\n", job->number, text.view()));
  co_return status::success;
}

exec::Task<fs::Result<int>> fg(Invocation& call) {
  CO_TRY(auto const [job], co_await choose(call));
  if (job == nullptr) co_return status::failure;
  CO_TRY(base::String const text, printable(job->text()));
  CO_TRY(co_await print(*call.streams.out, "{}\n", text.view()));
  CO_TRY(int const status, co_await call.jobs.wait_for(*job, nullptr));
  co_return status;
}

exec::Task<fs::Result<int>> jobs(Invocation& call) {
  if (call.arguments.size() > 1) {
    CO_TRY(co_await complain(call, "too many arguments"));
    co_return status::usage;
  }
  base::String text;
  base::StringSink sink(text);
  call.jobs.for_each([&](Job& job) {
    if (&job.group != &call.group) call.jobs.describe(sink, job);
  });
  CO_TRY(sink.result());
  CO_TRY(co_await write_text(*call.streams.out, std::move(text)));
  co_return status::success;
}

exec::Task<fs::Result<int>> kill(Invocation& call) {
  if (call.arguments.size() == 2 && call.arguments[1] == "-l") {
    base::String text;
    base::StringSink sink(text);
    for (const Signal& signal : signals)
      base::format_to(sink, "{:>2} {}\n", signal.number, signal.name);
    CO_TRY(sink.result());
    CO_TRY(co_await write_text(*call.streams.out, std::move(text)));
    co_return status::success;
  }
  CO_TRY(Order const order, co_await order_of(call));
  if (order.signal == nullptr) co_return status::usage;
  std::span<const base::String> const operands = call.arguments.subspan(order.operands);
  if (operands.empty()) {
    CO_TRY(co_await complain(call, "a process or a job is missing; see kill --help"));
    co_return status::usage;
  }
  int result = status::success;
  for (const base::String& operand : operands) {
    Job* const job = call.jobs.find(operand);
    auto const number = parse_number(operand);
    process::Process* const process =
        number && *number <= UINT32_MAX
            ? call.services.processes.find(process::ProcessId{static_cast<u32>(*number)})
            : nullptr;
    if (job != nullptr) {
      send(*order.signal, *job);
    } else if (process != nullptr) {
      send(*order.signal, *process);
    } else {
      CO_TRY(base::String const shown, printable(operand));
      CO_TRY(co_await complain(call, "{}: no such process or job", shown.view()));
      result = status::failure;
    }
  }
  co_return result;
}

exec::Task<fs::Result<int>> ulimit(Invocation& call) {
  process::Limits& limits = call.state.limits;
  std::span<const base::String> const words = call.arguments.subspan(1);
  bool const is_known =
      words.empty() || std::ranges::contains(process::limit_names(), words[0].view());
  if (words.size() > 2 || !is_known ||
      (words.size() == 2 && !process::set_limit(limits, words[0], words[1]))) {
    CO_TRY(co_await complain(call, "no such limit, or no value of it; see ulimit --help"));
    co_return status::usage;
  }
  if (words.size() == 2) co_return status::success;
  base::String text;
  base::StringSink sink(text);
  for (std::string_view const name : process::limit_names()) {
    if (!words.empty() && words[0] != name) continue;
    if (words.empty()) base::format_to(sink, "{:<12}", name);
    process::write_limit(sink, limits, name);
    sink.write("\n");
  }
  CO_TRY(sink.result());
  CO_TRY(co_await write_text(*call.streams.out, std::move(text)));
  co_return status::success;
}

}  // namespace nacre::shell::builtin
