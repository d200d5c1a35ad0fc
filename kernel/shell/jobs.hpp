#pragma once

#include <expected>
#include <optional>
#include <string_view>

#include "kernel/shell/builtin.hpp"
#include "kernel/shell/interpreter.hpp"
#include "kernel/shell/streams.hpp"
#include "kernel/shell/terminal.hpp"

namespace nacre::shell {

/// A list that runs in a task of its own, and what it works on.
struct Job {
  Job(const Services& shared, ShellState copy, base::Shared<AndOrList> work)
      : services(shared), state(std::move(copy)), list(std::move(work)) {}

  bool is_finished() const { return handle.is_finished(); }
  /// Ends all that it does, with the status.
  void end(int status);
  /// What a signal does to all that it does: what it is set to, where something has an action for
  /// it, else what it always does. `is_typed`: what runs now ends all the same.
  void signal(const Signal& signal, bool is_typed);

  /// A job as others know it, by the number that is `$!`.
  class Number final : public process::Work {
   public:
    Number(process::ProcessTable& table, Job& owner, process::ProcessId id,
           process::ProcessId parent)
        : Work(table, id, parent), job_(owner) {}
    std::string_view text() const override { return job_.text(); }
    bool is_stopped() override { return job_.group.is_stopped(); }
    base::Duration cpu_time() const override { return job_.group.cpu_time; }
    void signal(int which) override { job_.signal(*find_signal(which), false); }

   private:
    Job& job_;
  };

  const Services& services;
  ShellState state;
  base::Shared<AndOrList> list;
  /// As it was typed.
  std::string_view text() const { return list->text; }
  u64 id() const { return known_as ? known_as->id().value : 0; }
  /// Nothing as long as it was always in the foreground.
  std::optional<Number> known_as;
  /// The shell that started it.
  u64 environment = 0;
  /// By which the user knows it; 0 as long as it was always in the foreground.
  u64 number = 0;
  process::Group group;
  base::IntrusiveList<ScriptShell> scripts;
  std::optional<JobTerminal> terminal;
  /// What it was ended with, if it was.
  std::optional<int> ended_with;
  exec::JoinHandle<int> handle;  // goes first: the task uses all of this
};

/// The jobs of a shell: what runs in the foreground, what runs in the background, and what is
/// stopped. They end with it.
class Jobs {
 public:
  using Status = std::expected<int, base::OutOfMemory>;

  /// What there is to tell is written to `err`. All outlive this.
  Jobs(const Services& services, SharedTerminal* terminal, fs::Stream& err)
      : services_(services), terminal_(terminal), err_(&err) {}
  Jobs(const Jobs&) = delete;
  Jobs& operator=(const Jobs&) = delete;

  void set_messages(fs::Stream& err) { err_ = &err; }

  /// Starts a list where `state` is; in the background in a subshell. What goes on in the
  /// foreground is to be waited for.
  std::expected<Job*, base::OutOfMemory> start(base::Shared<AndOrList> list,
                                               const ShellState& state, bool foreground);
  /// Gives the job the terminal, if there is one, continues it, and waits until it is stopped, or
  /// has ended: then it is gone, and `state`, if that is not null, is what it left behind. Ctrl-C
  /// ends it, Ctrl-Z stops it.
  exec::Task<Status> wait_for(Job& job, ShellState* state);
  /// Waits for a job of a shell, which is gone then, or until the shell has a signal to look at.
  /// Nothing if it has no such job. `state` is that of the shell, and outlives this.
  exec::Task<std::expected<std::optional<int>, base::OutOfMemory>> wait_for(u64 id,
                                                                            ShellState& state);
  /// Waits until all jobs of a shell have ended. Nothing, or the status that a signal made.
  exec::Task<std::expected<std::optional<int>, base::OutOfMemory>> wait_for_all(ShellState& state);
  /// Woken when a job has ended or a shell was sent a signal.
  exec::WaitList& changed() { return ended_; }
  /// For one more shell or subshell.
  u64 new_environment() { return ++environments_; }
  /// Ends a job that could not be waited for, unless it was stopped before that.
  void give_up(Job& job) {
    if (job.number == 0) remove(job);
  }
  /// Lets a stopped job go on in the background.
  void resume(Job& job);

  /// Those that have a number, oldest first.
  void for_each(base::FunctionRef<void(Job&)> visit);
  /// `%1`, or `%%` and `%+` for the one that is meant where none is named, or what `$!` was; null
  /// if there is none.
  Job* find(std::string_view name);
  Job* current();
  /// One line about a job, with its state.
  void describe(base::Sink& sink, Job& job);
  /// Tells of those that have ended or were stopped since the last time.
  exec::Task<std::expected<void, base::OutOfMemory>> report();
  bool has_terminal() const { return terminal_ != nullptr; }

 private:
  struct Entry {
    base::Box<Job> job;
    bool told_stopped = false;
  };

  Entry& entry_of(const Job& job);
  void remove(const Job& job);
  void give_number(Job& job);
  exec::Task<int> run(Job& job, bool foreground);
  Job* find_own(u64 id, u64 environment);
  exec::Task<std::expected<void, base::OutOfMemory>> tell(base::String text);

  const Services& services_;
  SharedTerminal* terminal_;
  fs::Stream* err_;
  NullStream null_;
  exec::WaitList ended_;
  base::Vector<Entry> entries_;
  u64 current_ = 0;
  u64 environments_ = 0;
};

}  // namespace nacre::shell
