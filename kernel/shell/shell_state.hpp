#pragma once

#include <optional>

#include "kernel/fs/vfs.hpp"
#include "kernel/process/process.hpp"
#include "kernel/shell/descriptors.hpp"
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
  /// What is run at `EXIT`; other names are remembered only.
  StringMap<base::String> traps{};
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
  /// Functions, subshells, scripts and substitutions in each other.
  usize depth = 0;
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

  /// As it is.
  std::expected<ShellState, base::OutOfMemory> try_copy() const;
  /// For a subshell that begins where this is.
  std::expected<ShellState, base::OutOfMemory> try_copy_for_subshell(u64 new_environment) const;
};

}  // namespace nacre::shell
