#pragma once

#include "lib/base/chacha20.hpp"
#include "lib/base/time.hpp"

namespace nacre::boot {

/// A key for the kernel's random generator: the processor's random numbers where it has such, mixed
/// with the time of day and with how long things took. Context: boot.
base::ChaCha20::Key gather_entropy(base::UnixTime now);

}  // namespace nacre::boot
