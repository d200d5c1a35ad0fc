#include "kernel/shell/jobs.hpp"

#include <algorithm>

#include "lib/base/try.hpp"
#include "lib/text/printable.hpp"

namespace nacre::shell {
namespace {

/// Makes a job the one in the foreground for as long as it lives.
class InForeground {
 public:
  InForeground(Job& job, console::Foreground* foreground) : job_(job) {
    if (job.terminal) job.terminal->set_foreground(foreground);
    job.group.set_foreground(true);
    job.group.resume();
  }
  InForeground(const InForeground&) = delete;
  InForeground& operator=(const InForeground&) = delete;
  ~InForeground() {
    job_.group.set_foreground(false);
    if (job_.terminal) job_.terminal->set_foreground(nullptr);
  }

 private:
  Job& job_;
};

/// Wakes who waits for a job, however its task ends.
struct TellEnd {
  process::Group& group;
  exec::WaitList& ended;
  ~TellEnd() {
    group.tell_changed();
    ended.wake_all();
  }
};

}  // namespace

void Job::end(int status) {
  if (!ended_with) ended_with = status;
  handle.cancel();
}

void Job::signal(const Signal& signal, bool is_typed) {
  bool is_caught = false;
  auto const send = [&](ShellState& to) {
    is_caught = true;
    to.signals->add(signal.number);
  };
  bool const can_be_caught = signal.number != kill_number && signal.number != stop_number;
  for (ScriptShell& script : scripts) {
    if (!can_be_caught || !script.traps(signal)) continue;
    is_caught = true;
    script.signal(signal.number);
    if (is_typed) script.interrupt();
  }
  if (can_be_caught && !is_caught && state.traps.find(signal.name) != nullptr) {
    send(state);
    if (is_typed) state.signals->interrupt();
  }
  if (is_caught) return;
  switch (signal.effect) {
    case Signal::Effect::End: return end(signal_base + signal.number);
    case Signal::Effect::Stop: return group.stop();
    case Signal::Effect::Continue: return group.resume();
    case Signal::Effect::Nothing: return;
  }
}

std::expected<Job*, base::OutOfMemory> Jobs::start(base::Shared<AndOrList> list,
                                                   const ShellState& state, bool foreground) {
  TRY(ShellState copy,
      foreground ? state.try_copy() : state.try_copy_for_subshell(new_environment()));
  TRY(auto made, base::try_make<Job>(services_, std::move(copy), std::move(list)));
  TRY(entries_.try_reserve(entries_.size() + 1));
  Job& job = *made;
  job.environment = state.environment;
  if (terminal_ != nullptr) {
    job.terminal.emplace(*terminal_, &job.group);
    TRY(SharedStream terminal, borrow(*job.terminal));
    job.state.descriptors.replace(job.state.terminal, terminal);
    job.state.terminal = std::move(terminal);
  } else if (!foreground) {
    TRY(SharedStream nothing, borrow(null_));
    job.state.descriptors.set(0, std::move(nothing));
  }
  job.group.set_foreground(foreground);
  std::string_view const name = job.text().substr(0, job.text().find(' '));
  TRY(job.handle, services_.executor.spawn(name, run(job, foreground)));
  if (!foreground) give_number(job);
  entries_.push_back_reserved({std::move(made)});
  return &job;
}

exec::Task<int> Jobs::run(Job& job, bool foreground) {
  TellEnd const tell_end{job.group, ended_};
  Execution const execution{services_, job.group, *this, job.terminal ? &*job.terminal : nullptr,
                            job.scripts};
  Interpreter interpreter(execution, job.state);
  // Where it is the shell's own, its end is not that of the shell.
  auto const result = foreground ? co_await interpreter.run_and_or(*job.list)
                                 : co_await interpreter.run_apart(*job.list);
  if (!foreground) job.state.descriptors.close_all();
  if (result) co_return *result;
  static_cast<void>(co_await print(*err_, "nacre: out of memory\n"));
  co_return status::failure;
}

exec::Task<Jobs::Status> Jobs::wait_for(Job& job, ShellState* state) {
  auto const on_signal = [&job](console::TerminalSignal signal) {
    if (signal == console::TerminalSignal::Interrupt)
      job.signal(*find_signal(interrupt_number), true);
    else
      job.group.stop();
  };
  {
    std::optional<console::Foreground> foreground;
    if (terminal_ != nullptr)
      foreground.emplace(terminal_->tty(), console::InputMode::Cooked, on_signal);
    InForeground const in_foreground(job, foreground ? &*foreground : nullptr);
    while (!job.is_finished() && !job.group.is_stopped()) co_await job.group.changed();
  }
  if (!job.is_finished()) {
    give_number(job);
    entry_of(job).told_stopped = true;
    base::String line;
    base::StringSink sink(line);
    describe(sink, job);
    CO_TRY(sink.result());
    CO_TRY(co_await tell(std::move(line)));
    co_return status::stopped;
  }
  auto const result = co_await job.handle.join();
  int const code = result.value_or(job.ended_with.value_or(status::interrupted));
  if (state != nullptr) {
    // What was open on the job's terminal is open on the shell's own.
    SharedStream const terminal = state->terminal;
    job.state.descriptors.replace(job.state.terminal, terminal);
    job.state.terminal = terminal;
    *state = std::move(job.state);
  }
  remove(job);
  co_return code;
}

Job* Jobs::find_own(u64 id, u64 environment) {
  for (Entry& entry : entries_) {
    Job& job = *entry.job;
    if (job.number != 0 && job.id() == id && job.environment == environment) return &job;
  }
  return nullptr;
}

exec::Task<std::expected<std::optional<int>, base::OutOfMemory>> Jobs::wait_for(u64 id,
                                                                                ShellState& state) {
  for (;;) {
    // It may be somebody else who takes it away.
    Job* const job = find_own(id, state.environment);
    if (job == nullptr) co_return std::nullopt;
    if (!job->is_finished()) {
      if (auto const number = state.pending_signal()) co_return signal_base + *number;
      co_await ended_.wait();
      continue;
    }
    auto const result = co_await job->handle.join();
    int const code = result.value_or(job->ended_with.value_or(status::interrupted));
    remove(*job);
    co_return code;
  }
}

exec::Task<std::expected<std::optional<int>, base::OutOfMemory>> Jobs::wait_for_all(
    ShellState& state) {
  for (;;) {
    auto* const found = std::ranges::find_if(entries_, [&](const Entry& entry) {
      return entry.job->environment == state.environment && entry.job->number != 0;
    });
    if (found == entries_.end()) co_return std::nullopt;
    CO_TRY(co_await wait_for(found->job->id(), state));
    if (auto const number = state.pending_signal()) co_return signal_base + *number;
  }
}

void Jobs::resume(Job& job) {
  entry_of(job).told_stopped = false;
  current_ = job.number;
  job.group.resume();
}

void Jobs::give_number(Job& job) {
  if (job.number == 0) {
    u64 last = 0;
    for (const Entry& entry : entries_) last = std::max(last, entry.job->number);
    job.number = last + 1;
    process::ProcessId const id = services_.processes.reserve_id();
    job.known_as.emplace(services_.processes, job, id, job.state.id);
    // Its programs are its own.
    job.state.id = id;
  }
  current_ = job.number;
}

Jobs::Entry& Jobs::entry_of(const Job& job) {
  auto* const found = std::ranges::find(
      entries_, &job, [](const Entry& entry) { return static_cast<const Job*>(entry.job.get()); });
  NACRE_ASSERT(found != entries_.end());
  return *found;
}

void Jobs::remove(const Job& job) {
  entries_.erase(static_cast<usize>(&entry_of(job) - entries_.begin()));
}

void Jobs::for_each(base::FunctionRef<void(Job&)> visit) {
  for (Entry& entry : entries_)
    if (entry.job->number != 0) visit(*entry.job);
}

Job* Jobs::current() {
  Job* newest = nullptr;
  for (Entry& entry : entries_) {
    if (entry.job->number == 0 || entry.job->group.is_foreground()) continue;
    newest = entry.job.get();
    if (newest->number == current_) return newest;
  }
  return newest;
}

Job* Jobs::find(std::string_view name) {
  if (name == "%%" || name == "%+" || name == "%") return current();
  if (auto const id = parse_number(name)) {
    for (Entry& entry : entries_)
      if (entry.job->number != 0 && entry.job->id() == *id) return entry.job.get();
  }
  auto const number = name.starts_with('%') ? parse_number(name.substr(1)) : std::nullopt;
  if (!number || *number == 0) return nullptr;
  auto* const found =
      std::ranges::find(entries_, *number, [](const Entry& entry) { return entry.job->number; });
  return found == entries_.end() ? nullptr : found->job.get();
}

/// As POSIX has it for `jobs`. [posix/xcu: "jobs"]
void Jobs::describe(base::Sink& sink, Job& job) {
  base::FixedText<24> state("Running");
  if (job.is_finished()) {
    int const code = job.ended_with.value_or(job.state.parameters.last_status);
    state = code == status::success ? base::FixedText<24>("Done")
                                    : base::FixedText<24>("Done({})", code);
  } else if (job.group.is_stopped()) {
    state = base::FixedText<24>("Stopped");
  }
  base::format_to(sink, "[{}] {} {:<10} {}\n", job.number, job.number == current_ ? '+' : ' ',
                  state.view(), text::Printable{job.text()});
}

exec::Task<std::expected<void, base::OutOfMemory>> Jobs::tell(base::String text) {
  auto const told = co_await write_text(*err_, std::move(text));
  if (!told && told.error().kind == fs::ErrorKind::OutOfMemory)
    co_return std::unexpected(base::OutOfMemory{});
  co_return std::expected<void, base::OutOfMemory>{};
}

exec::Task<std::expected<void, base::OutOfMemory>> Jobs::report() {
  for (usize i = 0; i < entries_.size();) {
    Job& job = *entries_[i].job;
    bool const finished = job.is_finished();
    bool const stopped = !finished && job.group.is_stopped();
    if (job.number != 0 && (finished || (stopped && !entries_[i].told_stopped))) {
      base::String line;
      base::StringSink sink(line);
      describe(sink, job);
      CO_TRY(sink.result());
      CO_TRY(co_await tell(std::move(line)));
      // Others may have come and gone meanwhile, but this one has not: nobody else removes it.
      entry_of(job).told_stopped = stopped;
    }
    if (finished && job.number != 0)
      remove(job);
    else
      ++i;
  }
  co_return std::expected<void, base::OutOfMemory>{};
}

}  // namespace nacre::shell
