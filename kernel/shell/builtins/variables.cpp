#include <algorithm>

#include "kernel/shell/builtins/builtins.hpp"
#include "lib/base/try.hpp"
#include "lib/shell/characters.hpp"

/// What changes the shell's own variables, arguments and options.
namespace nacre::shell::builtin {
namespace {

/// `NAME` or `NAME=VALUE`.
struct NameValue {
  std::string_view name;
  std::optional<std::string_view> value;
};
NameValue split(std::string_view text) {
  usize const sign = text.find('=');
  if (sign == text.npos) return {text, std::nullopt};
  return {text.substr(0, sign), text.substr(sign + 1)};
}

exec::Task<fs::Result<int>> refuse_name(Invocation& call, std::string_view name) {
  CO_TRY(base::String const shown, printable(name));
  CO_TRY(co_await complain(call, "{}: not a name", shown.view()));
  call.state.give_up(status::usage);
  co_return status::usage;
}

exec::Task<fs::Result<int>> refuse_change(Invocation& call, std::string_view name,
                                          VariableError error) {
  if (error.kind == VariableError::Kind::OutOfMemory)
    co_return fs::fail(fs::ErrorKind::OutOfMemory);
  CO_TRY(co_await complain(call, "{}: is read only", name));
  call.state.give_up(status::usage);
  co_return status::usage;
}

exec::Task<fs::Result<int>> list_marked(Invocation& call, bool Variable::* mark) {
  base::String text;
  base::StringSink sink(text);
  for (const auto& [name, variable] : call.state.parameters.variables.all()) {
    if (!(variable.*mark)) continue;
    base::format_to(sink, "{} {}", call.name(), name.view());
    if (variable.value) {
      sink.write("=");
      write_quoted(sink, *variable.value);
    }
    sink.write("\n");
  }
  CO_TRY(sink.result());
  CO_TRY(co_await write_text(*call.streams.out, std::move(text)));
  co_return status::success;
}

enum class Mark : u8 { Exported, NotExported, ReadOnly };

exec::Task<fs::Result<int>> mark_variables(Invocation& call, std::span<const base::String> operands,
                                           Mark mark) {
  Variables& variables = call.state.parameters.variables;
  for (const base::String& operand : operands) {
    auto const [name, value] = split(operand);
    if (!is_name(name)) co_return co_await refuse_name(call, operand);
    if (value) {
      if (auto const set = variables.set(name, *value); !set)
        co_return co_await refuse_change(call, name, set.error());
    }
    if (mark == Mark::ReadOnly) {
      CO_TRY(variables.mark_read_only(name));
    } else {
      CO_TRY(variables.mark_exported(name, mark == Mark::Exported));
    }
  }
  co_return status::success;
}

exec::Task<fs::Result<int>> list_variables(Invocation& call) {
  base::String text;
  base::StringSink sink(text);
  for (const auto& [name, variable] : call.state.parameters.variables.all()) {
    if (!variable.value) continue;
    base::format_to(sink, "{}=", name.view());
    write_quoted(sink, *variable.value);
    sink.write("\n");
  }
  CO_TRY(sink.result());
  CO_TRY(co_await write_text(*call.streams.out, std::move(text)));
  co_return status::success;
}

exec::Task<fs::Result<int>> list_options(Invocation& call, bool as_commands) {
  base::String text;
  base::StringSink sink(text);
  for (char const letter : option_letters) {
    bool const is_set = *option_of(call.state.parameters.options, letter);
    if (as_commands)
      base::format_to(sink, "set {}o {}\n", is_set ? "-" : "+", option_name(letter));
    else
      base::format_to(sink, "{:<16}{}\n", option_name(letter), is_set ? "on" : "off");
  }
  CO_TRY(sink.result());
  CO_TRY(co_await write_text(*call.streams.out, std::move(text)));
  co_return status::success;
}

exec::Task<fs::Result<void>> set_arguments(Invocation& call,
                                           std::span<const base::String> operands) {
  base::Vector<base::String> arguments;
  for (const base::String& operand : operands) {
    CO_TRY(base::String copy, operand.try_copy());
    CO_TRY(arguments.try_push_back(std::move(copy)));
  }
  call.state.parameters.arguments = std::move(arguments);
  co_return fs::Result<void>{};
}

}  // namespace

exec::Task<fs::Result<int>> export_(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  if (options->operands().empty()) co_return co_await list_marked(call, &Variable::is_exported);
  co_return co_await mark_variables(call, options->operands(),
                                    options->has('n') ? Mark::NotExported : Mark::Exported);
}

exec::Task<fs::Result<int>> readonly(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  if (options->operands().empty()) co_return co_await list_marked(call, &Variable::is_read_only);
  co_return co_await mark_variables(call, options->operands(), Mark::ReadOnly);
}

exec::Task<fs::Result<int>> local(Invocation& call) {
  if (call.state.functions_entered == 0) {
    CO_TRY(co_await complain(call, "not in a function"));
    call.state.give_up(status::usage);
    co_return status::usage;
  }
  Variables& variables = call.state.parameters.variables;
  for (const base::String& operand : call.arguments.subspan(1)) {
    auto const [name, value] = split(operand);
    if (!is_name(name)) co_return co_await refuse_name(call, operand);
    CO_TRY(variables.keep(name));
    if (!value) continue;
    if (auto const set = variables.set(name, *value); !set)
      co_return co_await refuse_change(call, name, set.error());
  }
  co_return status::success;
}

exec::Task<fs::Result<int>> set(Invocation& call) {
  std::span<const base::String> words = call.arguments.subspan(1);
  if (words.empty()) co_return co_await list_variables(call);
  ShellOptions options = call.state.parameters.options;
  for (; !words.empty(); words = words.subspan(1)) {
    std::string_view const word = words[0];
    if (word == "--" || word == "-") {
      call.state.parameters.options = options;
      CO_TRY(co_await set_arguments(call, words.subspan(1)));
      co_return status::success;
    }
    if (word.size() < 2 || (word[0] != '-' && word[0] != '+')) break;
    bool const on = word[0] == '-';
    for (char const letter : word.substr(1)) {
      if (letter == 'o' && words.size() == 1) co_return co_await list_options(call, !on);
      char known = letter;
      if (letter == 'o') {
        words = words.subspan(1);
        auto const* const named = std::ranges::find_if(
            option_letters, [&](char one) { return option_name(one) == words[0].view(); });
        known = named == option_letters.end() ? '\0' : *named;
      }
      bool* const option = option_of(options, known);
      if (option == nullptr) {
        CO_TRY(base::String const shown, printable(words[0]));
        CO_TRY(co_await complain(call, "{}: no such option; see set --help", shown.view()));
        call.state.give_up(status::usage);
        co_return status::usage;
      }
      *option = on;
    }
  }
  call.state.parameters.options = options;
  if (!words.empty()) {
    CO_TRY(co_await set_arguments(call, words));
  }
  co_return status::success;
}

exec::Task<fs::Result<int>> shift(Invocation& call) {
  auto& arguments = call.state.parameters.arguments;
  auto const number = call.arguments.size() > 1 ? parse_number(call.arguments[1]) : u64{1};
  if (!number || *number > arguments.size()) {
    CO_TRY(co_await complain(call, "there are only {} arguments", arguments.size()));
    call.state.give_up(status::usage);
    co_return status::usage;
  }
  arguments.erase(0, static_cast<usize>(*number));
  co_return status::success;
}

exec::Task<fs::Result<int>> unset(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  for (const base::String& name : options->operands()) {
    if (options->has('f')) {
      call.state.functions.remove(name);
      continue;
    }
    if (!is_name(name)) co_return co_await refuse_name(call, name);
    if (auto const done = call.state.parameters.variables.unset(name); !done)
      co_return co_await refuse_change(call, name, done.error());
  }
  co_return status::success;
}

exec::Task<fs::Result<int>> alias(Invocation& call) {
  base::String text;
  base::StringSink sink(text);
  auto const show = [&](std::string_view name, std::string_view value) {
    base::format_to(sink, "{}=", name);
    write_quoted(sink, value);
    sink.write("\n");
  };
  int result = status::success;
  if (call.arguments.size() == 1)
    for (const auto& [name, value] : call.state.aliases.entries()) show(name, value);
  for (const base::String& operand : call.arguments.subspan(1)) {
    auto const [name, value] = split(operand);
    if (value) {
      CO_TRY(base::String* const known, call.state.aliases.find_or_add(name));
      CO_TRY(known->assign(*value));
    } else if (const base::String* const known = call.state.aliases.find(name)) {
      show(name, *known);
    } else {
      CO_TRY(base::String const shown, printable(name));
      CO_TRY(co_await complain(call, "{}: no such alias", shown.view()));
      result = status::failure;
    }
  }
  CO_TRY(sink.result());
  CO_TRY(co_await write_text(*call.streams.out, std::move(text)));
  co_return result;
}

exec::Task<fs::Result<int>> unalias(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  if (options->has('a')) call.state.aliases.clear();
  int result = status::success;
  for (const base::String& name : options->operands()) {
    if (call.state.aliases.remove(name)) continue;
    CO_TRY(base::String const shown, printable(name));
    CO_TRY(co_await complain(call, "{}: no such alias", shown.view()));
    result = status::failure;
  }
  co_return result;
}

}  // namespace nacre::shell::builtin
