#include "tests/bench/hosted/load.hpp"

#include <cstring>
#include <optional>

#include "lib/wasm/binary/decoder.hpp"
#include "lib/wasm/validate/validator.hpp"
#include "tests/bench/hosted/modules.hpp"

namespace nacre::bench {
namespace {

constexpr std::size_t smallest = 1'000'000;

std::vector<NamedModule> modules;
std::vector<base::u8> copy;
std::optional<wasm::Loaded<wasm::Module>> decoded;

}  // namespace

std::size_t read_modules() {
  modules = modules_of_at_least(smallest);
  copy.resize(modules.back().bytes.size());
  return modules.size();
}
const char* module_name(std::size_t index) { return modules[index].name.c_str(); }
std::size_t module_size(std::size_t index) { return modules[index].bytes.size(); }

void copy_module(std::size_t index) {
  auto const& bytes = modules[index].bytes;
  std::memcpy(copy.data(), bytes.data(), bytes.size());
}
void decode_module(std::size_t index) { decoded.emplace(wasm::decode(modules[index].bytes)); }
bool validate_decoded() { return decoded->has_value() && wasm::validate(**decoded).has_value(); }
void drop_decoded() { decoded.reset(); }

}  // namespace nacre::bench
