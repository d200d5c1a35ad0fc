#include "tests/support/wasm_builder.hpp"

namespace nacre::test {

using base::u32;
using base::u64;
using base::u8;

namespace {

void append(Bytes& to, const Bytes& bytes) { to.insert(to.end(), bytes.begin(), bytes.end()); }

Bytes name(std::string_view text) {
  Bytes bytes = leb(text.size());
  bytes.insert(bytes.end(), text.begin(), text.end());
  return bytes;
}

Bytes bytes_of(wasm::HeapType heap) {
  if (is_type_index(heap)) return signed_leb(index_of(heap));
  return {static_cast<u8>(heap)};
}
Bytes bytes_of(wasm::ValueType type) {
  auto const code = static_cast<u8>(type);
  if (static_cast<u32>(type) == code && !is_type_index(heap_type_of(type))) return {code};
  Bytes bytes{code};
  append(bytes, bytes_of(heap_type_of(type)));
  return bytes;
}

Bytes type_list(const ModuleBuilder::Types& types) {
  Bytes bytes = leb(types.size());
  for (auto const type : types) append(bytes, bytes_of(type));
  return bytes;
}

}  // namespace

Bytes leb(u64 value) {
  Bytes bytes;
  do {
    bytes.push_back(static_cast<u8>((value & 0x7f) | (value > 0x7f ? 0x80 : 0)));
    value >>= 7;
  } while (value != 0);
  return bytes;
}

Bytes signed_leb(base::i64 value) {
  Bytes bytes;
  for (;;) {
    auto const low = static_cast<u8>(value & 0x7f);
    value >>= 7;
    bool const last = (value == 0 && (low & 0x40) == 0) || (value == -1 && (low & 0x40) != 0);
    bytes.push_back(static_cast<u8>(low | (last ? 0 : 0x80)));
    if (last) return bytes;
  }
}

Code& Code::op(Opcode opcode, std::initializer_list<u64> immediates) {
  u32 const encoding = static_cast<u32>(opcode);
  if (encoding >> 16 != 0) {
    bytes_.push_back(static_cast<u8>(encoding >> 16));
    append(bytes_, leb(encoding & 0xffff));
  } else {
    bytes_.push_back(static_cast<u8>(encoding));
  }
  for (u64 const immediate : immediates) append(bytes_, leb(immediate));
  return *this;
}
Code& Code::i32(base::i32 value) {
  op(Opcode::I32Const);
  append(bytes_, signed_leb(value));
  return *this;
}
Code& Code::i64(base::i64 value) {
  op(Opcode::I64Const);
  append(bytes_, signed_leb(value));
  return *this;
}
Code& Code::f32_bits(u32 bits) {
  op(Opcode::F32Const);
  for (int i = 0; i < 4; ++i) bytes_.push_back(static_cast<u8>(bits >> (8 * i)));
  return *this;
}
Code& Code::f64_bits(u64 bits) {
  op(Opcode::F64Const);
  for (int i = 0; i < 8; ++i) bytes_.push_back(static_cast<u8>(bits >> (8 * i)));
  return *this;
}
Code& Code::v128(u64 low, u64 high) {
  op(Opcode::V128Const);
  for (u64 const half : {low, high})
    for (int i = 0; i < 8; ++i) bytes_.push_back(static_cast<u8>(half >> (8 * i)));
  return *this;
}
Code& Code::br_table(std::initializer_list<u64> depths) {
  op(Opcode::BrTable, {depths.size() - 1});
  for (u64 const depth : depths) append(bytes_, leb(depth));
  return *this;
}
Code& Code::block(Opcode kind) { return op(kind).raw({0x40}); }
Code& Code::block(Opcode kind, wasm::ValueType result) {
  op(kind);
  append(bytes_, bytes_of(result));
  return *this;
}
Code& Code::try_table(std::initializer_list<std::initializer_list<u64>> clauses,
                      std::optional<wasm::ValueType> result) {
  op(Opcode::TryTable);
  append(bytes_, result ? bytes_of(*result) : Bytes{0x40});
  append(bytes_, leb(clauses.size()));
  for (auto const& clause : clauses)
    for (u64 const number : clause) append(bytes_, leb(number));
  return *this;
}
Code& Code::block_of_type(Opcode kind, u32 type) {
  op(kind);
  append(bytes_, signed_leb(type));
  return *this;
}
Code& Code::ref_null(wasm::ValueType type) {
  op(Opcode::RefNull);
  append(bytes_, bytes_of(heap_type_of(type)));
  return *this;
}
Code& Code::raw(std::initializer_list<u8> bytes) {
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  return *this;
}
Bytes Code::finish() const {
  Bytes bytes = bytes_;
  bytes.push_back(0x0b);
  return bytes;
}

void ModuleBuilder::Section::add(const Bytes& entry) {
  ++count;
  append(content, entry);
}

u32 ModuleBuilder::type(const Types& parameters, const Types& results) {
  Bytes entry{0x60};
  append(entry, type_list(parameters));
  append(entry, type_list(results));
  types_.add(entry);
  return types_.count - 1;
}

u32 ModuleBuilder::import(std::string_view module, std::string_view import_name, u8 kind,
                          const Bytes& description, u32& index) {
  Bytes entry = name(module);
  append(entry, name(import_name));
  entry.push_back(kind);
  append(entry, description);
  imports_.add(entry);
  return index++;
}
u32 ModuleBuilder::import_function(std::string_view module, std::string_view import_name,
                                   u32 type_index) {
  return import(module, import_name, 0, leb(type_index), function_count_);
}
u32 ModuleBuilder::import_memory(std::string_view module, std::string_view import_name,
                                 u32 minimum) {
  return import(module, import_name, 2, limits(minimum, -1), memory_count_);
}
u32 ModuleBuilder::import_global(std::string_view module, std::string_view import_name,
                                 ValueType value, bool is_mutable) {
  Bytes description = bytes_of(value);
  description.push_back(u8{is_mutable});
  return import(module, import_name, 3, description, global_count_);
}
u32 ModuleBuilder::import_tag(std::string_view module, std::string_view import_name,
                              u32 type_index) {
  Bytes description{0};
  append(description, leb(type_index));
  return import(module, import_name, 4, description, tag_count_);
}
u32 ModuleBuilder::import_table(std::string_view module, std::string_view import_name,
                                u32 minimum) {
  Bytes description = bytes_of(ValueType::FuncRef);
  append(description, limits(minimum, -1));
  return import(module, import_name, 1, description, table_count_);
}

u32 ModuleBuilder::function(u32 type_index, const Code& code, const Types& locals) {
  functions_.add(leb(type_index));
  Bytes body = leb(locals.size());
  for (auto const local : locals) {
    body.push_back(1);
    append(body, bytes_of(local));
  }
  append(body, code.finish());
  Bytes entry = leb(body.size());
  append(entry, body);
  code_.add(entry);
  return function_count_++;
}
u32 ModuleBuilder::exported(std::string_view export_name, const Types& parameters,
                            const Types& results, const Code& code, const Types& locals) {
  u32 const index = function(type(parameters, results), code, locals);
  export_as(export_name, wasm::ExternKind::Function, index);
  return index;
}

Bytes ModuleBuilder::limits(u32 minimum, std::int64_t maximum) {
  Bytes bytes{u8{maximum >= 0}};
  append(bytes, leb(minimum));
  if (maximum >= 0) append(bytes, leb(static_cast<u64>(maximum)));
  return bytes;
}
u32 ModuleBuilder::memory(u32 minimum, std::int64_t maximum) {
  memories_.add(limits(minimum, maximum));
  return memory_count_++;
}
u32 ModuleBuilder::table(ValueType element, u32 minimum, std::int64_t maximum) {
  Bytes entry = bytes_of(element);
  append(entry, limits(minimum, maximum));
  tables_.add(entry);
  return table_count_++;
}
u32 ModuleBuilder::table_of(ValueType element, u32 minimum, const Code& initial) {
  Bytes entry{0x40, 0};
  append(entry, bytes_of(element));
  append(entry, limits(minimum, -1));
  append(entry, initial.finish());
  tables_.add(entry);
  return table_count_++;
}
u32 ModuleBuilder::tag(u32 type_index) {
  Bytes entry{0};
  append(entry, leb(type_index));
  tags_.add(entry);
  return tag_count_++;
}
u32 ModuleBuilder::global(ValueType value, bool is_mutable, const Code& initial) {
  Bytes entry = bytes_of(value);
  entry.push_back(u8{is_mutable});
  append(entry, initial.finish());
  globals_.add(entry);
  return global_count_++;
}
void ModuleBuilder::export_as(std::string_view export_name, wasm::ExternKind kind, u32 index) {
  Bytes entry = name(export_name);
  entry.push_back(static_cast<u8>(kind));
  append(entry, leb(index));
  exports_.add(entry);
}
void ModuleBuilder::start(u32 function) { start_ = leb(function); }

u32 ModuleBuilder::elements(u32 start, std::initializer_list<u32> functions) {
  Bytes entry{0};
  append(entry, Code().i32(static_cast<base::i32>(start)).finish());
  append(entry, leb(functions.size()));
  for (u32 const function : functions) append(entry, leb(function));
  elements_.add(entry);
  return elements_.count - 1;
}
u32 ModuleBuilder::passive_elements(const std::vector<u32>& functions) {
  Bytes entry{1, 0};
  append(entry, leb(functions.size()));
  for (u32 const function : functions) append(entry, leb(function));
  elements_.add(entry);
  return elements_.count - 1;
}
u32 ModuleBuilder::data(u32 start, std::string_view bytes) {
  Bytes entry{0};
  append(entry, Code().i32(static_cast<base::i32>(start)).finish());
  append(entry, name(bytes));
  data_.add(entry);
  return data_.count - 1;
}
u32 ModuleBuilder::data_in(u32 memory, u32 start, std::string_view bytes) {
  Bytes entry{2};
  append(entry, leb(memory));
  append(entry, Code().i32(static_cast<base::i32>(start)).finish());
  append(entry, name(bytes));
  data_.add(entry);
  return data_.count - 1;
}
u32 ModuleBuilder::passive_data(std::string_view bytes) {
  Bytes entry{1};
  append(entry, name(bytes));
  data_.add(entry);
  return data_.count - 1;
}
void ModuleBuilder::function_name(u32 function, std::string_view text) {
  Bytes entry = leb(function);
  append(entry, name(text));
  names_.add(entry);
}

Bytes ModuleBuilder::bytes() const {
  Bytes module{0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0};
  auto const add = [&](u8 id, const Bytes& content) {
    module.push_back(id);
    append(module, leb(content.size()));
    append(module, content);
  };
  auto const add_vector = [&](u8 id, const Section& section) {
    if (section.count == 0) return;
    Bytes content = leb(section.count);
    append(content, section.content);
    add(id, content);
  };
  add_vector(1, types_);
  add_vector(2, imports_);
  add_vector(3, functions_);
  add_vector(4, tables_);
  add_vector(5, memories_);
  add_vector(13, tags_);
  add_vector(6, globals_);
  add_vector(7, exports_);
  if (!start_.empty()) add(8, start_);
  add_vector(9, elements_);
  if (data_.count != 0) add(12, leb(data_.count));
  add_vector(10, code_);
  add_vector(11, data_);
  if (names_.count != 0) {
    Bytes functions = leb(names_.count);
    append(functions, names_.content);
    Bytes content = name("name");
    content.push_back(1);
    append(content, leb(functions.size()));
    append(content, functions);
    add(0, content);
  }
  return module;
}

}  // namespace nacre::test
