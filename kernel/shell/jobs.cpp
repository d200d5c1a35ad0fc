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

std::expected<Job*, base::OutOfMemory> Jobs::start(base::Shared<AndOrList> list,
                                                   const ShellState& state, bool foreground) {
  TRY(ShellState copy,
      foreground ? state.try_copy() : state.try_copy_for_subshell(new_environment()));
  TRY(auto made, base::try_make<Job>(services_, std::move(copy), std::move(list)));
  TRY(entries_.try_reserve(entries_.size() + 1));
  Job& job = *made;
  job.id = ++last_id_;
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
  Execution const execution{services_, job.group, *this, job.terminal ? &*job.terminal : nullptr};
  Interpreter interpreter(execution, job.state);
  auto result = co_await interpreter.run_and_or(*job.list);
  // Where it is the shell's own, that is not its end.
  if (result && !foreground)
    result = co_await interpreter.run_exit_trap(job.state.exit_status.value_or(*result));
  if (!foreground) job.state.descriptors.close_all();
  if (result) co_return *result;
  static_cast<void>(co_await print(*err_, "nacre: out of memory\n"));
  co_return status::failure;
}

exec::Task<Jobs::Status> Jobs::wait_for(Job& job, ShellState* state) {
  auto const on_signal = [&job](console::TerminalSignal signal) {
    if (signal == console::TerminalSignal::Interrupt)
      job.end(status::interrupted);
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
    if (job.id == id && job.environment == environment && job.number != 0) return &job;
  }
  return nullptr;
}

exec::Task<std::expected<std::optional<int>, base::OutOfMemory>> Jobs::wait_for(u64 id,
                                                                                u64 environment) {
  for (;;) {
    // It may be somebody else who takes it away.
    Job* const job = find_own(id, environment);
    if (job == nullptr) co_return std::nullopt;
    if (!job->is_finished()) {
      co_await ended_.wait();
      continue;
    }
    auto const result = co_await job->handle.join();
    int const code = result.value_or(job->ended_with.value_or(status::interrupted));
    remove(*job);
    co_return code;
  }
}

exec::Task<std::expected<void, base::OutOfMemory>> Jobs::wait_for_all(u64 environment) {
  for (;;) {
    auto* const found = std::ranges::find_if(entries_, [&](const Entry& entry) {
      return entry.job->environment == environment && entry.job->number != 0;
    });
    if (found == entries_.end()) co_return std::expected<void, base::OutOfMemory>{};
    CO_TRY(co_await wait_for(found->job->id, environment));
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
  if (auto const id = parse_number(name); id && *id > first_id) {
    for (Entry& entry : entries_)
      if (entry.job->id == *id && entry.job->number != 0) return entry.job.get();
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
