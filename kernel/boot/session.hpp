#pragma once

#include "kernel/boot/machine_system.hpp"
#include "kernel/boot/protocol/options.hpp"
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

/// Runs the job that `path` describes for the host at the other end of the channel. Then the
/// machine is switched off, unless `hold` says to wait for the host.
exec::Task<void> run_job_for_host(Session& session, process::HostChannel& channel,
                                  std::string_view path, bool hold);

}  // namespace nacre::boot
