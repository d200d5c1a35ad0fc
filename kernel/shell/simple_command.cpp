#include <algorithm>
#include <array>

#include "kernel/shell/interpreter.hpp"
#include "kernel/shell/jobs.hpp"
#include "lib/base/try.hpp"
#include "lib/shell/characters.hpp"

namespace nacre::shell {
namespace {

using Status = Interpreter::Status;

/// Whether a word is `NAME=...` for a command that takes assignments: then it is expanded as one.
bool is_assignment(const Word& word) {
  if (word.parts.empty() || word.parts[0].kind != WordPart::Kind::Literal) return false;
  if (word.parts[0].is_quoted) return false;
  std::string_view const text = word.parts[0].text;
  usize const size = name_size(text);
  return size != 0 && size < text.size() && text[size] == '=';
}

bool takes_assignments(std::string_view name) {
  return name == "export" || name == "readonly" || name == "local";
}

/// Names in the text of `set -x`, and what else a shell would not take as one word.
std::expected<void, base::OutOfMemory> add_quoted(base::String& line, std::string_view word) {
  bool const is_plain = !word.empty() && std::ranges::all_of(word, [](char c) {
    return is_name_character(c) || std::string_view("-+./:,=@%").contains(c);
  });
  if (is_plain) return line.append(word);
  TRY(line.append('\''));
  for (char const c : word) {
    if (c == '\'') {
      TRY(line.append("'\\''"));
    } else {
      TRY(line.append(c));
    }
  }
  return line.append('\'');
}

/// Whether a builtin runs commands in the shell itself, or waits in a way of its own.
bool runs_commands(std::string_view name) {
  constexpr auto names = std::to_array<std::string_view>(
      {"command", "env", "fc", "fg", "find", "help", "sh", "wait", "xargs"});
  return std::ranges::contains(names, name);
}

[[clang::coro_wrapper]] exec::Task<fs::Result<int>> run_first_by_name(Invocation& call) {
  return run_by_name(call, call.arguments);
}

/// What `--help` tells of a builtin.
exec::Task<fs::Result<int>> describe(Invocation& call) {
  const Builtin& builtin = *find_builtin(call.name());
  CO_TRY(co_await print(*call.streams.out, "usage: {} {}\n{}.\n{}", builtin.name, builtin.usage,
                        builtin.summary, builtin.details));
  co_return status::success;
}

}  // namespace

exec::Task<std::expected<bool, base::OutOfMemory>> Interpreter::complain_about(
    const ExpansionError& error) {
  if (error.message.empty()) co_return std::unexpected(base::OutOfMemory{});
  static_cast<void>(co_await print(error_stream(), "nacre: {}\n", error.message.view()));
  state_.give_up(status::usage);
  co_return false;
}

exec::Task<std::expected<bool, base::OutOfMemory>> Interpreter::expand_words(
    const SimpleCommand& command, base::Vector<base::String>& words) {
  for (const Word& word : command.words) {
    bool const assigns = !words.empty() && takes_assignments(words[0]) && is_assignment(word);
    if (assigns) {
      auto text = co_await expander_.text_of(word, true);
      if (!text) co_return co_await complain_about(text.error());
      CO_TRY(words.try_push_back(std::move(*text)));
    } else if (auto const added = co_await expander_.add_fields(word, words); !added) {
      co_return co_await complain_about(added.error());
    }
  }
  co_return true;
}

/// Does the assignments of a command; with `keeps`, so that they can be undone.
exec::Task<std::expected<bool, base::OutOfMemory>> Interpreter::assign(const SimpleCommand& command,
                                                                       bool exports, bool keeps) {
  Variables& variables = state_.parameters.variables;
  for (const Assignment& assignment : command.assignments) {
    auto text = co_await expander_.text_of(assignment.value, true);
    if (!text) co_return co_await complain_about(text.error());
    if (keeps) {
      CO_TRY(variables.keep(assignment.name));
    }
    // Whoever sets it begins anew, even with the number that it has.
    if (assignment.name == "OPTIND") state_.option_offset = 0;
    auto const set = variables.set(assignment.name, *text);
    if (!set) {
      if (set.error().kind == VariableError::Kind::OutOfMemory)
        co_return std::unexpected(base::OutOfMemory{});
      static_cast<void>(
          co_await print(error_stream(), "nacre: {}: is read only\n", assignment.name.view()));
      state_.give_up(status::usage);
      co_return false;
    }
    if (exports || state_.parameters.options.all_export) {
      CO_TRY(variables.mark_exported(assignment.name, true));
    }
  }
  co_return true;
}

/// The line of `set -x`. [posix/xcu: "set"]
exec::Task<std::expected<void, base::OutOfMemory>> Interpreter::trace(
    const SimpleCommand& command, std::span<const base::String> words) {
  const Variables& variables = state_.parameters.variables;
  CO_TRY(base::String line, base::String::create(variables.value_or("PS4", "+ ")));
  bool is_first = true;
  auto const separate = [&]() -> std::expected<void, base::OutOfMemory> {
    if (!std::exchange(is_first, false)) return line.append(' ');
    return {};
  };
  if (words.empty()) {
    for (const Assignment& assignment : command.assignments) {
      CO_TRY(separate());
      CO_TRY(line.append(assignment.name));
      CO_TRY(line.append('='));
      std::string_view const value = variables.value_or(assignment.name, "");
      if (!value.empty()) {
        CO_TRY(add_quoted(line, value));
      }
    }
  }
  for (const base::String& word : words) {
    CO_TRY(separate());
    CO_TRY(add_quoted(line, word));
  }
  CO_TRY(line.append('\n'));
  static_cast<void>(co_await write_text(error_stream(), std::move(line)));
  co_return std::expected<void, base::OutOfMemory>{};
}

/// [posix/xcu: "Simple Commands"]
exec::Task<Status> Interpreter::run_simple(const SimpleCommand& simple, const Command& command) {
  state_.substitution_status.reset();
  base::Vector<base::String> words;
  CO_TRY(bool const is_expanded, co_await expand_words(simple, words));
  if (!is_expanded) co_return state_.parameters.last_status;
  const Builtin* const builtin = words.empty() ? nullptr : find_builtin(words[0]);
  bool const is_special = builtin != nullptr && builtin->is_special;
  // Nothing holds on to what a command has open that is all there is.
  bool const restores = !command.redirections.empty() && !is_one_command_;
  Descriptors const before = restores ? state_.descriptors : Descriptors();
  if (!command.redirections.empty()) {
    CO_TRY(bool const is_redirected, co_await redirect(command));
    if (!is_redirected) {
      if (restores) state_.descriptors = before;
      if (is_special) state_.give_up(status::usage);
      co_return is_special ? status::usage : status::failure;
    }
  }
  Variables& variables = state_.parameters.variables;
  usize const kept = variables.kept();
  bool const keeps = !words.empty() && !is_special;
  CO_TRY(bool const is_assigned, co_await assign(simple, !words.empty(), keeps));
  Status result = state_.parameters.last_status;
  if (is_assigned) {
    if (state_.parameters.options.trace) {
      CO_TRY(co_await trace(simple, words));
    }
    if (words.empty())
      result = state_.substitution_status.value_or(status::success);
    else
      result = co_await run_words({words.data(), words.size()}, true);
  }
  if (keeps) variables.restore(kept);
  // What `exec` redirects stays so.
  bool const stays = is_special && words.size() == 1 && words[0] == "exec";
  if (!stays && restores) state_.descriptors = before;
  co_return result;
}

exec::Task<Status> Interpreter::run_words(std::span<const base::String> words,
                                          bool with_functions) {
  bool const is_one_command = std::exchange(is_one_command_, false);
  const Builtin* const builtin = find_builtin(words[0]);
  if (builtin != nullptr && builtin->is_special) co_return co_await run_builtin(*builtin, words);
  auto* const function = with_functions ? state_.functions.find(words[0]) : nullptr;
  if (function != nullptr) co_return co_await run_function(*function, words);
  if (builtin != nullptr) co_return co_await run_builtin(*builtin, words);
  co_return co_await run_program(words, is_one_command);
}

exec::Task<Status> Interpreter::run_function(base::Shared<Command> body,
                                             std::span<const base::String> words) {
  CO_TRY(bool const too_deep, co_await is_too_deep());
  if (too_deep) co_return status::usage;
  base::Vector<base::String> arguments;
  for (const base::String& word : words.subspan(1)) {
    CO_TRY(base::String copy, word.try_copy());
    CO_TRY(arguments.try_push_back(std::move(copy)));
  }
  std::swap(state_.parameters.arguments, arguments);
  usize const kept = state_.parameters.variables.kept();
  usize const loops = std::exchange(state_.loops, 0);
  base::i64 const line_shift =
      std::exchange(state_.line_shift, 1 - static_cast<base::i64>(body->line));
  ++state_.functions_entered;
  ++state_.depth;
  auto result = co_await run_command(*body);
  --state_.depth;
  --state_.functions_entered;
  state_.loops = loops;
  state_.line_shift = line_shift;
  state_.parameters.variables.restore(kept);
  std::swap(state_.parameters.arguments, arguments);
  if (state_.leaving == Leaving::Function) {
    state_.leaving = Leaving::Nothing;
    co_return state_.parameters.last_status;
  }
  co_return result;
}

exec::Task<Status> Interpreter::run_builtin(const Builtin& builtin,
                                            std::span<const base::String> words) {
  bool const asks_for_help = words.size() == 2 && words[1] == "--help";
  co_return co_await call(asks_for_help ? describe : builtin.function, words, false);
}

exec::Task<Status> Interpreter::run_program(std::span<const base::String> words,
                                            bool closes_pipes) {
  co_return co_await call(run_first_by_name, words, closes_pipes);
}

exec::Task<Status> Interpreter::call(Builtin::Function function,
                                     std::span<const base::String> words, bool closes_pipes) {
  const Builtin* const builtin = find_builtin(words[0]);
  // What runs commands here goes on with the next one after a signal.
  bool const goes_on = builtin != nullptr && (builtin->is_special || runs_commands(words[0]));
  if (goes_on) co_return co_await call_now(function, words, closes_pipes);
  co_return co_await interruptibly(call_now(function, words, closes_pipes));
}

exec::Task<Status> Interpreter::call_now(Builtin::Function function,
                                         std::span<const base::String> words, bool closes_pipes) {
  auto const stream = [&](usize descriptor) {
    fs::Stream* const open = state_.descriptors.stream(descriptor);
    return open == nullptr ? &closed_ : open;
  };
  // They stay open, whatever the command does to the shell's own.
  Descriptors held = state_.descriptors;
  Invocation call{execution_.services,
                  state_,
                  words,
                  {stream(0), stream(1), stream(2)},
                  execution_.jobs,
                  execution_.group,
                  control_,
                  turn_,
                  *this};
  auto const close_pipes = [&] {
    if (held.stream(2) != nullptr && held.shared(2)->is_pipe_end) call.streams.err = &closed_;
    held.close_pipes();
    state_.descriptors.close_pipes();
  };
  if (closes_pipes) call.on_program_started = close_pipes;
  auto const result = co_await function(call);
  if (result) co_return *result;
  if (result.error().kind == fs::ErrorKind::OutOfMemory)
    co_return std::unexpected(base::OutOfMemory{});
  // Who stops reading does not want to hear more.
  if (result.error().kind == fs::ErrorKind::Closed) co_return status::unread;
  // Its own output is what failed; its errors may still be heard.
  static_cast<void>(co_await complain(call, "{}", fs::describe(result.error().kind)));
  co_return status::failure;
}

}  // namespace nacre::shell
