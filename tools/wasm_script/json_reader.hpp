#pragma once

#include <expected>
#include <filesystem>
#include <string>

#include "lib/base/types.hpp"
#include "lib/base/vector.hpp"

namespace nacre::tools {

/// Reads a script in the form of wabt's `wast2json`, with the modules beside it, and gives it back
/// in the compact form. Errors are one line that says what is wrong where.
std::expected<base::Vector<base::u8>, std::string> read_json_script(
    const std::filesystem::path& file);

}  // namespace nacre::tools
