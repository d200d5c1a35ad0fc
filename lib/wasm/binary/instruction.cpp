#include "lib/wasm/binary/instruction.hpp"

#include "lib/wasm/binary/module.hpp"

namespace nacre::wasm {
namespace {

/// What an opcode that is not in the table belongs to.
std::unexpected<ModuleError> refuse_opcode(u32 encoding, usize offset) {
  switch (encoding >> 16) {
    case 0xfb: return refuse(Feature::GarbageCollection, offset);
    case 0xfe: return refuse(Feature::Threads, offset);
    default: break;
  }
  if (encoding == 0xd3) return refuse(Feature::GarbageCollection, offset);
  return refuse(Malformed::IllegalOpcode, offset);
}

/// An abstract heap type is a negative number of one byte; a type index is not negative.
Loaded<HeapType> read_heap_type(Cursor& cursor) {
  usize const offset = cursor.offset();
  TRY(u8 const first, cursor.peek());
  if ((first & 0xc0) == 0x40) {
    TRY(ValueType const shorthand, read_reference_type(cursor));
    return heap_type_of(shorthand);
  }
  TRY(i64 const index, cursor.leb_i33());
  if (index < 0) return refuse(Malformed::ReferenceType, offset);
  if (index >= ModuleLimits::types) return refuse(Invalid::UnknownType, offset);
  return heap_type_of_index(static_cast<u32>(index));
}

Loaded<BlockType> read_block_type(Cursor& cursor) {
  TRY(u8 const first, cursor.peek());
  if (first == 0x40) {
    TRY(cursor.byte());
    return BlockType{};
  }
  // A value type is a negative number of one byte; a type index is not negative.
  if ((first & 0xc0) == 0x40) {
    TRY(ValueType const type, read_value_type(cursor));
    return BlockType{BlockType::Kind::Value, type, 0};
  }
  usize const offset = cursor.offset();
  TRY(i64 const index, cursor.leb_i33());
  if (index < 0) return refuse(Malformed::ValueTypeCode, offset);
  return BlockType{BlockType::Kind::Type, ValueType::I32, static_cast<u32>(index)};
}

/// [wasm/core: "Memory Instructions"]
Loaded<void> read_memory_access(Cursor& cursor, Instruction& instruction) {
  usize const offset = cursor.offset();
  TRY(u32 const flags, cursor.leb_u32());
  if (flags >= 128) return refuse(Malformed::MemoryFlags, offset);
  instruction.index = 0;
  // Bit 6 says that a memory index follows.
  if ((flags & 64) != 0) {
    TRY(instruction.index, cursor.leb_u32());
  }
  instruction.access.align_log2 = flags & 63;
  TRY(instruction.access.offset, cursor.leb_u64());
  return {};
}

}  // namespace

Loaded<CatchClause> read_catch_clause(Cursor& cursor) {
  usize const offset = cursor.offset();
  CatchClause clause;
  TRY(u8 const kind, cursor.byte());
  if (kind > static_cast<u8>(CatchClause::Kind::CatchAllRef))
    return refuse(Malformed::CatchKind, offset);
  clause.kind = static_cast<CatchClause::Kind>(kind);
  if (clause.has_tag()) {
    TRY(clause.tag, cursor.leb_u32());
  }
  TRY(clause.label, cursor.leb_u32());
  return clause;
}

Loaded<ValueType> read_value_type(Cursor& cursor) {
  usize const offset = cursor.offset();
  TRY(u8 const code, cursor.byte());
  switch (code) {
    case 0x7f:
    case 0x7e:
    case 0x7d:
    case 0x7c:
    case 0x7b:
    case 0x74:
    case 0x73:
    case 0x72:
    case 0x70:
    case 0x6f:
    case 0x69: return static_cast<ValueType>(code);
    case detail::nullable_reference:
    case detail::reference: {
      TRY(HeapType const heap, read_heap_type(cursor));
      return reference_type(heap, code == detail::nullable_reference);
    }
    case 0x6a:
    case 0x6b:
    case 0x6c:
    case 0x6d:
    case 0x6e:
    case 0x71: return refuse(Feature::GarbageCollection, offset);
    default: return refuse(Malformed::ValueTypeCode, offset);
  }
}

Loaded<ValueType> read_reference_type(Cursor& cursor) {
  usize const offset = cursor.offset();
  TRY(u8 const code, cursor.peek());
  if (code >= 0x7b || code < 0x40) return refuse(Malformed::ReferenceType, offset);
  auto const type = read_value_type(cursor);
  if (!type && type.error().is(Malformed::ValueTypeCode))
    return refuse(Malformed::ReferenceType, offset);
  return type;
}

Loaded<void> read_instruction(Cursor& cursor, Instruction& instruction) {
  instruction.offset = cursor.offset();
  TRY(u32 encoding, cursor.byte());
  if (encoding >= 0xfb && encoding <= 0xfe) {
    TRY(u32 const number, cursor.leb_u32());
    if (number > 0xffff) return refuse(Malformed::IllegalOpcode, instruction.offset);
    encoding = encoding << 16 | number;
  }
  instruction.info = find_opcode(encoding);
  if (instruction.info == nullptr) return refuse_opcode(encoding, instruction.offset);

  switch (instruction.info->immediate) {
    case Immediate::None: break;
    case Immediate::BlockType: {
      TRY(instruction.block, read_block_type(cursor));
      break;
    }
    case Immediate::TryTable: {
      TRY(instruction.block, read_block_type(cursor));
      TRY(instruction.index, cursor.leb_u32());
      break;
    }
    case Immediate::Label:
    case Immediate::BranchTable:
    case Immediate::Function:
    case Immediate::Type:
    case Immediate::Tag:
    case Immediate::Local:
    case Immediate::Global:
    case Immediate::Table:
    case Immediate::Memory:
    case Immediate::DataSegment:
    case Immediate::ElementSegment: {
      TRY(instruction.index, cursor.leb_u32());
      break;
    }
    case Immediate::CallIndirect:
    case Immediate::TableInit:
    case Immediate::TableCopy:
    case Immediate::MemoryCopy:
    case Immediate::MemoryInit: {
      TRY(instruction.index, cursor.leb_u32());
      TRY(instruction.second_index, cursor.leb_u32());
      break;
    }
    case Immediate::SelectTypes: {
      TRY(instruction.index, cursor.leb_u32());
      for (u32 i = 0; i < instruction.index; ++i) {
        TRY(ValueType const type, read_value_type(cursor));
        if (i == 0) instruction.type = type;
      }
      break;
    }
    case Immediate::MemoryAccess: {
      TRY(read_memory_access(cursor, instruction));
      break;
    }
    case Immediate::I32: {
      TRY(i32 const value, cursor.leb_i32());
      instruction.bits = static_cast<u64>(i64{value});
      break;
    }
    case Immediate::I64: {
      TRY(i64 const value, cursor.leb_i64());
      instruction.bits = static_cast<u64>(value);
      break;
    }
    case Immediate::F32: {
      TRY(instruction.bits, cursor.little_endian<u32>());
      break;
    }
    case Immediate::F64: {
      TRY(instruction.bits, cursor.little_endian<u64>());
      break;
    }
    case Immediate::HeapType: {
      TRY(HeapType const heap, read_heap_type(cursor));
      instruction.type = reference_type(heap, true);
      break;
    }
    case Immediate::V128:
    case Immediate::Shuffle: {
      TRY(instruction.bits, cursor.little_endian<u64>());
      TRY(instruction.high_bits, cursor.little_endian<u64>());
      break;
    }
    case Immediate::MemoryAccessLane: {
      TRY(read_memory_access(cursor, instruction));
      [[fallthrough]];
    }
    case Immediate::Lane: {
      TRY(instruction.lane, cursor.byte());
      break;
    }
  }
  return {};
}

}  // namespace nacre::wasm
