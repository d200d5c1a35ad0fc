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

std::expected<ValueSlots, base::OutOfMemory> evaluate_constant(Cursor& cursor,
                                                               const Instance& instance) {
  base::Vector<ValueSlots> stack;
  auto const push = [&](Slot slot) { return stack.try_push_back({slot, 0}); };
  for (Instruction instruction;;) {
    bool const read = read_instruction(cursor, instruction).has_value();
    NACRE_ASSERT(read);
    switch (instruction.opcode()) {
      case Opcode::End: return stack.back();
      case Opcode::I32Const: {
        TRY(push(static_cast<u32>(instruction.bits)));
        break;
      }
      case Opcode::I64Const:
      case Opcode::F32Const:
      case Opcode::F64Const: {
        TRY(push(instruction.bits));
        break;
      }
      case Opcode::V128Const: {
        TRY(stack.try_push_back({instruction.bits, instruction.high_bits}));
        break;
      }
      case Opcode::RefNull: {
        TRY(push(0));
        break;
      }
      case Opcode::RefFunc: {
        TRY(push(reference_to(instance.functions[instruction.index])));
        break;
      }
      case Opcode::GlobalGet: {
        TRY(stack.try_push_back(instance.globals[instruction.index]->slots));
        break;
      }
      default: {
        Slot const right = stack.back()[0];
        stack.pop_back();
        stack.back()[0] = combine(instruction.opcode(), stack.back()[0], right);
        break;
      }
    }
  }
}

}  // namespace nacre::wasm
