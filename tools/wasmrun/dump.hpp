#pragma once

#include "lib/base/format.hpp"
#include "lib/wasm/binary/module.hpp"

namespace nacre::tools {

/// Lists what a module has: types, imports, functions, exports, segments, custom sections.
void dump(base::Sink& sink, const wasm::Module& module);

/// The code of all functions, as text.
wasm::Loaded<void> disassemble_all(base::Sink& sink, const wasm::Module& module);

}  // namespace nacre::tools
