#include <algorithm>

#include "lib/wasm/validate/function_validator.hpp"

// What each instruction takes from the operand stack and leaves there. [wasm/core: "Instructions"]
namespace nacre::wasm {

FunctionValidator::Done FunctionValidator::instruction(Cursor& cursor) {
  OpcodeInfo const& info = *instruction_.info;
  switch (info.shape) {
    case OpcodeShape::Special: return special(cursor);
    case OpcodeShape::Load: {
      TRY(memory_access());
      TRY(pop(ValueType::I32));
      return push(info.result);
    }
    case OpcodeShape::Store: {
      TRY(memory_access());
      TRY(pop(info.operand));
      return pop(ValueType::I32);
    }
    case OpcodeShape::Ternary: {
      TRY(pop(info.operand));
      [[fallthrough]];
    }
    case OpcodeShape::Binary: {
      TRY(pop(info.operand));
      [[fallthrough]];
    }
    case OpcodeShape::Unary: {
      TRY(pop(info.operand));
      return push(info.result);
    }
    case OpcodeShape::Shift: {
      TRY(pop(ValueType::I32));
      TRY(pop(info.operand));
      return push(info.result);
    }
    case OpcodeShape::ExtractLane: {
      TRY(lane(info.lane_count()));
      TRY(pop(info.operand));
      return push(info.result);
    }
    case OpcodeShape::ReplaceLane: {
      TRY(lane(info.lane_count()));
      TRY(pop(info.operand));
      TRY(pop(ValueType::V128));
      return push(info.result);
    }
    case OpcodeShape::LoadLane: {
      TRY(memory_access());
      TRY(lane(info.lane_count()));
      TRY(pop(info.operand));
      TRY(pop(ValueType::I32));
      return push(info.result);
    }
    case OpcodeShape::StoreLane: {
      TRY(memory_access());
      TRY(lane(info.lane_count()));
      TRY(pop(info.operand));
      return pop(ValueType::I32);
    }
  }
  return {};
}

FunctionValidator::Done FunctionValidator::memory_access() {
  TRY(need_memory(instruction_.index));
  if (instruction_.access.align_log2 > instruction_.info->access_log2)
    return invalid(Invalid::Alignment);
  if (instruction_.access.offset > UINT32_MAX) return invalid(Invalid::OffsetRange);
  return {};
}

FunctionValidator::Done FunctionValidator::lane(u32 count) const {
  if (instruction_.lane >= count) return invalid(Invalid::LaneIndex);
  return {};
}

/// Its lanes are those of both operands together.
FunctionValidator::Done FunctionValidator::shuffle() {
  constexpr u64 too_large = 0xe0e0'e0e0'e0e0'e0e0;
  if (((instruction_.bits | instruction_.high_bits) & too_large) != 0)
    return invalid(Invalid::LaneIndex);
  TRY(pop(ValueType::V128));
  TRY(pop(ValueType::V128));
  return push(ValueType::V128);
}

FunctionValidator::Done FunctionValidator::begin_block() {
  TRY(need_block_type());
  if (instruction_.opcode() == Opcode::If) {
    TRY(pop(ValueType::I32));
  }
  TRY(pop_all(parameters_of(instruction_.block)));
  return push_label(instruction_.opcode(), instruction_.block);
}

/// Takes the innermost label away, at the end of what it stands for.
FunctionValidator::Done FunctionValidator::end_of_part(Opcode next) {
  Label const ended = labels_.back();
  TRY(pop_all(results_of(ended.type)));
  if (operands_.size() != ended.height) return invalid(Invalid::TypeMismatch);
  // Without an `else`, what comes in has to be what goes out.
  if (ended.opcode == Opcode::If && next == Opcode::End &&
      !is_same_list(parameters_of(ended.type), results_of(ended.type)))
    return invalid(Invalid::TypeMismatch);
  // What was set in it may not have been.
  while (set_locals_.size() > ended.set_locals) {
    is_set_[set_locals_.back()] = 0;
    set_locals_.pop_back();
  }
  if (ended.opcode == Opcode::Catch || ended.opcode == Opcode::CatchAll) operands_.give_slots(1);
  labels_.pop_back();
  return {};
}

FunctionValidator::Done FunctionValidator::end_of_block() {
  BlockType const type = labels_.back().type;
  TRY(end_of_part(Opcode::End));
  if (labels_.empty()) return {};
  return push_all(results_of(type));
}

/// `catch` and `catch_all`, which begin where the block before them ends.
FunctionValidator::Done FunctionValidator::handler(Opcode opcode) {
  Label const ended = labels_.back();
  if (ended.opcode != Opcode::Try && ended.opcode != Opcode::Catch)
    return invalid(Invalid::TypeMismatch);
  Types caught;
  if (opcode == Opcode::Catch) {
    TRY(const FunctionType* const type, tag(instruction_.index));
    caught = type->parameters();
  }
  TRY(end_of_part(opcode));
  TRY(labels_.try_push_back(Label{opcode, ended.type, static_cast<u32>(operands_.size()), false,
                                  static_cast<u32>(set_locals_.size())}));
  // The exception itself takes a slot below what it carries.
  operands_.take_slots(1);
  return push_all(caught);
}

/// Ends a `try` whose exceptions are left to a block further out.
FunctionValidator::Done FunctionValidator::delegate() {
  Label const ended = labels_.back();
  if (ended.opcode != Opcode::Try) return invalid(Invalid::TypeMismatch);
  TRY(end_of_part(Opcode::Delegate));
  TRY(label(instruction_.index));
  return push_all(results_of(ended.type));
}

FunctionValidator::Done FunctionValidator::try_table(Cursor& cursor) {
  if (instruction_.index > cursor.remaining())
    return refuse(Malformed::EndOfSectionOrFunction, instruction_.offset);
  if (instruction_.index > ModuleLimits::catch_clauses)
    return refuse(Limited::CatchClauses, instruction_.offset);
  TRY(need_block_type());
  for (u32 i = 0; i < instruction_.index; ++i) {
    TRY(CatchClause const clause, read_catch_clause(cursor));
    TRY(catch_clause(clause));
  }
  return begin_block();
}

/// What a clause catches has to be what its label takes.
FunctionValidator::Done FunctionValidator::catch_clause(const CatchClause& clause) {
  constexpr ValueType caught = non_null(ValueType::ExnRef);
  Types carried;
  if (clause.has_tag()) {
    TRY(const FunctionType* const type, tag(clause.tag));
    carried = type->parameters();
  }
  TRY(const Label* const target, label(clause.label));
  Types wanted = branch_types(*target);
  if (clause.has_reference()) {
    if (wanted.empty() || !fits(operand(caught), wanted.back()))
      return invalid(Invalid::TypeMismatch);
    wanted = wanted.first(wanted.size() - 1);
  }
  if (!is_same_list(carried, wanted)) return invalid(Invalid::TypeMismatch);
  return {};
}

FunctionValidator::Done FunctionValidator::branch_table(Cursor& cursor) {
  TRY(pop(ValueType::I32));
  if (instruction_.index > cursor.remaining())
    return refuse(Malformed::EndOfSectionOrFunction, instruction_.offset);
  if (instruction_.index > ModuleLimits::branch_targets)
    return refuse(Limited::BranchTargets, instruction_.offset);
  usize arity = 0;
  for (u32 i = 0; i <= instruction_.index; ++i) {
    TRY(u32 const depth, cursor.leb_u32());
    TRY(const Label* const target, label(depth));
    Types const types = branch_types(*target);
    if (i == 0) arity = types.size();
    if (types.size() != arity) return invalid(Invalid::TypeMismatch);
    TRY(check_top(types));
  }
  set_unreachable();
  return {};
}

/// The reference stays where it is not null.
FunctionValidator::Done FunctionValidator::branch_on_null() {
  TRY(Operand const reference, pop_reference());
  TRY(const Label* const target, label(instruction_.index));
  TRY(pop_all(branch_types(*target)));
  TRY(push_all(branch_types(*target)));
  return push(reference == unknown_reference
                  ? unknown_reference
                  : operand(non_null(static_cast<ValueType>(reference))));
}

/// The reference goes along where it is not null.
FunctionValidator::Done FunctionValidator::branch_on_non_null() {
  TRY(const Label* const target, label(instruction_.index));
  Types const types = branch_types(*target);
  if (types.empty() || !is_reference(types.back())) return invalid(Invalid::TypeMismatch);
  TRY(pop(reference_type(heap_type_of(types.back()), true)));
  Types const others = types.first(types.size() - 1);
  TRY(pop_all(others));
  return push_all(others);
}

FunctionValidator::Done FunctionValidator::select() {
  TRY(pop(ValueType::I32));
  TRY(Operand const second, pop());
  TRY(Operand const first, pop());
  auto const allowed = [](Operand type) {
    return type == unknown ||
           (type != unknown_reference && !is_reference(static_cast<ValueType>(type)));
  };
  if (!allowed(first) || !allowed(second)) return invalid(Invalid::TypeMismatch);
  if (first != second && first != unknown && second != unknown)
    return invalid(Invalid::TypeMismatch);
  return push(first == unknown ? second : first);
}

FunctionValidator::Done FunctionValidator::call(const FunctionType& type) {
  TRY(pop_all(type.parameters()));
  return push_all(type.results());
}

/// A call in place of this one: its results are the function's.
FunctionValidator::Done FunctionValidator::return_call(const FunctionType& type) {
  if (!is_same_list(type.results(), results_of(labels_.front().type)))
    return invalid(Invalid::TypeMismatch);
  TRY(pop_all(type.parameters()));
  set_unreachable();
  return {};
}

/// The type that an indirect call or one by reference is made with, its callee being taken off the
/// stack.
Loaded<const FunctionType*> FunctionValidator::callee() {
  bool const by_reference = instruction_.info->immediate == Immediate::Type;
  if (!by_reference) {
    TRY(const TableType* const callees, table(instruction_.second_index));
    if (top_of(callees->element) != ValueType::FuncRef) return invalid(Invalid::TypeMismatch);
  }
  TRY(const FunctionType* const called, type(instruction_.index));
  TRY(pop(by_reference ? reference_type(heap_type_of_index(instruction_.index), true)
                       : ValueType::I32));
  return called;
}

FunctionValidator::Done FunctionValidator::local() {
  if (instruction_.index >= locals_.size()) return invalid(Invalid::UnknownLocal);
  ValueType const type = locals_[instruction_.index];
  if (!is_set_.empty() && is_set_[instruction_.index] == 0) [[unlikely]] {
    if (instruction_.opcode() == Opcode::LocalGet) return invalid(Invalid::UninitializedLocal);
    is_set_[instruction_.index] = 1;
    TRY(set_locals_.try_push_back(instruction_.index));
  }
  if (instruction_.opcode() != Opcode::LocalGet) {
    TRY(pop(type));
  }
  if (instruction_.opcode() != Opcode::LocalSet) return push(type);
  return {};
}

FunctionValidator::Done FunctionValidator::special(Cursor& cursor) {
  switch (instruction_.opcode()) {
    case Opcode::Unreachable: set_unreachable(); return {};
    case Opcode::Nop: return {};
    case Opcode::Block:
    case Opcode::Loop:
    case Opcode::If:
    case Opcode::Try: return begin_block();
    case Opcode::TryTable: return try_table(cursor);
    case Opcode::Else: {
      Label const ended = labels_.back();
      if (ended.opcode != Opcode::If) return invalid(Invalid::TypeMismatch);
      TRY(end_of_part(Opcode::Else));
      return push_label(Opcode::Else, ended.type);
    }
    case Opcode::Catch:
    case Opcode::CatchAll: return handler(instruction_.opcode());
    case Opcode::Delegate: return delegate();
    case Opcode::End: return end_of_block();
    case Opcode::Throw: {
      TRY(const FunctionType* const thrown, tag(instruction_.index));
      TRY(pop_all(thrown->parameters()));
      set_unreachable();
      return {};
    }
    case Opcode::ThrowRef: {
      TRY(pop(ValueType::ExnRef));
      set_unreachable();
      return {};
    }
    case Opcode::Rethrow: {
      TRY(const Label* const source, label(instruction_.index));
      if (source->opcode != Opcode::Catch && source->opcode != Opcode::CatchAll)
        return invalid(Invalid::RethrowLabel);
      set_unreachable();
      return {};
    }
    case Opcode::Br: {
      TRY(const Label* const target, label(instruction_.index));
      TRY(pop_all(branch_types(*target)));
      set_unreachable();
      return {};
    }
    case Opcode::BrIf: {
      TRY(pop(ValueType::I32));
      TRY(const Label* const target, label(instruction_.index));
      TRY(pop_all(branch_types(*target)));
      return push_all(branch_types(*target));
    }
    case Opcode::BrTable: return branch_table(cursor);
    case Opcode::Return: {
      TRY(pop_all(results_of(labels_.front().type)));
      set_unreachable();
      return {};
    }
    case Opcode::Call: {
      if (instruction_.index >= module_.functions.size()) return invalid(Invalid::UnknownFunction);
      return call(module_.type_of_function(instruction_.index));
    }
    case Opcode::CallIndirect:
    case Opcode::CallRef: {
      TRY(const FunctionType* const called, callee());
      return call(*called);
    }
    case Opcode::ReturnCall: {
      if (instruction_.index >= module_.functions.size()) return invalid(Invalid::UnknownFunction);
      return return_call(module_.type_of_function(instruction_.index));
    }
    case Opcode::ReturnCallIndirect:
    case Opcode::ReturnCallRef: {
      TRY(const FunctionType* const called, callee());
      return return_call(*called);
    }
    case Opcode::BrOnNull: return branch_on_null();
    case Opcode::BrOnNonNull: return branch_on_non_null();
    case Opcode::Drop: {
      TRY(pop());
      return {};
    }
    case Opcode::Select: return select();
    case Opcode::SelectTyped: {
      if (instruction_.index != 1) return invalid(Invalid::ResultArity);
      TRY(need_type(instruction_.type));
      TRY(pop(ValueType::I32));
      TRY(pop(instruction_.type));
      TRY(pop(instruction_.type));
      return push(instruction_.type);
    }
    case Opcode::LocalGet:
    case Opcode::LocalSet:
    case Opcode::LocalTee: return local();
    case Opcode::GlobalGet: {
      if (instruction_.index >= module_.globals.size()) return invalid(Invalid::UnknownGlobal);
      return push(module_.globals[instruction_.index].type.value);
    }
    case Opcode::GlobalSet: {
      if (instruction_.index >= module_.globals.size()) return invalid(Invalid::UnknownGlobal);
      GlobalType const type = module_.globals[instruction_.index].type;
      if (!type.is_mutable) return invalid(Invalid::ImmutableGlobal);
      return pop(type.value);
    }
    case Opcode::TableGet: {
      TRY(const TableType* const source, table(instruction_.index));
      TRY(pop(ValueType::I32));
      return push(source->element);
    }
    case Opcode::TableSet: {
      TRY(const TableType* const target, table(instruction_.index));
      TRY(pop(target->element));
      return pop(ValueType::I32);
    }
    case Opcode::TableSize: {
      TRY(table(instruction_.index));
      return push(ValueType::I32);
    }
    case Opcode::TableGrow: {
      TRY(const TableType* const target, table(instruction_.index));
      TRY(pop(ValueType::I32));
      TRY(pop(target->element));
      return push(ValueType::I32);
    }
    case Opcode::TableFill: {
      TRY(const TableType* const target, table(instruction_.index));
      TRY(pop(ValueType::I32));
      TRY(pop(target->element));
      return pop(ValueType::I32);
    }
    case Opcode::TableCopy: {
      TRY(const TableType* const target, table(instruction_.index));
      TRY(const TableType* const source, table(instruction_.second_index));
      if (!fits(operand(source->element), target->element)) return invalid(Invalid::TypeMismatch);
      TRY(pop(ValueType::I32));
      TRY(pop(ValueType::I32));
      return pop(ValueType::I32);
    }
    case Opcode::TableInit: {
      TRY(const TableType* const target, table(instruction_.second_index));
      if (instruction_.index >= module_.elements.size())
        return invalid(Invalid::UnknownElementSegment);
      if (!fits(operand(module_.elements[instruction_.index].type), target->element))
        return invalid(Invalid::TypeMismatch);
      TRY(pop(ValueType::I32));
      TRY(pop(ValueType::I32));
      return pop(ValueType::I32);
    }
    case Opcode::ElemDrop: {
      if (instruction_.index >= module_.elements.size())
        return invalid(Invalid::UnknownElementSegment);
      return {};
    }
    case Opcode::MemorySize: {
      TRY(need_memory(instruction_.index));
      return push(ValueType::I32);
    }
    case Opcode::MemoryGrow: {
      TRY(need_memory(instruction_.index));
      TRY(pop(ValueType::I32));
      return push(ValueType::I32);
    }
    case Opcode::MemoryInit:
    case Opcode::DataDrop: {
      if (instruction_.opcode() == Opcode::MemoryInit) {
        TRY(need_memory(instruction_.second_index));
      }
      if (!module_.data_count) return refuse(Malformed::DataCountRequired, instruction_.offset);
      if (instruction_.index >= *module_.data_count) return invalid(Invalid::UnknownDataSegment);
      if (instruction_.opcode() == Opcode::DataDrop) return {};
      TRY(pop(ValueType::I32));
      TRY(pop(ValueType::I32));
      return pop(ValueType::I32);
    }
    case Opcode::MemoryCopy:
    case Opcode::MemoryFill: {
      TRY(need_memory(instruction_.index));
      if (instruction_.opcode() == Opcode::MemoryCopy) {
        TRY(need_memory(instruction_.second_index));
      }
      TRY(pop(ValueType::I32));
      TRY(pop(ValueType::I32));
      return pop(ValueType::I32);
    }
    case Opcode::I32Const: return push(ValueType::I32);
    case Opcode::I64Const: return push(ValueType::I64);
    case Opcode::F32Const: return push(ValueType::F32);
    case Opcode::F64Const: return push(ValueType::F64);
    case Opcode::V128Const: return push(ValueType::V128);
    case Opcode::I8x16Shuffle: return shuffle();
    case Opcode::RefNull: {
      TRY(need_type(instruction_.type));
      return push(instruction_.type);
    }
    case Opcode::RefIsNull: {
      TRY(pop_reference());
      return push(ValueType::I32);
    }
    case Opcode::RefAsNonNull: {
      TRY(Operand const reference, pop_reference());
      return push(reference == unknown_reference
                      ? unknown_reference
                      : operand(non_null(static_cast<ValueType>(reference))));
    }
    case Opcode::RefFunc: {
      u32 const function = instruction_.index;
      if (function >= module_.functions.size()) return invalid(Invalid::UnknownFunction);
      if (function >= declared_.size() || declared_[function] == 0)
        return invalid(Invalid::UndeclaredFunctionReference);
      return push(reference_type(heap_type_of_index(module_.functions[function]), false));
    }
    default: return {};  // The other shapes are typed by the table.
  }
}

}  // namespace nacre::wasm
