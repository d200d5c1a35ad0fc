#include "kernel/process/file_bytes.hpp"
#include "kernel/shell/builtins/builtins.hpp"
#include "kernel/shell/interpreter.hpp"
#include "kernel/shell/jobs.hpp"
#include "kernel/shell/stopwatch.hpp"
#include "lib/base/try.hpp"
#include "lib/shell/parser.hpp"
#include "lib/shell/reserved_words.hpp"

/// What runs commands, or tells what they are.
namespace nacre::shell::builtin {
namespace {

/// The text of a script. Nothing: it was refused, with the status that is set then.
exec::Task<fs::Result<std::optional<base::String>>> read_script(Invocation& call,
                                                                std::string_view path) {
  auto const bytes = co_await process::FileBytes::read(call.services.files, call.directory(), path);
  if (bytes) {
    CO_TRY(base::String text, base::String::create(bytes->text()));
    co_return text;
  }
  if (bytes.error().kind == fs::ErrorKind::OutOfMemory) co_return std::unexpected(bytes.error());
  CO_TRY(co_await complain_about(call, path, bytes.error()));
  co_return std::nullopt;
}

/// Where a script without a slash in its name is: in a directory of `PATH`, or here.
exec::Task<fs::Result<base::String>> find_script(Invocation& call, std::string_view name) {
  if (!name.contains('/')) {
    auto found = co_await find_program(call, name);
    if (found || found.error().kind != fs::ErrorKind::NotFound) co_return found;
  }
  CO_TRY(base::String path, base::String::create(name));
  co_return path;
}

/// What a name means as a command. Nothing: none.
exec::Task<fs::Result<std::optional<base::String>>> meaning_of(Invocation& call,
                                                               std::string_view name, bool brief) {
  ShellState& state = call.state;
  auto const tell = [&](std::string_view format_kind) -> fs::Result<std::optional<base::String>> {
    auto text = brief ? base::format("{}\n", name) : base::format("{} is {}\n", name, format_kind);
    if (!text) return fs::fail(fs::ErrorKind::OutOfMemory);
    return std::move(*text);
  };
  if (const base::String* const alias = state.aliases.find(name)) {
    CO_TRY(base::String text, brief ? base::format("alias {}='{}'\n", name, alias->view())
                                    : base::format("{} is an alias for {}\n", name, alias->view()));
    co_return text;
  }
  if (is_reserved_word(name)) co_return tell("a shell keyword");
  const Builtin* const builtin = find_builtin(name);
  if (builtin != nullptr && builtin->is_special) co_return tell("a special shell builtin");
  if (state.functions.find(name) != nullptr) co_return tell("a shell function");
  if (builtin != nullptr) co_return tell("a shell builtin");
  auto const path = co_await find_program(call, name);
  bool const is_there =
      path && (co_await call.services.files.stat(call.directory(), *path)).has_value();
  if (!is_there) co_return std::nullopt;
  CO_TRY(base::String text, brief ? base::format("{}\n", path->view())
                                  : base::format("{} is {}\n", name, path->view()));
  co_return text;
}

/// Tells what each name means; 127 if one means nothing.
exec::Task<fs::Result<int>> tell_meanings(Invocation& call, std::span<const base::String> names,
                                          bool brief) {
  int result = status::success;
  for (const base::String& name : names) {
    CO_TRY(auto text, co_await meaning_of(call, name, brief));
    if (text) {
      CO_TRY(co_await write_text(*call.streams.out, std::move(*text)));
      continue;
    }
    result = status::not_found;
    if (brief) continue;
    CO_TRY(base::String const shown, printable(name));
    CO_TRY(co_await complain(call, "{}: not found", shown.view()));
  }
  co_return result;
}

/// Runs text as a script of its own, in a shell that has the variables that are exported.
exec::Task<fs::Result<int>> run_apart(Invocation& call, std::optional<std::string_view> text,
                                      std::span<const base::String> names, ShellOptions options) {
  CO_TRY(ShellState copy, call.state.try_copy_for_subshell(call.jobs.new_environment()));
  if (copy.depth > max_depth) {
    CO_TRY(co_await complain(call, "scripts stand in each other more than {} deep", max_depth));
    co_return status::usage;
  }
  Variables inherited;
  for (const auto& [name, variable] : call.state.parameters.variables.all()) {
    bool const is_own = name == "IFS" || name == "OPTIND" || name == "PS2" || name == "PS4";
    if (!variable.value || (!variable.is_exported && !is_own)) continue;
    // Nothing is read only in there.
    static_cast<void>(inherited.set(name, name == "IFS"      ? " \t\n"
                                          : name == "OPTIND" ? "1"
                                                             : variable.value->view()));
    CO_TRY(inherited.mark_exported(name, variable.is_exported));
  }
  copy.parameters.variables = std::move(inherited);
  copy.parameters.options = options;
  copy.parameters.arguments.clear();
  copy.parameters.last_status = status::success;
  copy.functions.clear();
  copy.aliases.clear();
  copy.functions_entered = copy.tested = copy.loops = 0;
  if (!names.empty()) {
    CO_TRY(copy.parameters.shell_name.assign(names[0]));
    for (const base::String& argument : names.subspan(1)) {
      CO_TRY(base::String copied, argument.try_copy());
      CO_TRY(copy.parameters.arguments.try_push_back(std::move(copied)));
    }
  }
  const Execution& execution = call.interpreter.execution();
  ScriptShell script(call.services.processes, copy, call.services.processes.reserve_id(),
                     call.state.id, copy.parameters.shell_name, call.group, call.jobs.changed());
  execution.scripts.push_back(script);
  copy.id = script.id();
  copy.parameters.process_id = copy.id.value;
  copy.status_before_trap.reset();
  Interpreter inner(execution, copy);
  CO_TRY(int const status,
         text ? co_await inner.run_text(*text) : co_await inner.run_stream(*call.streams.in));
  CO_TRY(int const ended, co_await inner.run_exit_trap(copy.exit_status.value_or(status)));
  co_return ended;
}

}  // namespace

exec::Task<fs::Result<int>> eval(Invocation& call) {
  base::String text;
  for (const base::String& word : call.arguments.subspan(1)) {
    if (&word != &call.arguments[1]) {
      CO_TRY(text.append(' '));
    }
    CO_TRY(text.append(word));
  }
  if (call.state.depth >= max_depth) {
    CO_TRY(co_await complain(call, "commands stand in each other more than {} deep", max_depth));
    call.state.give_up(status::usage);
    co_return status::usage;
  }
  ++call.state.depth;
  CO_TRY(int const status, co_await call.interpreter.run_text(text));
  --call.state.depth;
  co_return status;
}

exec::Task<fs::Result<int>> dot(Invocation& call) {
  ShellState& state = call.state;
  if (call.arguments.size() < 2 || state.depth >= max_depth) {
    CO_TRY(co_await complain(
        call, "{}",
        call.arguments.size() < 2 ? "a file is missing; see . --help" : "too many files in files"));
    state.give_up(status::usage);
    co_return status::usage;
  }
  CO_TRY(base::String const path, co_await find_script(call, call.arguments[1]));
  CO_TRY(auto const text, co_await read_script(call, path));
  if (!text) {
    state.give_up(status::usage);
    co_return status::usage;
  }
  ++state.depth;
  ++state.functions_entered;
  CO_TRY(int status, co_await call.interpreter.run_text(*text));
  --state.functions_entered;
  --state.depth;
  if (state.leaving == Leaving::Function) {
    state.leaving = Leaving::Nothing;
    status = state.parameters.last_status;
  }
  co_return status;
}

exec::Task<fs::Result<int>> exec_(Invocation& call) {
  std::span<const base::String> words = call.arguments.subspan(1);
  if (!words.empty() && words[0] == "--") words = words.subspan(1);
  // Without words it is about its redirections.
  if (words.empty()) co_return status::success;
  CO_TRY(int const status, co_await run_by_name(call, words));
  call.state.leave_shell(status);
  co_return status;
}

exec::Task<fs::Result<int>> command(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  if (options->operands().empty()) co_return status::success;
  if (options->has('v') || options->has('V'))
    co_return co_await tell_meanings(call, options->operands(), options->has('v'));
  Variables& variables = call.state.parameters.variables;
  usize const kept = variables.kept();
  if (options->has('p')) {
    CO_TRY(variables.keep("PATH"));
    // What may not be changed is as it is.
    static_cast<void>(variables.set("PATH", default_path));
  }
  // What is wrong with a special builtin ends nothing here.
  ++call.state.forgiving;
  CO_TRY(int const status, co_await call.interpreter.run_words(options->operands(), false));
  --call.state.forgiving;
  variables.restore(kept);
  co_return status;
}

exec::Task<fs::Result<int>> time(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  if (options->operands().empty()) {
    CO_TRY(co_await complain(call, "a command is missing; see time --help"));
    co_return status::usage;
  }
  Stopwatch const stopwatch(call.services.executor, call.group);
  CO_TRY(int const status, co_await call.interpreter.run_words(options->operands(), true));
  CO_TRY(co_await write_text(
      *call.streams.err,
      stopwatch.report(options->has('p') ? Pipeline::Timing::Portable : Pipeline::Timing::Usual)));
  co_return status;
}

[[clang::coro_wrapper]] exec::Task<fs::Result<int>> type(Invocation& call) {
  return tell_meanings(call, call.arguments.subspan(1), false);
}

exec::Task<fs::Result<int>> sh(Invocation& call) {
  std::span<const base::String> words = call.arguments.subspan(1);
  ShellOptions options;
  bool takes_text = false;
  bool takes_input = false;
  for (; !words.empty(); words = words.subspan(1)) {
    std::string_view const word = words[0];
    if (word == "--") {
      words = words.subspan(1);
      break;
    }
    if (word.size() < 2 || word[0] != '-') break;
    for (char const letter : word.substr(1)) {
      bool* const option = option_of(options, letter);
      if (letter == 'c') {
        takes_text = true;
      } else if (letter == 's') {
        takes_input = true;
      } else if (option != nullptr) {
        *option = true;
      } else {
        co_return co_await refuse(call, {word});
      }
    }
  }
  if (takes_text) {
    if (words.empty()) co_return co_await refuse(call, {"-c", true});
    std::string_view const text = words[0];
    std::span<const base::String> const names =
        words.size() > 1 ? words.subspan(1) : call.arguments.first(1);
    co_return co_await run_apart(call, text, names, options);
  }
  if (takes_input || words.empty()) {
    base::Vector<base::String> names;
    CO_TRY(base::String name, base::String::create(call.name()));
    CO_TRY(names.try_push_back(std::move(name)));
    for (const base::String& word : words) {
      CO_TRY(base::String copy, word.try_copy());
      CO_TRY(names.try_push_back(std::move(copy)));
    }
    co_return co_await run_apart(call, std::nullopt, {names.data(), names.size()}, options);
  }
  auto const text = co_await read_script(call, words[0]);
  if (!text) co_return std::unexpected(text.error());
  if (!*text) co_return status::not_found;
  co_return co_await run_apart(call, (*text)->view(), words, options);
}

/// Where programs are is not remembered: it is looked up each time. [posix/xcu: "hash"]
exec::Task<fs::Result<int>> hash(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  int result = status::success;
  for (const base::String& name : options->operands()) {
    CO_TRY(auto const meaning, co_await meaning_of(call, name, true));
    if (meaning) continue;
    CO_TRY(base::String const shown, printable(name));
    CO_TRY(co_await complain(call, "{}: not found", shown.view()));
    result = status::failure;
  }
  co_return result;
}

}  // namespace nacre::shell::builtin
