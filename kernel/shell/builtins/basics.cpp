#include <algorithm>
#include <array>

#include "kernel/shell/builtins/builtins.hpp"
#include "kernel/shell/interpreter.hpp"
#include "lib/base/try.hpp"

namespace nacre::shell::builtin {
namespace {

/// The script of `help tour`, which the ramdisk brings.
constexpr std::string_view tour = "/share/tour.sh";

}  // namespace

exec::Task<fs::Result<int>> clear(Invocation& call) {
  CO_TRY(co_await print(*call.streams.out, "\x1b[H\x1b[2J\x1b[3J"));
  co_return status::success;
}

exec::Task<fs::Result<int>> echo(Invocation& call) {
  std::span<const base::String> words = call.arguments.subspan(1);
  bool const ends_line = words.empty() || words[0] != "-n";
  if (!ends_line) words = words.subspan(1);
  base::String line;
  for (usize i = 0; i < words.size(); ++i) {
    if (i != 0) {
      CO_TRY(line.append(' '));
    }
    CO_TRY(line.append(words[i]));
  }
  if (ends_line) {
    CO_TRY(line.append('\n'));
  }
  CO_TRY(co_await write_text(*call.streams.out, std::move(line)));
  co_return status::success;
}

exec::Task<fs::Result<int>> yes(Invocation& call) {
  base::String line;
  for (const base::String& word : call.arguments.subspan(1)) {
    CO_TRY(line.append(line.empty() ? "" : " "));
    CO_TRY(line.append(word));
  }
  if (call.arguments.size() == 1) {
    CO_TRY(line.append('y'));
  }
  for (;;) {
    co_await call.pace();
    CO_TRY(co_await print(*call.streams.out, "{}\n", line.view()));
  }
}

exec::Task<fs::Result<int>> help(Invocation& call) {
  if (call.arguments.size() == 2 && call.arguments[1] == "tour") {
    std::array<base::String, 2> words;
    CO_TRY(words[0], base::String::create("sh"));
    CO_TRY(words[1], base::String::create(tour));
    CO_TRY(int const status, co_await call.interpreter.run_words(words, false));
    co_return status;
  }
  if (call.arguments.size() > 1) {
    int result = status::success;
    for (const base::String& name : call.arguments.subspan(1)) {
      if (const Builtin* const found = find_builtin(name)) {
        CO_TRY(co_await print(*call.streams.out, "usage: {} {}\n{}.\n{}", found->name, found->usage,
                              found->summary, found->details));
      } else {
        CO_TRY(base::String const shown, printable(name));
        CO_TRY(co_await complain(call, "{}: no such command", shown.view()));
        result = status::failure;
      }
    }
    co_return result;
  }
  base::String text;
  base::StringSink sink(text);
  for (const Builtin& builtin : builtins())
    base::format_to(sink, "  {:<12}{}\n", builtin.name, builtin.summary);
  sink.write(
      "\nWho is new here finds the way with `help tour`, in five minutes.\n"
      "Programs in /bin run by their name, others by their path. COMMAND --help tells more.\n"
      "Games are snake, blocks, bricks, comets, life and maze; Esc leaves them.\n"
      "A; B   A && B   A || B   A | B   A &   ! A   time A   '...'   \"...\"   $NAME   $(A)\n"
      "A < FILE   A > FILE   A >> FILE   A 2> FILE   A 2>&1   * ? [a-z]   NAME=VALUE\n"
      "if for while until case { } ( ) and functions are those of every POSIX shell.\n"
      "Ctrl-C ends what runs, Ctrl-Z stops it.\n");
  CO_TRY(sink.result());
  CO_TRY(co_await write_text(*call.streams.out, std::move(text)));
  co_return status::success;
}

exec::Task<fs::Result<int>> run(Invocation& call) {
  if (call.arguments.size() < 2) {
    CO_TRY(co_await complain(call, "a file is missing; see run --help"));
    co_return status::usage;
  }
  co_return co_await run_program(call, call.arguments[1], call.arguments.subspan(1));
}

exec::Task<fs::Result<int>> trace(Invocation& call) {
  if (call.arguments.size() < 2) {
    CO_TRY(co_await complain(call, "a program is missing; see trace --help"));
    co_return status::usage;
  }
  call.traced = true;
  co_return co_await run_by_name(call, call.arguments.subspan(1));
}

}  // namespace nacre::shell::builtin
