#pragma once

#include "kernel/process/host_channel.hpp"
#include "kernel/process/run.hpp"
#include "lib/hostlink/job.hpp"

namespace nacre::process {

/// Where the host puts what the machine was started to do.
inline constexpr std::string_view job_path = "/run/job";

/// Runs the program of `job`, which has one, with the host's streams. The job and the file it was
/// parsed from outlive the task.
exec::Task<RunResult> run_job(Services& services, fs::Vfs& vfs, const hostlink::Job& job,
                              StandardStreams streams, const Limits& limits = {});

/// Sees `work`, a program or a line of the shell, through to its end for the host: the host's
/// Ctrl-C ends it, `farewell` is done however it ended, if there is one, and its status is the last
/// that the host hears. The machine may go when this is done.
exec::Task<RunResult> serve_job(exec::Executor& executor, HostChannel& channel,
                                exec::Task<RunResult> work,
                                exec::Task<std::expected<void, base::OutOfMemory>> farewell = {});

}  // namespace nacre::process
