#include "lib/wasm/binary/decoder.hpp"

#include "lib/wasm/binary/instruction.hpp"

namespace nacre::wasm {
namespace {

constexpr u32 bodies_per_step = 256;

/// Section ids. [wasm/core: "Sections"]
enum class SectionId : u8 {
  Custom = 0,
  Type = 1,
  Import = 2,
  Function = 3,
  Table = 4,
  Memory = 5,
  Global = 6,
  Export = 7,
  Start = 8,
  Element = 9,
  Code = 10,
  Data = 11,
  DataCount = 12,
  Tag = 13,
};

/// Where a section stands among the others; 0 for those that may stand anywhere.
constexpr u8 order_of(SectionId id) {
  switch (id) {
    case SectionId::Custom: return 0;
    case SectionId::Type: return 1;
    case SectionId::Import: return 2;
    case SectionId::Function: return 3;
    case SectionId::Table: return 4;
    case SectionId::Memory: return 5;
    case SectionId::Tag: return 6;
    case SectionId::Global: return 7;
    case SectionId::Export: return 8;
    case SectionId::Start: return 9;
    case SectionId::Element: return 10;
    case SectionId::DataCount: return 11;
    case SectionId::Code: return 12;
    case SectionId::Data: return 13;
  }
  return 0;
}

/// Reads the count in front of a vector. Every element takes a byte at least, so a count that the
/// bytes cannot hold shows as their end when the elements are read; nothing is reserved for it.
Loaded<u32> read_count(Cursor& cursor, usize limit, Limited what) {
  usize const offset = cursor.offset();
  TRY(u32 const count, cursor.leb_u32());
  if (count > cursor.remaining()) return refuse(Malformed::EndOfSectionOrFunction, offset);
  if (count > limit) return refuse(what, offset);
  return count;
}

/// A limit is a number of 64 bits; what is more than `most` is `too_large`.
Loaded<Limits> read_limits(Cursor& cursor, u8 highest_flag, u32 most, Invalid too_large) {
  usize const offset = cursor.offset();
  TRY(u8 const flags, cursor.byte());
  if (flags >= 8) return refuse(Malformed::LimitsFlags, offset);
  if ((flags & 4) != 0) return refuse(Feature::Memory64, offset);
  if ((flags & 2) != 0) {
    if (highest_flag < 2) return refuse(Malformed::LimitsFlags, offset);
    return refuse(Feature::Threads, offset);
  }
  Limits limits;
  TRY(u64 const minimum, cursor.leb_u64());
  if (minimum > most) return refuse(too_large, offset);
  limits.minimum = static_cast<u32>(minimum);
  if ((flags & 1) != 0) {
    TRY(u64 const maximum, cursor.leb_u64());
    if (maximum > most) return refuse(too_large, offset);
    if (maximum < minimum) return refuse(Invalid::LimitsOrder, offset);
    limits.maximum = static_cast<u32>(maximum);
  }
  return limits;
}

Loaded<TableType> read_table_type(Cursor& cursor) {
  TableType type;
  TRY(type.element, read_reference_type(cursor));
  TRY(type.limits, read_limits(cursor, 1, UINT32_MAX, Invalid::TableSize));
  return type;
}
Loaded<MemoryType> read_memory_type(Cursor& cursor) {
  MemoryType type;
  TRY(type.limits, read_limits(cursor, 3, MemoryType::max_pages, Invalid::MemorySize));
  return type;
}
Loaded<GlobalType> read_global_type(Cursor& cursor) {
  GlobalType type;
  TRY(type.value, read_value_type(cursor));
  usize const offset = cursor.offset();
  TRY(u8 const mutability, cursor.byte());
  if (mutability > 1) return refuse(Malformed::Mutability, offset);
  type.is_mutable = mutability == 1;
  return type;
}

/// Finds where a constant expression ends. Blocks are none of its instructions, so the first `end`
/// is its own.
Loaded<ConstantExpression> read_constant_expression(Cursor& cursor,
                                                    std::span<const u8> module_bytes) {
  usize const start = cursor.offset();
  Instruction instruction;
  do {
    TRY(read_instruction(cursor, instruction));
    // Not constant, and the rest of it would have to be read; the validator refuses it by name.
    if (instruction.opcode() == Opcode::BrTable || instruction.opcode() == Opcode::TryTable)
      return refuse(Invalid::ConstantExpression, instruction.offset);
  } while (instruction.opcode() != Opcode::End);
  return ConstantExpression{module_bytes.subspan(start, cursor.offset() - start), start};
}

}  // namespace

Loaded<void> Decoder::step() {
  if (done_) return {};
  if (bodies_left_ != 0) return some_bodies();
  if (!header_seen_) return header();
  if (cursor_.at_end()) return finish();
  return section();
}

Loaded<void> Decoder::header() {
  if (module_.bytes.size() > ModuleLimits::module_size) return refuse(Limited::ModuleSize, 0);
  for (u8 const expected : std::to_array<u8>({0x00, 0x61, 0x73, 0x6d})) {
    usize const offset = cursor_.offset();
    TRY(u8 const byte, cursor_.byte());
    if (byte != expected) return refuse(Malformed::MagicHeader, offset);
  }
  usize const offset = cursor_.offset();
  TRY(u32 const version, cursor_.little_endian<u32>());
  // Version 13 of layer 1.
  if (version == 0x1'000d) return refuse(Feature::Components, offset);
  if (version != 1) return refuse(Malformed::BinaryVersion, offset);
  header_seen_ = true;
  return {};
}

Loaded<void> Decoder::section() {
  usize const offset = cursor_.offset();
  TRY(u8 const number, cursor_.byte());
  if (number > static_cast<u8>(SectionId::Tag)) return refuse(Malformed::SectionId, offset);
  auto const id = static_cast<SectionId>(number);
  TRY(u32 const size, cursor_.leb_u32());
  usize const start = cursor_.offset();
  TRY(auto const content, cursor_.take(size));
  if (u8 const order = order_of(id); order != 0) {
    if (order <= last_order_) return refuse(Malformed::SectionOrder, offset);
    last_order_ = order;
  }
  Cursor section(content, start, Malformed::EndOfSectionOrFunction);
  if (id == SectionId::Code) {
    TRY(bodies_left_, read_count(section, ModuleLimits::functions, Limited::Functions));
    if (bodies_left_ != defined_functions_) return refuse(Malformed::FunctionAndCodeCount, start);
    code_ = section;
    if (bodies_left_ == 0 && !section.at_end())
      return refuse(Malformed::SectionSize, section.offset());
    return {};
  }
  TRY(section_content(number, section));
  if (!section.at_end()) return refuse(Malformed::SectionSize, section.offset());
  return {};
}

Loaded<void> Decoder::section_content(u8 id, Cursor& section) {
  switch (static_cast<SectionId>(id)) {
    case SectionId::Custom: return custom_section(section);
    case SectionId::Type: return type_section(section);
    case SectionId::Import: return import_section(section);
    case SectionId::Function: return function_section(section);
    case SectionId::Table: return table_section(section);
    case SectionId::Memory: return memory_section(section);
    case SectionId::Global: return global_section(section);
    case SectionId::Export: return export_section(section);
    case SectionId::Start: return start_section(section);
    case SectionId::Element: return element_section(section);
    case SectionId::DataCount: return data_count_section(section);
    case SectionId::Code: return {};
    case SectionId::Data: return data_section(section);
    case SectionId::Tag: return tag_section(section);
  }
  return {};
}

Loaded<void> Decoder::custom_section(Cursor& section) {
  CustomSection custom;
  TRY(custom.name, section.name());
  custom.content.offset = section.offset();
  TRY(custom.content.bytes, section.take(section.remaining()));
  TRY(module_.custom_sections.try_push_back(custom));
  return {};
}

Loaded<void> Decoder::type_section(Cursor& section) {
  TRY(u32 const count, read_count(section, ModuleLimits::types, Limited::Types));
  base::Vector<ValueType> values;
  for (u32 i = 0; i < count; ++i) {
    usize const offset = section.offset();
    TRY(u8 const form, section.byte());
    if (form >= 0x4d && form <= 0x5f && form != 0x40)
      return refuse(Feature::GarbageCollection, offset);
    if (form != 0x60) return refuse(Malformed::FunctionTypeForm, offset);
    values.clear();
    TRY(u32 const parameters, read_count(section, ModuleLimits::parameters, Limited::Parameters));
    for (u32 p = 0; p < parameters; ++p) {
      TRY(ValueType const type, read_value_type(section));
      TRY(values.try_push_back(type));
    }
    TRY(u32 const results, read_count(section, ModuleLimits::results, Limited::Results));
    for (u32 r = 0; r < results; ++r) {
      TRY(ValueType const type, read_value_type(section));
      TRY(values.try_push_back(type));
    }
    std::span<const ValueType> const all(values.data(), values.size());
    TRY(auto type, FunctionType::create({all.first(parameters), all.subspan(parameters)}, offset));
    TRY(module_.types.try_push_back(std::move(type)));
  }
  return {};
}

/// Types come before whatever refers to them, so it is known at once whether there is one.
Loaded<u32> Decoder::read_type_index(Cursor& section) const {
  usize const offset = section.offset();
  TRY(u32 const type, section.leb_u32());
  if (type >= module_.types.size()) return refuse(Invalid::UnknownType, offset);
  return type;
}

/// [wasm/core: "Tag Types"]
Loaded<u32> Decoder::read_tag_type(Cursor& section) const {
  usize const offset = section.offset();
  TRY(u8 const attribute, section.byte());
  if (attribute != 0) return refuse(Malformed::TagAttribute, offset);
  TRY(u32 const type, read_type_index(section));
  if (!module_.types[type].results().empty()) return refuse(Invalid::TagResults, offset);
  return type;
}

Loaded<void> Decoder::import_section(Cursor& section) {
  TRY(u32 const count, read_count(section, ModuleLimits::imports, Limited::Imports));
  for (u32 i = 0; i < count; ++i) {
    Import import;
    import.offset = section.offset();
    TRY(import.module, section.name());
    TRY(import.name, section.name());
    usize const offset = section.offset();
    TRY(u8 const kind, section.byte());
    switch (kind) {
      case 0: {
        TRY(u32 const type, read_type_index(section));
        import.index = module_.imported_functions++;
        TRY(module_.functions.try_push_back(type));
        break;
      }
      case 1: {
        TRY(auto const type, read_table_type(section));
        import.index = module_.imported_tables++;
        TRY(module_.tables.try_push_back(TableDefinition{type, {}, import.offset}));
        break;
      }
      case 2: {
        TRY(auto const type, read_memory_type(section));
        import.index = module_.imported_memories++;
        TRY(module_.memories.try_push_back(type));
        break;
      }
      case 3: {
        TRY(auto const type, read_global_type(section));
        import.index = module_.imported_globals++;
        TRY(module_.globals.try_push_back(Global{type, {}, import.offset}));
        break;
      }
      case 4: {
        TRY(u32 const type, read_tag_type(section));
        import.index = module_.imported_tags++;
        TRY(module_.tags.try_push_back(type));
        break;
      }
      default: return refuse(Malformed::ImportKind, offset);
    }
    import.kind = static_cast<ExternKind>(kind);
    TRY(module_.imports.try_push_back(import));
  }
  return {};
}

Loaded<void> Decoder::function_section(Cursor& section) {
  TRY(u32 const count, read_count(section, ModuleLimits::functions, Limited::Functions));
  TRY(module_.functions.try_reserve(module_.functions.size() + count));
  for (u32 i = 0; i < count; ++i) {
    TRY(u32 const type, read_type_index(section));
    module_.functions.push_back_reserved(type);
  }
  defined_functions_ = count;
  return {};
}

Loaded<void> Decoder::table_section(Cursor& section) {
  TRY(u32 const count, read_count(section, ModuleLimits::tables, Limited::Tables));
  for (u32 i = 0; i < count; ++i) {
    TableDefinition table;
    TRY(u8 const first, section.peek());
    bool const has_initial = first == 0x40;
    if (has_initial) {
      TRY(section.byte());
      usize const offset = section.offset();
      TRY(u8 const reserved, section.byte());
      if (reserved != 0) return refuse(Malformed::ReservedByte, offset);
    }
    table.offset = section.offset();
    TRY(table.type, read_table_type(section));
    if (has_initial) {
      TRY(table.initial, read_constant_expression(section, module_.bytes));
    }
    TRY(module_.tables.try_push_back(table));
  }
  return {};
}

Loaded<void> Decoder::memory_section(Cursor& section) {
  TRY(u32 const count, read_count(section, ModuleLimits::memories, Limited::Memories));
  for (u32 i = 0; i < count; ++i) {
    TRY(auto const type, read_memory_type(section));
    TRY(module_.memories.try_push_back(type));
  }
  return {};
}

Loaded<void> Decoder::global_section(Cursor& section) {
  TRY(u32 const count, read_count(section, ModuleLimits::globals, Limited::Globals));
  for (u32 i = 0; i < count; ++i) {
    Global global;
    global.offset = section.offset();
    TRY(global.type, read_global_type(section));
    TRY(global.initial, read_constant_expression(section, module_.bytes));
    TRY(module_.globals.try_push_back(global));
  }
  return {};
}

Loaded<void> Decoder::tag_section(Cursor& section) {
  TRY(u32 const count, read_count(section, ModuleLimits::tags, Limited::Tags));
  for (u32 i = 0; i < count; ++i) {
    TRY(u32 const type, read_tag_type(section));
    TRY(module_.tags.try_push_back(type));
  }
  return {};
}

Loaded<void> Decoder::export_section(Cursor& section) {
  TRY(u32 const count, read_count(section, ModuleLimits::exports, Limited::Exports));
  for (u32 i = 0; i < count; ++i) {
    Export exported;
    exported.offset = section.offset();
    TRY(exported.name, section.name());
    usize const offset = section.offset();
    TRY(u8 const kind, section.byte());
    if (kind > 4) return refuse(Malformed::ExportKind, offset);
    exported.kind = static_cast<ExternKind>(kind);
    TRY(exported.index, section.leb_u32());
    TRY(module_.exports.try_push_back(exported));
  }
  return {};
}

Loaded<void> Decoder::start_section(Cursor& section) {
  module_.start_offset = section.offset();
  TRY(module_.start, section.leb_u32());
  return {};
}

Loaded<void> Decoder::element_section(Cursor& section) {
  TRY(u32 const count,
      read_count(section, ModuleLimits::element_segments, Limited::ElementSegments));
  for (u32 i = 0; i < count; ++i) {
    ElementSegment segment;
    segment.offset = section.offset();
    TRY(u32 const flags, section.leb_u32());
    if (flags > 7) return refuse(Malformed::ElementSegmentKind, segment.offset);
    // Bit 0: not active; bit 1: declarative, or with a table index; bit 2: expressions.
    bool const has_second = (flags & 2) != 0;
    segment.has_expressions = (flags & 4) != 0;
    if ((flags & 1) != 0) {
      segment.mode = has_second ? SegmentMode::Declarative : SegmentMode::Passive;
    } else {
      if (has_second) {
        TRY(segment.table, section.leb_u32());
      }
      TRY(segment.start, read_constant_expression(section, module_.bytes));
    }
    if ((flags & 3) != 0) {
      if (segment.has_expressions) {
        TRY(segment.type, read_reference_type(section));
      } else {
        usize const offset = section.offset();
        TRY(u8 const kind, section.byte());
        if (kind != 0) return refuse(Malformed::ElementSegmentKind, offset);
      }
    }
    // Functions named by their indices are none of them null.
    if (!segment.has_expressions) segment.type = non_null(ValueType::FuncRef);
    TRY(segment.count, read_count(section, ModuleLimits::elements, Limited::Elements));
    usize const start = section.offset();
    for (u32 e = 0; e < segment.count; ++e) {
      if (segment.has_expressions) {
        TRY(read_constant_expression(section, module_.bytes));
      } else {
        TRY(section.leb_u32());
      }
    }
    segment.elements = {module_.bytes.subspan(start, section.offset() - start), start};
    TRY(module_.elements.try_push_back(segment));
  }
  return {};
}

Loaded<void> Decoder::data_count_section(Cursor& section) {
  TRY(module_.data_count, section.leb_u32());
  return {};
}

Loaded<void> Decoder::some_bodies() {
  for (u32 i = 0; i < bodies_per_step && bodies_left_ != 0; ++i, --bodies_left_) {
    usize const size_offset = code_.offset();
    TRY(u32 const size, code_.leb_u32());
    usize const start = code_.offset();
    if (size > code_.remaining()) return refuse(Malformed::EndOfSectionOrFunction, size_offset);
    TRY(auto const bytes, code_.take(size));
    if (size > ModuleLimits::function_size) return refuse(Limited::FunctionSize, size_offset);
    Cursor cursor(bytes, start, Malformed::EndOfSectionOrFunction);
    FunctionBody body;
    TRY(body.local_groups, cursor.leb_u32());
    usize const locals_start = cursor.offset();
    u64 locals = 0;
    for (u32 group = 0; group < body.local_groups; ++group) {
      usize const offset = cursor.offset();
      TRY(u32 const count, cursor.leb_u32());
      locals += count;
      if (locals > UINT32_MAX) return refuse(Malformed::TooManyLocals, offset);
      TRY(read_value_type(cursor));
    }
    if (locals > ModuleLimits::locals) return refuse(Limited::Locals, locals_start);
    body.locals = {module_.bytes.subspan(locals_start, cursor.offset() - locals_start),
                   locals_start};
    usize const code_start = cursor.offset();
    body.code = {bytes.subspan(code_start - start), code_start};
    TRY(module_.bodies.try_push_back(body));
  }
  if (bodies_left_ == 0 && !code_.at_end()) return refuse(Malformed::SectionSize, code_.offset());
  return {};
}

Loaded<void> Decoder::data_section(Cursor& section) {
  usize const section_start = section.offset();
  TRY(u32 const count, read_count(section, ModuleLimits::data_segments, Limited::DataSegments));
  if (module_.data_count && *module_.data_count != count)
    return refuse(Malformed::DataCount, section_start);
  for (u32 i = 0; i < count; ++i) {
    DataSegment segment;
    segment.offset = section.offset();
    TRY(u32 const flags, section.leb_u32());
    if (flags > 2) return refuse(Malformed::DataSegmentKind, segment.offset);
    if (flags == 1) segment.mode = SegmentMode::Passive;
    if (flags == 2) {
      TRY(segment.memory, section.leb_u32());
    }
    if (flags != 1) {
      TRY(segment.start, read_constant_expression(section, module_.bytes));
    }
    usize const offset = section.offset();
    TRY(u32 const size, section.leb_u32());
    if (size > section.remaining()) return refuse(Malformed::EndOfSectionOrFunction, offset);
    TRY(segment.bytes, section.take(size));
    TRY(module_.data.try_push_back(segment));
  }
  return {};
}

Loaded<void> Decoder::finish() {
  if (module_.bodies.size() != defined_functions_)
    return refuse(Malformed::FunctionAndCodeCount, cursor_.offset());
  if (module_.data_count && *module_.data_count != module_.data.size())
    return refuse(Malformed::DataCount, cursor_.offset());
  done_ = true;
  return {};
}

Loaded<Module> decode(std::span<const u8> bytes) {
  Decoder decoder(bytes);
  while (!decoder.done()) {
    TRY(decoder.step());
  }
  return decoder.take();
}

}  // namespace nacre::wasm
