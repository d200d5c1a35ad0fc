// What libFuzzer asks of a target that knows how its inputs are built. At the end it says how many
// of the mutants were valid modules.
#include <algorithm>
#include <cstdio>
#include <cstring>

#include "lib/wasm/validate/validator.hpp"
#include "tests/support/wasm_mutator.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace {

using nacre::test::Bytes;

/// One mutant in so many is made of bytes as they come, and one in so many is looked at.
constexpr unsigned plain_in = 24;
constexpr unsigned looked_at_in = 16;

/// A sample of the mutants.
struct Census {
  Census() = default;
  ~Census() {
    if (all != 0)
      std::fprintf(stderr, "mutants that are valid modules: %zu %% of %zu\n", valid * 100 / all,
                   all);
  }
  void look_at(std::span<const std::uint8_t> mutant) {
    ++all;
    if (nacre::wasm::load(mutant)) ++valid;
  }
  std::size_t all = 0;
  std::size_t valid = 0;
} census;

/// Leaves the mutant in `data`, if there is one and it has room.
std::size_t put(const std::optional<Bytes>& mutant, std::uint8_t* data, std::size_t max_size,
                unsigned seed) {
  if (!mutant || mutant->size() > max_size) return 0;
  std::ranges::copy(*mutant, data);
  if (seed / plain_in % looked_at_in == 0) census.look_at(*mutant);
  return mutant->size();
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
  if (seed % plain_in != 0) {
    auto const made = put(nacre::test::mutate_module({data, size}, seed), data, max_size, seed);
    if (made != 0) return made;
  }
  std::size_t const made = LLVMFuzzerMutate(data, size, max_size);
  if (seed / plain_in % looked_at_in == 0) census.look_at({data, made});
  return made;
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(const std::uint8_t* first, std::size_t first_size,
                                                 const std::uint8_t* second,
                                                 std::size_t second_size, std::uint8_t* out,
                                                 std::size_t max_size, unsigned seed) {
  return put(nacre::test::cross_modules({first, first_size}, {second, second_size}, seed), out,
             max_size, seed);
}
