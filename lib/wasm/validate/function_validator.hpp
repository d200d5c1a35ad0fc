#pragma once

#include <span>

#include "lib/base/vector.hpp"
#include "lib/wasm/binary/instruction.hpp"
#include "lib/wasm/binary/module.hpp"
#include "lib/wasm/binary/signatures.hpp"
#include "lib/wasm/validate/named_types.hpp"
#include "lib/wasm/validate/operand_stack.hpp"

namespace nacre::wasm {

/// How instructions are checked: many at once where they are of the usual kinds, or each by its own
/// rule. What comes of it is the same.
enum class Pace : u8 { StraightLines, EachInstruction };

/// Checks function bodies and constant expressions of one module, one after the other, in one pass
/// over their bytes. Its stacks are kept from one to the next.
/// [wasm/core: "Validation Algorithm"]
class FunctionValidator {
 public:
  /// `declared` says for each function whether `ref.func` may name it; `numbers` has the same
  /// number for each two types that are equal.
  FunctionValidator(const Module& module, std::span<const u8> declared,
                    std::span<const SignatureId> numbers, Pace pace = Pace::StraightLines)
      : module_(module),
        declared_(declared),
        numbers_(numbers),
        pace_(pace),
        named_types_(module) {}

  /// Makes ready to check `body`, of a function of that type.
  Loaded<void> begin_body(const FunctionType& type, const FunctionBody& body);
  /// Goes on with that body for about `size` bytes. True at its end, when its metadata is in it.
  Loaded<bool> check_body(usize size, FunctionBody& body);
  /// Checks that `expression` is constant and makes one `expected`. It may read the first
  /// `visible_globals` globals.
  Loaded<void> check_constant(const ConstantExpression& expression, ValueType expected,
                              u32 visible_globals);

 private:
  using Operand = OperandStack::Operand;
  static constexpr Operand unknown = OperandStack::unknown;
  static constexpr Operand unknown_reference = OperandStack::unknown_reference;
  static constexpr Operand operand(ValueType type) { return OperandStack::operand(type); }

  struct Label {
    Opcode opcode;
    BlockType type;
    u32 height;
    bool unreachable;
    /// How many locals were known to be set before it.
    u32 set_locals;
  };

  using Done = Loaded<void>;
  using Types = std::span<const ValueType>;

  void begin(const Cursor& cursor);
  Done declare_locals(const FunctionType& type, const FunctionBody& body);
  class StraightLine;
  Loaded<u32> straight_line(Cursor& cursor, usize size);
  Done instruction(Cursor& cursor);
  Done special(Cursor& cursor);
  Done begin_block();
  Done end_of_block();
  Done end_of_part(Opcode next);
  Done handler(Opcode opcode);
  Done delegate();
  Done try_table(Cursor& cursor);
  Done catch_clause(const CatchClause& clause);
  Done branch_table(Cursor& cursor);
  Done branch_on_null();
  Done branch_on_non_null();
  Done select();
  Done call(const FunctionType& type);
  Done return_call(const FunctionType& type);
  Loaded<const FunctionType*> callee();
  Done local();
  Done memory_access();
  Done lane(u32 count) const;
  Done shuffle();
  Done constant_instruction(u32 visible_globals);

  Done push(Operand type);
  Done push(ValueType type) { return push(operand(type)); }
  Done push_all(Types types);
  Loaded<Operand> pop();
  Done pop(ValueType expected);
  Loaded<Operand> pop_reference();
  Done pop_all(Types types);
  Done check_top(Types types) const;
  Done push_label(Opcode opcode, const BlockType& type);
  void set_unreachable();

  Loaded<const Label*> label(u32 depth) const;
  Types parameters_of(const BlockType& type) const;
  Types results_of(const BlockType& type) const;
  /// What a branch to `label` carries.
  Types branch_types(const Label& label) const {
    return label.opcode == Opcode::Loop ? parameters_of(label.type) : results_of(label.type);
  }
  bool fits(Operand found, ValueType expected) const;
  bool is_same_list(Types left, Types right) const;
  Done need_type(ValueType type) const;
  Done need_block_type() const;
  Loaded<const FunctionType*> type(u32 index) const;
  Loaded<const FunctionType*> tag(u32 index) const;
  Loaded<const TableType*> table(u32 index) const;
  Done need_memory(u32 index) const;
  std::unexpected<ModuleError> invalid(Invalid cause) const {
    return refuse(cause, instruction_.offset);
  }

  const Module& module_;
  std::span<const u8> declared_;
  std::span<const SignatureId> numbers_;
  Pace pace_;
  base::Vector<ValueType> locals_;
  NamedTypes named_types_;
  /// Of the locals that have no value to begin with: whether each is known to be set, and those
  /// that are in the order in which they were. Both are empty where every local has one.
  base::Vector<u8> is_set_;
  base::Vector<u32> set_locals_;
  OperandStack operands_;
  base::Vector<Label> labels_;
  Instruction instruction_;
  /// In the body that is being checked, and how many instructions of it were.
  Cursor code_{{}, 0};
  u32 instruction_count_ = 0;
  u32 max_labels_ = 0;
};

}  // namespace nacre::wasm
