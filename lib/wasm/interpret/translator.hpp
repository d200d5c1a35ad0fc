#pragma once

#include <expected>
#include <optional>

#include "lib/base/assert.hpp"
#include "lib/base/try.hpp"
#include "lib/base/vector.hpp"
#include "lib/wasm/binary/instruction.hpp"
#include "lib/wasm/binary/module.hpp"
#include "lib/wasm/interpret/function_code.hpp"
#include "lib/wasm/runtime/trap.hpp"

namespace nacre::wasm::interpret {

/// Translates one validated function into the interpreter's code, in one pass. It follows the
/// operand stack as the validator does, but remembers where each operand is: in its own slot of the
/// frame, still in a local, or known as a constant.
///
/// A frame holds the parameters, the other locals and then a slot for each operand by its depth.
/// Where control flow meets, every operand is in its own slot.
class Translator {
 public:
  /// `function` is not imported. Code that is `traced` says where each instruction begins.
  Translator(const Module& module, u32 function, bool traced);

  /// Once, before anything else. Errors: OutOfMemory, or StackExhausted for a function whose frame
  /// has more slots than an operation can number.
  std::expected<void, Trap> begin();
  /// Translates at most `count` instructions more. True at the function's end. Errors: OutOfMemory.
  std::expected<bool, Trap> proceed(u32 count);
  TranslatedCode code() const {
    return {{code_.data(), code_.size()},
            {ranges_.data(), ranges_.size()},
            {clauses_.data(), clauses_.size()}};
  }

  /// The offset in the module of the instruction that the word at `position` of the function's code
  /// was made for; translates the function again to find it. 0 if there is no memory for that.
  static usize find_offset(const Module& module, u32 function, usize position, bool traced);

 private:
  /// Behind how many instructions one comes that takes fuel: a unit of it is used up in a bounded
  /// time, however long a function is. They are counted as the module has them, so that code that
  /// is traced takes no more.
  static constexpr u32 instructions_per_fuel = 256;
  /// Only operands of a smaller depth may be elsewhere than in their own slots, so that looking for
  /// those takes a bounded time. Real code hardly ever goes deeper.
  static constexpr usize deepest_elsewhere = 64;

  using Done = std::expected<void, base::OutOfMemory>;
  using Types = std::span<const ValueType>;

  struct Local {
    ValueType type;
    Word slot;
  };
  struct Operand {
    enum class Place : u8 { Own, Local, Constant };
    Place place = Place::Own;
    ValueType type = ValueType::I32;
    /// Its own slot, which its depth gives.
    Word slot = 0;
    /// Where it is, if in a local.
    Word local = 0;
    u64 bits = 0;
  };
  /// A comparison that decides a jump.
  struct Condition {
    Operation comparison = Operation::I32Ne;
    bool immediate = false;
    Word left = 0;
    Word right = 0;
    u32 value = 0;
  };
  struct Label {
    Opcode opcode;
    BlockType type;
    /// Of the operand stack below the block's parameters.
    u32 height;
    /// The slot of the first operand above that height.
    Word base;
    /// A loop's beginning.
    u32 start = 0;
    /// Chains of distances that are not known yet, each holding the place of the one before it; 0
    /// is none. To the label's end, to its `else`, and from a branch table by way of some moves.
    u32 to_end = 0;
    u32 to_else = 0;
    u32 to_detour = 0;
    /// Where code begins whose exceptions a `try` handles, and the first and last of its clauses.
    u32 try_begin = 0;
    u32 first_clause = TryRange::nothing;
    u32 last_clause = TryRange::nothing;
  };

  Done declare_locals();
  Done instruction(Cursor& cursor, const Instruction& next);
  Done special(Cursor& cursor, const Instruction& next);
  Done numeric(const Instruction& next);
  Done binary(const OpcodeInfo& info);
  Done shuffle(const Instruction& next);
  Done set_local(u32 index, bool keep);
  Done call(const Instruction& next);
  Done return_call(const Instruction& next);
  Done emit_callee(const Instruction& next, std::optional<Word> callee);
  Done with_index(Operation operation, usize operands, std::optional<ValueType> result, u32 index);

