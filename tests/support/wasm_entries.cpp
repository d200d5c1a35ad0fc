#include "tests/support/wasm_entries.hpp"

#include "lib/base/try.hpp"
#include "lib/wasm/binary/instruction.hpp"

namespace nacre::test {

using base::u32;
using base::u8;
using wasm::Cursor;
using Done = wasm::Loaded<void>;

namespace {

constexpr auto refused = [](const Cursor& cursor) {
  return wasm::refuse(wasm::Malformed::SectionId, cursor.offset());
};

Done skip_types(Cursor& cursor) {
  TRY(u32 const count, cursor.leb_u32());
  for (u32 i = 0; i < count; ++i) {
    TRY(wasm::read_value_type(cursor));
  }
  return {};
}
Done skip_limits(Cursor& cursor) {
  TRY(u8 const flags, cursor.byte());
  TRY(cursor.leb_u64());
  if ((flags & 1) != 0) {
    TRY(cursor.leb_u64());
  }
  return {};
}
Done skip_expression(Cursor& cursor) {
  wasm::Instruction instruction;
  do {
    TRY(wasm::read_instruction(cursor, instruction));
  } while (instruction.opcode() != wasm::Opcode::End);
  return {};
}
Done skip_table_type(Cursor& cursor) {
  TRY(wasm::read_reference_type(cursor));
  return skip_limits(cursor);
}
Done skip_global_type(Cursor& cursor) {
  TRY(wasm::read_value_type(cursor));
  TRY(cursor.byte());
  return {};
}
Done skip_tag(Cursor& cursor) {
  TRY(cursor.byte());
  TRY(cursor.leb_u32());
  return {};
}

wasm::Loaded<ImportPiece> read_import(Cursor& cursor) {
  ImportPiece import;
  TRY(cursor.name());
  TRY(cursor.name());
  TRY(import.kind, cursor.byte());
  switch (import.kind) {
    case 0: {
      TRY(import.type, cursor.leb_u32());
      break;
    }
    case 1: {
      TRY(skip_table_type(cursor));
      break;
    }
    case 2: {
      TRY(skip_limits(cursor));
      break;
    }
    case 3: {
      TRY(skip_global_type(cursor));
      break;
    }
    case 4: {
      TRY(cursor.byte());
      TRY(import.type, cursor.leb_u32());
      break;
    }
    default: return refused(cursor);
  }
  return import;
}

Done skip_element_segment(Cursor& cursor) {
  TRY(u32 const flags, cursor.leb_u32());
  if (flags > 7) return refused(cursor);
  if ((flags & 1) == 0) {
    if ((flags & 2) != 0) {
      TRY(cursor.leb_u32());
    }
    TRY(skip_expression(cursor));
  }
  if ((flags & 3) != 0) {
    if ((flags & 4) != 0) {
      TRY(wasm::read_reference_type(cursor));
    } else {
      TRY(cursor.byte());
    }
  }
  TRY(u32 const count, cursor.leb_u32());
  for (u32 i = 0; i < count; ++i) {
    if ((flags & 4) != 0) {
      TRY(skip_expression(cursor));
    } else {
      TRY(cursor.leb_u32());
    }
  }
  return {};
}

Done skip_data_segment(Cursor& cursor) {
  TRY(u32 const flags, cursor.leb_u32());
  if (flags > 2) return refused(cursor);
  if (flags == 2) {
    TRY(cursor.leb_u32());
  }
  if (flags != 1) {
    TRY(skip_expression(cursor));
  }
  TRY(u32 const size, cursor.leb_u32());
  TRY(cursor.take(size));
  return {};
}

Done skip_table(Cursor& cursor) {
  TRY(u8 const first, cursor.peek());
  if (first != 0x40) return skip_table_type(cursor);
  TRY(cursor.byte());
  TRY(cursor.byte());
  TRY(skip_table_type(cursor));
  return skip_expression(cursor);
}

Done skip_entry(SectionId id, Cursor& cursor) {
  switch (id) {
    case SectionId::Type: {
      TRY(u8 const form, cursor.byte());
      if (form != 0x60) return refused(cursor);
      TRY(skip_types(cursor));
      return skip_types(cursor);
    }
    case SectionId::Import: {
      TRY(read_import(cursor));
      return {};
    }
    case SectionId::Function: {
      TRY(cursor.leb_u32());
      return {};
    }
    case SectionId::Table: return skip_table(cursor);
    case SectionId::Memory: return skip_limits(cursor);
    case SectionId::Tag: return skip_tag(cursor);
    case SectionId::Global: {
      TRY(skip_global_type(cursor));
      return skip_expression(cursor);
    }
    case SectionId::Export: {
      TRY(cursor.name());
      return skip_tag(cursor);
    }
    case SectionId::Element: return skip_element_segment(cursor);
    case SectionId::Data: return skip_data_segment(cursor);
    default: return refused(cursor);
  }
}

wasm::Loaded<std::vector<Bytes>> cut_all(SectionId id, std::span<const u8> content) {
  Cursor cursor(content, 0);
  TRY(u32 const count, cursor.leb_u32());
  if (count > cursor.remaining()) return refused(cursor);
  std::vector<Bytes> entries;
  for (u32 i = 0; i < count; ++i) {
    if (id == SectionId::Code) {
      TRY(u32 const size, cursor.leb_u32());
      TRY(auto const body, cursor.take(size));
      entries.emplace_back(body.begin(), body.end());
      continue;
    }
    auto const before = cursor.rest();
    TRY(skip_entry(id, cursor));
    auto const entry = before.first(before.size() - cursor.remaining());
    entries.emplace_back(entry.begin(), entry.end());
  }
  if (!cursor.at_end()) return refused(cursor);
  return entries;
}

}  // namespace

std::optional<std::vector<Bytes>> cut_entries(SectionId id, std::span<const u8> content) {
  auto entries = cut_all(id, content);
  if (!entries) return std::nullopt;
  return std::move(*entries);
}

std::optional<ImportPiece> cut_import(std::span<const u8> entry) {
  Cursor cursor(entry, 0);
  auto const import = read_import(cursor);
  if (!import) return std::nullopt;
  return *import;
}

}  // namespace nacre::test
