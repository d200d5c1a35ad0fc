#pragma once

#include "lib/base/chacha20.hpp"
#include "lib/base/time.hpp"
#include "lib/exec/task.hpp"

namespace nacre::boot {

/// A key for the kernel's random generator: the processor's random numbers where it has such, mixed
/// with the time of day and with how long things took. Context: boot.
base::ChaCha20::Key gather_entropy(base::UnixTime now);

/// Mixes more of the same into the generator, soon and then each minute, for ever: what was not
/// known at the start adds up, and when this task runs depends on the machine's interrupts.
exec::Task<void> keep_mixing(base::SecureRandom& random, base::UnixTime (*now)());

}  // namespace nacre::boot
