#pragma once

#include "kernel/process/process.hpp"
#include "kernel/shell/system.hpp"
#include "lib/base/format.hpp"

namespace nacre::shell {

/// What the machine has to tell about itself, a line for each thing: what builtins print, and what
/// stands in `/proc`. Task context.
///
/// The kernel's tasks, under a line of titles.
void report_tasks(base::Sink& sink, const System& system);
/// The programs that run or wait, under a line of titles.
void report_programs(base::Sink& sink, process::ProcessTable& processes);
/// The kernel's log, oldest first. `colored` for a terminal.
void report_log(base::Sink& sink, const System& system, bool colored);
void report_pci_devices(base::Sink& sink, const System& system);

}  // namespace nacre::shell
