#pragma once

#include "kernel/hw/cpu.hpp"
#include "kernel/process/kernel_platform.hpp"
#include "kernel/process/process.hpp"
#include "kernel/process/services.hpp"
#include "lib/base/chacha20.hpp"
#include "lib/exec/executor.hpp"
#include "lib/wasm/interpret/interpreter.hpp"

namespace nacre::test {

/// What boot puts together for programs to run, without devices: for images that run some.
struct ProgramMachine {
  /// The time stamp counter, a nanosecond a tick.
  static base::Instant ticks() {
    return base::Instant{static_cast<base::i64>(hw::read_timestamp())};
  }

  explicit ProgramMachine(exec::Executor::Clock clock = ticks) : executor(clock) {}

  exec::Executor executor;
  process::KernelPlatform platform;
  wasm::Interpreter interpreter;
  base::SecureRandom random{{}};
  process::ProcessTable processes;
  process::Services services{.executor = executor,
                             .platform = platform,
                             .tier = interpreter,
                             .random = random,
                             .wall_clock = [] { return base::UnixTime{}; },
                             .processes = processes};
};

}  // namespace nacre::test
