#include "kernel/shell/signals.hpp"

#include "kernel/shell/builtins/builtins.hpp"
#include "kernel/shell/jobs.hpp"
#include "lib/base/try.hpp"

/// What sends signals, waits for them and says what they do.
namespace nacre::shell::builtin {
namespace {

constexpr std::string_view default_signal = "TERM";
constexpr std::string_view at_exit = "EXIT";

void send(const Signal& signal, process::Process& process) {
  switch (signal.effect) {
    case Signal::Effect::End: return process.end({static_cast<u8>(signal_base + signal.number)});
    case Signal::Effect::Stop: return process.control().stop();
    case Signal::Effect::Continue: return process.control().resume();
    case Signal::Effect::Nothing: return;
  }
}

/// What a call of `kill` sends, and where its other arguments begin.
struct Order {
  /// Null for signal 0: whether there is such a process.
  const Signal* signal = nullptr;
  usize operands = 1;
  bool was_refused = false;
};
exec::Task<fs::Result<Order>> order_of(Invocation& call) {
  std::string_view name = default_signal;
  Order order;
  std::span<const base::String> const words = call.arguments;
  if (words.size() > 1 && words[1].view().starts_with('-') && words[1] != "--") {
    name = words[1].view().substr(1);
    order.operands = 2;
    if (name == "s" && words.size() > 2) {
      name = words[2];
      order.operands = 3;
    } else if (name.starts_with('s')) {
      name.remove_prefix(1);
    }
  }
  if (words.size() > order.operands && words[order.operands] == "--") ++order.operands;
  if (name == "0") co_return order;
  order.signal = find_signal(name);
  if (order.signal == nullptr) {
    order.was_refused = true;
    CO_TRY(base::String const shown, printable(name));
    CO_TRY(co_await complain(call, "{}: no such signal; see kill --help", shown.view()));
  }
  co_return order;
}

/// Names of signals: all, or those that are numbers or statuses of what they ended.
exec::Task<fs::Result<int>> list_signals(Invocation& call, std::span<const base::String> operands) {
  base::String text;
  base::StringSink sink(text);
  if (operands.empty())
    for (const Signal& signal : signals())
      base::format_to(sink, "{:>2} {}\n", signal.number, signal.name);
  int result = status::success;
  for (const base::String& operand : operands) {
    auto number = parse_number(operand);
    if (number && *number > static_cast<u64>(signal_base)) *number -= signal_base;
    const Signal* const signal =
        number ? *number < 64 ? find_signal(static_cast<int>(*number)) : nullptr
               : find_signal(operand.view());
    if (signal == nullptr) {
      CO_TRY(base::String const shown, printable(operand));
      CO_TRY(co_await complain(call, "{}: no such signal", shown.view()));
      result = status::failure;
    } else if (number) {
      base::format_to(sink, "{}\n", signal->name);
    } else {
      base::format_to(sink, "{}\n", signal->number);
    }
  }
  CO_TRY(sink.result());
  CO_TRY(co_await write_text(*call.streams.out, std::move(text)));
  co_return result;
}

/// The name by which `trap` keeps a condition; empty if there is none.
std::string_view condition_of(std::string_view word) {
  if (word == "0" || word == at_exit) return at_exit;
  const Signal* const signal = find_signal(word);
  return signal == nullptr ? std::string_view() : signal->name;
}

exec::Task<fs::Result<int>> list_traps(Invocation& call) {
  base::String text;
  base::StringSink sink(text);
  auto const show = [&](std::string_view name) {
    const base::String* const action = call.state.traps.find(name);
    if (action == nullptr) return;
    sink.write("trap -- ");
    write_quoted(sink, *action);
    base::format_to(sink, " {}\n", name);
  };
  show(at_exit);
  for (const Signal& signal : signals()) show(signal.name);
  CO_TRY(sink.result());
  CO_TRY(co_await write_text(*call.streams.out, std::move(text)));
  co_return status::success;
}

}  // namespace

exec::Task<fs::Result<int>> kill(Invocation& call) {
  if (call.arguments.size() > 1 && call.arguments[1] == "-l")
    co_return co_await list_signals(call, call.arguments.subspan(2));
  CO_TRY(Order const order, co_await order_of(call));
  if (order.was_refused) co_return status::usage;
  std::span<const base::String> const operands = call.arguments.subspan(order.operands);
  if (operands.empty()) {
    CO_TRY(co_await complain(call, "a process or a job is missing; see kill --help"));
    co_return status::usage;
  }
  int result = status::success;
  for (const base::String& operand : operands) {
    Job* const job = call.jobs.find(operand);
    auto const number = parse_number(operand);
    process::ProcessId const id{number && *number <= UINT32_MAX ? static_cast<u32>(*number) : 0};
    process::Work* const work = call.services.processes.find_work(id);
    process::Process* const process = call.services.processes.find(id);
    if (job == nullptr && work == nullptr && process == nullptr) {
      CO_TRY(base::String const shown, printable(operand));
      CO_TRY(co_await complain(call, "{}: no such process or job", shown.view()));
      result = status::failure;
    } else if (order.signal == nullptr) {
      continue;
    } else if (job != nullptr) {
      job->signal(*order.signal, false);
      call.jobs.changed().wake_all();
    } else if (work != nullptr) {
      work->signal(order.signal->number);
    } else {
      send(*order.signal, *process);
    }
  }
  co_return result;
}

/// [posix/xcu: "trap"]
exec::Task<fs::Result<int>> trap(Invocation& call) {
  ShellState& state = call.state;
  std::span<const base::String> words = call.arguments.subspan(1);
  if (!words.empty() && words[0] == "--") words = words.subspan(1);
  if (words.empty()) co_return co_await list_traps(call);
  // A number alone, or a dash, is back to what was.
  bool const resets = words[0] == "-" || parse_number(words[0]) || words.size() == 1;
  std::string_view const action = resets ? std::string_view() : words[0].view();
  if (words[0] == "-" || !resets) words = words.subspan(1);
  int result = status::success;
  for (const base::String& word : words) {
    std::string_view const name = condition_of(word);
    if (name.empty()) {
      CO_TRY(base::String const shown, printable(word));
      CO_TRY(co_await complain(call, "{}: no such signal", shown.view()));
      result = status::failure;
    } else if (resets) {
      state.traps.remove(name);
    } else {
      CO_TRY(base::String* const text, state.traps.find_or_add(name));
      CO_TRY(text->assign(action));
    }
  }
  co_return result;
}

exec::Task<fs::Result<int>> wait(Invocation& call) {
  std::span<const base::String> operands = call.arguments.subspan(1);
  if (!operands.empty() && operands[0] == "--") operands = operands.subspan(1);
  if (operands.empty()) {
    CO_TRY(auto const interrupted, co_await call.jobs.wait_for_all(call.state));
    co_return interrupted.value_or(status::success);
  }
  int result = status::success;
  for (const base::String& operand : operands) {
    Job* const job = call.jobs.find(operand);
    auto const number = parse_number(operand);
    if (job == nullptr && !number) {
      CO_TRY(base::String const shown, printable(operand));
      CO_TRY(co_await complain(call, "{}: no such job", shown.view()));
      co_return status::usage;
    }
    CO_TRY(auto const status,
           co_await call.jobs.wait_for(job != nullptr ? job->id() : *number, call.state));
    result = status.value_or(status::not_found);
    // A signal ends the waiting, whatever else there is to wait for.
    if (call.state.pending_signal()) break;
  }
  co_return result;
}

}  // namespace nacre::shell::builtin
