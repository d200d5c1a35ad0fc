#pragma once

#include <expected>
#include <filesystem>
#include <string>

#include "tools/hosted_programs/host_machine.hpp"

namespace nacre::tools {

/// Copies a folder of the host, with its files, folders, symbolic links and times, to a new
/// directory at the absolute path `to`. Errors: a line that says what could not be copied.
std::expected<void, std::string> copy_folder(HostMachine& machine,
                                             const std::filesystem::path& folder,
                                             const std::string& to);

}  // namespace nacre::tools
