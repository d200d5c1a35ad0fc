#include "lib/wasm/validate/function_validator.hpp"

#include <algorithm>

namespace nacre::wasm {

// ---- the two stacks

FunctionValidator::Done FunctionValidator::push(Operand type) {
  TRY(operands_.try_push_back(type));
  slots_ += type == operand(ValueType::V128) ? 2 : 1;
  max_slots_ = std::max(max_slots_, slots_);
  return {};
}

FunctionValidator::Done FunctionValidator::push_all(Types types) {
  for (ValueType const type : types) {
    TRY(push(type));
  }
  return {};
}

Loaded<FunctionValidator::Operand> FunctionValidator::pop() {
  Label const& current = labels_.back();
  if (operands_.size() == current.height) {
    if (current.unreachable) return unknown;
    return invalid(Invalid::TypeMismatch);
  }
  Operand const top = operands_.back();
  operands_.pop_back();
  slots_ -= top == operand(ValueType::V128) ? 2 : 1;
  return top;
}

FunctionValidator::Done FunctionValidator::pop(ValueType expected) {
  TRY(Operand const top, pop());
  if (top != operand(expected) && top != unknown) return invalid(Invalid::TypeMismatch);
  return {};
}

FunctionValidator::Done FunctionValidator::pop_all(Types types) {
  for (usize i = types.size(); i != 0; --i) {
    TRY(pop(types[i - 1]));
  }
  return {};
}

/// As if `types` were popped and put back as they were found.
FunctionValidator::Done FunctionValidator::check_top(Types types) const {
  Label const& current = labels_.back();
  usize height = operands_.size();
  for (usize i = types.size(); i != 0; --i) {
    if (height == current.height) {
      if (current.unreachable) return {};
      return invalid(Invalid::TypeMismatch);
    }
    Operand const found = operands_[--height];
    if (found != operand(types[i - 1]) && found != unknown) return invalid(Invalid::TypeMismatch);
  }
  return {};
}

FunctionValidator::Done FunctionValidator::push_label(Opcode opcode, const BlockType& type) {
  TRY(labels_.try_push_back(Label{opcode, type, static_cast<u32>(operands_.size()), false}));
  max_labels_ = std::max(max_labels_, static_cast<u32>(labels_.size()));
  return push_all(parameters_of(type));
}

void FunctionValidator::set_unreachable() {
  Label& current = labels_.back();
  while (operands_.size() > current.height) {
    slots_ -= operands_.back() == operand(ValueType::V128) ? 2 : 1;
    operands_.pop_back();
  }
  current.unreachable = true;
}

// ---- looking things up

Loaded<const FunctionValidator::Label*> FunctionValidator::label(u32 depth) const {
  if (depth >= labels_.size()) return invalid(Invalid::UnknownLabel);
  return &labels_[labels_.size() - 1 - depth];
}

FunctionValidator::Types FunctionValidator::parameters_of(const BlockType& type) const {
  if (type.kind == BlockType::Kind::Type) return module_.types[type.type_index].parameters();
  return {};
}

FunctionValidator::Types FunctionValidator::results_of(const BlockType& type) const {
  switch (type.kind) {
    case BlockType::Kind::Empty: return {};
    case BlockType::Kind::Value: return {&type.value, 1};
    case BlockType::Kind::Type: return module_.types[type.type_index].results();
  }
  return {};
}

Loaded<const TableType*> FunctionValidator::table(u32 index) const {
  if (index >= module_.tables.size()) return invalid(Invalid::UnknownTable);
  return &module_.tables[index];
}

FunctionValidator::Done FunctionValidator::need_memory(u32 index) const {
  if (index >= module_.memories.size()) return invalid(Invalid::UnknownMemory);
  return {};
}

// ---- instructions

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

FunctionValidator::Done FunctionValidator::end_of_block() {
  Label const ended = labels_.back();
  TRY(pop_all(results_of(ended.type)));
  if (operands_.size() != ended.height) return invalid(Invalid::TypeMismatch);
  // Without an `else`, what comes in has to be what goes out.
  if (ended.opcode == Opcode::If &&
      !std::ranges::equal(parameters_of(ended.type), results_of(ended.type)))
    return invalid(Invalid::TypeMismatch);
  labels_.pop_back();
  if (labels_.empty()) return {};
  return push_all(results_of(ended.type));
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

FunctionValidator::Done FunctionValidator::select() {
  TRY(pop(ValueType::I32));
  TRY(Operand const second, pop());
  TRY(Operand const first, pop());
  auto const allowed = [](Operand type) {
    return type == unknown || !is_reference(static_cast<ValueType>(type));
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

FunctionValidator::Done FunctionValidator::local() {
  if (instruction_.index >= locals_.size()) return invalid(Invalid::UnknownLocal);
  ValueType const type = locals_[instruction_.index];
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
    case Opcode::If: {
      BlockType const& type = instruction_.block;
      if (type.kind == BlockType::Kind::Type && type.type_index >= module_.types.size())
        return invalid(Invalid::UnknownType);
      if (instruction_.opcode() == Opcode::If) {
        TRY(pop(ValueType::I32));
      }
      TRY(pop_all(parameters_of(type)));
      return push_label(instruction_.opcode(), type);
    }
    case Opcode::Else: {
      Label const ended = labels_.back();
      if (ended.opcode != Opcode::If) return invalid(Invalid::TypeMismatch);
      TRY(pop_all(results_of(ended.type)));
      if (operands_.size() != ended.height) return invalid(Invalid::TypeMismatch);
      labels_.pop_back();
      return push_label(Opcode::Else, ended.type);
    }
    case Opcode::End: return end_of_block();
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
    case Opcode::CallIndirect: {
      TRY(const TableType* const callees, table(instruction_.second_index));
      if (callees->element != ValueType::FuncRef) return invalid(Invalid::TypeMismatch);
      if (instruction_.index >= module_.types.size()) return invalid(Invalid::UnknownType);
      TRY(pop(ValueType::I32));
      return call(module_.types[instruction_.index]);
    }
    case Opcode::Drop: {
      TRY(pop());
      return {};
    }
    case Opcode::Select: return select();
    case Opcode::SelectTyped: {
      if (instruction_.index != 1) return invalid(Invalid::ResultArity);
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
      if (target->element != source->element) return invalid(Invalid::TypeMismatch);
      TRY(pop(ValueType::I32));
      TRY(pop(ValueType::I32));
      return pop(ValueType::I32);
    }
    case Opcode::TableInit: {
      TRY(const TableType* const target, table(instruction_.second_index));
      if (instruction_.index >= module_.elements.size())
        return invalid(Invalid::UnknownElementSegment);
      if (module_.elements[instruction_.index].type != target->element)
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
    case Opcode::RefNull: return push(instruction_.type);
    case Opcode::RefIsNull: {
      TRY(Operand const top, pop());
      if (top != unknown && !is_reference(static_cast<ValueType>(top)))
        return invalid(Invalid::TypeMismatch);
      return push(ValueType::I32);
    }
    case Opcode::RefFunc: {
      if (instruction_.index >= module_.functions.size()) return invalid(Invalid::UnknownFunction);
      if (instruction_.index >= declared_.size() || declared_[instruction_.index] == 0)
        return invalid(Invalid::UndeclaredFunctionReference);
      return push(ValueType::FuncRef);
    }
    default: return {};  // The other shapes are typed by the table.
  }
}

// ---- functions and constants

void FunctionValidator::begin(const Cursor& cursor) {
  operands_.clear();
  labels_.clear();
  slots_ = max_slots_ = max_labels_ = 0;
  instruction_.offset = cursor.offset();
}

Loaded<void> FunctionValidator::check_body(const FunctionType& type, FunctionBody& body) {
  locals_.clear();
  TRY(locals_.try_append(type.parameters()));
  Cursor declarations(body.locals.bytes, body.locals.offset);
  for (u32 group = 0; group < body.local_groups; ++group) {
    TRY(u32 const count, declarations.leb_u32());
    TRY(ValueType const local_type, read_value_type(declarations));
    for (u32 i = 0; i < count; ++i) {
      TRY(locals_.try_push_back(local_type));
    }
  }

  Cursor cursor(body.code.bytes, body.code.offset, Malformed::EndOfSectionOrFunction);
  begin(cursor);
  // The body is a block whose parameters are locals, not operands.
  BlockType result;
  result.kind = BlockType::Kind::Empty;
  if (type.results().size() == 1) {
    result.kind = BlockType::Kind::Value;
    result.value = type.results()[0];
  } else if (type.results().size() > 1) {
    result.kind = BlockType::Kind::Type;
    result.type_index = static_cast<u32>(&type - module_.types.data());
  }
  TRY(labels_.try_push_back(Label{Opcode::Block, result, 0, false}));
  max_labels_ = 1;
  u32 count = 0;
  while (!labels_.empty()) {
    TRY(read_instruction(cursor, instruction_));
    ++count;
    TRY(instruction(cursor));
  }
  if (!cursor.at_end()) return refuse(Malformed::SectionSize, cursor.offset());
  body.local_count = static_cast<u32>(locals_.size());
  body.max_operands = max_slots_;
  body.max_labels = max_labels_;
  body.instruction_count = count;
  return {};
}

FunctionValidator::Done FunctionValidator::constant_instruction(u32 visible_globals) {
  switch (instruction_.opcode()) {
    case Opcode::I32Const:
    case Opcode::I64Const:
    case Opcode::F32Const:
    case Opcode::F64Const:
    case Opcode::V128Const:
    case Opcode::RefNull:
    case Opcode::RefFunc:
    case Opcode::End:
    case Opcode::I32Add:
    case Opcode::I32Sub:
    case Opcode::I32Mul:
    case Opcode::I64Add:
    case Opcode::I64Sub:
    case Opcode::I64Mul: return {};
    case Opcode::GlobalGet: {
      if (instruction_.index >= visible_globals) return invalid(Invalid::UnknownGlobal);
      if (module_.globals[instruction_.index].type.is_mutable)
        return invalid(Invalid::ConstantExpression);
      return {};
    }
    default: return invalid(Invalid::ConstantExpression);
  }
}

Loaded<void> FunctionValidator::check_constant(const ConstantExpression& expression,
                                               ValueType expected, u32 visible_globals) {
  Cursor cursor(expression.bytes, expression.offset);
  begin(cursor);
  locals_.clear();
  BlockType result;
  result.kind = BlockType::Kind::Value;
  result.value = expected;
  TRY(labels_.try_push_back(Label{Opcode::Block, result, 0, false}));
  while (!labels_.empty()) {
    TRY(read_instruction(cursor, instruction_));
    TRY(constant_instruction(visible_globals));
    TRY(instruction(cursor));
  }
  return {};
}

}  // namespace nacre::wasm
