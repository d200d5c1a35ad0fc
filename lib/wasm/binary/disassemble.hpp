#pragma once

#include "lib/base/format.hpp"
#include "lib/wasm/binary/instruction.hpp"
#include "lib/wasm/binary/module.hpp"

namespace nacre::wasm {

/// Writes one instruction as the text format has it, without a newline. The labels of a `br_table`
/// are read from the cursor that it was read with.
Loaded<void> write_instruction(base::Sink& sink, const Instruction& instruction, Cursor& cursor);

/// Writes the instructions of a body, one line for each, indented by nesting:
/// `  0x01f3  local.get 0`. Stops with the error where the bytes cannot be read.
Loaded<void> disassemble(base::Sink& sink, const FunctionBody& body);

}  // namespace nacre::wasm
