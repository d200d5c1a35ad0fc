#pragma once

#include <expected>
#include <optional>
#include <string_view>

#include "kernel/shell/builtin.hpp"
#include "kernel/shell/interpreter.hpp"
#include "kernel/shell/jobs.hpp"
#include "kernel/shell/streams.hpp"
#include "lib/base/vector.hpp"
#include "lib/text/line_editor.hpp"

namespace nacre::shell {

/// Reads lines and runs the commands in them: builtins, and programs from `/bin` or by their path.
class Shell {
 public:
  /// Starts in the root directory. The streams are those of the commands; where there is a tty,
  /// they are not asked for.
  static std::expected<base::Box<Shell>, base::OutOfMemory> create(const Services& services,
                                                                   Streams streams);
  Shell(const Services& services, ShellState state);
  Shell(const Shell&) = delete;
  Shell& operator=(const Shell&) = delete;

  /// Of the programs that it starts.
  void set_limits(const process::Limits& limits) { state_.limits = limits; }
  /// `NAME=VALUE`, for the programs that it starts, too. Errors: OutOfMemory.
  std::expected<void, base::OutOfMemory> set_variable(std::string_view assignment);

  /// Runs a line, or lines, and gives the status of the last command. With a tty, Ctrl-C stops what
  /// runs. `line` lives until it is done.
  exec::Task<std::expected<int, base::OutOfMemory>> run_line(std::string_view line);
  /// Runs a whole script, and what is to be done at its end.
  exec::Task<std::expected<int, base::OutOfMemory>> run_script(std::string_view text);
  /// Runs `~/.nacrerc`, then reads lines from the tty and runs them until `exit` or the end of
  /// input; gives the status of the last command, or of `exit`.
  exec::Task<int> run();

  /// Once `exit` was called, with what.
  std::optional<int> exit_status() const { return state_.exit_status; }

 private:
  using Status = std::expected<int, base::OutOfMemory>;

  std::expected<void, base::OutOfMemory> open(Streams streams);
  exec::Task<Status> run_on_terminal(const List& lists);
  exec::Task<Status> run_line_now(std::string_view line);
  exec::Task<Status> run_start_file();
  fs::Stream& error_stream();
  void refuse_paste(base::Sink& sink);
  exec::Task<std::expected<std::optional<text::EditEvent>, base::OutOfMemory>> read_line();
  void paint(std::string_view line, std::span<u8> colors) const;
  std::expected<void, base::OutOfMemory> add_entered(std::string_view line);
  bool is_unfinished();
  exec::Task<std::expected<void, base::OutOfMemory>> complete_word(bool again, base::Sink& sink);

  Services services_;
  std::optional<SharedTerminal> terminal_;
  /// The terminal as the shell's own stream.
  std::optional<JobTerminal> own_terminal_;
  ClosedStream closed_;
  Jobs jobs_;
  ShellState state_;
  base::IntrusiveList<ScriptShell> scripts_;
  /// Of what the shell runs itself, where no job has to be stopped.
  process::Group group_;
  ScriptShell as_work_;
  Execution execution_;
  Interpreter interpreter_;
  text::History history_;
  text::LineEditor editor_{history_};
  /// What was entered of a command so far.
  base::String entered_;
};

}  // namespace nacre::shell
