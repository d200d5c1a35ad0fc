#pragma once

#include "kernel/console/tty.hpp"
#include "kernel/drivers/speaker.hpp"
#include "kernel/process/process.hpp"
#include "lib/base/chacha20.hpp"
#include "lib/base/time.hpp"
#include "lib/exec/executor.hpp"
#include "lib/wasm/platform.hpp"
#include "lib/wasm/runtime/tier.hpp"

namespace nacre::process {

/// What programs get of the machine. Boot makes one, and it outlives every process.
struct Services {
  exec::Executor& executor;
  wasm::Platform& platform;
  wasm::Tier& tier;
  base::SecureRandom& random;
  /// The time of day. Task context.
  base::UnixTime (*wall_clock)();
  ProcessTable& processes;
  /// Whose screen and keys games take; null where there is none.
  console::Tty* tty = nullptr;
  /// What games beep with; null where there is none.
  drivers::Speaker* speaker = nullptr;
};

}  // namespace nacre::process
