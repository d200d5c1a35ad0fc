#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "kernel/fs/file_system.hpp"
#include "lib/base/format.hpp"

namespace nacre::shell::builtin {

using base::u32;

/// "drwxr-xr-x". [posix/xcu: "ls"]
std::array<char, 10> mode_text(const fs::Stat& stat);

/// Permissions as `umask -S` writes them: "u=rwx,g=rx,o=rx". [posix/xcu: "umask"]
void write_symbolic(base::Sink& sink, u32 mode);

/// What `text` makes of `mode`: octal digits, or "u=rwx,go-w" and the like. `mask` is what is not
/// given where nobody is named, and `is_directory` what `X` asks. Nothing if it is neither.
/// [posix/xcu: "chmod"]
std::optional<u32> changed_mode(std::string_view text, u32 mode, u32 mask, bool is_directory);

}  // namespace nacre::shell::builtin
