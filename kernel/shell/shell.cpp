#include "kernel/shell/shell.hpp"

#include <algorithm>

#include "lib/base/try.hpp"

namespace nacre::shell {
namespace {

/// How long the edited line stays away when a job has written something.
constexpr base::Duration quiet_time{20'000'000};

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
      state_{fs::HeldNode(services.files.root()), std::move(directory_path)},
      jobs_(services_, open_terminal(), streams_) {}

/// The terminal takes the place of the streams that were given.
SharedTerminal* Shell::open_terminal() {
  if (services_.tty == nullptr) return nullptr;
  SharedTerminal& terminal = terminal_.emplace(*services_.tty);
  JobTerminal& own = own_terminal_.emplace(terminal, nullptr);
  streams_ = {&own, &own, &own};
  return &terminal;
}

exec::Task<std::expected<int, base::OutOfMemory>> Shell::run_line(std::string_view line) {
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
    bool const foreground = !list.background;
    std::string_view const text = line.substr(list.offset, list.size);
    CO_TRY(Job* const job, jobs_.start(std::move(list), text, state_, foreground));
    if (foreground) {
      auto const waited = co_await jobs_.wait_for(*job, &state_);
      if (!waited) {
        jobs_.give_up(*job);
        co_return std::unexpected(waited.error());
      }
      state_.last_status = *waited;
      // Ctrl-C is meant for the whole line.
      if (state_.last_status == status::interrupted && services_.tty != nullptr) break;
    } else {
      state_.last_status = status::success;
      if (services_.tty != nullptr)
        static_cast<void>(co_await tell(streams_, "[{}]\n", job->number));
    }
    if (state_.exit_status) break;
  }
  co_return state_.last_status;
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
