#pragma once

#include <optional>

#include "kernel/fs/vfs.hpp"
#include "kernel/process/process.hpp"
#include "kernel/shell/descriptors.hpp"
#include "kernel/shell/signals.hpp"
#include "lib/shell/aliases.hpp"
#include "lib/shell/parameters.hpp"
#include "lib/shell/syntax_tree.hpp"

namespace nacre::shell {

/// What commands that are left early leave.
enum class Leaving : u8 {
  Nothing,
  Loop,       // `break`: so many of them
  Iteration,  // `continue`: of the loop that is so many out
  Function,   // `return`: or the file that `.` reads
  Line,       // something was wrong, and a person sits there to go on
  Shell,      // `exit`
};

/// What commands leave behind for the next ones. Each job has its own, and so has each subshell.
/// [posix/xcu: "Shell Execution Environment"]
struct ShellState {
  /// Of the shell, which subshells and jobs have, too: programs are told to be started by it.
  process::ProcessId id;
  fs::HeldNode directory;
  base::String directory_path;  // absolute
  Parameters parameters{};
  StringMap<base::Shared<Command>> functions{};
  Aliases aliases{};
  /// What is run at `EXIT` and when signals come, by their names; empty for what is ignored.
  StringMap<base::String> traps{};
  base::Shared<SignalInbox> signals{};
  /// What `$?` was when the action of a trap began, in there.
  std::optional<int> status_before_trap{};
  /// Permissions that files do not get when they are made.
  u32 creation_mask = 022;
  Descriptors descriptors{};
  /// The terminal as it is open for the job that this belongs to, if there is one.
  SharedStream terminal{};
  process::Limits limits{};          // of programs
  std::optional<int> exit_status{};  // once `exit` was called
  /// Whether lines are read from a person.
  bool is_interactive = false;
  /// Which shell or subshell this is: who waits, waits for its own background jobs.
  u64 environment = 0;

  Leaving leaving = Leaving::Nothing;
  usize levels = 0;  // of loops that are left
  usize loops = 0;   // that commands stand in
  usize functions_entered = 0;
  /// What makes lines of a script or function of those of the text that was parsed.
  base::i64 line_shift = 0;
  /// Functions, subshells, scripts and substitutions in each other.
  usize depth = 0;
  /// Tasks in each other that wait for one another.
  usize task_depth = 0;
  /// Commands whose status is looked at stand around those that run: `set -e` does not mean them.
  usize tested = 0;
  /// Commands that `command` runs: what is wrong with them ends nothing.
  usize forgiving = 0;
  /// Where `getopts` goes on in an argument, and in which that was.
  usize option_offset = 0;
  u64 option_index = 0;
  /// Of the last substitution of the command under way.
  std::optional<int> substitution_status{};

  bool is_leaving() const { return leaving != Leaving::Nothing; }
  void leave_shell(int status) {
    exit_status = status;
    leaving = Leaving::Shell;
  }
  /// Something is wrong that a script does not survive. [posix/xcu: "Consequences of Shell Errors"]
  void give_up(int status) {
    parameters.last_status = status;
    if (forgiving > 0) return;
    if (is_interactive)
      leaving = Leaving::Line;
    else
      leave_shell(status);
  }

  /// Of files that are made.
  u32 file_mode() const { return 0666 & ~creation_mask; }
  u32 directory_mode() const { return 0777 & ~creation_mask; }
  /// Whether a signal has an action of its own.
  bool traps_signals() const;
  /// A signal that has come and is not ignored.
  std::optional<int> pending_signal();

  /// As it is.
  std::expected<ShellState, base::OutOfMemory> try_copy() const;
  /// For a subshell that begins where this is.
  std::expected<ShellState, base::OutOfMemory> try_copy_for_subshell(u64 new_environment) const;
};

}  // namespace nacre::shell
