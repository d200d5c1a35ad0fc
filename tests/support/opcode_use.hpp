#pragma once

#include <set>

#include "lib/wasm/binary/opcodes.hpp"
#include "lib/wasm/runtime/guest.hpp"

namespace nacre::test {

/// Which instructions the programs of a test run had in functions that ran, and which of them
/// trapped.
struct OpcodeUse {
  std::set<wasm::Opcode> executed;
  std::set<wasm::Opcode> trapped;
};
OpcodeUse& opcode_use();

/// Notes what was executed in `instance` up to now: everything in a function that was called.
void note_executed(const wasm::Instance& instance);
/// Notes where `guest`, which trapped, stands.
void note_trap(const wasm::Guest& guest);

}  // namespace nacre::test
