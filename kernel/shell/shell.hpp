#pragma once

#include <expected>
#include <optional>
#include <string_view>

#include "kernel/shell/builtin.hpp"
#include "kernel/shell/jobs.hpp"
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
  Shell(const Services& services, Streams streams, base::String directory_path);
  Shell(const Shell&) = delete;
  Shell& operator=(const Shell&) = delete;

  /// Of the programs that it starts.
  void set_limits(const process::Limits& limits) { state_.limits = limits; }

  /// Runs a line, or lines, and gives the status of the last command. With a tty, Ctrl-C stops what
  /// runs. `line` lives until it is done.
  exec::Task<std::expected<int, base::OutOfMemory>> run_line(std::string_view line);
  /// Reads lines from the tty and runs them until `exit` or the end of input; gives the status of
  /// the last command, or of `exit`.
  exec::Task<int> run();

  /// Once `exit` was called, with what.
  std::optional<int> exit_status() const { return state_.exit_status; }

 private:
  using Status = std::expected<int, base::OutOfMemory>;

  SharedTerminal* open_terminal();
  exec::Task<std::expected<std::optional<text::EditEvent>, base::OutOfMemory>> read_line();

  Services services_;
  std::optional<SharedTerminal> terminal_;
  /// The terminal as the shell's own stream.
  std::optional<JobTerminal> own_terminal_;
  Streams streams_;
  ShellState state_;
  Jobs jobs_;
  text::History history_;
  text::LineEditor editor_{history_};
};

}  // namespace nacre::shell
