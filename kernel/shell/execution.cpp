#include "kernel/shell/execution.hpp"

#include <algorithm>
#include <optional>

#include "kernel/fs/pipe.hpp"
#include "kernel/shell/redirections.hpp"
#include "lib/base/try.hpp"

namespace nacre::shell {
namespace {

using Status = std::expected<int, base::OutOfMemory>;

constexpr std::string_view search_path = "/bin/";
constexpr std::string_view program_suffix = ".wasm";

/// The path of the program that `name` means: itself if it is a path, else one in `/bin`.
exec::Task<fs::Result<base::String>> find_program(const Invocation& call, std::string_view name) {
  if (name.contains('/')) {
    CO_TRY(base::String path, base::String::create(name));
    co_return path;
  }
  for (std::string_view const suffix : {std::string_view(), program_suffix}) {
    CO_TRY(base::String path, base::format("{}{}{}", search_path, name, suffix));
    auto const stat = co_await call.services.files.stat(call.directory(), path);
    if (stat && stat->type == fs::NodeType::File) co_return path;
    if (!stat && stat.error().kind == fs::ErrorKind::OutOfMemory)
      co_return std::unexpected(stat.error());
  }
  co_return fs::fail(fs::ErrorKind::NotFound);
}

exec::Task<fs::Result<int>> dispatch(Invocation& call) {
  const Builtin* const builtin = find_builtin(call.name());
  if (builtin == nullptr) co_return co_await run_by_name(call, call.arguments);
  if (call.arguments.size() == 2 && call.arguments[1] == "--help") {
    CO_TRY(co_await print(*call.streams.out, "usage: {} {}\n{}.\n{}", builtin->name, builtin->usage,
                          builtin->summary, builtin->details));
    co_return status::success;
  }
  co_return co_await builtin->function(call);
}

exec::Task<Status> run_command(const Execution& execution, ShellState& state,
                               const Command& command, Streams streams) {
  Redirections redirections(streams);
  CO_TRY(bool const redirected,
         co_await redirections.open(execution.services.files, state, command));
  if (!redirected) co_return status::failure;
  if (command.words.empty()) co_return status::success;
  base::Vector<base::String> arguments;
  for (const Word& word : command.words) {
    CO_TRY(auto argument, expand(word, state.last_status));
    CO_TRY(arguments.try_push_back(std::move(argument)));
  }
  process::RunControl control(&execution.group);
  process::Turn turn(execution.services.executor);
  Invocation call{execution.services, state,           arguments, redirections.streams(),
                  execution.jobs,     execution.group, control,   turn};
  auto const result = co_await dispatch(call);
  if (result) co_return *result;
  if (result.error().kind == fs::ErrorKind::OutOfMemory)
    co_return std::unexpected(base::OutOfMemory{});
  // Who stops reading does not want to hear more.
  if (result.error().kind == fs::ErrorKind::Closed) co_return status::unread;
  // Its own output is what failed; its errors may still be heard.
  static_cast<void>(co_await complain(call, "{}", fs::describe(result.error().kind)));
  co_return status::failure;
}

/// A command of a pipeline, in a task of its own, and what it has to itself.
struct Stage {
  explicit Stage(ShellState copy) : state(std::move(copy)) {}

