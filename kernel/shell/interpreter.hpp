#pragma once

#include "kernel/process/run_control.hpp"
#include "kernel/process/turn.hpp"
#include "kernel/shell/builtin.hpp"
#include "kernel/shell/script_shell.hpp"
#include "kernel/shell/streams.hpp"
#include "kernel/shell/terminal.hpp"
#include "lib/shell/expansion.hpp"
#include "lib/shell/syntax_error.hpp"

namespace nacre::shell {

/// Functions, subshells, scripts and substitutions run in one another this deep at most: that takes
/// memory.
inline constexpr usize max_depth = 1000;
/// Tasks that commands have run in one another this deep at most: when those that wait are ended,
/// that takes stack.
inline constexpr usize max_task_depth = 64;

/// What the commands of one job have in common. It outlives them.
struct Execution {
  const Services& services;
  process::Group& group;
  Jobs& jobs;
  /// Null where there is none.
  JobTerminal* terminal;
  /// The scripts that run apart in it.
  base::IntrusiveList<ScriptShell>& scripts;
};

/// Runs trees of a script in one state. What is wrong is told on the error stream. Dropping a task
/// ends what runs. All that it is given outlives its tasks, which run one at a time.
class Interpreter final : private ExpansionHost {
 public:
  /// The status of the last command.
  using Status = std::expected<int, base::OutOfMemory>;

  Interpreter(const Execution& execution, ShellState& state)
      : execution_(execution),
        state_(state),
        control_(&execution.group),
        turn_(execution.services.executor) {}
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  exec::Task<Status> run_list(const List& list);
  /// In the foreground, whatever it says.
  exec::Task<Status> run_and_or(const AndOrList& list);
  /// Commands one after another, as a script has them.
  exec::Task<Status> run_text(std::string_view text);
  /// The same with the lines of a stream, each taken when it is needed.
  exec::Task<Status> run_stream(fs::Stream& from);
  /// Does what the signals say that have come. [posix/xcu: "trap"]
  exec::Task<std::expected<void, base::OutOfMemory>> take_signals();
  /// What is to be done at the end of a shell. Gives its status.
  exec::Task<Status> run_exit_trap(int status);
  /// Runs a command of a pipeline in a state that is its own, and closes what that has open.
  exec::Task<int> run_stage(const Command& command);
  /// The same with a list that runs in the background, whose state it does not close.
  exec::Task<Status> run_apart(const AndOrList& list);
  /// A builtin, function or program by its words.
  exec::Task<Status> run_words(std::span<const base::String> words, bool with_functions);

  const Execution& execution() const { return execution_; }
  ShellState& state() { return state_; }
  process::RunControl& control() { return control_; }
  process::Turn& turn() { return turn_; }

 private:
  exec::Task<Status> run_pipeline(const Pipeline& pipeline);
  exec::Task<Status> run_stages(std::span<const Command> commands);
  exec::Task<Status> run_command(const Command& command);
  [[clang::coro_wrapper]] exec::Task<Status> run_form(const Command& command);
  exec::Task<Status> run_simple(const SimpleCommand& simple, const Command& command);
  exec::Task<Status> run_subshell(const List& body);
  exec::Task<Status> run_subshell_now(const List& body);
  /// Does work that Ctrl-C ends while this shell goes on, if that has an action for it.
  exec::Task<Status> interruptibly(exec::Task<Status> work);
  exec::Task<Status> run_if(const IfCommand& command);
  exec::Task<Status> run_loop(const LoopCommand& command);
  exec::Task<Status> run_for(const ForCommand& command);
  exec::Task<Status> run_case(const CaseCommand& command);
  exec::Task<Status> run_function(base::Shared<Command> body, std::span<const base::String> words);
  exec::Task<Status> run_builtin(const Builtin& builtin, std::span<const base::String> words);
  /// With `closes_pipes`, pipes are closed here once a program that it runs has them.
  exec::Task<Status> call(Builtin::Function function, std::span<const base::String> words,
                          bool closes_pipes);
  exec::Task<Status> call_now(Builtin::Function function, std::span<const base::String> words,
                              bool closes_pipes);
  exec::Task<Status> run_program(std::span<const base::String> words, bool closes_pipes);
  exec::Task<Status> define(const FunctionDefinition& definition);
  exec::Task<Status> start_in_background(const base::Shared<AndOrList>& list);

  exec::Task<std::expected<bool, base::OutOfMemory>> redirect(const Command& command);
  exec::Task<std::expected<bool, base::OutOfMemory>> redirect(const Redirection& redirection);
  exec::Task<std::expected<bool, base::OutOfMemory>> open_file(const Redirection& redirection,
                                                               std::string_view path);
  exec::Task<std::expected<bool, base::OutOfMemory>> assign(const SimpleCommand& command,
                                                            bool exports, bool keeps);
  exec::Task<std::expected<bool, base::OutOfMemory>> expand_words(
      const SimpleCommand& command, base::Vector<base::String>& words);
  exec::Task<std::expected<void, base::OutOfMemory>> trace(const SimpleCommand& command,
                                                           std::span<const base::String> words);
  /// Tells what is wrong; false.
  exec::Task<std::expected<bool, base::OutOfMemory>> complain_about(const ExpansionError& error);
  /// Whether commands stand in each other too deep; then it was told.
  exec::Task<std::expected<bool, base::OutOfMemory>> is_too_deep();
  /// The same before something runs in a task of its own.
  exec::Task<std::expected<bool, base::OutOfMemory>> is_too_deep_in_tasks();
  bool leaves_loop();

  exec::Task<std::expected<base::String, base::OutOfMemory>> output_of(
      base::Shared<List> commands) override;
  exec::Task<std::expected<void, base::OutOfMemory>> list_directory(
      std::string_view path, base::Vector<base::String>& names) override;
  exec::Task<std::expected<bool, base::OutOfMemory>> exists(std::string_view path) override;

  fs::Stream& error_stream();
  fs::Location directory() const { return state_.directory.location(); }

  const Execution& execution_;
  ShellState& state_;
  process::RunControl control_;
  process::Turn turn_;
  Expander expander_{state_.parameters, *this};
  /// Whether a simple command is all that is run here: what it has open, nobody needs after it.
  bool is_one_command_ = false;
  /// Whether a subshell is: then this state is its own.
  bool is_one_subshell_ = false;
  ClosedStream closed_;
};

/// The line about what is wrong with `text`, whose first line has that number in its script.
exec::Task<std::expected<void, base::OutOfMemory>> tell_syntax_error(fs::Stream& err,
                                                                     std::string_view text,
                                                                     const SyntaxError& error,
                                                                     usize first_line = 1);

}  // namespace nacre::shell
