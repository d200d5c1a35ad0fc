#pragma once

#include "lib/base/time.hpp"

namespace nacre::fs::test {

/// Times of which each is a second later than the one before.
inline base::i64 seconds = 0;
inline base::UnixTime tick() { return {++seconds, 0}; }

}  // namespace nacre::fs::test
