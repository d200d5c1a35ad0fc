#pragma once

#include <optional>

#include "lib/wasm/binary/cursor.hpp"
#include "lib/wasm/binary/opcodes.hpp"

namespace nacre::wasm {

/// The type of a block: none, one result, or a type of the module. [wasm/core: "Block Types"]
struct BlockType {
  enum class Kind : u8 { Empty, Value, Type };
  Kind kind = Kind::Empty;
  ValueType value = ValueType::I32;
  u32 type_index = 0;
};

struct MemoryAccess {
  u32 align_log2 = 0;
  u64 offset = 0;
};

/// What a handler of `try_table` catches, and what it leaves on the stack of the label that it goes
/// to: a tag's parameters or nothing, and the exception itself or not.
/// [wasm/core: "Control Instructions"]
struct CatchClause {
  enum class Kind : u8 { Catch = 0, CatchRef = 1, CatchAll = 2, CatchAllRef = 3 };
  Kind kind = Kind::Catch;
  u32 tag = 0;
  /// Counted from outside of the `try_table`.
  u32 label = 0;

  bool has_tag() const { return kind == Kind::Catch || kind == Kind::CatchRef; }
  bool has_reference() const { return kind == Kind::CatchRef || kind == Kind::CatchAllRef; }
};

/// One instruction with its immediates. Only what the opcode's `Immediate` names is meaningful.
struct Instruction {
  const OpcodeInfo* info = nullptr;
  /// Of the opcode, from the start of the module.
  usize offset = 0;
  /// The label, function, type, tag, local, global, table, memory or segment that comes first; for
  /// `br_table` the number of labels but the default; for `try_table` the number of clauses; for
  /// `select` the number of types.
  u32 index = 0;
  /// The second one: the table of `call_indirect` and `table.init`, the memory of `memory.init`,
  /// the source of a copy.
  u32 second_index = 0;
  /// A constant's bits; those of an i32 are sign-extended, those of a v128 go on in `high_bits`.
  /// For `i8x16.shuffle` the 16 lanes, a byte each.
  u64 bits = 0;
  u64 high_bits = 0;
  u8 lane = 0;
  BlockType block;
  MemoryAccess access;
  /// What `ref.null` makes, and the first one of a typed `select`.
  ValueType type = ValueType::I32;

  Opcode opcode() const { return info->opcode; }
};

/// Reads one instruction into `instruction`, whose other members are left as they were. Behind a
/// `br_table` the cursor stands before its `index + 1` labels, behind a `try_table` before its
/// `index` clauses; the caller reads them. [wasm/core: "Instructions"]
Loaded<void> read_instruction(Cursor& cursor, Instruction& instruction);
Loaded<CatchClause> read_catch_clause(Cursor& cursor);

/// A value type, with the name of the missing feature where it is one of a later edition. Whether
/// the module has a type of that index is not checked.
Loaded<ValueType> read_value_type(Cursor& cursor);
Loaded<ValueType> read_reference_type(Cursor& cursor);

}  // namespace nacre::wasm
