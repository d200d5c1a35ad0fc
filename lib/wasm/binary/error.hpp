#pragma once

#include <expected>
#include <string_view>
#include <variant>

#include "lib/base/format.hpp"
#include "lib/base/memory.hpp"
#include "lib/base/types.hpp"

namespace nacre::wasm {

/// Bytes that are no module. [wasm/core: "Binary Format"]
enum class Malformed : base::u8 {
  MagicHeader,
  BinaryVersion,
  UnexpectedEnd,
  EndOfSectionOrFunction,
  LengthOutOfBounds,
  IntegerTooLong,
  IntegerTooLarge,
  Utf8,
  SectionId,
  SectionOrder,
  SectionSize,
  FunctionAndCodeCount,
  DataCount,
  DataCountRequired,
  ImportKind,
  ExportKind,
  TagAttribute,
  CatchKind,
  ReservedByte,
  LimitsFlags,
  Mutability,
  FunctionTypeForm,
  ValueTypeCode,
  ReferenceType,
  ElementSegmentKind,
  DataSegmentKind,
  TooManyLocals,
  IllegalOpcode,
  MemoryFlags,
  EndOpcode,
};

/// A module that is well-formed and means nothing. [wasm/core: "Validation"]
enum class Invalid : base::u8 {
  TypeMismatch,
  UnknownType,
  UnknownFunction,
  UnknownTable,
  UnknownMemory,
  UnknownGlobal,
  UnknownTag,
  UnknownLocal,
  UnknownLabel,
  UnknownElementSegment,
  UnknownDataSegment,
  UndeclaredFunctionReference,
  ImmutableGlobal,
  UninitializedLocal,
  TagResults,
  RethrowLabel,
  ConstantExpression,
  Alignment,
  OffsetRange,
  LaneIndex,
  ResultArity,
  MemorySize,
  TableSize,
  LimitsOrder,
  StartFunction,
  DuplicateExport,
};

/// A part of the language that this engine does not have yet.
enum class Feature : base::u8 {
  GarbageCollection,
  Memory64,
  Threads,
  Components,
};

/// What this engine counts, and has a limit for.
enum class Limited : base::u8 {
  ModuleSize,
  Types,
  Parameters,
  Results,
  Imports,
  Functions,
  Tables,
  Memories,
  Globals,
  Tags,
  Exports,
  ElementSegments,
  Elements,
  DataSegments,
  Locals,
  FunctionSize,
  BranchTargets,
  CatchClauses,
  NameSize,
  ConstantExpression,
};

std::string_view text_of(Malformed malformed);
std::string_view text_of(Invalid invalid);
std::string_view text_of(Feature feature);
std::string_view text_of(Limited limited);

/// Why a module was refused, and at which byte.
struct ModuleError {
  using Cause = std::variant<Malformed, Invalid, Feature, Limited, base::OutOfMemory>;

  Cause cause;
  /// From the start of the module.
  base::usize offset = 0;

  ModuleError(Cause why, base::usize where) : cause(why), offset(where) {}
  // Implicit, so that `TRY` passes it on; memory runs out at no byte in particular.
  ModuleError(base::OutOfMemory out) : cause(out) {}

  template <class T>
  bool is(T expected) const {
    auto const* const held = std::get_if<T>(&cause);
    return held != nullptr && *held == expected;
  }
};

/// The cause alone, in the terms of the specification's test suite.
std::string_view text_of(const ModuleError& error);
/// One line: `malformed module at byte 0x1f: integer too large`.
void format_value(base::Sink& sink, const ModuleError& error);

template <class T>
using Loaded = std::expected<T, ModuleError>;

/// The error for `cause` at `offset`, to be returned.
inline std::unexpected<ModuleError> refuse(ModuleError::Cause cause, base::usize offset) {
  return std::unexpected(ModuleError(cause, offset));
}

}  // namespace nacre::wasm
