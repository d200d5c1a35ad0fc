#pragma once

#include <optional>
#include <string_view>

#include "lib/wasm/binary/module.hpp"

namespace nacre::wasm {

/// The function's name from the module's name section, else the name of its export, else of its
/// import; borrowed from the module. Looks through the bytes on each call and allocates nothing: it
/// is for backtraces and listings. A malformed name section is no name. [wasm/core: "Name Section"]
std::optional<std::string_view> name_of_function(const Module& module, u32 function);

}  // namespace nacre::wasm
