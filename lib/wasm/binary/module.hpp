#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "lib/base/vector.hpp"
#include "lib/wasm/binary/error.hpp"
#include "lib/wasm/binary/types.hpp"

namespace nacre::wasm {

/// A part of the module's bytes, with the place where it lies in them.
struct ByteRange {
  std::span<const u8> bytes;
  usize offset = 0;
};

struct Import {
  std::string_view module;
  std::string_view name;
  ExternKind kind = ExternKind::Function;
  /// In the index space of its kind; imports come first there.
  u32 index = 0;
  usize offset = 0;
};

struct Export {
  std::string_view name;
  ExternKind kind = ExternKind::Function;
  u32 index = 0;
  usize offset = 0;
};

/// Instructions that make one constant, `end` included.
using ConstantExpression = ByteRange;

struct TableDefinition {
  TableType type;
  /// What its elements are to begin with; empty for null, and for an import.
  ConstantExpression initial;
  usize offset = 0;
};

struct Global {
  GlobalType type;
  /// Empty for an import.
  ConstantExpression initial;
  usize offset = 0;
};

/// How a segment gets into a table or memory. [wasm/core: "Element Segments"]
enum class SegmentMode : u8 { Active, Passive, Declarative };

struct ElementSegment {
  SegmentMode mode = SegmentMode::Active;
  u32 table = 0;
  ValueType type = ValueType::FuncRef;
  ConstantExpression start;
  /// Function indices, or constant expressions where `has_expressions`; `count` of them.
  ByteRange elements;
  u32 count = 0;
  bool has_expressions = false;
  usize offset = 0;
};

struct DataSegment {
  SegmentMode mode = SegmentMode::Active;
  u32 memory = 0;
  ConstantExpression start;
  std::span<const u8> bytes;
  usize offset = 0;
};

/// The body of a function: its declarations of locals and its instructions.
struct FunctionBody {
  ByteRange locals;
  u32 local_groups = 0;
  ByteRange code;
  /// Left by the validator: how many parameters and locals there are, the most operand slots and
  /// nested labels at any point, and how many instructions.
  u32 local_count = 0;
  u32 max_operands = 0;
  u32 max_labels = 0;
  u32 instruction_count = 0;
};

struct CustomSection {
  std::string_view name;
  ByteRange content;
};

/// What the decoder made of a module's bytes, which it borrows: they must outlive it. Each index
/// space holds the imports first. [wasm/core: "Modules"]
struct Module {
  std::span<const u8> bytes;

  base::Vector<FunctionType> types;
  base::Vector<Import> imports;
  /// The type's index of each function.
  base::Vector<u32> functions;
  base::Vector<TableDefinition> tables;
  base::Vector<MemoryType> memories;
  base::Vector<Global> globals;
  /// The type's index of each tag.
  base::Vector<u32> tags;
  base::Vector<Export> exports;
  std::optional<u32> start;
  usize start_offset = 0;
  base::Vector<ElementSegment> elements;
  std::optional<u32> data_count;
  base::Vector<DataSegment> data;
  /// Of the functions that are not imported.
  base::Vector<FunctionBody> bodies;
  base::Vector<CustomSection> custom_sections;

  u32 imported_functions = 0;
  u32 imported_tables = 0;
  u32 imported_memories = 0;
  u32 imported_globals = 0;
  u32 imported_tags = 0;

  const FunctionType& type_of_function(u32 function) const { return types[functions[function]]; }
  const FunctionType& type_of_tag(u32 tag) const { return types[tags[tag]]; }
  const Export* find_export(std::string_view name) const {
    for (auto const& candidate : exports)
      if (candidate.name == name) return &candidate;
    return nullptr;
  }
  const CustomSection* find_custom_section(std::string_view name) const {
    for (auto const& section : custom_sections)
      if (section.name == name) return &section;
    return nullptr;
  }
};

/// What this engine accepts at most, as other engines do. A file that is within them still fails
/// where memory does not suffice.
struct ModuleLimits {
  static constexpr usize module_size = u64{1} << 30;
  static constexpr u32 types = 1'000'000;
  static constexpr u32 parameters = 1'000;
  static constexpr u32 results = 1'000;
  static constexpr u32 imports = 1'000'000;
  static constexpr u32 functions = 1'000'000;
  static constexpr u32 tables = 100'000;
  static constexpr u32 memories = 100;
  static constexpr u32 globals = 1'000'000;
  static constexpr u32 tags = 1'000'000;
  static constexpr u32 exports = 1'000'000;
  static constexpr u32 element_segments = 10'000'000;
  static constexpr u32 elements = 10'000'000;
  static constexpr u32 data_segments = 1'000'000;
  static constexpr u32 locals = 50'000;
  static constexpr u32 name_size = 2u << 20;
  static constexpr u32 constant_expression_size = 100'000;
  static constexpr u32 function_size = 16'777'216;
  static constexpr u32 branch_targets = 1'000'000;
  static constexpr u32 catch_clauses = 10'000;
};

}  // namespace nacre::wasm
