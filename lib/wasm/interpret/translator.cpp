#include "lib/wasm/interpret/translator.hpp"

#include <algorithm>

#include "lib/base/assert.hpp"

namespace nacre::wasm::interpret {
namespace {

/// So many take fuel, as many bytes do elsewhere.
constexpr u32 many_local_slots = 512;

}  // namespace

Translator::Translator(const Module& module, u32 function, bool traced)
    : module_(module),
      function_(function),
      body_(module.bodies[function - module.imported_functions]),
      traced_(traced) {}

std::expected<void, Trap> Translator::begin() {
  FunctionType const& type = module_.type_of_function(function_);
  u32 const parameters = slots_of(type.parameters());
  auto const out_of_memory = std::unexpected(Trap::OutOfMemory);
  if (!declare_locals()) return out_of_memory;
  u64 const frame =
      u64{locals_.empty() ? 0u : locals_.back().slot + slots_of(locals_.back().type)} +
      body_.max_operands;
  // A frame has to hold the results too, also where the code never gets to return them.
  u64 const needed = std::max<u64>(frame, slots_of(type.results()));
  if (needed > UINT16_MAX) return std::unexpected(Trap::StackExhausted);
  local_slots_ = static_cast<Word>(frame - body_.max_operands);

  Operation const enter =
      local_slots_ - parameters >= many_local_slots ? Operation::EnterLarge : Operation::Enter;
  if (!emit(enter, static_cast<Word>(parameters), local_slots_, static_cast<Word>(needed)))
    return out_of_memory;
  BlockType result;
  result.kind = BlockType::Kind::Type;
  result.type_index = module_.functions[function_];
  if (!labels_.try_push_back(Label{Opcode::Block, result, 0, local_slots_})) return out_of_memory;
  cursor_ = Cursor(body_.code.bytes, body_.code.offset);
  return {};
}

std::expected<bool, Trap> Translator::proceed(u32 count) {
  auto const out_of_memory = std::unexpected(Trap::OutOfMemory);
  for (; !labels_.empty(); --count) {
    if (count == 0) return false;
    bool const read = read_instruction(cursor_, next_).has_value();
    NACRE_ASSERT(read);
    if (probe_ && here() <= *probe_) probed_offset_ = next_.offset;
    if (!take_fuel_now_and_then()) return out_of_memory;
    if (traced_ && reachable_ && !emit_trace(next_.offset)) return out_of_memory;
    if (!instruction(cursor_, next_)) return out_of_memory;
  }
  return true;
}

usize Translator::find_offset(const Module& module, u32 function, usize position, bool traced) {
  Translator translator(module, function, traced);
  translator.probe_ = position;
  // Where it stops before its first instruction, for want of stack or fuel, it stands at that.
  translator.probed_offset_ = translator.body_.code.offset;
  bool const is_done = translator.begin() && translator.proceed(UINT32_MAX);
  return is_done ? translator.probed_offset_ : 0;
}

Translator::Done Translator::declare_locals() {
  TRY(locals_.try_reserve(body_.local_count));
  u32 slot = 0;
  auto const add = [&](ValueType type) {
    // Numbers that do not fit are of a frame that is refused.
    locals_.push_back_reserved(Local{type, static_cast<Word>(std::min<u32>(slot, UINT16_MAX))});
    slot += slots_of(type);
  };
  for (ValueType const type : module_.type_of_function(function_).parameters()) add(type);
  Cursor declarations(body_.locals.bytes, body_.locals.offset);
  for (u32 group = 0; group < body_.local_groups; ++group) {
    u32 const count = must(declarations.leb_u32());
    ValueType const type = must(read_value_type(declarations));
    for (u32 i = 0; i < count; ++i) add(type);
  }
  return {};
}

// ---- code

Translator::Done Translator::emit_wide(u32 value) {
  std::array<Word, 2> const words{static_cast<Word>(value), static_cast<Word>(value >> 16)};
  return code_.try_append(words);
}

Translator::Done Translator::emit_trace(usize offset) {
  TRY(emit(Operation::Trace));
  return emit_wide(static_cast<u32>(offset));
}

Translator::Done Translator::take_fuel_now_and_then() {
  if (!reachable_ || ++instructions_without_fuel_ < instructions_per_fuel) return {};
  instructions_without_fuel_ = 0;
  return emit(Operation::TakeFuel);
}

void Translator::put_wide(u32 at, u32 value) {
  code_[at] = static_cast<Word>(value);
  code_[at + 1] = static_cast<Word>(value >> 16);
}

/// A distance that is not known yet.
Translator::Done Translator::emit_jump(u32& chain) {
  u32 const at = here();
  TRY(emit_wide(chain));
  chain = at;
  return {};
}

/// Makes all jumps of the chain come here.
void Translator::bind(u32& chain) {
  while (chain != 0) {
    u32 const at = chain;
    chain = wide_at(at);
    put_wide(at, here() - at);
  }
  last_result_.reset();
}

// ---- operands

Word Translator::next_slot() const {
  if (operands_.empty()) return local_slots_;
  Operand const& top = operands_.back();
  return static_cast<Word>(top.slot + slots_of(top.type));
}

Translator::Done Translator::push(Operand operand) {
  operand.slot = next_slot();
  if (operand.place != Operand::Place::Own && operands_.size() >= deepest_elsewhere) {
    TRY(settle(operand));
  }
  return operands_.try_push_back(operand);
}

Translator::Done Translator::push_constant(ValueType type, u64 bits) {
  Operand operand;
  operand.place = Operand::Place::Constant;
  operand.type = type;
  operand.bits = bits;
  return push(operand);
}

std::expected<Word, base::OutOfMemory> Translator::push_own(ValueType type) {
  Operand operand;
  operand.type = type;
  TRY(push(operand));
  return operands_.back().slot;
}

Translator::Done Translator::push_all(Types types) {
  for (ValueType const type : types) {
    TRY(push_own(type));
  }
  return {};
}

Translator::Operand Translator::pop() {
  Operand const top = operands_.back();
  operands_.pop_back();
  return top;
}

void Translator::cut_to(usize height) { operands_.truncate(height); }

/// Writes the operand to `target`, if it is not there.
Translator::Done Translator::move_to(const Operand& operand, Word target) {
  Operation const copy = operand.type == ValueType::V128 ? Operation::CopyVector : Operation::Copy;
  switch (operand.place) {
    case Operand::Place::Own: {
      if (operand.slot == target) return {};
      return emit(copy, target, operand.slot);
    }
    case Operand::Place::Local: {
      if (operand.local == target) return {};
      return emit(copy, target, operand.local);
    }
    case Operand::Place::Constant: {
      bool const is_short = operand.bits <= UINT32_MAX;
      TRY(emit(is_short ? Operation::Const32 : Operation::Const64, target));
      TRY(emit_wide(static_cast<u32>(operand.bits)));
      if (is_short) return {};
      return emit_wide(static_cast<u32>(operand.bits >> 32));
    }
  }
  return {};
}

/// The slot to read it from. A constant is written to the operand's own slot first.
std::expected<Word, base::OutOfMemory> Translator::use(const Operand& operand) {
  if (operand.place == Operand::Place::Local) return operand.local;
  TRY(move_to(operand, operand.slot));
  return operand.slot;
}

/// Brings the operand into its own slot.
Translator::Done Translator::settle(Operand& operand) {
  TRY(move_to(operand, operand.slot));
  operand.place = Operand::Place::Own;
  return {};
}

Translator::Done Translator::settle_from(usize first) {
  for (usize i = first; i < std::min(operands_.size(), deepest_elsewhere); ++i) {
    TRY(settle(operands_[i]));
  }
  return {};
}

/// Before a local is written, what the stack still reads from it has to be copied.
Translator::Done Translator::settle_copies_of(Word local) {
  for (usize i = 0; i < std::min(operands_.size(), deepest_elsewhere); ++i)
    if (operands_[i].place == Operand::Place::Local && operands_[i].local == local) {
      TRY(settle(operands_[i]));
    }
  return {};
}

// ---- instructions

Translator::Done Translator::instruction(Cursor& cursor, const Instruction& next) {
  if (!reachable_) {
    switch (next.opcode()) {
      case Opcode::TryTable: {
        for (u32 i = 0; i < next.index; ++i) must(read_catch_clause(cursor));
        ++skipped_blocks_;
        return {};
      }
      case Opcode::Block:
      case Opcode::Loop:
      case Opcode::If:
      case Opcode::Try: ++skipped_blocks_; return {};
      case Opcode::BrTable: {
        for (u32 i = 0; i <= next.index; ++i) must(cursor.leb_u32());
        return {};
      }
      case Opcode::Else: {
        if (skipped_blocks_ == 0) return begin_else();
        return {};
      }
      case Opcode::Catch:
      case Opcode::CatchAll: {
        if (skipped_blocks_ == 0) return begin_handler(next);
        return {};
      }
      case Opcode::Delegate: {
        if (skipped_blocks_ == 0) return end_with_delegate(next.index);
        --skipped_blocks_;
        return {};
      }
      case Opcode::End: {
        if (skipped_blocks_ == 0) return end_block();
        --skipped_blocks_;
        return {};
      }
      default: return {};
    }
  }
  if (next.info->shape == OpcodeShape::Special) return special(cursor, next);
  // Loads and stores work on the first memory, but for those of others.
  bool const is_elsewhere = accesses_memory(*next.info) && next.index != 0;
  if (!is_elsewhere) return numeric(next);
  TRY(emit(Operation::UseMemory));
  TRY(emit_wide(next.index));
  TRY(numeric(next));
  TRY(emit(Operation::UseMemory));
  return emit_wide(0);
}

Translator::Done Translator::numeric(const Instruction& next) {
  OpcodeInfo const& info = *next.info;
  Operation const operation = operation_of(info.opcode);
  switch (info.shape) {
    case OpcodeShape::Load: {
      TRY(Word const address, pop_used());
      TRY(Word const result, push_own(info.result));
      TRY(emit_result(operation, result, address, static_cast<Word>(next.access.offset),
                      static_cast<Word>(next.access.offset >> 16)));
      return {};
    }
    case OpcodeShape::Store: {
      TRY(Word const value, pop_used());
      TRY(Word const address, pop_used());
      TRY(emit(operation, address, value));
      return emit_wide(static_cast<u32>(next.access.offset));
    }
    case OpcodeShape::Unary: {
      TRY(Word const operand, pop_used());
      TRY(Word const result, push_own(info.result));
      return emit_result(operation, result, operand);
    }
    case OpcodeShape::Binary: return binary(info);
    case OpcodeShape::Ternary: {
      TRY(Word const third, pop_used());
      TRY(Word const second, pop_used());
      TRY(Word const first, pop_used());
      TRY(Word const result, push_own(info.result));
      return emit_result(operation, result, first, second, third);
    }
    case OpcodeShape::Shift: {
      TRY(Word const count, pop_used());
      TRY(Word const operand, pop_used());
      TRY(Word const result, push_own(info.result));
      return emit_result(operation, result, operand, count);
    }
    case OpcodeShape::ExtractLane: {
      TRY(Word const operand, pop_used());
      TRY(Word const result, push_own(info.result));
      return emit_result(operation, result, operand, next.lane);
    }
    case OpcodeShape::ReplaceLane: {
      TRY(Word const lane, pop_used());
      TRY(Word const operand, pop_used());
      TRY(Word const result, push_own(info.result));
      return emit_result(operation, result, operand, lane, next.lane);
    }
    case OpcodeShape::LoadLane: {
      TRY(Word const operand, pop_used());
      TRY(Word const address, pop_used());
      TRY(Word const result, push_own(info.result));
      return emit_result(operation, result, address, operand, static_cast<Word>(next.access.offset),
                         static_cast<Word>(next.access.offset >> 16), next.lane);
    }
    case OpcodeShape::StoreLane: {
      TRY(Word const operand, pop_used());
      TRY(Word const address, pop_used());
      TRY(emit(operation, address, operand));
      TRY(emit_wide(static_cast<u32>(next.access.offset)));
      return code_.try_push_back(next.lane);
    }
    case OpcodeShape::Special: break;
  }
  return {};
}

/// 128 bits of a constant or of lanes.
Translator::Done Translator::emit_vector(const Instruction& next) {
  for (u64 const half : {next.bits, next.high_bits}) {
    TRY(emit_wide(static_cast<u32>(half)));
    TRY(emit_wide(static_cast<u32>(half >> 32)));
  }
  return {};
}

Translator::Done Translator::binary(const OpcodeInfo& info) {
  Operation const operation = operation_of(info.opcode);
  Operand right = pop();
  Operand left = pop();
  if (is_commutative(operation) && left.place == Operand::Place::Constant &&
      right.place != Operand::Place::Constant)
    std::swap(left, right);
  if (has_immediate_form(operation) && right.place == Operand::Place::Constant) {
    auto const value = static_cast<i32>(static_cast<u32>(right.bits));
    if (info.operand == ValueType::I32 || static_cast<u64>(i64{value}) == right.bits) {
      TRY(Word const source, use(left));
      TRY(Word const result, push_own(info.result));
      return emit_result(immediate_form(operation), result, source,
                         static_cast<Word>(static_cast<u32>(value)),
                         static_cast<Word>(static_cast<u32>(value) >> 16));
    }
  }
  TRY(Word const second, use(right));
  TRY(Word const first, use(left));
  TRY(Word const result, push_own(info.result));
  return emit_result(operation, result, first, second);
}

Translator::Done Translator::set_local(u32 index, bool keep) {
  Local const local = locals_[index];
  Operand const value = pop();
  // The operation that made the value can write the local itself, if nothing comes in between.
  TRY(settle_copies_of(local.slot));
  bool const made_last =
      last_result_ && value.place == Operand::Place::Own && code_[*last_result_ + 1] == value.slot;
  if (made_last) {
    code_[*last_result_ + 1] = local.slot;
    last_result_.reset();
  } else {
    TRY(move_to(value, local.slot));
  }
  if (!keep) return {};
  Operand copy;
  copy.place = Operand::Place::Local;
  copy.type = local.type;
  copy.local = local.slot;
  return push(copy);
}

/// What tells an operation whom to call.
Translator::Done Translator::emit_callee(const Instruction& next, std::optional<Word> callee) {
  if (callee) {
    TRY(code_.try_push_back(*callee));
  }
  if (next.info->immediate == Immediate::Type) return {};
  TRY(emit_wide(next.index));
  if (callee) {
    TRY(emit_wide(next.second_index));
  }
  return {};
}

/// The arguments stand where the callee's frame begins, and its results come to the same place.
Translator::Done Translator::call(const Instruction& next) {
  bool const is_direct = next.opcode() == Opcode::Call;
  FunctionType const& type =
      is_direct ? module_.type_of_function(next.index) : module_.types[next.index];
  std::optional<Word> callee;
  if (!is_direct) {
    TRY(callee, pop_used());
  }
  usize const height = operands_.size() - type.parameters().size();
  TRY(settle_from(height));
  Word const base = height < operands_.size() ? operands_[height].slot : next_slot();
  cut_to(height);
  Operation const operation = is_direct                               ? Operation::Call
                              : next.opcode() == Opcode::CallIndirect ? Operation::CallIndirect
                                                                      : Operation::CallReference;
  TRY(emit(operation, base));
  TRY(emit_callee(next, callee));
  return push_all(type.results());
}

/// The callee takes over this call's frame.
Translator::Done Translator::return_call(const Instruction& next) {
  bool const is_direct = next.opcode() == Opcode::ReturnCall;
  FunctionType const& type =
      is_direct ? module_.type_of_function(next.index) : module_.types[next.index];
  std::optional<Word> callee;
  if (!is_direct) {
    TRY(callee, pop_used());
  }
  usize const height = operands_.size() - type.parameters().size();
  TRY(settle_from(height));
  Word const base = height < operands_.size() ? operands_[height].slot : next_slot();
  Operation const operation = is_direct ? Operation::ReturnCall
                              : next.opcode() == Opcode::ReturnCallIndirect
                                  ? Operation::ReturnCallIndirect
                                  : Operation::ReturnCallReference;
  TRY(emit(operation, base, static_cast<Word>(slots_of(type.parameters()))));
  reachable_ = false;
  return emit_callee(next, callee);
}

/// An operation of some operands and the index of what it works on.
Translator::Done Translator::with_index(Operation operation, usize operands,
                                        std::optional<ValueType> result, u32 index) {
  std::array<Word, 3> sources{};
  for (usize i = operands; i != 0; --i) {
    TRY(sources[i - 1], pop_used());
  }
  if (result) {
    TRY(Word const target, push_own(*result));
    TRY(emit(operation, target));
  } else {
    TRY(emit(operation));
  }
  TRY(code_.try_append(std::span<const Word>(sources).first(operands)));
  return emit_wide(index);
}

Translator::Done Translator::shuffle(const Instruction& next) {
  TRY(Word const second, pop_used());
  TRY(Word const first, pop_used());
  TRY(Word const result, push_own(ValueType::V128));
  std::array<Word, 4> words{};
  bool whole_words = true;
  for (u32 i = 0; i < words.size(); ++i) {
    auto const bytes = static_cast<u32>((i < 2 ? next.bits : next.high_bits) >> i % 2 * 32);
    words[i] = static_cast<Word>((bytes & 0xff) / 4);
    // Four neighbours, of which the first one begins a word.
    whole_words = whole_words && bytes == words[i] * 0x0404'0404u + 0x0302'0100u;
  }
  if (whole_words)
    return emit_result(Operation::ShuffleWords, result, first, second, words[0], words[1], words[2],
                       words[3]);
  u32 const start = here();
  TRY(emit(Operation::I8x16Shuffle, result, first, second));
  TRY(emit_vector(next));
  last_result_ = start;
  return {};
}

Translator::Done Translator::special(Cursor& cursor, const Instruction& next) {
  switch (next.opcode()) {
    case Opcode::Unreachable: {
      TRY(emit(Operation::Trap, static_cast<Word>(Trap::Unreachable)));
      reachable_ = false;
      return {};
    }
    case Opcode::Nop: return {};
    case Opcode::Block:
    case Opcode::Loop:
    case Opcode::If:
    case Opcode::Try: return begin_block(next);
    case Opcode::TryTable: return begin_try_table(cursor, next);
    case Opcode::Catch:
    case Opcode::CatchAll: return begin_handler(next);
    case Opcode::Delegate: return end_with_delegate(next.index);
    case Opcode::Throw: return throw_tag(next.index);
    case Opcode::ThrowRef: {
      TRY(Word const exception, pop_used());
      reachable_ = false;
      return emit(Operation::ThrowReference, exception);
    }
    case Opcode::Rethrow: {
      reachable_ = false;
      return emit(Operation::ThrowReference, label(next.index).base);
    }
    case Opcode::Else: return begin_else();
    case Opcode::End: return end_block();
    case Opcode::Br: return branch(next.index);
    case Opcode::BrIf: {
      TRY(Condition const condition, pop_condition());
      return branch_if(next.index, condition);
    }
    case Opcode::BrOnNull: return branch_on_null(next.index);
    case Opcode::BrOnNonNull: return branch_on_non_null(next.index);
    case Opcode::BrTable: return branch_table(cursor, next.index);
    case Opcode::Return: return branch(static_cast<u32>(labels_.size() - 1));
    case Opcode::Call:
    case Opcode::CallIndirect:
    case Opcode::CallRef: return call(next);
    case Opcode::ReturnCall:
    case Opcode::ReturnCallIndirect:
    case Opcode::ReturnCallRef: return return_call(next);
    case Opcode::Drop: pop(); return {};
    case Opcode::Select:
    case Opcode::SelectTyped: {
      TRY(Word const condition, pop_used());
      TRY(Word const second, pop_used());
      Operand const value = pop();
      TRY(Word const first, use(value));
      TRY(Word const result, push_own(value.type));
      return emit_result(
          value.type == ValueType::V128 ? Operation::SelectVector : Operation::Select, result,
          first, second, condition);
    }
    case Opcode::LocalGet: {
      Operand copy;
      copy.place = Operand::Place::Local;
      copy.type = locals_[next.index].type;
      copy.local = locals_[next.index].slot;
      return push(copy);
    }
    case Opcode::LocalSet: return set_local(next.index, false);
    case Opcode::LocalTee: return set_local(next.index, true);
    case Opcode::GlobalGet: {
      ValueType const type = module_.globals[next.index].type.value;
      TRY(Word const result, push_own(type));
      return emit_result(
          type == ValueType::V128 ? Operation::GlobalGetVector : Operation::GlobalGet, result,
          static_cast<Word>(next.index), static_cast<Word>(next.index >> 16));
    }
    case Opcode::GlobalSet: {
      bool const is_vector = module_.globals[next.index].type.value == ValueType::V128;
      return with_index(is_vector ? Operation::GlobalSetVector : Operation::GlobalSet, 1,
                        std::nullopt, next.index);
    }
    case Opcode::I32Const: return push_constant(ValueType::I32, static_cast<u32>(next.bits));
    case Opcode::I64Const: return push_constant(ValueType::I64, next.bits);
    case Opcode::F32Const: return push_constant(ValueType::F32, next.bits);
    case Opcode::F64Const: return push_constant(ValueType::F64, next.bits);
    case Opcode::V128Const: {
      TRY(Word const result, push_own(ValueType::V128));
      u32 const start = here();
      TRY(emit(Operation::V128Const, result));
      TRY(emit_vector(next));
      last_result_ = start;
      return {};
    }
    case Opcode::I8x16Shuffle: return shuffle(next);
    case Opcode::RefNull: return push_constant(next.type, 0);
    case Opcode::RefIsNull: {
      TRY(Word const operand, pop_used());
      TRY(Word const result, push_own(ValueType::I32));
      return emit_result(Operation::I64Eqz, result, operand);
    }
    case Opcode::RefFunc: return with_index(Operation::RefFunc, 0, ValueType::FuncRef, next.index);
    case Opcode::RefAsNonNull: {
      Operand const value = pop();
      TRY(Word const reference, use(value));
      TRY(emit(Operation::AsNonNull, reference));
      return push(value);
    }
    case Opcode::TableGet:
      return with_index(Operation::TableGet, 1, module_.tables[next.index].type.element,
                        next.index);
    case Opcode::TableSet: return with_index(Operation::TableSet, 2, std::nullopt, next.index);
    case Opcode::TableSize: return with_index(Operation::TableSize, 0, ValueType::I32, next.index);
    case Opcode::TableGrow: return with_index(Operation::TableGrow, 2, ValueType::I32, next.index);
    case Opcode::TableFill: return with_index(Operation::TableFill, 3, std::nullopt, next.index);
    case Opcode::TableCopy: {
      TRY(with_index(Operation::TableCopy, 3, std::nullopt, next.index));
      return emit_wide(next.second_index);
    }
    case Opcode::TableInit: {
      TRY(with_index(Operation::TableInit, 3, std::nullopt, next.second_index));
      return emit_wide(next.index);
    }
    case Opcode::ElemDrop: return with_index(Operation::ElemDrop, 0, std::nullopt, next.index);
    case Opcode::MemorySize:
      return with_index(Operation::MemorySize, 0, ValueType::I32, next.index);
    case Opcode::MemoryGrow:
      return with_index(Operation::MemoryGrow, 1, ValueType::I32, next.index);
    case Opcode::MemoryCopy: {
      TRY(with_index(Operation::MemoryCopy, 3, std::nullopt, next.index));
      return emit_wide(next.second_index);
    }
    case Opcode::MemoryFill: return with_index(Operation::MemoryFill, 3, std::nullopt, next.index);
    case Opcode::MemoryInit: {
      TRY(with_index(Operation::MemoryInit, 3, std::nullopt, next.index));
      return emit_wide(next.second_index);
    }
    case Opcode::DataDrop: return with_index(Operation::DataDrop, 0, std::nullopt, next.index);
    default: NACRE_ASSERT(false); return {};  // The other shapes are not special.
  }
}

}  // namespace nacre::wasm::interpret
