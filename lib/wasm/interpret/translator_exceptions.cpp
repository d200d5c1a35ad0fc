#include "lib/wasm/interpret/translator.hpp"

// Exceptions. Code that throws nothing pays nothing: what handles an exception is found in tables,
// by where it is thrown. A block that handles some begins, as every block does, with all operands
// below it in their own slots, so a handler finds them there.
namespace nacre::wasm::interpret {

Translator::Done Translator::add_range(const Label& owner) {
  if (owner.first_clause == TryRange::nothing || owner.try_begin == here()) return {};
  auto const depth = static_cast<u32>(labels_.size() - 1);
  return ranges_.try_push_back(TryRange{owner.try_begin, here(), depth, owner.first_clause});
}

Translator::Done Translator::add_clause(HandlerClause clause, Label& owner) {
  auto const number = static_cast<u32>(clauses_.size());
  clause.target = here();
  TRY(clauses_.try_push_back(clause));
  if (owner.first_clause == TryRange::nothing) owner.first_clause = number;
  if (owner.last_clause != TryRange::nothing) clauses_[owner.last_clause].next = number;
  owner.last_clause = number;
  last_result_.reset();
  return {};
}

/// Each clause gets a place in front of the block's code, from where it jumps to its label.
Translator::Done Translator::begin_try_table(Cursor& cursor, const Instruction& next) {
  TRY(settle_from(0));
  Label made = make_label(next);
  if (next.index != 0) {
    u32 around = 0;
    TRY(emit(Operation::Jump));
    TRY(emit_jump(around));
    for (u32 i = 0; i < next.index; ++i) {
      TRY(landing_of(must(read_catch_clause(cursor)), made));
    }
    bind(around);
  }
  made.try_begin = here();
  return labels_.try_push_back(made);
}

/// What is caught comes straight to where the label wants it. The function's own label wants
/// results, for which the place of the locals will do.
Translator::Done Translator::landing_of(const CatchClause& clause, Label& owner) {
  bool const returns = is_function(clause.label);
  Label& target = label(clause.label);
  HandlerClause made;
  made.wants_values = clause.has_tag();
  made.wants_exception = clause.has_reference();
  made.values_slot = returns ? Word{0} : target.base;
  made.exception_slot = made.values_slot;
  if (clause.has_tag()) {
    made.tag = clause.tag;
    made.exception_slot = static_cast<Word>(made.values_slot +
                                            slots_of(module_.type_of_tag(clause.tag).parameters()));
  }
  TRY(add_clause(made, owner));
  if (returns)
    return emit(Operation::ReturnMany, Word{0}, static_cast<Word>(slots_of(branch_types(target))));
  if (target.opcode == Opcode::Loop) {
    TRY(emit(Operation::JumpBack));
    return emit_jump_back(target.start);
  }
  TRY(emit(Operation::Jump));
  return emit_jump(target.to_end);
}

/// `catch` and `catch_all`. The exception itself stays below its values, for a `rethrow`.
Translator::Done Translator::begin_handler(const Instruction& next) {
  Label& current = labels_.back();
  bool const is_first = current.opcode == Opcode::Try;
  u32 const try_end = here();
  if (reachable_) {
    if (is_first) {
      TRY(settle_from(current.height));
    } else {
      TRY(moves_for(current));
    }
    TRY(emit(Operation::Jump));
    TRY(emit_jump(current.to_end));
  }
  HandlerClause made;
  made.wants_exception = true;
  made.exception_slot = current.base;
  if (next.opcode() == Opcode::Catch) {
    made.tag = next.index;
    made.wants_values = true;
    made.values_slot = static_cast<Word>(current.base + 1);
  }
  TRY(add_clause(made, current));
  if (is_first && current.try_begin != try_end) {
    auto const depth = static_cast<u32>(labels_.size() - 1);
    TRY(ranges_.try_push_back(TryRange{current.try_begin, try_end, depth, current.first_clause}));
  }
  current.opcode = next.opcode();
  reachable_ = true;
  cut_to(current.height);
  TRY(push_own(ValueType::ExnRef));
  if (next.opcode() == Opcode::CatchAll) return {};
  return push_all(module_.type_of_tag(next.index).parameters());
}

Translator::Done Translator::end_with_delegate(u32 depth) {
  Label& current = labels_.back();
  auto const own_depth = static_cast<u32>(labels_.size() - 1);
  if (current.try_begin != here()) {
    TryRange range{current.try_begin, here(), own_depth};
    range.delegate_depth = own_depth - 1 - depth;
    TRY(ranges_.try_push_back(range));
  }
  if (reachable_) {
    TRY(settle_from(current.height));
  }
  BlockType const type = current.type;
  leave_block();
  return push_all(results_of(type));
}

Translator::Done Translator::throw_tag(u32 tag) {
  usize const height = operands_.size() - module_.type_of_tag(tag).parameters().size();
  TRY(settle_from(height));
  Word const base = height < operands_.size() ? operands_[height].slot : next_slot();
  reachable_ = false;
  TRY(emit(Operation::Throw, base));
  return emit_wide(tag);
}

}  // namespace nacre::wasm::interpret
