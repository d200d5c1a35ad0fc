#include "lib/wasm/binary/disassemble.hpp"

#include <algorithm>
#include <bit>

namespace nacre::wasm {
namespace {

void write_block_type(base::Sink& sink, const BlockType& type) {
  switch (type.kind) {
    case BlockType::Kind::Empty: return;
    case BlockType::Kind::Value: base::format_to(sink, " (result {})", type.value); return;
    case BlockType::Kind::Type: base::format_to(sink, " (type {})", type.type_index); return;
  }
}

bool closes_block(Opcode opcode) {
  switch (opcode) {
    case Opcode::Else:
    case Opcode::Catch:
    case Opcode::CatchAll:
    case Opcode::Delegate:
    case Opcode::End: return true;
    default: return false;
  }
}
bool opens_block(Opcode opcode) {
  switch (opcode) {
    case Opcode::Block:
    case Opcode::Loop:
    case Opcode::If:
    case Opcode::Else:
    case Opcode::Try:
    case Opcode::Catch:
    case Opcode::CatchAll:
    case Opcode::TryTable: return true;
    default: return false;
  }
}

void write_memory_access(base::Sink& sink, const Instruction& instruction) {
  MemoryAccess const& access = instruction.access;
  if (instruction.index != 0) base::format_to(sink, " {}", instruction.index);
  if (access.offset != 0) base::format_to(sink, " offset={}", access.offset);
  if (access.align_log2 < 32) base::format_to(sink, " align={}", u64{1} << access.align_log2);
}

}  // namespace

Loaded<void> write_instruction(base::Sink& sink, const Instruction& instruction, Cursor& cursor) {
  sink.write(instruction.info->name);
  switch (instruction.info->immediate) {
    case Immediate::None: break;
    case Immediate::BlockType: write_block_type(sink, instruction.block); break;
    case Immediate::Label:
    case Immediate::Function:
    case Immediate::Type:
    case Immediate::Tag:
    case Immediate::Local:
    case Immediate::Global:
    case Immediate::Table:
    case Immediate::Memory:
    case Immediate::DataSegment:
    case Immediate::ElementSegment: base::format_to(sink, " {}", instruction.index); break;
    case Immediate::TryTable: {
      write_block_type(sink, instruction.block);
      for (u32 i = 0; i < instruction.index; ++i) {
        TRY(CatchClause const clause, read_catch_clause(cursor));
        sink.write(clause.has_tag() ? " (catch" : " (catch_all");
        if (clause.has_reference()) sink.write("_ref");
        if (clause.has_tag()) base::format_to(sink, " {}", clause.tag);
        base::format_to(sink, " {})", clause.label);
      }
      break;
    }
    case Immediate::BranchTable: {
      for (u64 i = 0; i <= instruction.index; ++i) {
        TRY(u32 const depth, cursor.leb_u32());
        base::format_to(sink, " {}", depth);
      }
      break;
    }
    case Immediate::CallIndirect:
      base::format_to(sink, " {} (type {})", instruction.second_index, instruction.index);
      break;
    case Immediate::MemoryInit:
    case Immediate::TableInit:
      base::format_to(sink, " {} {}", instruction.second_index, instruction.index);
      break;
    case Immediate::MemoryCopy:
    case Immediate::TableCopy:
      base::format_to(sink, " {} {}", instruction.index, instruction.second_index);
      break;
    case Immediate::SelectTypes: base::format_to(sink, " (result {})", instruction.type); break;
    case Immediate::MemoryAccess: write_memory_access(sink, instruction); break;
    case Immediate::MemoryAccessLane:
      write_memory_access(sink, instruction);
      base::format_to(sink, " {}", instruction.lane);
      break;
    case Immediate::Lane: base::format_to(sink, " {}", instruction.lane); break;
    case Immediate::I32:
    case Immediate::I64: base::format_to(sink, " {}", static_cast<i64>(instruction.bits)); break;
    // By their bits: what a decimal number would hide is what one looks for here.
    case Immediate::F32: base::format_to(sink, " bits:{:#010x}", instruction.bits); break;
    case Immediate::F64: base::format_to(sink, " bits:{:#018x}", instruction.bits); break;
    case Immediate::HeapType: base::format_to(sink, " {}", heap_type_of(instruction.type)); break;
    case Immediate::V128:
      sink.write(" i32x4");
      for (u64 const half : {instruction.bits, instruction.high_bits})
        base::format_to(sink, " {:#010x} {:#010x}", static_cast<u32>(half), half >> 32);
      break;
    case Immediate::Shuffle:
      for (u64 const half : {instruction.bits, instruction.high_bits})
        for (u32 shift = 0; shift < 64; shift += 8)
          base::format_to(sink, " {}", half >> shift & 0xff);
      break;
  }
  return {};
}

Loaded<void> disassemble(base::Sink& sink, const FunctionBody& body) {
  constexpr u32 deepest_indent = 40;
  Cursor cursor(body.code.bytes, body.code.offset, Malformed::EndOfSectionOrFunction);
  Instruction instruction;
  u32 depth = 1;
  while (!cursor.at_end()) {
    TRY(read_instruction(cursor, instruction));
    Opcode const opcode = instruction.opcode();
    if (closes_block(opcode) && depth != 0) --depth;
    base::format_to(sink, "  {:#08x}  ", instruction.offset);
    for (u32 i = 0; i < std::min(depth, deepest_indent); ++i) sink.write("  ");
    TRY(write_instruction(sink, instruction, cursor));
    sink.write("\n");
    if (opens_block(opcode)) ++depth;
  }
  return {};
}

}  // namespace nacre::wasm
