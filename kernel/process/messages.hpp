#pragma once

#include <string_view>

#include "kernel/fs/stream.hpp"

namespace nacre::process {

/// Writes `text`, which outlives the task, to where messages go, if there is such a place. That
/// nobody reads it there is no error. Errors: OutOfMemory.
exec::Task<std::expected<void, base::OutOfMemory>> tell(fs::Stream* stream, std::string_view text);

}  // namespace nacre::process
