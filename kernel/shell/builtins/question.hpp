#pragma once

#include <array>
#include <string_view>

#include "kernel/shell/builtin.hpp"
#include "lib/base/try.hpp"

namespace nacre::shell::builtin {

/// Asks a person; whether they said yes. What begins with y is that.
inline exec::Task<fs::Result<bool>> asks(Invocation& call, std::string_view question,
                                         std::string_view path) {
  CO_TRY(base::String const shown, printable(path));
  CO_TRY(co_await print(*call.streams.err, "{}: {} {}? ", call.name(), question, shown.view()));
  bool is_yes = false;
  for (bool is_first = true;; is_first = false) {
    co_await call.pace();
    std::array<u8, 1> byte;
    CO_TRY(usize const count, co_await call.streams.in->read(byte));
    if (count == 0 || byte[0] == '\n') co_return is_yes;
    if (is_first) is_yes = byte[0] == 'y' || byte[0] == 'Y';
  }
}

}  // namespace nacre::shell::builtin
