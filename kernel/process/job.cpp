#include "kernel/process/job.hpp"

#include "kernel/process/messages.hpp"
#include "lib/base/try.hpp"

namespace nacre::process {
namespace {

constexpr base::Duration pause_without_memory{10'000'000};

}  // namespace

exec::Task<RunResult> run_job(Services& services, fs::Vfs& vfs, const hostlink::Job& job,
                              StandardStreams streams, const Limits& limits) {
  NACRE_ASSERT(job.program);
  std::string_view const path = *job.program;
  ProcessRequest const request{
      .name = job.arguments.empty() ? fs::last_name(path) : job.arguments[0],
      .arguments = {job.arguments.data(), job.arguments.size()},
      .environment = {job.environment.data(), job.environment.size()},
      .working_directory = job.working_directory,
      .streams = streams,
      .limits = limits};
  co_return co_await run_file(services, vfs, vfs.root(), path, request);
}

exec::Task<RunResult> serve_job(exec::Executor& executor, HostChannel& channel,
                                exec::Task<RunResult> work,
                                exec::Task<std::expected<void, base::OutOfMemory>> farewell) {
  RunResult result = std::unexpected(RunError(base::OutOfMemory{}));
  {
    auto task = executor.spawn("job", std::move(work));
    if (task) {
      auto const cancel = [&] { task->cancel(); };
      HostChannel::OnInterrupt const on_interrupt(channel, cancel);
      auto const ended = co_await task->join();
      result = ended ? *ended : RunResult(status::interrupted);
    }
  }
  if (!result) {
    // Where there is no memory for this either, the status has to do.
    static_cast<void>(co_await tell(&channel.standard_error(), "nacre: out of memory\n"));
  }
  if (farewell) static_cast<void>(co_await std::move(farewell));
  u8 const code = result.value_or(status::out_of_memory).code;
  // Without memory nothing has happened; the host must hear of the end.
  while (!co_await channel.finish(code)) co_await exec::sleep_for(pause_without_memory);
  co_return result;
}

}  // namespace nacre::process
