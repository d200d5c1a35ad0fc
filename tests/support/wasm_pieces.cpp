#include "tests/support/wasm_pieces.hpp"

#include <algorithm>

#include "lib/base/try.hpp"
#include "lib/wasm/binary/instruction.hpp"
#include "tests/support/wasm_entries.hpp"

namespace nacre::test {

using base::u32;
using base::u64;
using base::u8;
using base::usize;
using wasm::Cursor;
using wasm::Immediate;
using Kind = ImmediatePiece::Kind;

namespace {

constexpr usize header_size = 8;
constexpr auto order = std::to_array<SectionId>(
    {SectionId::Type, SectionId::Import, SectionId::Function, SectionId::Table, SectionId::Memory,
     SectionId::Tag, SectionId::Global, SectionId::Export, SectionId::Start, SectionId::Element,
     SectionId::DataCount, SectionId::Code, SectionId::Data});

void append(Bytes& to, std::span<const u8> bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}
void append_sized(Bytes& to, std::span<const u8> bytes) {
  append(to, leb(bytes.size()));
  append(to, bytes);
}
ImmediatePiece number(Kind kind, u64 value) { return {kind, value, {}}; }
/// The same LEB128 number in more bytes.
Bytes padded(Bytes number, bool is_negative, u8 count) {
  for (; count != 0; --count) {
    number.back() |= 0x80;
    number.push_back(is_negative ? 0x7f : 0);
  }
  return number;
}
ImmediatePiece raw(std::span<const u8> bytes) {
  return {Kind::Raw, 0, Bytes(bytes.begin(), bytes.end())};
}
ImmediatePiece block_type(const wasm::BlockType& type, std::span<const u8> bytes) {
  if (type.kind == wasm::BlockType::Kind::Type) return number(Kind::BlockType, type.type_index);
  return raw(bytes);
}

/// Which index an immediate that is one index is.
std::optional<Kind> index_kind(Immediate immediate) {
  switch (immediate) {
    case Immediate::Label: return Kind::Label;
    case Immediate::Function: return Kind::Function;
    case Immediate::Type: return Kind::Type;
    case Immediate::Tag: return Kind::Tag;
    case Immediate::Local: return Kind::Local;
    case Immediate::Global: return Kind::Global;
    case Immediate::Table: return Kind::Table;
    case Immediate::Memory: return Kind::Memory;
    case Immediate::DataSegment: return Kind::DataSegment;
    case Immediate::ElementSegment: return Kind::ElementSegment;
    default: return std::nullopt;
  }
}

/// The two indices of an immediate that is two.
std::optional<std::pair<Kind, Kind>> index_kinds(Immediate immediate) {
  switch (immediate) {
    case Immediate::CallIndirect: return {{Kind::Type, Kind::Table}};
    case Immediate::TableInit: return {{Kind::ElementSegment, Kind::Table}};
    case Immediate::TableCopy: return {{Kind::Table, Kind::Table}};
    case Immediate::MemoryCopy: return {{Kind::Memory, Kind::Memory}};
    case Immediate::MemoryInit: return {{Kind::DataSegment, Kind::Memory}};
    default: return std::nullopt;
  }
}

/// How many bytes the type in front of a `try_table`'s number of clauses has.
wasm::Loaded<usize> block_type_size(std::span<const u8> bytes) {
  Cursor cursor(bytes, 0);
  TRY(u8 const first, cursor.peek());
  if (first == 0x40) return usize{1};
  if ((first & 0xc0) == 0x40) {
    TRY(wasm::read_value_type(cursor));
  } else {
    TRY(cursor.leb_i33());
  }
  return bytes.size() - cursor.remaining();
}

wasm::Loaded<InstructionPiece> cut_instruction(Cursor& cursor) {
  auto const start = cursor.rest();
  wasm::Instruction instruction;
  TRY(wasm::read_instruction(cursor, instruction));
  InstructionPiece piece{instruction.info, {}};
  auto& immediates = piece.immediates;
  // What is kept as bytes stands behind opcodes of one byte only.
  auto const behind_opcode = [&] {
    return start.first(start.size() - cursor.remaining()).subspan(1);
  };
  auto const one = index_kind(instruction.info->immediate);
  auto const two = index_kinds(instruction.info->immediate);
  if (one) {
    immediates.push_back(number(*one, instruction.index));
    return piece;
  }
  if (two) {
    immediates.push_back(number(two->first, instruction.index));
    immediates.push_back(number(two->second, instruction.second_index));
    return piece;
  }
  switch (instruction.info->immediate) {
    case Immediate::BlockType:
      immediates.push_back(block_type(instruction.block, behind_opcode()));
      break;
    case Immediate::BranchTable:
      for (u64 i = 0; i <= instruction.index; ++i) {
        TRY(u32 const depth, cursor.leb_u32());
        immediates.push_back(number(Kind::Label, depth));
      }
      break;
    case Immediate::TryTable: {
      TRY(usize const size, block_type_size(behind_opcode()));
      immediates.push_back(block_type(instruction.block, behind_opcode().first(size)));
      for (u32 i = 0; i < instruction.index; ++i) {
        TRY(auto const clause, wasm::read_catch_clause(cursor));
        immediates.push_back(number(Kind::ClauseKind, static_cast<u8>(clause.kind)));
        if (clause.has_tag()) immediates.push_back(number(Kind::Tag, clause.tag));
        immediates.push_back(number(Kind::Label, clause.label));
      }
      break;
    }
    case Immediate::MemoryAccess:
    case Immediate::MemoryAccessLane:
      immediates.push_back(number(Kind::Alignment, instruction.access.align_log2));
      immediates.push_back(number(Kind::Memory, instruction.index));
      immediates.push_back(number(Kind::Offset, instruction.access.offset));
      if (instruction.info->immediate == Immediate::MemoryAccessLane)
        immediates.push_back(number(Kind::Lane, instruction.lane));
      break;
    case Immediate::I32: immediates.push_back(number(Kind::I32, instruction.bits)); break;
    case Immediate::I64: immediates.push_back(number(Kind::I64, instruction.bits)); break;
    case Immediate::Lane: immediates.push_back(number(Kind::Lane, instruction.lane)); break;
    case Immediate::None: break;
    case Immediate::V128:
    case Immediate::Shuffle: {
      Bytes bits(16);
      for (usize i = 0; i < 16; ++i)
        bits[i] =
            static_cast<u8>((i < 8 ? instruction.bits : instruction.high_bits) >> (8 * (i % 8)));
      immediates.push_back(raw(bits));
      break;
    }
    default: immediates.push_back(raw(behind_opcode())); break;
  }
  return piece;
}

wasm::Loaded<BodyPiece> cut_body(std::span<const u8> bytes) {
  BodyPiece body;
  Cursor cursor(bytes, 0);
  TRY(u32 const groups, cursor.leb_u32());
  for (u32 i = 0; i < groups; ++i) {
    TRY(u32 const count, cursor.leb_u32());
    TRY(wasm::read_value_type(cursor));
    body.local_count += count;
  }
  auto const locals = bytes.first(bytes.size() - cursor.remaining());
  body.locals.assign(locals.begin(), locals.end());
  while (!cursor.at_end()) {
    auto const before = cursor.rest();
    auto instruction = cut_instruction(cursor);
    if (!instruction) {
      body.rest.assign(before.begin(), before.end());
      break;
    }
    body.code.push_back(std::move(*instruction));
  }
  return body;
}

}  // namespace

InstructionPiece piece_of(wasm::Opcode opcode, std::initializer_list<ImmediatePiece> immediates) {
  return {&wasm::info_of(opcode), immediates};
}

Bytes InstructionPiece::bytes() const {
  Bytes bytes = Code().op(info->opcode).bytes();
  auto const labels =
      static_cast<u64>(std::ranges::count(immediates, Kind::Label, &ImmediatePiece::kind));
  if (info->immediate == Immediate::BranchTable) append(bytes, leb(labels == 0 ? 0 : labels - 1));
  for (auto const& immediate : immediates) {
    switch (immediate.kind) {
      case Kind::Raw: append(bytes, immediate.raw); break;
      case Kind::BlockType:
      case Kind::I32:
      case Kind::I64: {
        auto const value = static_cast<base::i64>(immediate.value);
        append(bytes, padded(signed_leb(value), value < 0, immediate.padding));
        break;
      }
      case Kind::Lane:
      case Kind::ClauseKind: bytes.push_back(static_cast<u8>(immediate.value)); break;
      case Kind::Alignment: {
        bool const names_memory = immediates[1].value != 0;
        append(bytes, leb(immediate.value | (names_memory ? 64 : 0)));
        break;
      }
      case Kind::Memory:
        if (!wasm::accesses_memory(*info) || immediate.value != 0)
          append(bytes, leb(immediate.value));
        break;
      default: append(bytes, padded(leb(immediate.value), false, immediate.padding)); break;
    }
    // Its clauses are counted behind its type, which comes first.
    if (info->immediate == Immediate::TryTable && &immediate == immediates.data())
      append(bytes, leb(labels));
  }
  return bytes;
}

std::optional<BodyPiece> BodyPiece::cut(std::span<const u8> bytes) {
  auto body = cut_body(bytes);
  if (!body) return std::nullopt;
  return std::move(*body);
}

Bytes BodyPiece::bytes() const {
  Bytes bytes = locals;
  for (auto const& instruction : code) append(bytes, instruction.bytes());
  append(bytes, rest);
  return bytes;
}

Bytes SectionPiece::bytes() const {
  if (!is_vector) return raw;
  Bytes bytes = leb(entries.size());
  for (auto const& entry : entries) {
    if (static_cast<SectionId>(id) == SectionId::Code)
      append_sized(bytes, entry);
    else
      append(bytes, entry);
  }
  return bytes;
}

std::optional<ModulePieces> ModulePieces::cut(std::span<const u8> module) {
  constexpr auto header = std::to_array<u8>({0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0});
  if (module.size() < header_size || !std::ranges::equal(module.first(header_size), header))
    return std::nullopt;
  ModulePieces pieces;
  Cursor cursor(module.subspan(header_size), header_size);
  while (!cursor.at_end()) {
    SectionPiece section;
    section.id = *cursor.byte();
    auto const size = cursor.leb_u32();
    if (!size) return std::nullopt;
    auto const content = cursor.take(*size);
    if (!content) return std::nullopt;
    if (auto entries = cut_entries(static_cast<SectionId>(section.id), *content)) {
      section.is_vector = true;
      section.entries = std::move(*entries);
    } else {
      section.raw.assign(content->begin(), content->end());
    }
    pieces.sections.push_back(std::move(section));
  }
  return pieces;
}

Bytes ModulePieces::bytes() const {
  Bytes bytes{0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0};
  for (auto const& section : sections) {
    bytes.push_back(section.id);
    append_sized(bytes, section.bytes());
  }
  return bytes;
}

SectionPiece* ModulePieces::find(SectionId id) {
  auto const found = std::ranges::find(sections, static_cast<u8>(id), &SectionPiece::id);
  return found == sections.end() ? nullptr : &*found;
}
const SectionPiece* ModulePieces::find(SectionId id) const {
  auto const found = std::ranges::find(sections, static_cast<u8>(id), &SectionPiece::id);
  return found == sections.end() ? nullptr : &*found;
}
usize ModulePieces::count(SectionId id) const {
  auto const* const section = find(id);
  return section != nullptr ? section->entries.size() : 0;
}

std::vector<Bytes>& ModulePieces::entries(SectionId id) {
  if (auto* const section = find(id); section != nullptr && section->is_vector)
    return section->entries;
  auto const rank = [](u8 number) {
    return std::ranges::find(order, static_cast<SectionId>(number)) - order.begin();
  };
  auto const behind = std::ranges::find_if(sections, [&](const SectionPiece& other) {
    return other.id != 0 && rank(other.id) > rank(static_cast<u8>(id));
  });
  return sections.insert(behind, SectionPiece{static_cast<u8>(id), true, {}, {}})->entries;
}

namespace {

std::vector<ImportPiece> imports_of(const ModulePieces& module, u8 kind) {
  std::vector<ImportPiece> imports;
  auto const* const section = module.find(SectionId::Import);
  if (section == nullptr) return imports;
  for (auto const& entry : section->entries)
    if (auto const import = cut_import(entry); import && import->kind == kind)
      imports.push_back(*import);
  return imports;
}

/// The types of what is imported as `kind`, then those of the section, which stand behind
/// `leading` bytes of each entry.
std::vector<u64> types_of(const ModulePieces& module, u8 kind, SectionId id, usize leading) {
  std::vector<u64> types;
  for (auto const& import : imports_of(module, kind)) types.push_back(import.type);
  auto const* const section = module.find(id);
  if (section == nullptr) return types;
  for (auto const& entry : section->entries) {
    Cursor cursor(entry, 0);
    static_cast<void>(cursor.take(leading));
    types.push_back(cursor.leb_u32().value_or(UINT32_MAX));
  }
  return types;
}

}  // namespace

u64 ModulePieces::index_space(Kind kind) const {
  auto const space = [this](u8 imported_as, SectionId id) {
    return imports_of(*this, imported_as).size() + count(id);
  };
  switch (kind) {
    case Kind::Type:
    case Kind::BlockType: return count(SectionId::Type);
    case Kind::Function: return space(0, SectionId::Function);
    case Kind::Table: return space(1, SectionId::Table);
    case Kind::Memory: return space(2, SectionId::Memory);
    case Kind::Global: return space(3, SectionId::Global);
    case Kind::Tag: return space(4, SectionId::Tag);
    case Kind::DataSegment: return count(SectionId::Data);
    case Kind::ElementSegment: return count(SectionId::Element);
    default: return 0;
  }
}

std::vector<u64> ModulePieces::function_types() const {
  return types_of(*this, 0, SectionId::Function, 0);
}
std::vector<u64> ModulePieces::tag_types() const { return types_of(*this, 4, SectionId::Tag, 1); }

std::optional<SignaturePiece> SignaturePiece::cut(std::span<const u8> entry) {
  SignaturePiece signature;
  Cursor cursor(entry, 0);
  if (auto const form = cursor.byte(); !form || *form != 0x60) return std::nullopt;
  for (auto* const list : {&signature.parameters, &signature.results}) {
    auto const count = cursor.leb_u32();
    if (!count) return std::nullopt;
    for (u32 i = 0; i < *count; ++i) {
      auto const before = cursor.rest();
      if (!wasm::read_value_type(cursor)) return std::nullopt;
      auto const type = before.first(before.size() - cursor.remaining());
      list->emplace_back(type.begin(), type.end());
    }
  }
  return signature;
}

std::optional<SignaturePiece> SignaturePiece::of(const ModulePieces& module, u64 index) {
  auto const* const types = module.find(SectionId::Type);
  if (types == nullptr || index >= types->entries.size()) return std::nullopt;
  return cut(types->entries[index]);
}

Bytes SignaturePiece::bytes() const {
  Bytes bytes{0x60};
  for (auto const* const list : {&parameters, &results}) {
    append(bytes, leb(list->size()));
    for (auto const& type : *list) append(bytes, type);
  }
  return bytes;
}

}  // namespace nacre::test
