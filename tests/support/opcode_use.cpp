#include "tests/support/opcode_use.hpp"

#include "lib/wasm/binary/instruction.hpp"
#include "lib/wasm/interpret/machine.hpp"

namespace nacre::test {
namespace {

using base::u32;
using base::usize;

/// Calls `visit` with each instruction of a function's code.
template <class Visit>
void for_each_instruction(const wasm::Module& module, u32 function, Visit visit) {
  auto const& code = module.bodies[function - module.imported_functions].code;
  wasm::Cursor cursor(code.bytes, code.offset);
  wasm::Instruction instruction;
  while (!cursor.at_end() && read_instruction(cursor, instruction)) {
    visit(instruction);
    if (instruction.opcode() == wasm::Opcode::BrTable)
      for (u32 i = 0; i <= instruction.index; ++i) static_cast<void>(cursor.leb_u32());
    if (instruction.opcode() == wasm::Opcode::TryTable)
      for (u32 i = 0; i < instruction.index; ++i) static_cast<void>(read_catch_clause(cursor));
  }
}

}  // namespace

OpcodeUse& opcode_use() {
  static OpcodeUse use;
  return use;
}

void note_executed(const wasm::Instance& instance) {
  for (auto const& function : instance.own_functions)
    if (function.entry != wasm::interpret::translate_stub)
      for_each_instruction(instance.module(), function.index, [](const auto& instruction) {
        opcode_use().executed.insert(instruction.opcode());
      });
}

void note_trap(const wasm::Guest& guest) {
  if (guest.active_calls() == 0) return;
  auto const call = guest.active_call(0);
  for_each_instruction(call.function->instance->module(), call.function->index,
                       [&](const auto& instruction) {
                         if (instruction.offset == call.offset)
                           opcode_use().trapped.insert(instruction.opcode());
                       });
}

}  // namespace nacre::test
