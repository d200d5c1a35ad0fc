#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/types.hpp"

namespace nacre::test {

/// The folder `name` of the test data that are not part of the project: below `$NACRE_SHARED`, else
/// below the folder that the build was configured with. Empty when it is not there.
inline std::optional<std::filesystem::path> shared_data(const char* name) {
  const char* const chosen = std::getenv("NACRE_SHARED");
  auto const path = std::filesystem::path(chosen != nullptr ? chosen : NACRE_SHARED_DIR) / name;
  if (!std::filesystem::is_directory(path)) return std::nullopt;
  return path;
}

inline std::vector<base::u8> read_file(const std::filesystem::path& path) {
  std::vector<base::u8> bytes(std::filesystem::file_size(path));
  std::ifstream stream(path, std::ios::binary);
  stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

}  // namespace nacre::test
