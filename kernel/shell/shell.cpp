#include "kernel/shell/shell.hpp"

#include <algorithm>

#include "lib/base/try.hpp"

namespace nacre::shell {
namespace {

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

/// A line on the error stream about what the shell itself found.
template <class... Arguments>
[[clang::coro_wrapper]] exec::Task<fs::Result<void>> tell(
    const Streams& streams, base::FormatString<std::type_identity_t<Arguments>...> format,
    const Arguments&... arguments) {
  return print(*streams.err, format, arguments...);
}

}  // namespace

std::expected<base::Box<Shell>, base::OutOfMemory> Shell::create(const Services& services,
                                                                 Streams streams) {
  TRY(base::String path, base::String::create("/"));
  return base::try_make<Shell>(services, streams, std::move(path));
}

Shell::Shell(const Services& services, Streams streams, base::String directory_path)
    : services_(services),
      streams_(streams),
      state_{fs::HeldNode(services.files.root()), std::move(directory_path)} {}

exec::Task<Shell::Status> Shell::run_line(std::string_view line) {
  auto script = parse(line);
  if (!script) {
    TextPosition const at = position_of(line, script.error().offset);
    std::string_view const what = describe(script.error().kind);
    bool const one_line = !line.contains('\n');
    // What cannot be told is not worth more than the status.
    static_cast<void>(one_line ? co_await tell(streams_, "nacre: column {}: {}\n", at.column, what)
                               : co_await tell(streams_, "nacre: line {}, column {}: {}\n", at.line,
                                               at.column, what));
    if (script.error().kind == SyntaxError::Kind::OutOfMemory)
      co_return std::unexpected(base::OutOfMemory{});
    state_.last_status = status::usage;
    co_return state_.last_status;
  }
  for (AndOrList& list : script->lists) {
    if (list.background) {
      CO_TRY(state_.last_status, co_await start_background(std::move(list)));
    } else {
      CO_TRY(state_.last_status, co_await run_foreground(list));
      // Ctrl-C is meant for the whole line.
      if (state_.last_status == status::interrupted) break;
    }
    if (state_.exit_status) break;
  }
  co_return state_.last_status;
}

/// In a task of its own where there is somebody who may stop it.
exec::Task<Shell::Status> Shell::run_foreground(const AndOrList& list) {
  if (services_.tty == nullptr) co_return co_await run_list(state_, list, streams_, false);
  std::string_view const name = list.items[0].pipeline.commands[0].words[0].parts[0].text;
  CO_TRY(auto job,
         services_.executor.spawn(name, run_job(state_, list, streams_, /*background=*/false)));
  auto const interrupt = [&job] { job.cancel(); };
  console::Foreground const foreground(*services_.tty, console::InputMode::Cooked, interrupt);
  auto const result = co_await job.join();
  co_return result ? *result : status::interrupted;
}

exec::Task<Shell::Status> Shell::start_background(AndOrList list) {
  CO_TRY(base::String directory_path, state_.directory_path.try_copy());
  CO_TRY(auto work,
         base::try_make<BackgroundWork>(ShellState{fs::HeldNode(state_.directory.location()),
                                                   std::move(directory_path), state_.last_status},
                                        std::move(list)));
  CO_TRY(jobs_.try_reserve(jobs_.size() + 1));
  Streams const streams{&null_, streams_.out, streams_.err};
  std::string_view const name = work->list.items[0].pipeline.commands[0].words[0].parts[0].text;
  CO_TRY(auto handle, services_.executor.spawn(
                          name, run_job(work->state, work->list, streams, /*background=*/true)));
  u64 const number = next_job_++;
  jobs_.push_back_reserved({number, std::move(work), std::move(handle)});
  if (services_.tty != nullptr) static_cast<void>(co_await tell(streams_, "[{}]\n", number));
  co_return status::success;
}

exec::Task<std::expected<void, base::OutOfMemory>> Shell::report_finished_jobs() {
  for (usize i = 0; i < jobs_.size();) {
    if (!jobs_[i].handle.is_finished()) {
      ++i;
      continue;
    }
    auto const result = co_await jobs_[i].handle.join();
    static_cast<void>(co_await tell(streams_, "[{}] done, status {}\n", jobs_[i].number,
                                    result ? *result : status::interrupted));
    jobs_.erase(i);
  }
  co_return std::expected<void, base::OutOfMemory>{};
}

exec::Task<int> Shell::run_job(ShellState& state, const AndOrList& list, Streams streams,
                               bool background) {
  auto const result = co_await run_list(state, list, streams, background);
  if (result) co_return *result;
  static_cast<void>(co_await tell(streams, "nacre: out of memory\n"));
  co_return status::failure;
}

exec::Task<Shell::Status> Shell::run_list(ShellState& state, const AndOrList& list, Streams streams,
                                          bool background) {
  for (const AndOrList::Item& item : list.items) {
    bool const succeeded = state.last_status == status::success;
    if (item.join == AndOrList::Join::And && !succeeded) continue;
    if (item.join == AndOrList::Join::Or && succeeded) continue;
    CO_TRY(state.last_status,
           co_await run_command(state, item.pipeline.commands[0], streams, background));
    if (state.exit_status) break;
  }
  co_return state.last_status;
}

exec::Task<Shell::Status> Shell::run_command(ShellState& state, const Command& command,
                                             Streams streams, bool background) {
  base::Vector<base::String> arguments;
  for (const Word& word : command.words) {
    CO_TRY(auto argument, expand(word, state.last_status));
    CO_TRY(arguments.try_push_back(std::move(argument)));
  }
  Invocation call{services_, state, arguments, streams, background};
  auto const result = co_await dispatch(call);
  if (result) co_return *result;
  if (result.error().kind == fs::ErrorKind::OutOfMemory)
    co_return std::unexpected(base::OutOfMemory{});
  // Its own output is what failed; its errors may still be heard.
  static_cast<void>(co_await complain(call, "{}", fs::describe(result.error().kind)));
  co_return status::failure;
}

exec::Task<fs::Result<int>> Shell::dispatch(Invocation& call) {
  const Builtin* const builtin = find_builtin(call.name());
  if (builtin == nullptr) {
    auto const path = co_await find_program(call, call.name());
    if (path) co_return co_await run_program(call, *path, call.arguments);
    if (path.error().kind != fs::ErrorKind::NotFound) co_return std::unexpected(path.error());
    CO_TRY(base::String const shown, printable(call.name()));
    CO_TRY(co_await tell(call.streams, "nacre: {}: command not found\n", shown.view()));
    co_return status::not_found;
  }
  if (call.arguments.size() == 2 && call.arguments[1] == "--help") {
    CO_TRY(co_await print(*call.streams.out, "usage: {} {}\n{}.\n{}", builtin->name, builtin->usage,
                          builtin->summary, builtin->details));
    co_return status::success;
  }
  co_return co_await builtin->function(call);
}

exec::Task<fs::Result<int>> run_program(const Invocation& call, std::string_view path,
                                        std::span<const base::String> arguments) {
  CO_TRY(base::String const shown, printable(path));
  auto const stat = co_await call.services.files.stat(call.directory(), path);
  if (!stat || stat->type == fs::NodeType::Directory) {
    fs::Error const error = stat ? fs::Error(fs::ErrorKind::IsADirectory) : stat.error();
    if (error.kind == fs::ErrorKind::OutOfMemory) co_return std::unexpected(error);
    CO_TRY(co_await tell(call.streams, "nacre: {}: {}\n", shown.view(), fs::describe(error.kind)));
    co_return stat ? status::cannot_execute : status::not_found;
  }
  auto const result =
      co_await call.services.system.run({.path = path,
                                         .directory = call.directory(),
                                         .directory_path = call.state.directory_path,
                                         .arguments = arguments,
                                         .streams = call.streams,
                                         .background = call.background});
  if (result) co_return *result;
  if (result.error().message.empty()) co_return std::unexpected(base::OutOfMemory{});
  CO_TRY(
      co_await tell(call.streams, "nacre: {}: {}\n", shown.view(), result.error().message.view()));
  co_return status::cannot_execute;
}

exec::Task<int> Shell::run() {
  NACRE_ASSERT(services_.tty != nullptr);
  while (!state_.exit_status) {
    auto const event = co_await read_line();
    if (!event) {
      // Nothing more can be done until somebody gives memory back; a key is a chance to look.
      static_cast<void>(co_await tell(streams_, "nacre: out of memory\n"));
      while (!services_.tty->try_read_byte()) co_await services_.tty->input_changed();
      continue;
    }
    if (*event == text::EditEvent::EndOfInput) break;
    if (*event != text::EditEvent::Line) {
      state_.last_status = status::interrupted;
      continue;
    }
    static_cast<void>(history_.add(editor_.line()));  // Without memory, the line is only run.
    auto const result = co_await run_line(editor_.line());
    if (!result) static_cast<void>(co_await tell(streams_, "nacre: out of memory\n"));
  }
  co_return state_.exit_status.value_or(state_.last_status);
}

/// Edits a line until it is entered, given up, or there is no more input.
exec::Task<std::expected<std::optional<text::EditEvent>, base::OutOfMemory>> Shell::read_line() {
  console::Tty& tty = *services_.tty;
  CO_TRY(co_await report_finished_jobs());
  base::String output;
  base::StringSink sink(output);
  if (!tty.is_at_row_start()) sink.write("\n");
  CO_TRY(base::String const directory, printable(state_.directory_path));
  CO_TRY(base::String const prompt, base::format("\x1b[1;36mnacre:{}$\x1b[0m ", directory.view()));
  CO_TRY(editor_.begin(prompt, tty.size().columns, sink));
  for (;;) {
    CO_TRY(sink.result());
    CO_TRY(co_await tty.write(output));
    output.clear();
    std::optional<u8> byte;
    while (!(byte = tty.try_read_byte())) co_await tty.input_changed();
    auto event = text::EditEvent::None;
    // What has come together is shown together.
    while (byte && event == text::EditEvent::None) {
      auto const fed = editor_.feed(*byte, sink);
      if (fed && *fed != text::EditEvent::Complete) {
        event = *fed;
      } else {
        sink.write("\a");
      }
      // What follows a line is for who runs next.
      byte = event == text::EditEvent::None ? tty.try_read_byte() : std::nullopt;
    }
    if (event != text::EditEvent::None) {
      if (event == text::EditEvent::EndOfInput) sink.write("\r\n");
      CO_TRY(sink.result());
      CO_TRY(co_await tty.write(output));
      co_return event;
    }
  }
}

}  // namespace nacre::shell
