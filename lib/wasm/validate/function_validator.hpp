#pragma once

#include <span>

#include "lib/base/vector.hpp"
#include "lib/wasm/binary/instruction.hpp"
#include "lib/wasm/binary/module.hpp"

namespace nacre::wasm {

/// Checks function bodies and constant expressions of one module, one after the other, in one pass
/// over their bytes. Its stacks are kept from one to the next.
/// [wasm/core: "Validation Algorithm"]
class FunctionValidator {
 public:
  /// `declared` says for each function whether `ref.func` may name it.
  FunctionValidator(const Module& module, std::span<const u8> declared)
      : module_(module), declared_(declared) {}

  /// Checks `body` against the type of its function and leaves its metadata in it.
  Loaded<void> check_body(const FunctionType& type, FunctionBody& body);
  /// Checks that `expression` is constant and makes one `expected`. It may read the first
  /// `visible_globals` globals.
  Loaded<void> check_constant(const ConstantExpression& expression, ValueType expected,
                              u32 visible_globals);

 private:
  /// A value type, or 0 for one that can be anything because no execution gets there.
  using Operand = u32;
  static constexpr Operand unknown = 0;
  static constexpr Operand operand(ValueType type) { return static_cast<Operand>(type); }

  struct Label {
    Opcode opcode;
    BlockType type;
    u32 height;
    bool unreachable;
  };

  using Done = Loaded<void>;
  using Types = std::span<const ValueType>;

  void begin(const Cursor& cursor);
  Done instruction(Cursor& cursor);
  Done special(Cursor& cursor);
  Done end_of_block();
  Done branch_table(Cursor& cursor);
  Done select();
  Done call(const FunctionType& type);
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
  Loaded<const TableType*> table(u32 index) const;
  Done need_memory(u32 index) const;
  std::unexpected<ModuleError> invalid(Invalid cause) const {
    return refuse(cause, instruction_.offset);
  }

  const Module& module_;
  std::span<const u8> declared_;
  base::Vector<ValueType> locals_;
  base::Vector<Operand> operands_;
  base::Vector<Label> labels_;
  Instruction instruction_;
  u32 slots_ = 0;
  u32 max_slots_ = 0;
  u32 max_labels_ = 0;
};

}  // namespace nacre::wasm