  ShellState state;
  std::optional<fs::PipeReader> input;
  std::optional<fs::PipeWriter> output;
  exec::JoinHandle<int> handle;  // goes first: the task uses all of this
};

exec::Task<int> run_stage(const Execution& execution, Stage& stage, const Command& command,
                          Streams streams) {
  if (stage.input) streams.in = &*stage.input;
  if (stage.output) streams.out = &*stage.output;
  auto const result = co_await run_command(execution, stage.state, command, streams);
  if (!result) static_cast<void>(co_await print(*streams.err, "nacre: out of memory\n"));
  // Its neighbours hear that it has ended.
  stage.input.reset();
  stage.output.reset();
  co_return result.value_or(status::failure);
}

std::string_view name_of(const Command& command) {
  return command.words.empty() ? "redirection" : command.words[0].parts[0].text.view();
}

exec::Task<Status> run_stages(const Execution& execution, const ShellState& state,
                              std::span<const Command> commands, Streams streams) {
  base::Vector<base::Box<Stage>> stages;
  CO_TRY(stages.try_reserve(commands.size()));
  std::optional<fs::PipeReader> input;
  for (const Command& command : commands) {
    CO_TRY(ShellState copy, state.try_copy());
    CO_TRY(auto made, base::try_make<Stage>(std::move(copy)));
    Stage& stage = *made;
    if (input) stage.input.emplace(std::move(*input));
    input.reset();
    stages.push_back_reserved(std::move(made));
    if (&command != &commands.back()) {
      CO_TRY(auto pipe, fs::PipeEnds::create());
      stage.output.emplace(std::move(pipe.writer));
      input.emplace(std::move(pipe.reader));
    }
    CO_TRY(stage.handle, execution.services.executor.spawn(
                             name_of(command), run_stage(execution, stage, command, streams)));
  }
  int last = status::success;
  for (base::Box<Stage>& stage : stages)
    last = (co_await stage->handle.join()).value_or(status::interrupted);
  co_return last;
}

/// Seconds with milliseconds.
struct Seconds {
  base::Duration duration;
};
void format_value(base::Sink& sink, Seconds seconds) {
  auto const ms = static_cast<u64>(std::max<base::i64>(seconds.duration.ns, 0)) / 1'000'000;
  base::format_to(sink, "{}.{:03} s", ms / 1000, ms % 1000);
}

exec::Task<Status> run_pipeline(const Execution& execution, ShellState& state,
                                const Pipeline& pipeline, Streams streams) {
  base::Instant const start = execution.services.executor.now();
  base::Duration const used = execution.group.cpu_time;
  std::span<const Command> const commands(pipeline.commands.data(), pipeline.commands.size());
  CO_TRY(int status, commands.size() == 1
                         ? co_await run_command(execution, state, commands[0], streams)
                         : co_await run_stages(execution, state, commands, streams));
  if (execution.terminal != nullptr) execution.terminal->reset_mode();
  if (pipeline.timed) {
    // What cannot be told is not worth more than the status.
    static_cast<void>(co_await print(*streams.err, "real {}\nuser {}\n",
                                     Seconds{execution.services.executor.now() - start},
                                     Seconds{execution.group.cpu_time - used}));
  }
  if (pipeline.negated) status = status == status::success ? status::failure : status::success;
  co_return status;
}

}  // namespace

exec::Task<Status> run_list(const Execution& execution, ShellState& state, const AndOrList& list,
                            Streams streams) {
  for (const AndOrList::Item& item : list.items) {
    bool const succeeded = state.last_status == status::success;
    if (item.join == AndOrList::Join::And && !succeeded) continue;
    if (item.join == AndOrList::Join::Or && succeeded) continue;
    CO_TRY(state.last_status, co_await run_pipeline(execution, state, item.pipeline, streams));
    if (state.exit_status) break;
  }
  co_return state.last_status;
}

exec::Task<fs::Result<int>> run_by_name(const Invocation& call,
                                        std::span<const base::String> arguments) {
  auto const path = co_await find_program(call, arguments[0]);
  if (path) co_return co_await run_program(call, *path, arguments);
  if (path.error().kind != fs::ErrorKind::NotFound) co_return std::unexpected(path.error());
  CO_TRY(base::String const shown, printable(arguments[0]));
  CO_TRY(co_await print(*call.streams.err, "nacre: {}: command not found\n", shown.view()));
  co_return status::not_found;
}

exec::Task<fs::Result<int>> run_program(const Invocation& call, std::string_view path,
                                        std::span<const base::String> arguments) {
  CO_TRY(base::String const shown, printable(path));
  fs::Stream& err = *call.streams.err;
  auto const stat = co_await call.services.files.stat(call.directory(), path);
  if (!stat || stat->type == fs::NodeType::Directory) {
    fs::Error const error = stat ? fs::Error(fs::ErrorKind::IsADirectory) : stat.error();
    if (error.kind == fs::ErrorKind::OutOfMemory) co_return std::unexpected(error);
    CO_TRY(co_await print(err, "nacre: {}: {}\n", shown.view(), fs::describe(error.kind)));
    co_return stat ? status::cannot_execute : status::not_found;
  }
  auto const result =
      co_await call.services.system.run({.path = path,
                                         .directory = call.directory(),
                                         .directory_path = call.state.directory_path,
                                         .arguments = arguments,
                                         .streams = call.streams,
                                         .group = call.group,
                                         .limits = call.state.limits,
                                         .traced = call.traced});
  if (result) co_return *result;
  if (result.error().message.empty()) co_return std::unexpected(base::OutOfMemory{});
  CO_TRY(co_await print(err, "nacre: {}: {}\n", shown.view(), result.error().message.view()));
  co_return status::cannot_execute;
}

}  // namespace nacre::shell
