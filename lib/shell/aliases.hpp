#pragma once

#include <optional>
#include <string_view>

#include "lib/shell/string_map.hpp"

namespace nacre::shell {

/// Words that stand for others where a command begins. [posix/xcu: "Alias Substitution"]
using Aliases = StringMap<base::String>;

}  // namespace nacre::shell
