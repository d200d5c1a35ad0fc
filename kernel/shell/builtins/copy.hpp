#pragma once

#include <array>
#include <optional>
#include <span>

#include "kernel/shell/builtins/inputs.hpp"
#include "lib/base/try.hpp"

namespace nacre::shell::builtin {

/// Writes an input as it is. Its error is that of the output.
inline exec::Task<fs::Result<InputProblem>> copy(Invocation& call, fs::Stream& from) {
  std::array<u8, 4096> buffer;
  for (;;) {
    co_await call.pace();
    auto const count = co_await from.read(buffer);
    if (!count) co_return count.error();
    if (*count == 0) co_return std::nullopt;
    CO_TRY(co_await fs::write_all(*call.streams.out, std::span(buffer).first(*count)));
  }
}

}  // namespace nacre::shell::builtin
