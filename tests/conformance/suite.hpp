#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/types.hpp"

namespace nacre::conformance {

/// What the official WebAssembly test suite is made of.
inline constexpr const char* groups[] = {
    "json-2.0/core",        "json-2.0/simd",         "json-3.0/core",
    "json-3.0/bulk-memory", "json-3.0/simd",         "json-3.0/relaxed-simd",
    "json-3.0/memory64",    "json-3.0/multi-memory", "json-3.0/exceptions",
    "json-3.0/gc",          "json-3.0/threads",      "json-3.0/legacy-exceptions"};

/// The names of a group's scripts, in order: `json-2.0/core/address`. Empty where the suite has no
/// such group.
std::vector<std::string> scripts_of(const std::filesystem::path& suite, const std::string& group);

/// The JSON file of a script.
std::filesystem::path file_of(const std::filesystem::path& suite, const std::string& script);

/// A whole file, if it can be read.
std::optional<std::string> read_text(const std::filesystem::path& path);

}  // namespace nacre::conformance
