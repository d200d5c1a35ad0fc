#pragma once

#include <expected>
#include <optional>
#include <string_view>

#include "kernel/shell/builtin.hpp"
#include "kernel/shell/streams.hpp"
#include "kernel/shell/syntax.hpp"
#include "lib/base/vector.hpp"
#include "lib/text/line_editor.hpp"

namespace nacre::shell {

/// Reads lines and runs the commands in them: builtins, and programs from `/bin` or by their path.
class Shell {
 public:
  /// Starts in the root directory. The streams are those of the commands.
  static std::expected<base::Box<Shell>, base::OutOfMemory> create(const Services& services,
                                                                   Streams streams);
  Shell(const Services& services, Streams streams, base::String directory_path);
  Shell(const Shell&) = delete;
  Shell& operator=(const Shell&) = delete;

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

  /// A list that runs while the shell goes on, and what it works on.
  struct BackgroundWork {
    ShellState state;
    AndOrList list;
  };
  struct Job {
    u64 number;
    base::Box<BackgroundWork> work;
    exec::JoinHandle<int> handle;  // goes first: the task uses the work
  };

  exec::Task<Status> run_foreground(const AndOrList& list);
  exec::Task<Status> start_background(AndOrList list);
  exec::Task<std::expected<void, base::OutOfMemory>> report_finished_jobs();

  exec::Task<int> run_job(ShellState& state, const AndOrList& list, Streams streams,
                          bool background);
  exec::Task<Status> run_list(ShellState& state, const AndOrList& list, Streams streams,
                              bool background);
  exec::Task<Status> run_command(ShellState& state, const Command& command, Streams streams,
                                 bool background);
  exec::Task<fs::Result<int>> dispatch(Invocation& call);

  exec::Task<std::expected<std::optional<text::EditEvent>, base::OutOfMemory>> read_line();

  Services services_;
  Streams streams_;
  NullStream null_;
  ShellState state_;
  base::Vector<Job> jobs_;
  u64 next_job_ = 1;
  text::History history_;
  text::LineEditor editor_{history_};
};

}  // namespace nacre::shell
