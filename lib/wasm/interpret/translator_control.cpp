#include <algorithm>

#include "lib/wasm/interpret/translator.hpp"

// Blocks, branches and returns. Where a block begins and ends, and wherever a branch arrives, each
// operand is in its own slot.
namespace nacre::wasm::interpret {

Translator::Types Translator::parameters_of(const BlockType& type) const {
  return type.kind == BlockType::Kind::Type ? module_.types[type.type_index].parameters() : Types{};
}

Translator::Types Translator::results_of(const BlockType& type) const {
  switch (type.kind) {
    case BlockType::Kind::Empty: return {};
    case BlockType::Kind::Value: return {&type.value, 1};
    case BlockType::Kind::Type: return module_.types[type.type_index].results();
  }
  return {};
}

Translator::Types Translator::branch_types(const Label& target) const {
  return target.opcode == Opcode::Loop ? parameters_of(target.type) : results_of(target.type);
}

/// Takes the condition from the stack, and with it the comparison that made it, if that is the last
/// operation.
std::expected<Translator::Condition, base::OutOfMemory> Translator::pop_condition() {
  Operand const operand = pop();
  Condition condition;
  if (last_result_ && operand.place == Operand::Place::Own &&
      code_[*last_result_ + 1] == operand.slot) {
    u32 const start = *last_result_;
    auto const made_by = static_cast<Operation>(code_[start]);
    if (is_integer_comparison(made_by)) {
      condition = {made_by, false, code_[start + 2], code_[start + 3], 0};
    } else if (is_immediate_comparison(made_by)) {
      condition = {register_form(made_by), true, code_[start + 2], 0, wide_at(start + 3)};
    } else if (made_by == Operation::I32Eqz) {
      condition = {Operation::I32Eq, true, code_[start + 2], 0, 0};
    } else if (made_by == Operation::I64Eqz) {
      condition = {Operation::I64Eq, true, code_[start + 2], 0, 0};
    } else {
      condition.immediate = true;
      condition.left = operand.slot;
      return condition;
    }
    code_.truncate(start);
    last_result_.reset();
    return condition;
  }
  condition.immediate = true;
  TRY(condition.left, use(operand));
  return condition;
}

/// All of the branch but its distance, which comes next.
Translator::Done Translator::emit_branch(const Condition& condition, bool back) {
  Operation const operation = branch_on(condition.comparison, condition.immediate, back);
  if (!condition.immediate) return emit(operation, condition.left, condition.right);
  TRY(emit(operation, condition.left));
  return emit_wide(condition.value);
}

Translator::Done Translator::begin_block(const Instruction& next) {
  Condition condition;
  if (next.opcode() == Opcode::If) {
    TRY(condition, pop_condition());
    condition.comparison = opposite(condition.comparison);
  }
  TRY(settle_from(0));
  Label made = make_label(next);
  if (next.opcode() == Opcode::If) {
    TRY(emit_branch(condition, false));
    TRY(emit_jump(made.to_else));
  } else if (next.opcode() == Opcode::Loop) {
    made.start = here();
    last_result_.reset();
  } else if (next.opcode() == Opcode::Try) {
    made.try_begin = here();
  }
  return labels_.try_push_back(made);
}

Translator::Label Translator::make_label(const Instruction& next) const {
  usize const height = operands_.size() - parameters_of(next.block).size();
  Word const base = height < operands_.size() ? operands_[height].slot : next_slot();
  return Label{next.opcode(), next.block, static_cast<u32>(height), base};
}

Translator::Done Translator::begin_else() {
  Label& current = labels_.back();
  if (reachable_) {
    TRY(settle_from(current.height));
    TRY(emit(Operation::Jump));
    TRY(emit_jump(current.to_end));
  }
  bind(current.to_else);
  current.opcode = Opcode::Else;
  reachable_ = true;
  cut_to(current.height);
  return push_all(parameters_of(current.type));
}

Translator::Done Translator::end_block() {
  Label& current = labels_.back();
  if (labels_.size() == 1) {
    if (reachable_) {
      TRY(return_values());
    }
    labels_.pop_back();
    return {};
  }
  if (current.opcode == Opcode::TryTable) {
    TRY(add_range(current));
  }
  bool const is_handler = current.opcode == Opcode::Catch || current.opcode == Opcode::CatchAll;
  if (reachable_ && is_handler) {
    TRY(moves_for(current));  // The exception stands below them.
  } else if (reachable_) {
    TRY(settle_from(current.height));
  }
  BlockType const type = current.type;
  leave_block();
  return push_all(results_of(type));
}

/// Everything that jumps to the end of the innermost block comes here.
void Translator::leave_block() {
  Label& current = labels_.back();
  // An `if` without `else` goes on with its parameters, which are its results.
  bind(current.to_else);
  bind(current.to_end);
  reachable_ = true;
  cut_to(current.height);
  labels_.pop_back();
}

bool Translator::needs_moves(const Label& target) const {
  usize const count = branch_types(target).size();
  usize const first = operands_.size() - count;
  u32 slot = target.base;
  for (usize i = first; i < operands_.size(); ++i) {
    Operand const& operand = operands_[i];
    if (operand.place != Operand::Place::Own || operand.slot != slot) return true;
    // Their slots are as far apart as those of the target: one that fits makes them all fit, and
    // only the first few can be elsewhere.
    if (i >= deepest_elsewhere) return false;
    slot += slots_of(operand.type);
  }
  return false;
}

/// Brings what the branch carries to where the target wants it. What is on the stack stays as it
/// is: another way may go on from here.
Translator::Done Translator::moves_for(const Label& target) {
  Types const types = branch_types(target);
  usize const first = operands_.size() - types.size();
  if (types.size() <= 2) {
    // None of them overwrites a later one: a target's slot is never behind the operand's own.
    u32 slot = target.base;
    for (usize i = first; i < operands_.size(); ++i) {
      TRY(move_to(operands_[i], static_cast<Word>(slot)));
      slot += slots_of(operands_[i].type);
    }
    return {};
  }
  for (usize i = first; i < std::min(operands_.size(), deepest_elsewhere); ++i) {
    TRY(move_to(operands_[i], operands_[i].slot));
  }
  if (operands_[first].slot == target.base) return {};
  return emit(Operation::CopyMany, target.base, operands_[first].slot,
              static_cast<Word>(slots_of(types)));
}

Translator::Done Translator::return_values() {
  Types const types = module_.type_of_function(function_).results();
  if (types.empty()) return emit(Operation::Return);
  usize const first = operands_.size() - types.size();
  if (types.size() == 1) {
    TRY(Word const result, use(operands_[first]));
    if (types[0] == ValueType::V128) return emit(Operation::ReturnMany, result, Word{2});
    return emit(Operation::ReturnOne, result);
  }
  for (usize i = first; i < std::min(operands_.size(), deepest_elsewhere); ++i) {
    TRY(move_to(operands_[i], operands_[i].slot));
  }
  return emit(Operation::ReturnMany, operands_[first].slot, static_cast<Word>(slots_of(types)));
}

/// Moves and jumps to a label, or returns.
Translator::Done Translator::go_to(u32 depth) {
  if (is_function(depth)) return return_values();
  Label& target = label(depth);
  TRY(moves_for(target));
  if (target.opcode == Opcode::Loop) {
    TRY(emit(Operation::JumpBack));
    return emit_jump_back(target.start);
  }
  TRY(emit(Operation::Jump));
  return emit_jump(target.to_end);
}

Translator::Done Translator::branch(u32 depth) {
  TRY(go_to(depth));
  reachable_ = false;
  return {};
}

Translator::Done Translator::branch_if(u32 depth, Condition condition) {
  Label& target = label(depth);
  bool const back = target.opcode == Opcode::Loop;
  if (!is_function(depth) && !needs_moves(target)) {
    TRY(emit_branch(condition, back));
    return back ? emit_jump_back(target.start) : emit_jump(target.to_end);
  }
  u32 around = 0;
  condition.comparison = opposite(condition.comparison);
  TRY(emit_branch(condition, false));
  TRY(emit_jump(around));
  TRY(go_to(depth));
  bind(around);
  return {};
}

Translator::Done Translator::branch_on_null(u32 depth) {
  Operand const value = pop();
  TRY(Word const reference, use(value));
  TRY(branch_if(depth, Condition{Operation::I64Eq, true, reference, 0, 0}));
  return push(value);
}

Translator::Done Translator::branch_on_non_null(u32 depth) {
  TRY(Word const reference, use(operands_.back()));
  TRY(branch_if(depth, Condition{Operation::I64Ne, true, reference, 0, 0}));
  pop();
  return {};
}

/// Where a target needs moves or is a return, its entries lead to a detour behind the table.
Translator::Done Translator::branch_table(Cursor& cursor, u32 count) {
  TRY(Word const index, pop_used());
  TRY(emit(Operation::BranchTable, index));
  TRY(emit_wide(count));
  Cursor again = cursor;
  for (u32 i = 0; i <= count; ++i) {
    u32 const depth = must(cursor.leb_u32());
    Label& target = label(depth);
    if (is_function(depth) || needs_moves(target)) {
      TRY(emit_jump(target.to_detour));
    } else if (target.opcode == Opcode::Loop) {
      TRY(emit_jump_back(target.start));
    } else {
      TRY(emit_jump(target.to_end));
    }
  }
  for (u32 i = 0; i <= count; ++i) {
    u32 const depth = must(again.leb_u32());
    if (label(depth).to_detour == 0) continue;
    bind(label(depth).to_detour);
    TRY(go_to(depth));
  }
  reachable_ = false;
  return {};
}

}  // namespace nacre::wasm::interpret
