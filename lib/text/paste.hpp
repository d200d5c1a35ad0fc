#pragma once

#include <expected>
#include <string_view>

#include "lib/base/string.hpp"

namespace nacre::text {

/// The bytes that a program gets when `text` is pasted: lines end with a carriage return, as the
/// Enter key does, and other control characters but the tab are left out, so that nothing in the
/// text is taken for a key. With `is_bracketed` they stand between the marks of mode 2004, which
/// they cannot contain. Errors: OutOfMemory. [xterm/ctlseqs: "Bracketed Paste Mode"]
std::expected<base::String, base::OutOfMemory> pasted_bytes(std::string_view text,
                                                            bool is_bracketed);

}  // namespace nacre::text
