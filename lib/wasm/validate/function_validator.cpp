#include "lib/wasm/validate/function_validator.hpp"

#include <algorithm>

namespace nacre::wasm {

// ---- the two stacks

FunctionValidator::Done FunctionValidator::push(Operand type) {
  TRY(operands_.push(type));
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
  return operands_.pop();
}

bool FunctionValidator::fits(Operand found, ValueType expected) const {
  if (found == operand(expected) || found == unknown) [[likely]]
    return true;
  if (!is_reference(expected)) return false;
  if (found == unknown_reference) return true;
  return matches(with_number(static_cast<ValueType>(found), numbers_),
                 with_number(expected, numbers_));
}

FunctionValidator::Done FunctionValidator::pop(ValueType expected) {
  TRY(Operand const top, pop());
  if (!fits(top, expected)) return invalid(Invalid::TypeMismatch);
  return {};
}

/// Any reference.
Loaded<FunctionValidator::Operand> FunctionValidator::pop_reference() {
  TRY(Operand const top, pop());
  if (top == unknown) return unknown_reference;
  if (top != unknown_reference && !is_reference(static_cast<ValueType>(top)))
    return invalid(Invalid::TypeMismatch);
  return top;
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
    if (!fits(operands_[--height], types[i - 1])) return invalid(Invalid::TypeMismatch);
  }
  return {};
}

FunctionValidator::Done FunctionValidator::push_label(Opcode opcode, const BlockType& type) {
  TRY(labels_.try_push_back(Label{opcode, type, static_cast<u32>(operands_.size()), false,
                                  static_cast<u32>(set_locals_.size())}));
  max_labels_ = std::max(max_labels_, static_cast<u32>(labels_.size()));
  return push_all(parameters_of(type));
}

void FunctionValidator::set_unreachable() {
  Label& current = labels_.back();
  operands_.cut_to(current.height);
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

bool FunctionValidator::is_same_list(Types left, Types right) const {
  return std::ranges::equal(
      left, right, [this](ValueType from, ValueType to) { return fits(operand(from), to); });
}

FunctionValidator::Done FunctionValidator::need_type(ValueType type) const {
  if (is_reference(type) && is_type_index(heap_type_of(type)) &&
      index_of(heap_type_of(type)) >= module_.types.size())
    return invalid(Invalid::UnknownType);
  return {};
}

FunctionValidator::Done FunctionValidator::need_block_type() const {
  BlockType const& type = instruction_.block;
  if (type.kind == BlockType::Kind::Value) return need_type(type.value);
  if (type.kind == BlockType::Kind::Type && type.type_index >= module_.types.size())
    return invalid(Invalid::UnknownType);
  return {};
}

Loaded<const FunctionType*> FunctionValidator::type(u32 index) const {
  if (index >= module_.types.size()) return invalid(Invalid::UnknownType);
  return &module_.types[index];
}

Loaded<const FunctionType*> FunctionValidator::tag(u32 index) const {
  if (index >= module_.tags.size()) return invalid(Invalid::UnknownTag);
  return &module_.type_of_tag(index);
}

Loaded<const TableType*> FunctionValidator::table(u32 index) const {
  if (index >= module_.tables.size()) return invalid(Invalid::UnknownTable);
  return &module_.tables[index].type;
}

FunctionValidator::Done FunctionValidator::need_memory(u32 index) const {
  if (index >= module_.memories.size()) return invalid(Invalid::UnknownMemory);
  return {};
}

// ---- functions and constants

void FunctionValidator::begin(const Cursor& cursor) {
  operands_.clear();
  labels_.clear();
  is_set_.clear();
  set_locals_.clear();
  max_labels_ = 0;
  instruction_.offset = cursor.offset();
}

FunctionValidator::Done FunctionValidator::declare_locals(const FunctionType& type,
                                                          const FunctionBody& body) {
  locals_.clear();
  TRY(locals_.try_append(type.parameters()));
  bool all_defaultable = true;
  Cursor declarations(body.locals.bytes, body.locals.offset);
  for (u32 group = 0; group < body.local_groups; ++group) {
    TRY(u32 const count, declarations.leb_u32());
    instruction_.offset = declarations.offset();
    TRY(ValueType const local_type, read_value_type(declarations));
    TRY(need_type(local_type));
    all_defaultable = all_defaultable && is_defaultable(local_type);
    usize const first = locals_.size();
    TRY(locals_.try_resize(first + count));
    std::ranges::fill(std::span(locals_.data(), locals_.size()).subspan(first), local_type);
  }
  named_types_.set_locals({locals_.data(), locals_.size()});
  if (all_defaultable) return {};
  TRY(is_set_.try_resize(locals_.size()));
  for (usize i = 0; i < locals_.size(); ++i)
    is_set_[i] = i < type.parameters().size() || is_defaultable(locals_[i]) ? 1 : 0;
  return {};
}

Loaded<void> FunctionValidator::begin_body(const FunctionType& type, const FunctionBody& body) {
  code_ = Cursor(body.code.bytes, body.code.offset, Malformed::EndOfSectionOrFunction);
  instruction_count_ = 0;
  begin(code_);
  TRY(declare_locals(type, body));
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
  TRY(labels_.try_push_back(Label{Opcode::Block, result, 0, false, 0}));
  max_labels_ = 1;
  return {};
}

Loaded<bool> FunctionValidator::check_body(usize size, FunctionBody& body) {
  usize const begin = code_.offset();
  while (!labels_.empty()) {
    usize const checked = code_.offset() - begin;
    if (checked >= size) return false;
    if (pace_ == Pace::StraightLines) [[likely]] {
      TRY(u32 const passed, straight_line(code_, size - checked));
      instruction_count_ += passed;
    }
    ++instruction_count_;
    TRY(read_instruction(code_, instruction_));
    TRY(instruction(code_));
  }
  if (!code_.at_end()) return refuse(Malformed::SectionSize, code_.offset());
  body.local_count = static_cast<u32>(locals_.size());
  body.max_operands = operands_.max_slots();
  body.max_labels = max_labels_;
  body.instruction_count = instruction_count_;
  return true;
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
  TRY(labels_.try_push_back(Label{Opcode::Block, result, 0, false, 0}));
  while (!labels_.empty()) {
    TRY(read_instruction(cursor, instruction_));
    TRY(constant_instruction(visible_globals));
    TRY(instruction(cursor));
  }
  return {};
}

}  // namespace nacre::wasm
