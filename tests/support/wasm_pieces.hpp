#pragma once

#include <optional>
#include <span>
#include <vector>

#include "lib/wasm/binary/opcodes.hpp"
#include "tests/support/wasm_builder.hpp"

namespace nacre::test {

/// Section ids in their order in a module, custom ones anywhere. [wasm/core: "Sections"]
enum class SectionId : base::u8 {
  Custom = 0,
  Type = 1,
  Import = 2,
  Function = 3,
  Table = 4,
  Memory = 5,
  Tag = 13,
  Global = 6,
  Export = 7,
  Start = 8,
  Element = 9,
  DataCount = 12,
  Code = 10,
  Data = 11,
};

/// One immediate of an instruction.
struct ImmediatePiece {
  enum class Kind : base::u8 {
    /// Kept as its bytes.
    Raw,
    // Indices.
    Label,
    Function,
    Type,
    /// The type of a block, where that is an index.
    BlockType,
    Tag,
    Local,
    Global,
    Table,
    Memory,
    DataSegment,
    ElementSegment,
    // Numbers.
    Alignment,
    Offset,
    I32,
    I64,
    Lane,
    ClauseKind,
  };
  Kind kind = Kind::Raw;
  /// Sign-extended where it has a sign.
  base::u64 value = 0;
  Bytes raw;
  /// How many bytes more than it needs a LEB128 number is written with; cutting forgets them.
  base::u8 padding = 0;
};

/// One instruction. What `br_table` and `try_table` count is not among the immediates: it is the
/// number of labels there are.
struct InstructionPiece {
  const wasm::OpcodeInfo* info = nullptr;
  std::vector<ImmediatePiece> immediates;

  Bytes bytes() const;
};
InstructionPiece piece_of(wasm::Opcode opcode,
                          std::initializer_list<ImmediatePiece> immediates = {});

/// A function's body: its declarations of locals, with their number in front, and its instructions.
struct BodyPiece {
  Bytes locals;
  /// How many locals those are.
  base::u64 local_count = 0;
  std::vector<InstructionPiece> code;
  /// What comes behind the last instruction that could be read.
  Bytes rest;

  static std::optional<BodyPiece> cut(std::span<const base::u8> bytes);
  /// Without the size in front.
  Bytes bytes() const;
};

/// A section: a vector of entries, or what could not be read as one.
struct SectionPiece {
  base::u8 id = 0;
  bool is_vector = false;
  /// For code the bodies, without their sizes.
  std::vector<Bytes> entries;
  Bytes raw;

  Bytes bytes() const;
};

/// A module cut into pieces that can be changed and put together again; counts and sizes are those
/// of the pieces that are then there. Nothing is checked but what the cut needs.
struct ModulePieces {
  std::vector<SectionPiece> sections;

  /// Empty where the bytes do not consist of a header and sections.
  static std::optional<ModulePieces> cut(std::span<const base::u8> module);
  Bytes bytes() const;

  SectionPiece* find(SectionId id);
  const SectionPiece* find(SectionId id) const;
  /// Of a section that is a vector; 0 where there is none.
  base::usize count(SectionId id) const;
  /// The entries of the section, which gets its place among the others if there is none yet; then
  /// what was found before has moved.
  std::vector<Bytes>& entries(SectionId id);

  /// How many an index of that kind can name: imports come first, and locals and labels are not
  /// known here.
  base::u64 index_space(ImmediatePiece::Kind kind) const;
  /// The type's index of each function, imported ones first.
  std::vector<base::u64> function_types() const;
  /// The same for tags.
  std::vector<base::u64> tag_types() const;
};

/// A signature of the type section, its value types as their bytes.
struct SignaturePiece {
  std::vector<Bytes> parameters;
  std::vector<Bytes> results;

  static std::optional<SignaturePiece> cut(std::span<const base::u8> entry);
  /// Of the type `index` of a module.
  static std::optional<SignaturePiece> of(const ModulePieces& module, base::u64 index);
  /// An entry of the type section.
  Bytes bytes() const;
};

}  // namespace nacre::test
