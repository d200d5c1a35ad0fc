#pragma once

#include <optional>
#include <span>

#include "tests/support/wasm_builder.hpp"

namespace nacre::test {

/// The module with one to three changes to its sections, entries, bodies or instructions; the same
/// for the same seed. Sizes and counts fit, so a decoder gets far; many of the results are valid
/// where the module was. Empty where the bytes do not even consist of sections.
std::optional<Bytes> mutate_module(std::span<const base::u8> module, base::u64 seed);

/// The first module with a function, or something else, of the second one.
std::optional<Bytes> cross_modules(std::span<const base::u8> first,
                                   std::span<const base::u8> second, base::u64 seed);

}  // namespace nacre::test
