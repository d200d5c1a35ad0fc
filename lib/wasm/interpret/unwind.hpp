#pragma once

#include <optional>

#include "lib/wasm/interpret/machine.hpp"
#include "lib/wasm/runtime/exception.hpp"

namespace nacre::wasm::interpret {

/// Where execution goes on.
struct Landing {
  const Word* position;
  Slot* slots;
  Instance* instance;
};

/// Looks for what handles `exception`, thrown by the operation at `position` of the innermost call,
/// whose frame is at `slots`. If there is something, ends the calls inside of it, leaves there what
/// it wants of the exception, and says where to go on; else nothing has changed.
std::optional<Landing> unwind(Machine& machine, const Word* position, Slot* slots,
                              Exception& exception);

}  // namespace nacre::wasm::interpret
