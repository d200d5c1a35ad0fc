#pragma once

#include "tests/support/wasm_pieces.hpp"

namespace nacre::test {

/// The entries of a section that is a vector; bodies without their sizes. Empty where the content
/// is not a vector or is not what the section's id says.
std::optional<std::vector<Bytes>> cut_entries(SectionId id, std::span<const base::u8> content);

/// What an import is: a function, table, memory, global or tag, as the format numbers them, and of
/// a function or tag the index of its type.
struct ImportPiece {
  base::u8 kind = 0;
  base::u64 type = 0;
};
std::optional<ImportPiece> cut_import(std::span<const base::u8> entry);

}  // namespace nacre::test
