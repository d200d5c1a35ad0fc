#include "lib/wasm/binary/decoder.hpp"

#include "lib/wasm/binary/instruction.hpp"

namespace nacre::wasm {
namespace {

/// A step ends behind so many items of a section, or so many of its bytes.
constexpr u32 items_per_step = 1024;
constexpr usize bytes_per_step = 16'384;

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
    if (instruction.offset - start > ModuleLimits::constant_expression_size)
      return refuse(Limited::ConstantExpression, start);
  } while (instruction.opcode() != Opcode::End);
  return ConstantExpression{module_bytes.subspan(start, cursor.offset() - start), start};
}

}  // namespace

Loaded<void> Decoder::step() {
  if (done_) return {};
  if (!header_seen_) return header();
  if (item_ == nullptr) return cursor_.at_end() ? finish() : begin_section();
  usize const start = section_.offset();
  for (u32 items = 0; items < items_per_step && section_.offset() - start < bytes_per_step;
       ++items) {
    if (elements_left_ != 0) {
      TRY(element());
    } else if (items_left_ == 0) {
      return end_section();
    } else {
      TRY((this->*item_)());
      --items_left_;
    }
  }
  return {};
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

/// What a section is a vector of; those that are something else have no `item`.
Decoder::Content Decoder::content_of(u8 section) {
  switch (static_cast<SectionId>(section)) {
    case SectionId::Type: return {&Decoder::type, ModuleLimits::types, Limited::Types};
    case SectionId::Import: return {&Decoder::import, ModuleLimits::imports, Limited::Imports};
    case SectionId::Function:
      return {&Decoder::function, ModuleLimits::functions, Limited::Functions};
    case SectionId::Table: return {&Decoder::table, ModuleLimits::tables, Limited::Tables};
    case SectionId::Memory: return {&Decoder::memory, ModuleLimits::memories, Limited::Memories};
    case SectionId::Tag: return {&Decoder::tag, ModuleLimits::tags, Limited::Tags};
    case SectionId::Global: return {&Decoder::global, ModuleLimits::globals, Limited::Globals};
    case SectionId::Export: return {&Decoder::export_item, ModuleLimits::exports, Limited::Exports};
    case SectionId::Element:
      return {&Decoder::element_segment, ModuleLimits::element_segments, Limited::ElementSegments};
    case SectionId::Code: return {&Decoder::body, ModuleLimits::functions, Limited::Functions};
    case SectionId::Data:
      return {&Decoder::data_segment, ModuleLimits::data_segments, Limited::DataSegments};
    case SectionId::Custom:
    case SectionId::Start:
    case SectionId::DataCount: break;
  }
  return {};
}

Loaded<void> Decoder::begin_section() {
  usize const offset = cursor_.offset();
  TRY(u8 const number, cursor_.byte());
  if (number > static_cast<u8>(SectionId::Tag)) return refuse(Malformed::SectionId, offset);
  auto const id = static_cast<SectionId>(number);
  TRY(u32 const size, cursor_.leb_u32());
  usize const start = cursor_.offset();
  TRY(auto const bytes, cursor_.take(size));
  if (u8 const order = order_of(id); order != 0) {
    if (order <= last_order_) return refuse(Malformed::SectionOrder, offset);
    last_order_ = order;
  }
  section_ = Cursor(bytes, start, Malformed::EndOfSectionOrFunction);
  Content const content = content_of(number);
  if (content.item == nullptr) {
    TRY(whole_section(number));
    return end_section();
  }
  TRY(items_left_, read_count(section_, content.limit, content.what));
  item_ = content.item;
  switch (id) {
    case SectionId::Function: defined_functions_ = items_left_; break;
    case SectionId::Code: {
      if (items_left_ != defined_functions_) return refuse(Malformed::FunctionAndCodeCount, start);
      break;
    }
    case SectionId::Data: {
      if (module_.data_count && *module_.data_count != items_left_)
        return refuse(Malformed::DataCount, start);
      break;
    }
    default: break;
  }
  return {};
}

Loaded<void> Decoder::end_section() {
  item_ = nullptr;
  if (!section_.at_end()) return refuse(Malformed::SectionSize, section_.offset());
  return {};
}

/// One that is no vector.
Loaded<void> Decoder::whole_section(u8 section) {
  switch (static_cast<SectionId>(section)) {
    case SectionId::Start: {
      module_.start_offset = section_.offset();
      TRY(module_.start, section_.leb_u32());
      return {};
    }
    case SectionId::DataCount: {
      TRY(module_.data_count, section_.leb_u32());
      return {};
    }
    default: return custom_section();
  }
}

Loaded<void> Decoder::custom_section() {
  CustomSection custom;
  TRY(custom.name, section_.name());
  custom.content.offset = section_.offset();
  TRY(custom.content.bytes, section_.take(section_.remaining()));
  TRY(module_.custom_sections.try_push_back(custom));
  return {};
}

Loaded<void> Decoder::type() {
  usize const offset = section_.offset();
  TRY(u8 const form, section_.byte());
  if (form >= 0x4d && form <= 0x5f && form != 0x40)
    return refuse(Feature::GarbageCollection, offset);
  if (form != 0x60) return refuse(Malformed::FunctionTypeForm, offset);
  value_types_.clear();
  TRY(u32 const parameters, read_count(section_, ModuleLimits::parameters, Limited::Parameters));
  TRY(read_value_types(parameters));
  TRY(u32 const results, read_count(section_, ModuleLimits::results, Limited::Results));
  TRY(read_value_types(results));
  std::span<const ValueType> const all(value_types_.data(), value_types_.size());
  TRY(auto type, FunctionType::create({all.first(parameters), all.subspan(parameters)}, offset));
  TRY(module_.types.try_push_back(std::move(type)));
  return {};
}

Loaded<void> Decoder::read_value_types(u32 count) {
  for (u32 i = 0; i < count; ++i) {
    TRY(ValueType const type, read_value_type(section_));
    TRY(value_types_.try_push_back(type));
  }
  return {};
}

/// Types come before whatever refers to them, so it is known at once whether there is one.
Loaded<u32> Decoder::read_type_index() {
  usize const offset = section_.offset();
  TRY(u32 const type, section_.leb_u32());
  if (type >= module_.types.size()) return refuse(Invalid::UnknownType, offset);
  return type;
}

/// [wasm/core: "Tag Types"]
Loaded<u32> Decoder::read_tag_type() {
  usize const offset = section_.offset();
  TRY(u8 const attribute, section_.byte());
  if (attribute != 0) return refuse(Malformed::TagAttribute, offset);
  TRY(u32 const type, read_type_index());
  if (!module_.types[type].results().empty()) return refuse(Invalid::TagResults, offset);
  return type;
}

Loaded<void> Decoder::import() {
  Import import;
  import.offset = section_.offset();
  TRY(import.module, section_.name());
  TRY(import.name, section_.name());
  usize const offset = section_.offset();
  TRY(u8 const kind, section_.byte());
  switch (kind) {
    case 0: {
      TRY(u32 const type, read_type_index());
      import.index = module_.imported_functions++;
      TRY(module_.functions.try_push_back(type));
      break;
    }
    case 1: {
      TRY(auto const type, read_table_type(section_));
      import.index = module_.imported_tables++;
      TRY(module_.tables.try_push_back(TableDefinition{type, {}, import.offset}));
      break;
    }
    case 2: {
      TRY(auto const type, read_memory_type(section_));
      import.index = module_.imported_memories++;
      TRY(module_.memories.try_push_back(type));
      break;
    }
    case 3: {
      TRY(auto const type, read_global_type(section_));
      import.index = module_.imported_globals++;
      TRY(module_.globals.try_push_back(Global{type, {}, import.offset}));
      break;
    }
    case 4: {
      TRY(u32 const type, read_tag_type());
      import.index = module_.imported_tags++;
      TRY(module_.tags.try_push_back(type));
      break;
    }
    default: return refuse(Malformed::ImportKind, offset);
  }
  import.kind = static_cast<ExternKind>(kind);
  TRY(module_.imports.try_push_back(import));
  return {};
}

Loaded<void> Decoder::function() {
  TRY(u32 const type, read_type_index());
  TRY(module_.functions.try_push_back(type));
  return {};
}

Loaded<void> Decoder::table() {
  TableDefinition table;
  TRY(u8 const first, section_.peek());
  bool const has_initial = first == 0x40;
  if (has_initial) {
    TRY(section_.byte());
    usize const offset = section_.offset();
    TRY(u8 const reserved, section_.byte());
    if (reserved != 0) return refuse(Malformed::ReservedByte, offset);
  }
  table.offset = section_.offset();
  TRY(table.type, read_table_type(section_));
  if (has_initial) {
    TRY(table.initial, read_constant_expression(section_, module_.bytes));
  }
  TRY(module_.tables.try_push_back(table));
  return {};
}

Loaded<void> Decoder::memory() {
  TRY(auto const type, read_memory_type(section_));
  TRY(module_.memories.try_push_back(type));
  return {};
}

Loaded<void> Decoder::tag() {
  TRY(u32 const type, read_tag_type());
  TRY(module_.tags.try_push_back(type));
  return {};
}

Loaded<void> Decoder::global() {
  Global global;
  global.offset = section_.offset();
  TRY(global.type, read_global_type(section_));
  TRY(global.initial, read_constant_expression(section_, module_.bytes));
  TRY(module_.globals.try_push_back(global));
  return {};
}

Loaded<void> Decoder::export_item() {
  Export exported;
  exported.offset = section_.offset();
  TRY(exported.name, section_.name());
  usize const offset = section_.offset();
  TRY(u8 const kind, section_.byte());
  if (kind > 4) return refuse(Malformed::ExportKind, offset);
  exported.kind = static_cast<ExternKind>(kind);
  TRY(exported.index, section_.leb_u32());
  TRY(module_.exports.try_push_back(exported));
  return {};
}

/// All of a segment but its elements, which follow one by one.
Loaded<void> Decoder::element_segment() {
  segment_ = {};
  segment_.offset = section_.offset();
  TRY(u32 const flags, section_.leb_u32());
  if (flags > 7) return refuse(Malformed::ElementSegmentKind, segment_.offset);
  // Bit 0: not active; bit 1: declarative, or with a table index; bit 2: expressions.
  bool const has_second = (flags & 2) != 0;
  segment_.has_expressions = (flags & 4) != 0;
  if ((flags & 1) != 0) {
    segment_.mode = has_second ? SegmentMode::Declarative : SegmentMode::Passive;
  } else {
    if (has_second) {
      TRY(segment_.table, section_.leb_u32());
    }
    TRY(segment_.start, read_constant_expression(section_, module_.bytes));
  }
  if ((flags & 3) != 0) {
    if (segment_.has_expressions) {
      TRY(segment_.type, read_reference_type(section_));
    } else {
      usize const offset = section_.offset();
      TRY(u8 const kind, section_.byte());
      if (kind != 0) return refuse(Malformed::ElementSegmentKind, offset);
    }
  }
  // Functions named by their indices are none of them null.
  if (!segment_.has_expressions) segment_.type = non_null(ValueType::FuncRef);
  TRY(segment_.count, read_count(section_, ModuleLimits::elements, Limited::Elements));
  segment_.elements.offset = section_.offset();
  elements_left_ = segment_.count;
  if (elements_left_ == 0) return end_segment();
  return {};
}

Loaded<void> Decoder::element() {
  if (segment_.has_expressions) {
    TRY(read_constant_expression(section_, module_.bytes));
  } else {
    TRY(section_.leb_u32());
  }
  if (--elements_left_ == 0) return end_segment();
  return {};
}

Loaded<void> Decoder::end_segment() {
  usize const start = segment_.elements.offset;
  segment_.elements.bytes = module_.bytes.subspan(start, section_.offset() - start);
  TRY(module_.elements.try_push_back(segment_));
  return {};
}

Loaded<void> Decoder::body() {
  usize const size_offset = section_.offset();
  TRY(u32 const size, section_.leb_u32());
  usize const start = section_.offset();
  if (size > section_.remaining()) return refuse(Malformed::EndOfSectionOrFunction, size_offset);
  TRY(auto const bytes, section_.take(size));
  if (size > ModuleLimits::function_size) return refuse(Limited::FunctionSize, size_offset);
  Cursor cursor(bytes, start, Malformed::EndOfSectionOrFunction);
  FunctionBody body;
  TRY(body.local_groups, cursor.leb_u32());
  usize const locals_start = cursor.offset();
  u64 locals = 0;
  for (u32 group = 0; group < body.local_groups; ++group) {
    if (group == ModuleLimits::locals) return refuse(Limited::Locals, cursor.offset());
    usize const offset = cursor.offset();
    TRY(u32 const count, cursor.leb_u32());
    locals += count;
    if (locals > UINT32_MAX) return refuse(Malformed::TooManyLocals, offset);
    TRY(read_value_type(cursor));
  }
  if (locals > ModuleLimits::locals) return refuse(Limited::Locals, locals_start);
  body.locals = {module_.bytes.subspan(locals_start, cursor.offset() - locals_start), locals_start};
  usize const code_start = cursor.offset();
  body.code = {bytes.subspan(code_start - start), code_start};
  TRY(module_.bodies.try_push_back(body));
  return {};
}

Loaded<void> Decoder::data_segment() {
  DataSegment segment;
  segment.offset = section_.offset();
  TRY(u32 const flags, section_.leb_u32());
  if (flags > 2) return refuse(Malformed::DataSegmentKind, segment.offset);
  if (flags == 1) segment.mode = SegmentMode::Passive;
  if (flags == 2) {
    TRY(segment.memory, section_.leb_u32());
  }
  if (flags != 1) {
    TRY(segment.start, read_constant_expression(section_, module_.bytes));
  }
  usize const offset = section_.offset();
  TRY(u32 const size, section_.leb_u32());
  if (size > section_.remaining()) return refuse(Malformed::EndOfSectionOrFunction, offset);
  TRY(segment.bytes, section_.take(size));
  TRY(module_.data.try_push_back(segment));
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
