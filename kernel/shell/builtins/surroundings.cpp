#include <algorithm>
#include <array>

#include "kernel/shell/builtins/builtins.hpp"
#include "kernel/shell/builtins/calendar.hpp"
#include "kernel/shell/interpreter.hpp"
#include "lib/base/try.hpp"
#include "lib/exec/wait.hpp"
#include "lib/shell/characters.hpp"

/// Time, environment and what was entered before.
namespace nacre::shell::builtin {
namespace {

constexpr std::array<std::string_view, 7> weekdays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                      "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> months = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

/// What a letter behind `%` means. False for one that means nothing. [posix/xcu: "date"]
bool write_part(base::Sink& sink, const CalendarTime& time, base::i64 seconds, char letter) {
  std::string_view const weekday = weekdays[static_cast<usize>(time.weekday)];
  std::string_view const month = months[static_cast<usize>(time.month - 1)];
  switch (letter) {
    case 'Y': base::format_to(sink, "{:04}", time.year); return true;
    case 'y': base::format_to(sink, "{:02}", time.year % 100); return true;
    case 'm': base::format_to(sink, "{:02}", time.month); return true;
    case 'd': base::format_to(sink, "{:02}", time.day); return true;
    case 'e': base::format_to(sink, "{:>2}", time.day); return true;
    case 'H': base::format_to(sink, "{:02}", time.hour); return true;
    case 'M': base::format_to(sink, "{:02}", time.minute); return true;
    case 'S': base::format_to(sink, "{:02}", time.second); return true;
    case 'j': base::format_to(sink, "{:03}", time.day_of_year); return true;
    case 's': base::format_to(sink, "{}", seconds); return true;
    case 'u': base::format_to(sink, "{}", time.weekday == 0 ? 7 : time.weekday); return true;
    case 'w': base::format_to(sink, "{}", time.weekday); return true;
    case 'a': sink.write(weekday.substr(0, 3)); return true;
    case 'A': sink.write(weekday); return true;
    case 'b':
    case 'h': sink.write(month.substr(0, 3)); return true;
    case 'B': sink.write(month); return true;
    case 'F':
      base::format_to(sink, "{:04}-{:02}-{:02}", time.year, time.month, time.day);
      return true;
    case 'T':
      base::format_to(sink, "{:02}:{:02}:{:02}", time.hour, time.minute, time.second);
      return true;
    case 'Z': sink.write("UTC"); return true;
    case 'n': sink.write("\n"); return true;
    case 't': sink.write("\t"); return true;
    case '%': sink.write("%"); return true;
    default: return false;
  }
}

}  // namespace

exec::Task<fs::Result<int>> date(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  std::span<const base::String> const operands = options->operands();
  if (operands.size() > 1 || (!operands.empty() && !operands[0].view().starts_with('+'))) {
    CO_TRY(co_await complain(
        call, "a + and a format are wanted, or nothing: it cannot be set; see date --help"));
    co_return status::usage;
  }
  base::UnixTime now = call.services.system.now();
  if (auto const text = options->value('d')) {
    auto const given = parse_date(*text);
    if (!given) {
      CO_TRY(base::String const shown, printable(*text));
      CO_TRY(co_await complain(call, "{}: not a time; see date --help", shown.view()));
      co_return status::usage;
    }
    now = *given;
  }
  CalendarTime const time = calendar_time(now);
  std::string_view const format =
      operands.empty() ? std::string_view("%a %b %e %H:%M:%S %Z %Y") : operands[0].view().substr(1);
  base::String text;
  base::StringSink sink(text);
  for (usize i = 0; i < format.size(); ++i) {
    bool const is_part = format[i] == '%' && i + 1 < format.size() &&
                         write_part(sink, time, now.seconds, format[i + 1]);
    if (is_part)
      ++i;
    else
      sink.write(format.substr(i, 1));
  }
  sink.write("\n");
  CO_TRY(sink.result());
  CO_TRY(co_await write_text(*call.streams.out, std::move(text)));
  co_return status::success;
}

/// Of the shell itself and of its programs: user's time and, which is not told apart, the
/// system's. [posix/xcu: "times"]
exec::Task<fs::Result<int>> times(Invocation& call) {
  auto const* const task = call.services.executor.current();
  auto const write = [](base::Sink& sink, base::Duration time) {
    auto const ms = static_cast<u64>(std::max<base::i64>(time.ns, 0)) / 1'000'000;
    base::format_to(sink, "{}m{}.{:02}s 0m0.00s\n", ms / 60'000, ms / 1000 % 60, ms / 10 % 100);
  };
  base::String text;
  base::StringSink sink(text);
  write(sink, task == nullptr ? base::Duration{} : task->run_time());
  write(sink, call.group.cpu_time);
  CO_TRY(sink.result());
  CO_TRY(co_await write_text(*call.streams.out, std::move(text)));
  co_return status::success;
}

exec::Task<fs::Result<int>> sleep(Invocation& call) {
  auto const duration =
      call.arguments.size() == 2 ? parse_duration(call.arguments[1]) : std::nullopt;
  if (!duration) {
    CO_TRY(co_await complain(call, "a number of seconds is wanted; see sleep --help"));
    co_return status::usage;
  }
  co_await exec::sleep_for(*duration);
  co_return status::success;
}

exec::Task<fs::Result<int>> env(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  Variables& variables = call.state.parameters.variables;
  usize const kept = variables.kept();
  if (options->has('i')) {
    for (const auto& [name, variable] : variables.all()) {
      if (!variable.is_exported) continue;
      CO_TRY(variables.keep(name));
      CO_TRY(variables.mark_exported(name, false));
    }
  }
  std::span<const base::String> words = options->operands();
  for (; !words.empty(); words = words.subspan(1)) {
    std::string_view const word = words[0];
    usize const size = name_size(word);
    if (size == 0 || size >= word.size() || word[size] != '=') break;
    std::string_view const name = word.substr(0, size);
    CO_TRY(variables.keep(name));
    if (!variables.set(name, word.substr(size + 1))) {
      CO_TRY(co_await complain(call, "{}: is read only", name));
      variables.restore(kept);
      co_return status::failure;
    }
    CO_TRY(variables.mark_exported(name, true));
  }
  int result = status::success;
  if (words.empty()) {
    base::String text;
    base::StringSink sink(text);
    for (const auto& [name, variable] : variables.all())
      if (variable.is_exported && variable.value)
        base::format_to(sink, "{}={}\n", name.view(), variable.value->view());
    CO_TRY(sink.result());
    CO_TRY(co_await write_text(*call.streams.out, std::move(text)));
  } else {
    CO_TRY(result, co_await call.interpreter.run_words(words, false));
  }
  variables.restore(kept);
  co_return result;
}

exec::Task<fs::Result<int>> history(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  if (call.services.history == nullptr) co_return status::success;
  if (options->has('c')) {
    call.services.history->clear();
    co_return status::success;
  }
  const text::History& lines = *call.services.history;
  u64 count = lines.size();
  if (!options->operands().empty()) {
    auto const number = parse_number(options->operands()[0]);
    if (!number) {
      CO_TRY(co_await complain(call, "a number is wanted; see history --help"));
      co_return status::usage;
    }
    count = std::min<u64>(*number, count);
  }
  base::String text;
  base::StringSink sink(text);
  for (usize i = lines.size() - static_cast<usize>(count); i < lines.size(); ++i)
    base::format_to(sink, "{:>5}  {}\n", i + 1, lines[i]);
  CO_TRY(sink.result());
  CO_TRY(co_await write_text(*call.streams.out, std::move(text)));
  co_return status::success;
}

}  // namespace nacre::shell::builtin
