#include "tests/bench/hosted/modules.hpp"

#include <algorithm>

#include "tests/bench/hosted/generated_module.hpp"
#include "tests/support/shared_data.hpp"

namespace nacre::bench {

std::vector<NamedModule> modules_of_at_least(base::usize smallest) {
  constexpr base::usize generated_size = 4'000'000;
  std::vector<NamedModule> modules;
  modules.push_back({"generated", generate_module(generated_size)});
  if (auto const programs = test::shared_data("programs"))
    for (auto const& folder : std::filesystem::directory_iterator(*programs)) {
      auto const file = folder.path() / "prog.wasm";
      if (std::filesystem::exists(file) && std::filesystem::file_size(file) >= smallest)
        modules.push_back({folder.path().filename().string(), test::read_file(file)});
    }
  std::ranges::sort(modules, {}, [](const NamedModule& module) { return module.bytes.size(); });
  return modules;
}

}  // namespace nacre::bench
