#pragma once

#include <cstddef>

/// The engine's loading of each module of `modules_of_at_least`, in plain types: the two sides of
/// this header are built with different standard libraries.
namespace nacre::bench {

/// Reads the modules and returns how many there are. To be called first.
std::size_t read_modules();
const char* module_name(std::size_t index);
std::size_t module_size(std::size_t index);

/// Copies the bytes of a module.
void copy_module(std::size_t index);
/// Decodes it into a place from which `drop_decoded` removes it.
void decode_module(std::size_t index);
/// Validates what was decoded. False if the engine refuses it.
bool validate_decoded();
void drop_decoded();

}  // namespace nacre::bench
