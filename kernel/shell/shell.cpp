#include "kernel/shell/shell.hpp"

#include <algorithm>
#include <array>

#include "kernel/process/file_bytes.hpp"
#include "kernel/shell/completion.hpp"
#include "lib/base/try.hpp"
#include "lib/shell/highlight.hpp"
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
  TRY(state.signals, base::Shared<SignalInbox>::create());
  TRY(auto shell, base::try_make<Shell>(services, std::move(state)));
  TRY(shell->open(streams));
  return shell;
}

Shell::Shell(const Services& services, ShellState state)
    : services_(services),
      jobs_(services_, services.tty == nullptr ? nullptr : &terminal_.emplace(*services.tty),
            closed_),
      state_(std::move(state)),
      as_work_(services.processes, state_, state_.id, {}, "nacre", group_, jobs_.changed()),
      execution_{services_, group_, jobs_, nullptr, scripts_},
      interpreter_(execution_, state_) {
  group_.set_foreground(true);
  if (services_.tty != nullptr) services_.history = &history_;
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
  state_.loops = state_.functions_entered = state_.tested = 0;
  state_.depth = state_.task_depth = 0;
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
      state_.parameters.last_background = job->id();
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

/// Runs `~/.nacrerc`, if there is one, in the shell itself.
exec::Task<Shell::Status> Shell::run_start_file() {
  CO_TRY(base::String const path,
         base::format("{}/.nacrerc", state_.parameters.variables.value_or("HOME", "")));
  auto const bytes =
      co_await process::FileBytes::read(services_.files, services_.files.root(), path);
  if (!bytes) co_return status::success;
  CO_TRY(int const status, co_await interpreter_.run_text(bytes->text()));
  if (state_.leaving != Leaving::Shell) state_.leaving = Leaving::Nothing;
  co_return status;
}

exec::Task<int> Shell::run() {
  NACRE_ASSERT(services_.tty != nullptr);
  auto const painter = [this](std::string_view line, std::span<u8> colors) { paint(line, colors); };
  // Who reads a serial line from a program does not want them.
  if (services_.tty->has_screen()) editor_.set_painter(painter);
  if (!co_await run_start_file())
    static_cast<void>(co_await print(error_stream(), "nacre: out of memory\n"));
  while (!state_.exit_status) {
    auto const event = co_await read_line();
    if (!event) {
      // Nothing more can be done until somebody gives memory back; a key is a chance to look.
      static_cast<void>(co_await print(error_stream(), "nacre: out of memory\n"));
      while (!services_.tty->try_read_byte()) co_await services_.tty->input_changed();
      continue;
    }
    if (*event == text::EditEvent::EndOfInput && !entered_.empty()) {
      // What is not finished never is: that is told, and a new command begins.
      base::String const text = std::move(entered_);
      entered_ = {};
      static_cast<void>(co_await run_line(text));
      continue;
    }
    if (*event == text::EditEvent::EndOfInput) break;
    if (*event != text::EditEvent::Line) {
      entered_.clear();
      state_.parameters.last_status = status::interrupted;
      continue;
    }
    static_cast<void>(history_.add(editor_.line()));  // Without memory, the line is only run.
    if (!add_entered(editor_.line())) {
      entered_.clear();
      static_cast<void>(co_await print(error_stream(), "nacre: out of memory\n"));
      continue;
    }
    if (is_unfinished()) continue;
    base::String const text = std::move(entered_);
    entered_ = {};
    auto const result = co_await run_line(text);
    if (!result) static_cast<void>(co_await print(error_stream(), "nacre: out of memory\n"));
  }
  int const status = state_.exit_status.value_or(state_.parameters.last_status);
  co_return (co_await interpreter_.run_exit_trap(status)).value_or(status);
}

/// The colours of a line that is typed.
void Shell::paint(std::string_view line, std::span<u8> colors) const {
  auto const is_command = [this](std::string_view name) {
    return find_builtin(name) != nullptr || state_.functions.find(name) != nullptr ||
           state_.aliases.find(name) != nullptr;
  };
  auto const color_of = [](Token token) -> u8 {
    switch (token) {
      case Token::Plain: return 0;
      case Token::Command: return 32;
      case Token::Reserved: return 34;
      case Token::Quoted: return 33;
      case Token::Expansion: return 35;
      case Token::Operator: return 36;
      case Token::Comment: return 90;
    }
    return 0;
  };
  // What is behind that has no colours.
  std::array<Token, 1024> tokens{};
  line = line.substr(0, tokens.size());
  highlight(line, is_command, std::span(tokens).first(line.size()));
  for (usize i = 0; i < line.size(); ++i) colors[i] = color_of(tokens[i]);
}

std::expected<void, base::OutOfMemory> Shell::add_entered(std::string_view line) {
  if (!entered_.empty()) {
    TRY(entered_.append('\n'));
  }
  return entered_.append(line);
}

/// Whether more lines could make commands of what was entered.
bool Shell::is_unfinished() {
  Parser parser(entered_, {.aliases = &state_.aliases, .end_closes_documents = false});
  for (;;) {
    auto const command = parser.next();
    if (!command) return command.error().is_incomplete;
    if (!*command) return false;
  }
}

/// Puts in what all that goes on with the word at the cursor has in common; shows all of that when
/// it is asked for `again`.
exec::Task<std::expected<void, base::OutOfMemory>> Shell::complete_word(bool again,
                                                                        base::Sink& sink) {
  CO_TRY(Completion const found,
         co_await complete(services_, state_, editor_.line().substr(0, editor_.cursor())));
  bool const is_only = found.candidates.size() == 1;
  bool const is_open = is_only && found.candidates[0].view().ends_with('/');
  CO_TRY(base::String rest, escaped(found.common_rest()));
  if (is_only && !is_open) {
    CO_TRY(rest.append(' '));
  }
  if (!rest.empty()) co_return editor_.insert(rest, sink);
  if (found.candidates.empty() || !again) {
    sink.write("\a");
    co_return std::expected<void, base::OutOfMemory>{};
  }
  editor_.leave(sink);
  usize widest = 0;
  for (const base::String& one : found.candidates) widest = std::max(widest, one.size());
  usize const columns = std::max<usize>(1, services_.tty->size().columns / (widest + 2));
  for (usize i = 0; i < found.candidates.size(); ++i) {
    CO_TRY(base::String const shown, printable(found.candidates[i]));
    bool const ends_row = (i + 1) % columns == 0 || i + 1 == found.candidates.size();
    sink.write(shown);
    for (usize j = shown.size(); !ends_row && j < widest + 2; ++j) sink.write(" ");
    if (ends_row) sink.write("\r\n");
  }
  editor_.show(sink);
  co_return std::expected<void, base::OutOfMemory>{};
}

/// Says that nothing of a text that was pasted is in the line.
void Shell::refuse_paste(base::Sink& sink) {
  editor_.leave(sink);
  base::format_to(sink, "nacre: what was pasted is left out: a line has room for {} bytes\r\n",
                  text::LineEditor::max_size);
  editor_.show(sink);
}

/// Edits a line until it is entered, given up, or there is no more input.
exec::Task<std::expected<std::optional<text::EditEvent>, base::OutOfMemory>> Shell::read_line() {
  console::Tty& tty = *services_.tty;
  CO_TRY(co_await jobs_.report());
  CO_TRY(base::String const directory, printable(state_.directory_path));
  CO_TRY(base::String const prompt,
         entered_.empty()
             ? base::format("\x1b[1;36mnacre:{}$\x1b[0m ", directory.view())
             : base::String::create(state_.parameters.variables.value_or("PS2", "> ")));
  bool completed = false;
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
          // Of what is pasted, nothing is to run before somebody has seen it.
          if (tty.has_screen()) sink.write("\x1b[?2004h");
          CO_TRY(editor_.begin(prompt, tty.size().columns, sink));
          line.emplace(*terminal_, editor_);
        }
      }
      // What has come together is shown together.
      while (byte && event == text::EditEvent::None) {
        auto const fed = editor_.feed(*byte, sink);
        bool const completes = fed && *fed == text::EditEvent::Complete;
        if (!fed || (completes && !co_await complete_word(completed, sink))) {
          sink.write("\a");
        } else if (*fed == text::EditEvent::PasteRefused) {
          refuse_paste(sink);
        } else if (!completes) {
          event = *fed;
        }
        completed = completes;
        // What follows a line is for who runs next.
        byte = event == text::EditEvent::None ? tty.try_read_byte() : std::nullopt;
      }
      if (event == text::EditEvent::EndOfInput) sink.write("\r\n");
      if (event != text::EditEvent::None && tty.has_screen()) sink.write("\x1b[?2004l");
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
