#include "lib/wasm/runtime/constant.hpp"

#include "lib/base/assert.hpp"
#include "lib/wasm/binary/instruction.hpp"

namespace nacre::wasm {
namespace {

/// The instructions with two operands, all of them of integers.
Slot combine(Opcode opcode, Slot left, Slot right) {
  auto const narrow = [](u64 value) { return Slot{static_cast<u32>(value)}; };
  switch (opcode) {
    case Opcode::I32Add: return narrow(left + right);
    case Opcode::I32Sub: return narrow(left - right);
    case Opcode::I32Mul: return narrow(left * right);
    case Opcode::I64Add: return left + right;
    case Opcode::I64Sub: return left - right;
    case Opcode::I64Mul: return left * right;
    default: NACRE_ASSERT(false); return 0;  // The validator lets no others pass.
  }
}

}  // namespace

std::expected<Slot, base::OutOfMemory> evaluate_constant(Cursor& cursor, const Instance& instance) {
  base::Vector<Slot> stack;
  for (Instruction instruction;;) {
    bool const read = read_instruction(cursor, instruction).has_value();
    NACRE_ASSERT(read);
    switch (instruction.opcode()) {
      case Opcode::End: return stack.back();
      case Opcode::I32Const: {
        TRY(stack.try_push_back(static_cast<u32>(instruction.bits)));
        break;
      }
      case Opcode::I64Const:
      case Opcode::F32Const:
      case Opcode::F64Const: {
        TRY(stack.try_push_back(instruction.bits));
        break;
      }
      case Opcode::RefNull: {
        TRY(stack.try_push_back(0));
        break;
      }
      case Opcode::RefFunc: {
        TRY(stack.try_push_back(reference_to(instance.functions[instruction.index])));
        break;
      }
      case Opcode::GlobalGet: {
        TRY(stack.try_push_back(instance.globals[instruction.index]->slots[0]));
        break;
      }
      default: {
        Slot const right = stack.back();
        stack.pop_back();
        stack.back() = combine(instruction.opcode(), stack.back(), right);
        break;
      }
    }
  }
}

}  // namespace nacre::wasm
