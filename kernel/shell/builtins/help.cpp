#include <algorithm>
#include <array>

#include "kernel/shell/builtins/builtins.hpp"
#include "kernel/shell/interpreter.hpp"
#include "lib/base/try.hpp"

/// What there is to be told about commands.
namespace nacre::shell::builtin {
namespace {

/// The script of `help tour`, which the ramdisk brings.
constexpr std::string_view tour = "/share/tour.sh";

/// Commands that are looked for together.
struct Topic {
  std::string_view name;
  std::string_view commands;  // with one blank between them
};

/// Every builtin is in one of them.
constexpr auto topics = std::to_array<Topic>({
    {"Files",
     "basename cat cd chmod cp df dirname du find ln ls mkdir mount mv pwd rm rmdir stat tar touch "
     "tree umask"},
    {"Text",
     "cmp cut echo grep head hexdump less printf seq sort tac tail tee tr uniq wc xargs yes"},
    {"Programs", "bg fg jobs kill ps run sleep time times top trace ulimit wait which"},
    {"Machine", "acpi cpuid date dmesg lspci mem poweroff reboot uptime"},
    {"Screen", "clear fc help history keymap screenshot status theme view"},
    {"Scripts",
     ". : [ alias break command continue env eval exec exit export false getopts hash local read "
     "readonly return set sh shift test trap true type unalias unset"},
    {"Games", "blocks bricks comets life maze snake"},
});
/// How many columns there are for the names.
constexpr usize row_size = 68;

constexpr std::string_view ending =
    "\n"
    "COMMAND --help tells more of one, help -a a line of each. Who is new here finds the way with\n"
    "help tour, in five minutes. Programs in /bin run by their name, others by their path.\n"
    "\n"
    "A; B   A && B   A || B   A | B   A &   ! A   time A   '...'   \"...\"   $NAME   $(A)\n"
    "A < FILE   A > FILE   A >> FILE   A 2> FILE   A 2>&1   * ? [a-z]   NAME=VALUE\n"
    "if for while until case { } ( ) and functions are those of every POSIX shell.\n"
    "Ctrl-C ends what runs, Ctrl-Z stops it; Esc leaves a game.\n";

/// The names, in rows behind that of the topic.
void write_topic(base::Sink& sink, const Topic& topic) {
  std::string_view name = topic.name;
  for (std::string_view rest = topic.commands; !rest.empty(); name = {}) {
    usize const end = rest.size() <= row_size ? rest.size() : rest.rfind(' ', row_size);
    base::format_to(sink, "{:<10}{}\n", name, rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

exec::Task<fs::Result<int>> run_tour(Invocation& call) {
  std::array<base::String, 2> words;
  CO_TRY(words[0], base::String::create("sh"));
  CO_TRY(words[1], base::String::create(tour));
  CO_TRY(int const status, co_await call.interpreter.run_words(words, false));
  co_return status;
}

exec::Task<fs::Result<int>> explain(Invocation& call, std::span<const base::String> names) {
  int result = status::success;
  for (const base::String& name : names) {
    if (const Builtin* const found = find_builtin(name)) {
      CO_TRY(co_await print(*call.streams.out, "usage: {} {}\n{}.\n{}", found->name, found->usage,
                            found->summary, found->details));
      continue;
    }
    CO_TRY(base::String const shown, printable(name));
    CO_TRY(co_await complain(call, "{}: no such command", shown.view()));
    result = status::failure;
  }
  co_return result;
}

}  // namespace

exec::Task<fs::Result<int>> help(Invocation& call) {
  auto const options = Options::parse(call);
  if (!options) co_return co_await refuse(call, options.error());
  std::span<const base::String> const names = options->operands();
  if (names.size() == 1 && names[0] == "tour") co_return co_await run_tour(call);
  if (!names.empty()) co_return co_await explain(call, names);
  base::String text;
  base::StringSink sink(text);
  if (options->has('a')) {
    for (const Builtin& builtin : builtins())
      base::format_to(sink, "{:<12}{}\n", builtin.name, builtin.summary);
  } else {
    for (const Topic& topic : topics) write_topic(sink, topic);
    sink.write(ending);
  }
  CO_TRY(sink.result());
  CO_TRY(co_await write_text(*call.streams.out, std::move(text)));
  co_return status::success;
}

}  // namespace nacre::shell::builtin
