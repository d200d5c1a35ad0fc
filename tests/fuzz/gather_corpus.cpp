// Writes what the fuzzers of WebAssembly begin with: small modules of the official test suite and
// of the collection of malformed ones where those are there, else modules of the project's own. The
// list of files is as `-seed_inputs=@LIST` takes it:  gather_corpus SHARED FOLDER LIST
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "lib/wasm/validate/validator.hpp"
#include "tests/support/wasm_samples.hpp"

namespace nacre {
namespace {

namespace fs = std::filesystem;
using test::Bytes;

constexpr base::usize largest = 4096;
constexpr base::usize most_of_suite = 1200;
constexpr base::usize most_of_malformed = 300;

Bytes read(const fs::path& path) {
  std::ifstream input(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(input), {}};
}

/// At most `most` different modules: the largest ones of each folder, then the next ones of each.
/// Not many of them are modules that are refused, whose mutants are refused as a rule, too.
std::vector<Bytes> gather(const fs::path& root, base::usize most) {
  base::usize const most_refused = most / 5;
  base::usize refused = 0;
  std::map<std::string, std::vector<std::pair<base::usize, std::string>>> folders;
  for (auto const& entry : fs::recursive_directory_iterator(root))
    if (entry.is_regular_file() && entry.path().extension() == ".wasm" &&
        entry.file_size() <= largest)
      folders[entry.path().parent_path().string()].emplace_back(entry.file_size(),
                                                                entry.path().string());
  for (auto& [name, files] : folders) std::ranges::sort(files);
  std::set<Bytes> seen;
  std::vector<Bytes> modules;
  for (bool is_any_left = true; is_any_left;) {
    is_any_left = false;
    for (auto& [name, files] : folders) {
      if (files.empty() || modules.size() == most) continue;
      is_any_left = true;
      auto bytes = read(files.back().second);
      files.pop_back();
      if (!seen.insert(bytes).second) continue;
      if (!wasm::load(bytes) && ++refused > most_refused) continue;
      modules.push_back(std::move(bytes));
    }
  }
  return modules;
}

int run(const fs::path& shared, const fs::path& folder, const fs::path& list) {
  std::vector<Bytes> modules;
  std::string used;
  auto const add = [&](const char* name, base::usize most) {
    if (!fs::is_directory(shared / name)) return;
    auto more = gather(shared / name, most);
    modules.insert(modules.end(), std::make_move_iterator(more.begin()),
                   std::make_move_iterator(more.end()));
    used += (used.empty() ? "" : " and ") + (shared / name).string();
  };
  add("wasm-spec", most_of_suite);
  add("malformed", most_of_malformed);
  if (modules.empty()) {
    modules = test::sample_modules();
    used = "the project's own modules, one for each instruction";
  }
  fs::remove_all(folder);
  fs::create_directories(folder);
  std::ofstream names(list);
  for (base::usize i = 0; i < modules.size(); ++i) {
    auto const path = folder / (std::to_string(i) + ".wasm");
    std::ofstream file(path, std::ios::binary);
    std::ranges::copy(modules[i], std::ostreambuf_iterator<char>(file));
    names << (i == 0 ? "" : ",") << path.string();
  }
  std::printf("corpus: %zu modules, from %s\n", modules.size(), used.c_str());
  return names.good() ? 0 : 1;
}

}  // namespace
}  // namespace nacre

int main(int count, char** arguments) {
  if (count != 4) {
    std::fprintf(stderr, "usage: gather_corpus SHARED FOLDER LIST\n");
    return 2;
  }
  return nacre::run(arguments[1], arguments[2], arguments[3]);
}
