#include "kernel/shell/shell.hpp"

#include <algorithm>
#include <array>

#include "lib/base/try.hpp"
#include "lib/shell/parser.hpp"

namespace nacre::shell {
namespace {

/// How long the edited line stays away when a job has written something.
constexpr base::Duration quiet_time{20'000'000};

/// What a shell begins with. [posix/xcu: "Shell Variables"]
struct FirstVariable {
  std::string_view name;
  std::string_view value;
  bool is_exported = false;
};
constexpr auto first_variables = std::to_array<FirstVariable>({
    {"HOME", "/", true},
    {"PATH", "/bin", true},
    {"PWD", "/", true},
    {"IFS", " \t\n"},
    {"OPTIND", "1"},
    {"PS2", "> "},
    {"PS4", "+ "},
});

std::expected<void, base::OutOfMemory> set_first(Variables& variables, std::string_view name,
                                                 std::string_view value, bool is_exported) {
  // None of them is read only yet.
  if (!variables.set(name, value)) return std::unexpected(base::OutOfMemory{});
  return is_exported ? variables.mark_exported(name, true)
                     : std::expected<void, base::OutOfMemory>{};
}

}  // namespace

std::expected<base::Box<Shell>, base::OutOfMemory> Shell::create(const Services& services,
                                                                 Streams streams) {
  TRY(base::String path, base::String::create("/"));
  ShellState state{.id = services.processes.reserve_id(),
                   .directory = fs::HeldNode(services.files.root()),
                   .directory_path = std::move(path)};
  for (const auto& [name, value, is_exported] : first_variables) {
    TRY(set_first(state.parameters.variables, name, value, is_exported));
  }
  TRY(state.parameters.shell_name, base::String::create("nacre"));
  state.parameters.process_id = state.id.value;
  TRY(auto shell, base::try_make<Shell>(services, std::move(state)));
  TRY(shell->open(streams));
  return shell;
}

Shell::Shell(const Services& services, ShellState state)
    : services_(services),
      jobs_(services_, services.tty == nullptr ? nullptr : &terminal_.emplace(*services.tty),
            closed_),
      state_(std::move(state)),
      execution_{services_, group_, jobs_, nullptr},
      interpreter_(execution_, state_) {
  group_.set_foreground(true);
}

/// The terminal takes the place of the streams that were given.
std::expected<void, base::OutOfMemory> Shell::open(Streams streams) {
  if (terminal_) {
    JobTerminal& own = own_terminal_.emplace(*terminal_, nullptr);
    streams = {&own, &own, &own};
    state_.is_interactive = true;
  }
  fs::Stream* const three[] = {streams.in, streams.out, streams.err};
  for (usize i = 0; i < std::size(three); ++i) {
    if (terminal_ && i > 0) {
      state_.descriptors.set(i, state_.descriptors.shared(0));
      continue;
    }
    TRY(SharedStream stream, borrow(*three[i]));
    state_.descriptors.set(i, std::move(stream));
  }
  if (terminal_) state_.terminal = state_.descriptors.shared(0);
  jobs_.set_messages(*streams.err);
  return {};
}

std::expected<void, base::OutOfMemory> Shell::set_variable(std::string_view assignment) {
  usize const size = std::min(assignment.find('='), assignment.size());
  std::string_view const value = assignment.substr(std::min(size + 1, assignment.size()));
  return set_first(state_.parameters.variables, assignment.substr(0, size), value, true);
}

fs::Stream& Shell::error_stream() {
  fs::Stream* const stream = state_.descriptors.stream(2);
  return stream == nullptr ? closed_ : *stream;
}

exec::Task<Shell::Status> Shell::run_line(std::string_view line) {
  auto result = co_await run_line_now(line);
  // Whatever kept commands from coming to their end: the next line begins anew.
  if (state_.leaving != Leaving::Shell) state_.leaving = Leaving::Nothing;
  state_.loops = state_.functions_entered = state_.depth = state_.tested = 0;
  state_.forgiving = 0;
  state_.parameters.variables.restore(0);
  co_return result;
}

exec::Task<Shell::Status> Shell::run_line_now(std::string_view line) {
  if (services_.tty == nullptr) {
    state_.leaving = Leaving::Nothing;
    co_return co_await interpreter_.run_text(line);
  }
  Parser parser(line, {.aliases = &state_.aliases});
  while (!state_.is_leaving()) {
    auto const command = parser.next();
    if (!command) {
      CO_TRY(co_await tell_syntax_error(error_stream(), line, command.error()));
      state_.parameters.last_status = status::usage;
      break;
    }
    if (!*command) break;
    CO_TRY(int const status, co_await run_on_terminal(**command));
    // Ctrl-C is meant for the whole line.
    if (status == status::interrupted) break;
  }
  co_return state_.parameters.last_status;
}

/// Each list is a job, which can be stopped.
exec::Task<Shell::Status> Shell::run_on_terminal(const List& lists) {
  int& last = state_.parameters.last_status;
  for (const base::Shared<AndOrList>& list : lists.items) {
    bool const foreground = !list->is_background;
    CO_TRY(Job* const job, jobs_.start(list, state_, foreground));
    if (foreground) {
      auto const waited = co_await jobs_.wait_for(*job, &state_);
      if (!waited) {
        jobs_.give_up(*job);
        co_return std::unexpected(waited.error());
      }
      last = *waited;
      if (last == status::interrupted || state_.is_leaving()) break;
    } else {
      state_.parameters.last_background = job->id;
      last = status::success;
      static_cast<void>(co_await print(error_stream(), "[{}]\n", job->number));
    }
  }
  co_return last;
}

exec::Task<Shell::Status> Shell::run_script(std::string_view text) {
  CO_TRY(int const status, co_await run_line(text));
  co_return co_await interpreter_.run_exit_trap(state_.exit_status.value_or(status));
}

exec::Task<int> Shell::run() {
  NACRE_ASSERT(services_.tty != nullptr);
  while (!state_.exit_status) {
    auto const event = co_await read_line();
    if (!event) {
      // Nothing more can be done until somebody gives memory back; a key is a chance to look.
      static_cast<void>(co_await print(error_stream(), "nacre: out of memory\n"));
      while (!services_.tty->try_read_byte()) co_await services_.tty->input_changed();
      continue;
    }
    if (*event == text::EditEvent::EndOfInput) break;
    if (*event != text::EditEvent::Line) {
      state_.parameters.last_status = status::interrupted;
      continue;
    }
    static_cast<void>(history_.add(editor_.line()));  // Without memory, the line is only run.
    auto const result = co_await run_line(editor_.line());
    if (!result) static_cast<void>(co_await print(error_stream(), "nacre: out of memory\n"));
  }
  int const status = state_.exit_status.value_or(state_.parameters.last_status);
  co_return (co_await interpreter_.run_exit_trap(status)).value_or(status);
}

/// Edits a line until it is entered, given up, or there is no more input.
exec::Task<std::expected<std::optional<text::EditEvent>, base::OutOfMemory>> Shell::read_line() {
  console::Tty& tty = *services_.tty;
  CO_TRY(co_await jobs_.report());
  CO_TRY(base::String const directory, printable(state_.directory_path));
  CO_TRY(base::String const prompt, base::format("\x1b[1;36mnacre:{}$\x1b[0m ", directory.view()));
  base::String output;
  base::StringSink sink(output);
  std::optional<SharedTerminal::EditedLine> line;
  auto event = text::EditEvent::None;
  std::optional<u8> byte;
  while (event == text::EditEvent::None) {
    {
      CO_TRY(auto const held, co_await terminal_->hold());
      output.clear();
      if (!line || line->is_hidden()) {
        if (!tty.is_at_row_start()) sink.write("\r\n");
        if (line) {
          editor_.show(sink);
          line->was_shown();
        } else {
          CO_TRY(editor_.begin(prompt, tty.size().columns, sink));
          line.emplace(*terminal_, editor_);
        }
      }
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
      if (event == text::EditEvent::EndOfInput) sink.write("\r\n");
      CO_TRY(sink.result());
      CO_TRY(co_await tty.write(output));
    }
    if (event != text::EditEvent::None) break;
    while (!(byte = tty.try_read_byte()) && !line->is_hidden()) co_await tty.input_changed();
    // What is said in several pieces is not to be torn by the line.
    if (line->is_hidden()) co_await exec::sleep_for(quiet_time);
  }
  co_return event;
}

}  // namespace nacre::shell
