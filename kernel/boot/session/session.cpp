#include "kernel/boot/session/session.hpp"

#include "kernel/boot/early.hpp"
#include "kernel/boot/early_console.hpp"
#include "kernel/boot/session/mirrors.hpp"
#include "kernel/hw/cpu.hpp"
#include "kernel/process/file_bytes.hpp"
#include "kernel/process/job.hpp"
#include "kernel/process/messages.hpp"
#include "lib/base/log.hpp"
#include "lib/base/try.hpp"

namespace nacre::boot {
namespace {

/// The job itself could not be read: the host made it, so it is a mistake there or here.
constexpr process::ExitStatus no_job{125};

exec::Task<fs::Result<void>> greet(Session& session, fs::Stream& terminal) {
  CO_TRY(auto const text,
         co_await process::FileBytes::read(session.files, session.files.root(), "/etc/motd"));
  co_return co_await fs::write_all(terminal, text.bytes());
}

/// Tells the host why there is nothing to run.
exec::Task<process::RunResult> refuse(fs::Stream& error,
                                      std::expected<base::String, base::OutOfMemory> message) {
  if (!message) co_return std::unexpected(process::RunError(base::OutOfMemory{}));
  CO_TRY(co_await process::tell(&error, *message));
  co_return no_job;
}

exec::Task<process::RunResult> run_shell_line(Session& session, process::StandardStreams streams,
                                              const hostlink::Job& job,
                                              const process::Limits& limits) {
  shell::Services const services{session.devices.executor(), session.files, session.system,
                                 session.services.processes, nullptr};
  CO_TRY(auto const shell,
         shell::Shell::create(services, {streams.input, streams.output, streams.error}));
  shell->set_limits(limits);
  for (std::string_view const variable : job.environment) {
    CO_TRY(shell->set_variable(variable));
  }
  CO_TRY(int const status, co_await shell->run_script(*job.shell));
  co_return process::ExitStatus{static_cast<u8>(status)};
}

exec::Task<process::RunResult> run_described(Session& session, process::StandardStreams streams,
                                             const Options& options, Mirrors& mirrors) {
  std::string_view const path = options.job;
  auto const file = co_await process::FileBytes::read(session.files, session.files.root(), path);
  if (!file) {
    co_return co_await refuse(
        *streams.error, base::format("nacre: {}: {}\n", path, fs::describe(file.error().kind)));
  }
  auto const job = hostlink::parse_job(file->text());
  if (!job)
    co_return co_await refuse(*streams.error, base::format("nacre: {}: {}\n", path, job.error()));
  for (std::string_view const directory : job->mirrors) {
    if (auto const mounted = co_await mirrors.mount(session, directory); !mounted)
      co_return co_await refuse(*streams.error, base::format("nacre: --dir-rw: {}: {}\n", directory,
                                                             fs::describe(mounted.error().kind)));
  }
  process::Limits limits;
  for (auto const& [name, value] : job->limits) {
    if (!process::set_limit(limits, name, value))
      co_return co_await refuse(*streams.error,
                                base::format("nacre: no limit {}={}\n", name, value));
  }
  if (job->program) {
    auto const ended =
        co_await process::run_job(session.services, session.files, *job, streams, limits);
    if (options.bench) report_since_entry("boot_to_end_of_program");
    co_return ended;
  }
  co_return co_await run_shell_line(session, streams, *job, limits);
}

/// Greets and runs a shell at the session's tty; gives its status. Errors: OutOfMemory, and then it
/// was not started.
exec::Task<std::expected<int, base::OutOfMemory>> run_shell(Session& session) {
  shell::TtyStream terminal(*session.tty);
  static_cast<void>(co_await greet(session, terminal));  // Without a message there is none.
  shell::Services const services{session.devices.executor(), session.files, session.system,
                                 session.services.processes, session.tty};
  auto const shell = shell::Shell::create(services, {&terminal, &terminal, &terminal});
  if (shell) {
    if (auto running = session.devices.executor().spawn("shell", (*shell)->run()))
      co_return (co_await running->join()).value_or(1);
  }
  base::log_error("shell", "no memory to start it");
  co_return std::unexpected(base::OutOfMemory{});
}

}  // namespace

exec::Task<void> run_interactive(Session& session) {
  auto const status = co_await run_shell(session);
  session.system.power_off(status.value_or(1));
}

exec::Task<void> run_further(Session& session) {
  while (co_await run_shell(session)) continue;
}

void report_since_entry(std::string_view name) {
  early_print(base::FixedText<80>("\nbench: {} {} instructions\n", name,
                                  hw::read_timestamp() - entry_timestamp()));
}

exec::Task<void> run_job_for_host(Session& session, process::HostChannel& channel,
                                  const Options& options) {
  Mirrors mirrors(channel);
  auto const served = co_await process::serve_job(
      session.devices.executor(), channel,
      run_described(session, channel.streams(), options, mirrors), mirrors.deliver());
  if (!served) base::log_error("job", "memory ran out");
  if (!options.hold) session.system.power_off(served ? served->code : 1);
}

}  // namespace nacre::boot
