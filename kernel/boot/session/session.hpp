#pragma once

#include "kernel/boot/protocol/options.hpp"
#include "kernel/boot/session/machine_system.hpp"
#include "kernel/process/host_channel.hpp"
#include "kernel/shell/shell.hpp"

/// What the machine does once it is up.
namespace nacre::boot {

/// All that a session works with. It outlives every task.
struct Session {
  Devices& devices;
  fs::Vfs& files;
  process::Services& services;
  MachineSystem& system;
  console::Tty* tty;
};

/// Greets, and runs the shell for whoever sits at the screen or the serial line, until it is left;
/// then the machine is switched off.
exec::Task<void> run_interactive(Session& session);

/// The same at a further console: a shell that is left is followed by another one.
exec::Task<void> run_further(Session& session);

/// Runs the job that the options name for the host at the other end of the channel. Then the
/// machine is switched off, unless they say to wait for the host. They outlive the task.
exec::Task<void> run_job_for_host(Session& session, process::HostChannel& channel,
                                  const Options& options);

/// Reports how many instructions have passed since the kernel was entered, where those are counted.
void report_since_entry(std::string_view name);

}  // namespace nacre::boot
