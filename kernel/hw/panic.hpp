#pragma once

#include "kernel/hw/trap_frame.hpp"
#include "lib/base/format.hpp"

namespace nacre::hw {

/// Stops the machine because of a bug of ours: prints the message, registers, a symbolised
/// backtrace and the last log lines on every output there is. Defined in kernel/boot. Any context.
/// `frame` is what was interrupted, where an exception is the cause.
[[noreturn]] void panic_with(std::string_view message, const TrapFrame* frame);

template <class... Arguments>
[[noreturn]] void panic(base::FormatString<std::type_identity_t<Arguments>...> format,
                        const Arguments&... arguments) {
  base::FixedText<256> const message(format, arguments...);
  panic_with(message, nullptr);
}

}  // namespace nacre::hw
