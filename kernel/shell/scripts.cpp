#include <algorithm>
#include <array>

#include "kernel/shell/interpreter.hpp"
#include "kernel/shell/jobs.hpp"
#include "lib/base/try.hpp"
#include "lib/shell/parser.hpp"

namespace nacre::shell {

using Status = Interpreter::Status;

namespace {

/// What is said to be missing where any word would do.
constexpr std::string_view any_word = "word";

/// Whether a line more may make a whole of a text that ended too early: false only if what was
/// missing is not in it.
bool could_end(const SyntaxError& missing, std::string_view text, std::string_view line) {
  switch (missing.kind) {
    case SyntaxError::Kind::MissingWord:
      return missing.word == any_word || line.contains(missing.word);
    case SyntaxError::Kind::UnclosedQuote: return line.contains(text[missing.offset]);
    case SyntaxError::Kind::OpenHereDocument: {
      // Whatever is quoted of it: its line is not longer, and begins as it does.
      std::string_view const word = text.substr(missing.offset);
      line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
      bool const is_quoted = std::string_view("'\"\\$`").contains(word[0]);
      return is_quoted || line.starts_with(word[0]);
    }
    default: return true;
  }
}

}  // namespace

exec::Task<std::expected<void, base::OutOfMemory>> tell_syntax_error(fs::Stream& err,
                                                                     std::string_view text,
                                                                     const SyntaxError& error,
                                                                     usize first_line) {
  if (error.kind == SyntaxError::Kind::OutOfMemory) co_return std::unexpected(base::OutOfMemory{});
  TextPosition const at = position_of(text, error.offset);
  bool const one_line = first_line == 1 && text.find('\n') >= text.size() - 1;
  // What cannot be told is not worth more than the status.
  static_cast<void>(one_line ? co_await print(err, "nacre: column {}: {}\n", at.column, error)
                             : co_await print(err, "nacre: line {}, column {}: {}\n",
                                              at.line + first_line - 1, at.column, error));
  co_return std::expected<void, base::OutOfMemory>{};
}

exec::Task<Status> Interpreter::run_text(std::string_view text) {
  if (state_.parameters.options.verbose)
    static_cast<void>(co_await print(error_stream(), "{}\n", text));
  Parser parser(text, {.aliases = &state_.aliases});
  int status = status::success;
  base::i64 const line_shift = std::exchange(state_.line_shift, 0);
  while (!state_.is_leaving()) {
    auto const command = parser.next();
    if (!command) {
      CO_TRY(co_await tell_syntax_error(error_stream(), text, command.error()));
      state_.give_up(status::usage);
      status = status::usage;
      break;
    }
    if (!*command) break;
    if (state_.parameters.options.no_execute && !state_.is_interactive) continue;
    CO_TRY(status, co_await run_list(**command));
  }
  state_.line_shift = line_shift;
  co_return status;
}

exec::Task<Status> Interpreter::run_stream(fs::Stream& from) {
  base::String text;
  usize first_line = 1;
  int status = status::success;
  std::optional<SyntaxError> missing;
  for (bool at_end = false; !at_end && !state_.is_leaving();) {
    usize const line_start = text.size();
    // One byte at a time: what follows a command is for the command to read.
    for (char last = 0; last != '\n';) {
      std::array<u8, 1> byte;
      auto const now = from.read_now(byte);
      auto const count = now ? *now : co_await from.read(byte);
      at_end = !count || *count == 0;
      if (at_end) break;
      last = static_cast<char>(byte[0]);
      CO_TRY(text.append(last));
    }
    bool const may_be_whole =
        !missing || at_end || !state_.aliases.empty() ||
        could_end(*missing, text.view().substr(0, line_start), text.view().substr(line_start));
    if (!may_be_whole) continue;
    Parser parser(text, {.aliases = &state_.aliases, .end_closes_documents = at_end});
    auto const command = parser.next();
    missing.reset();
    if (!command && command.error().is_incomplete && !at_end) {
      missing = command.error();
      continue;
    }
    if (!command) {
      CO_TRY(co_await tell_syntax_error(error_stream(), text, command.error(), first_line));
      state_.give_up(status::usage);
      co_return status::usage;
    }
    bool const is_run = *command && !state_.parameters.options.no_execute;
    state_.line_shift = static_cast<base::i64>(first_line) - 1;
    if (is_run) {
      CO_TRY(status, co_await run_list(**command));
    }
    first_line += static_cast<usize>(std::ranges::count(text.view(), '\n'));
    text.clear();
  }
  co_return status;
}

}  // namespace nacre::shell
