#pragma once

#include "kernel/shell/builtin.hpp"
#include "kernel/shell/syntax.hpp"
#include "kernel/shell/terminal.hpp"

namespace nacre::shell {

/// What the commands of one job have in common. It outlives them.
struct Execution {
  const Services& services;
  process::Group& group;
  Jobs& jobs;
  /// Null where there is none.
  JobTerminal* terminal;
};

/// Runs the pipelines of a list, one after the other, as far as their statuses say; gives the
/// status of the last. `exit` ends it early. What is wrong is told on the error stream. Dropping
/// the task ends what runs. All arguments outlive it.
exec::Task<std::expected<int, base::OutOfMemory>> run_list(const Execution& execution,
                                                           ShellState& state, const AndOrList& list,
                                                           Streams streams);

}  // namespace nacre::shell
