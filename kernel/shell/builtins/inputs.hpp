#pragma once

#include <algorithm>
#include <optional>

#include "kernel/shell/builtin.hpp"
#include "kernel/shell/line_reader.hpp"
#include "lib/base/try.hpp"

namespace nacre::shell::builtin {

/// What was wrong with an input, if anything.
using InputProblem = std::optional<fs::Error>;

/// Calls `consume(stream, name)` for each operand as a stream; for the input without operands and
/// for `-`. It gives what was wrong with the input; its error is that of the output.
template <class Consume>
exec::Task<fs::Result<int>> for_each_input(Invocation& call, std::span<const base::String> operands,
                                           Consume consume) {
  int result = status::success;
  for (usize i = 0; i < std::max<usize>(operands.size(), 1); ++i) {
    std::string_view const path = operands.empty() ? "-" : operands[i].view();
    InputProblem problem;
    if (path == "-") {
      CO_TRY(problem, co_await consume(*call.streams.in, path));
    } else {
      auto file = co_await call.services.files.open(call.directory(), path);
      if (file) {
        CO_TRY(problem, co_await consume(*file, path));
      } else {
        problem = file.error();
      }
    }
    if (problem) {
      if (problem->kind == fs::ErrorKind::OutOfMemory) co_return std::unexpected(*problem);
      CO_TRY(co_await complain_about(call, path, *problem));
      result = status::failure;
    }
  }
  co_return result;
}

/// Calls `consume(line)` for each line of a stream. Its error is that of the output.
template <class Consume>
exec::Task<fs::Result<InputProblem>> for_each_line(Invocation& call, fs::Stream& from,
                                                   Consume consume) {
  LineReader reader(call, from);
  for (;;) {
    co_await call.pace();
    auto const line = co_await reader.next();
    if (!line) co_return line.error();
    if (!*line) co_return std::nullopt;
    CO_TRY(co_await consume(**line));
  }
}

using Lines = base::Vector<base::String>;

/// Adds the lines of a stream to `lines`.
inline exec::Task<fs::Result<InputProblem>> gather_lines(Invocation& call, fs::Stream& from,
                                                         Lines& lines) {
  co_return co_await for_each_line(call, from,
                                   [&](std::string_view line) -> exec::Task<fs::Result<void>> {
                                     CO_TRY(base::String copy, base::String::create(line));
                                     CO_TRY(lines.try_push_back(std::move(copy)));
                                     co_return fs::Result<void>{};
                                   });
}

/// The number that is the value of an option, if it was given; refuses what is none.
inline exec::Task<fs::Result<std::optional<u64>>> number_option(const Invocation& call,
                                                                const Options& options, char letter,
                                                                u64 otherwise) {
  auto const value = options.value(letter);
  if (!value) co_return otherwise;
  if (auto const number = parse_number(*value)) co_return *number;
  CO_TRY(base::String const shown, printable(*value));
  CO_TRY(co_await complain(call, "{}: not a number", shown.view()));
  co_return std::nullopt;
}

/// The time that is the value of an option, if it was given; refuses what is none.
inline exec::Task<fs::Result<std::optional<base::Duration>>> duration_option(
    const Invocation& call, const Options& options, char letter, base::Duration otherwise) {
  auto const value = options.value(letter);
  if (!value) co_return otherwise;
  if (auto const duration = parse_duration(*value)) co_return *duration;
  CO_TRY(base::String const shown, printable(*value));
  CO_TRY(co_await complain(call, "{}: not a number of seconds", shown.view()));
  co_return std::nullopt;
}

}  // namespace nacre::shell::builtin