  // Operands.
  Done push(Operand operand);
  Done push_constant(ValueType type, u64 bits);
  std::expected<Word, base::OutOfMemory> push_own(ValueType type);
  Done push_all(Types types);
  Operand pop();
  std::expected<Word, base::OutOfMemory> use(const Operand& operand);
  std::expected<Word, base::OutOfMemory> pop_used() { return use(pop()); }
  Done move_to(const Operand& operand, Word target);
  Done settle(Operand& operand);
  Done settle_from(usize first);
  Done settle_copies_of(Word local);
  Word next_slot() const;
  void cut_to(usize height);

  // Exceptions.
  Done begin_try_table(Cursor& cursor, const Instruction& next);
  Done landing_of(const CatchClause& clause, Label& owner);
  Done begin_handler(const Instruction& next);
  Done end_with_delegate(u32 depth);
  Done throw_tag(u32 tag);
  Done add_range(const Label& owner);
  Done add_clause(HandlerClause clause, Label& owner);

  // Control flow.
  Done begin_block(const Instruction& next);
  Label make_label(const Instruction& next) const;
  void leave_block();
  Done begin_else();
  Done end_block();
  Done branch(u32 depth);
  Done branch_if(u32 depth, Condition condition);
  Done branch_on_null(u32 depth);
  Done branch_on_non_null(u32 depth);
  Done branch_table(Cursor& cursor, u32 count);
  Done go_to(u32 depth);
  Done return_values();
  Done moves_for(const Label& target);
  bool needs_moves(const Label& target) const;
  std::expected<Condition, base::OutOfMemory> pop_condition();
  Done emit_branch(const Condition& condition, bool back);
  Label& label(u32 depth) { return labels_[labels_.size() - 1 - depth]; }
  bool is_function(u32 depth) const { return depth + 1 == labels_.size(); }
  Types parameters_of(const BlockType& type) const;
  Types results_of(const BlockType& type) const;
  Types branch_types(const Label& target) const;

  /// The validator has read these bytes before, so they can be read.
  template <class T>
  static T must(Loaded<T> result) {
    NACRE_ASSERT(result.has_value());
    return *std::move(result);
  }

  // Code.
  u32 here() const { return static_cast<u32>(code_.size()); }
  template <class... Operands>
  Done emit(Operation operation, Operands... operands);
  template <class... Operands>
  Done emit_result(Operation operation, Operands... operands);
  Done emit_wide(u32 value);
  Done emit_vector(const Instruction& next);
  Done emit_trace(usize offset);
  Done take_fuel_now_and_then();
  Done emit_jump(u32& chain);
  Done emit_jump_back(u32 target) { return emit_wide(target - here()); }
  void put_wide(u32 at, u32 value);
  u32 wide_at(u32 at) const { return code_[at] | u32{code_[at + 1]} << 16; }
  void bind(u32& chain);

  const Module& module_;
  u32 function_;
  const FunctionBody& body_;
  bool traced_;
  Cursor cursor_{{}, 0};
  Instruction next_;
  u32 instructions_without_fuel_ = 0;
  std::optional<usize> probe_;
  usize probed_offset_ = 0;

  base::Vector<Word> code_;
  base::Vector<Local> locals_;
  base::Vector<Operand> operands_;
  base::Vector<Label> labels_;
  base::Vector<TryRange> ranges_;
  base::Vector<HandlerClause> clauses_;
  Word local_slots_ = 0;
  /// Blocks begun inside code that is never reached and so not translated.
  u32 skipped_blocks_ = 0;
  bool reachable_ = true;
  /// Where the last operation begins, if it wrote the operand on top and nothing jumps behind it.
  std::optional<u32> last_result_;
};

template <class... Operands>
Translator::Done Translator::emit(Operation operation, Operands... operands) {
  std::array<Word, 1 + sizeof...(Operands)> const words{static_cast<Word>(operation), operands...};
  last_result_.reset();
  return code_.try_append(words);
}

/// For an operation that writes its first operand, which is on top of the stack.
template <class... Operands>
Translator::Done Translator::emit_result(Operation operation, Operands... operands) {
  u32 const start = here();
  TRY(emit(operation, operands...));
  last_result_ = start;
  return {};
}

}  // namespace nacre::wasm::interpret
