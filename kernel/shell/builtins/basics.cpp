#include "kernel/shell/builtins/builtins.hpp"
#include "lib/base/try.hpp"

namespace nacre::shell::builtin {

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
