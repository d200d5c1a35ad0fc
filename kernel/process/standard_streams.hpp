#pragma once

#include "kernel/fs/stream.hpp"

namespace nacre::process {

/// Where a program's bytes come from and go to. A null is a closed descriptor.
struct StandardStreams {
  fs::Stream* input = nullptr;
  fs::Stream* output = nullptr;
  fs::Stream* error = nullptr;
};

}  // namespace nacre::process
