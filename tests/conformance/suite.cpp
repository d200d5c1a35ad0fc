#include "tests/conformance/suite.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace nacre::conformance {

namespace fs = std::filesystem;

std::vector<std::string> scripts_of(const fs::path& suite, const std::string& group) {
  std::vector<std::string> scripts;
  std::error_code error;
  for (auto const& folder : fs::directory_iterator(suite / group, error))
    if (folder.is_directory()) scripts.push_back(group + "/" + folder.path().filename().string());
  std::ranges::sort(scripts);
  return scripts;
}

fs::path file_of(const fs::path& suite, const std::string& script) {
  fs::path const folder = suite / script;
  return folder / (folder.filename().string() + ".json");
}

std::optional<std::string> read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace nacre::conformance
