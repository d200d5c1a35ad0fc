#pragma once

#include <optional>

#include "lib/base/types.hpp"

namespace nacre::text {

/// The one character that looks like `letter` with the combining `mark` on it, for the Latin, Greek
/// and Cyrillic letters that have such a character; nothing for others.
/// [unicode/core: "Canonical Composition Algorithm"]
std::optional<char32_t> compose(char32_t letter, char32_t mark);

}  // namespace nacre::text
