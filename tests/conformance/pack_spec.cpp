// Packs the official WebAssembly test suite for where there is no JSON: a tar of scripts in the
// compact form, with the ledger and the list of differences in front.
//     pack_spec SUITE LEDGER DIFFERENCES OUTPUT
#include <cstdio>
#include <fstream>
#include <set>

#include "tests/conformance/suite.hpp"
#include "tests/support/tar_builder.hpp"
#include "tools/wasm_script/json_reader.hpp"

namespace nacre::conformance {
namespace {

constexpr int skip_return_code = 77;
constexpr int usage_return_code = 2;

/// A script that an earlier group has in the same bytes is left out.
bool pack_group(const std::filesystem::path& suite, const std::string& group,
                test::TarBuilder& archive, std::set<std::string>& packed) {
  auto const scripts = scripts_of(suite, group);
  if (scripts.empty()) {
    std::fprintf(stderr, "pack_spec: the suite has no scripts in %s\n", group.c_str());
    return false;
  }
  unsigned known = 0;
  for (auto const& script : scripts) {
    auto const bytes = tools::read_json_script(file_of(suite, script));
    if (!bytes) {
      std::fprintf(stderr, "pack_spec: %s\n", bytes.error().c_str());
      return false;
    }
    auto const added = packed.insert(std::string(bytes->begin(), bytes->end()));
    if (added.second)
      archive.file(script, *added.first);
    else
      ++known;
  }
  std::printf("packed: %zu scripts of %s, %u as in a group before\n", scripts.size() - known,
              group.c_str(), known);
  return true;
}

int run(std::span<char*> arguments) {
  std::filesystem::path const suite = arguments[0];
  if (!std::filesystem::is_directory(suite)) {
    std::printf("skipped: the official WebAssembly test suite is not at %s\n", arguments[0]);
    return skip_return_code;
  }
  test::TarBuilder archive;
  for (int i = 1; i < 3; ++i) {
    auto const index = static_cast<std::size_t>(i);
    auto const text = read_text(arguments[index]);
    if (!text) {
      std::fprintf(stderr, "pack_spec: %s: cannot be opened\n", arguments[index]);
      return usage_return_code;
    }
    archive.file(i == 1 ? "ledger" : "differences", *text);
  }
  std::set<std::string> packed;
  for (char const* const group : groups)
    if (!pack_group(suite, group, archive, packed)) return usage_return_code;
  archive.end();
  std::ofstream output(arguments[3], std::ios::binary);
  auto const bytes = archive.bytes();
  for (base::u8 const byte : bytes) output.put(static_cast<char>(byte));
  output.close();
  if (!output) {
    std::fprintf(stderr, "pack_spec: %s: cannot be written\n", arguments[3]);
    return usage_return_code;
  }
  return 0;
}

}  // namespace
}  // namespace nacre::conformance

int main(int count, char** arguments) {
  if (count != 5) {
    std::fprintf(stderr, "usage: pack_spec SUITE LEDGER DIFFERENCES OUTPUT\n");
    return nacre::conformance::usage_return_code;
  }
  return nacre::conformance::run({arguments + 1, static_cast<std::size_t>(count) - 1});
}
