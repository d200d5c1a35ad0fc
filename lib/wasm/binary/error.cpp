#include "lib/wasm/binary/error.hpp"

namespace nacre::wasm {

std::string_view text_of(Malformed malformed) {
  switch (malformed) {
    case Malformed::MagicHeader: return "magic header not detected";
    case Malformed::BinaryVersion: return "unknown binary version";
    case Malformed::UnexpectedEnd: return "unexpected end";
    case Malformed::EndOfSectionOrFunction: return "unexpected end of section or function";
    case Malformed::LengthOutOfBounds: return "length out of bounds";
    case Malformed::IntegerTooLong: return "integer representation too long";
    case Malformed::IntegerTooLarge: return "integer too large";
    case Malformed::Utf8: return "malformed UTF-8 encoding";
    case Malformed::SectionId: return "malformed section id";
    case Malformed::SectionOrder: return "unexpected content after last section";
    case Malformed::SectionSize: return "section size mismatch";
    case Malformed::FunctionAndCodeCount:
      return "function and code section have inconsistent lengths";
    case Malformed::DataCount: return "data count and data section have inconsistent lengths";
    case Malformed::DataCountRequired: return "data count section required";
    case Malformed::ImportKind: return "malformed import kind";
    case Malformed::ExportKind: return "malformed export kind";
    case Malformed::TagAttribute: return "malformed tag attribute";
    case Malformed::ReservedByte: return "zero byte expected";
    case Malformed::CatchKind: return "malformed catch clause";
    case Malformed::LimitsFlags: return "malformed limits flags";
    case Malformed::Mutability: return "malformed mutability";
    case Malformed::FunctionTypeForm: return "malformed function type";
    case Malformed::ValueTypeCode: return "malformed value type";
    case Malformed::ReferenceType: return "malformed reference type";
    case Malformed::ElementSegmentKind: return "malformed element segment kind";
    case Malformed::DataSegmentKind: return "malformed data segment kind";
    case Malformed::TooManyLocals: return "too many locals";
    case Malformed::IllegalOpcode: return "illegal opcode";
    case Malformed::MemoryFlags: return "malformed memop flags";
    case Malformed::EndOpcode: return "END opcode expected";
  }
  return "malformed";
}

std::string_view text_of(Invalid invalid) {
  switch (invalid) {
    case Invalid::TypeMismatch: return "type mismatch";
    case Invalid::UnknownType: return "unknown type";
    case Invalid::UnknownFunction: return "unknown function";
    case Invalid::UnknownTable: return "unknown table";
    case Invalid::UnknownMemory: return "unknown memory";
    case Invalid::UnknownGlobal: return "unknown global";
    case Invalid::UnknownTag: return "unknown tag";
    case Invalid::UnknownLocal: return "unknown local";
    case Invalid::UnknownLabel: return "unknown label";
    case Invalid::UnknownElementSegment: return "unknown elem segment";
    case Invalid::UnknownDataSegment: return "unknown data segment";
    case Invalid::UndeclaredFunctionReference: return "undeclared function reference";
    case Invalid::ImmutableGlobal: return "immutable global";
    case Invalid::UninitializedLocal: return "uninitialized local";
    case Invalid::TagResults: return "non-empty tag result type";
    case Invalid::RethrowLabel: return "invalid rethrow label";
    case Invalid::ConstantExpression: return "constant expression required";
    case Invalid::Alignment: return "alignment must not be larger than natural";
    case Invalid::OffsetRange: return "offset out of range";
    case Invalid::LaneIndex: return "invalid lane index";
    case Invalid::ResultArity: return "invalid result arity";
    case Invalid::MemorySize: return "memory size must be at most 65536 pages (4GiB)";
    case Invalid::TableSize: return "table size must be at most 2^32-1";
    case Invalid::LimitsOrder: return "size minimum must not be greater than maximum";
    case Invalid::StartFunction: return "start function";
    case Invalid::DuplicateExport: return "duplicate export name";
  }
  return "invalid";
}

std::string_view text_of(Feature feature) {
  switch (feature) {
    case Feature::GarbageCollection: return "garbage collection";
    case Feature::Memory64: return "64-bit memories and tables";
    case Feature::Threads: return "threads";
    case Feature::Components: return "components";
  }
  return "a feature";
}

std::string_view text_of(Limited limited) {
  switch (limited) {
    case Limited::ModuleSize: return "module too large";
    case Limited::Types: return "too many types";
    case Limited::Parameters: return "too many parameters";
    case Limited::Results: return "too many results";
    case Limited::Imports: return "too many imports";
    case Limited::Functions: return "too many functions";
    case Limited::Tables: return "too many tables";
    case Limited::Memories: return "too many memories";
    case Limited::Globals: return "too many globals";
    case Limited::Tags: return "too many tags";
    case Limited::Exports: return "too many exports";
    case Limited::ElementSegments: return "too many element segments";
    case Limited::Elements: return "too many elements in a segment";
    case Limited::DataSegments: return "too many data segments";
    case Limited::Locals: return "too many locals";
    case Limited::FunctionSize: return "function too large";
    case Limited::BranchTargets: return "too many branch targets";
    case Limited::CatchClauses: return "too many catch clauses";
    case Limited::NameSize: return "name too long";
    case Limited::ConstantExpression: return "constant expression too long";
  }
  return "too many";
}

std::string_view text_of(const ModuleError& error) {
  return std::visit(
      [](auto cause) -> std::string_view {
        if constexpr (std::is_same_v<decltype(cause), base::OutOfMemory>)
          return "out of memory";
        else
          return text_of(cause);
      },
      error.cause);
}

void format_value(base::Sink& sink, const ModuleError& error) {
  std::string_view const text = text_of(error);
  if (std::holds_alternative<base::OutOfMemory>(error.cause))
    base::format_to(sink, "out of memory while the module was loaded");
  else if (std::holds_alternative<Malformed>(error.cause))
    base::format_to(sink, "malformed module at byte {:#x}: {}", error.offset, text);
  else if (std::holds_alternative<Invalid>(error.cause))
    base::format_to(sink, "invalid module at byte {:#x}: {}", error.offset, text);
  else if (std::holds_alternative<Feature>(error.cause))
    base::format_to(sink, "not supported yet, at byte {:#x}: {}", error.offset, text);
  else
    base::format_to(sink, "limit exceeded at byte {:#x}: {}", error.offset, text);
}

}  // namespace nacre::wasm
