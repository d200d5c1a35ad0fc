#pragma once

#include <string>
#include <vector>

#include "lib/base/types.hpp"

namespace nacre::bench {

struct NamedModule {
  std::string name;
  std::vector<base::u8> bytes;
};

/// Modules of at least `smallest` bytes to measure with, the smallest first: a generated one, and
/// the real programs of the test data where these are there.
std::vector<NamedModule> modules_of_at_least(base::usize smallest);

}  // namespace nacre::bench
