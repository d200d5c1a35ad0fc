#include "lib/wasm/binary/instruction.hpp"

namespace nacre::wasm {
namespace {

/// What an opcode that is not in the table belongs to.
std::unexpected<ModuleError> refuse_opcode(u32 encoding, usize offset) {
  switch (encoding >> 16) {
    case 0xfb: return refuse(Feature::GarbageCollection, offset);
    case 0xfe: return refuse(Feature::Threads, offset);
    default: break;
  }
  switch (encoding) {
    case 0x06:
    case 0x07:
    case 0x08:
    case 0x09:
    case 0x0a:
    case 0x18:
    case 0x19:
    case 0x1f: return refuse(Feature::Exceptions, offset);
    case 0x12:
    case 0x13: return refuse(Feature::TailCalls, offset);
    case 0x14:
    case 0x15:
    case 0xd4:
    case 0xd5:
    case 0xd6: return refuse(Feature::TypedReferences, offset);
    case 0xd3: return refuse(Feature::GarbageCollection, offset);
    default: return refuse(Malformed::IllegalOpcode, offset);
  }
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

Loaded<ValueType> read_value_type(Cursor& cursor) {
  usize const offset = cursor.offset();
  TRY(u8 const code, cursor.byte());
  switch (code) {
    case 0x7f:
    case 0x7e:
    case 0x7d:
    case 0x7c:
    case 0x7b:
    case 0x70:
    case 0x6f: return static_cast<ValueType>(code);
    case 0x63:
    case 0x64: return refuse(Feature::TypedReferences, offset);
    case 0x69:
    case 0x74: return refuse(Feature::Exceptions, offset);
    case 0x6a:
    case 0x6b:
    case 0x6c:
    case 0x6d:
    case 0x6e:
    case 0x71:
    case 0x72:
    case 0x73: return refuse(Feature::GarbageCollection, offset);
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
    case Immediate::Label:
    case Immediate::BranchTable:
    case Immediate::Function:
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
    case Immediate::ReferenceType: {
      TRY(instruction.type, read_reference_type(cursor));
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
