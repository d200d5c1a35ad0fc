#include "lib/wasm/validate/validator.hpp"

#include <algorithm>

#include "lib/wasm/binary/decoder.hpp"

namespace nacre::wasm {
namespace {

/// How many items of a stage a step checks, and how many bytes of a function's code count as one.
constexpr u32 items_per_step = 1024;
constexpr usize bytes_per_item = 256;

Invalid unknown(ExternKind kind) {
  switch (kind) {
    case ExternKind::Function: return Invalid::UnknownFunction;
    case ExternKind::Table: return Invalid::UnknownTable;
    case ExternKind::Memory: return Invalid::UnknownMemory;
    case ExternKind::Global: return Invalid::UnknownGlobal;
    case ExternKind::Tag: return Invalid::UnknownTag;
  }
  return Invalid::UnknownFunction;
}

constexpr auto by_name = [](const Export* exported) { return exported->name; };

}  // namespace

Validator::Work Validator::work_of(Stage stage) const {
  switch (stage) {
    case Stage::Types: return {module_.types.size(), &Validator::type};
    case Stage::TableNames: return {module_.tables.size(), &Validator::table_names};
    case Stage::GlobalNames: return {module_.globals.size(), &Validator::global_names};
    case Stage::Exports: return {module_.exports.size(), &Validator::export_item};
    case Stage::DuplicateExports: return {module_.exports.size(), &Validator::duplicate_export};
    case Stage::ElementNames: return {module_.elements.size(), &Validator::element_names};
    case Stage::Tables: return {module_.tables.size(), &Validator::table};
    case Stage::Globals: return {module_.globals.size(), &Validator::global};
    case Stage::Elements: return {module_.elements.size(), &Validator::element_segment};
    case Stage::Data: return {module_.data.size(), &Validator::data_segment};
    case Stage::Start: return {module_.start ? 1u : 0u, &Validator::start};
    case Stage::Bodies: return {module_.bodies.size(), &Validator::body};
    case Stage::Done: break;
  }
  return {};
}

Loaded<void> Validator::enter(Stage stage) {
  stage_ = stage;
  next_ = 0;
  if (stage == Stage::TableNames) {
    TRY(declared_.try_resize(module_.functions.size()));
  } else if (stage == Stage::Tables) {
    functions_.emplace(module_, std::span<const u8>(declared_.data(), declared_.size()), numbers(),
                       pace_);
  }
  return {};
}

Loaded<void> Validator::step() {
  for (u32 items = 0; items < items_per_step && stage_ != Stage::Done; ++items) {
    Work const work = work_of(stage_);
    if (next_ == work.count) {
      TRY(enter(static_cast<Stage>(static_cast<u8>(stage_) + 1)));
      continue;
    }
    TRY(bool const is_done, (this->*work.check)());
    if (is_done) {
      ++next_;
      elements_.reset();
    }
  }
  return {};
}

/// Refers to itself and those before it only. [wasm/core: "Types"]
Loaded<bool> Validator::type() {
  FunctionType const& type = module_.types[next_];
  auto const number = signatures_.intern_next(type, numbers());
  if (!number) return refuse(number.error().cause, type.offset());
  TRY(numbers_.try_push_back(*number));
  return true;
}

Loaded<void> Validator::need_type(ValueType type, usize offset) const {
  if (is_reference(type) && is_type_index(heap_type_of(type)) &&
      index_of(heap_type_of(type)) >= module_.types.size())
    return refuse(Invalid::UnknownType, offset);
  return {};
}

// ---- which functions are named outside of code [wasm/core: "Module Validity"]

Loaded<void> Validator::declare(u32 function, usize offset) {
  if (function >= module_.functions.size()) return refuse(Invalid::UnknownFunction, offset);
  declared_[function] = 1;
  return {};
}

Loaded<void> Validator::declare_in(const ConstantExpression& expression) {
  Cursor cursor(expression.bytes, expression.offset);
  Instruction instruction;
  while (!cursor.at_end()) {
    TRY(read_instruction(cursor, instruction));
    if (instruction.opcode() == Opcode::RefFunc) {
      TRY(declare(instruction.index, instruction.offset));
    }
  }
  return {};
}

Loaded<bool> Validator::table_names() {
  TRY(declare_in(module_.tables[next_].initial));
  return true;
}

Loaded<bool> Validator::global_names() {
  TRY(declare_in(module_.globals[next_].initial));
  return true;
}

usize Validator::count_of(ExternKind kind) const {
  switch (kind) {
    case ExternKind::Function: return module_.functions.size();
    case ExternKind::Table: return module_.tables.size();
    case ExternKind::Memory: return module_.memories.size();
    case ExternKind::Global: return module_.globals.size();
    case ExternKind::Tag: return module_.tags.size();
  }
  return 0;
}

Loaded<bool> Validator::export_item() {
  Export const& exported = module_.exports[next_];
  if (exported.index >= count_of(exported.kind))
    return refuse(unknown(exported.kind), exported.offset);
  if (exported.kind == ExternKind::Function) {
    TRY(declare(exported.index, exported.offset));
  }
  TRY(exports_.try_push_back(&exported));
  std::ranges::push_heap(exports_, {}, by_name);
  return true;
}

/// Equal names come off the heap one after the other.
Loaded<bool> Validator::duplicate_export() {
  std::ranges::pop_heap(exports_, {}, by_name);
  const Export* const last = exports_.back();
  exports_.pop_back();
  if (!exports_.empty() && exports_.front()->name == last->name)
    return refuse(Invalid::DuplicateExport, std::max(last->offset, exports_.front()->offset));
  return true;
}

/// The next of a segment's elements that are expressions.
Loaded<ConstantExpression> Validator::next_expression() {
  usize const start = elements_->offset();
  Instruction instruction;
  do {
    TRY(read_instruction(*elements_, instruction));
  } while (instruction.opcode() != Opcode::End);
  return ConstantExpression{module_.bytes.subspan(start, elements_->offset() - start), start};
}

Loaded<bool> Validator::element_names() {
  ElementSegment const& segment = module_.elements[next_];
  if (!elements_) elements_.emplace(segment.elements.bytes, segment.elements.offset);
  if (elements_->at_end()) return true;
  if (segment.has_expressions) {
    TRY(ConstantExpression const expression, next_expression());
    TRY(declare_in(expression));
  } else {
    usize const offset = elements_->offset();
    TRY(u32 const function, elements_->leb_u32());
    TRY(declare(function, offset));
  }
  return elements_->at_end();
}

// ---- definitions

/// A table whose elements cannot be null says what they are to begin with.
Loaded<bool> Validator::table() {
  TableDefinition const& table = module_.tables[next_];
  TRY(need_type(table.type.element, table.offset));
  if (next_ < module_.imported_tables) return true;
  if (!table.initial.bytes.empty()) {
    TRY(functions_->check_constant(table.initial, table.type.element, module_.imported_globals));
  } else if (!is_defaultable(table.type.element)) {
    return refuse(Invalid::TypeMismatch, table.offset);
  }
  return true;
}

Loaded<bool> Validator::global() {
  Global const& global = module_.globals[next_];
  TRY(need_type(global.type.value, global.offset));
  if (next_ < module_.imported_globals) return true;
  TRY(functions_->check_constant(global.initial, global.type.value, static_cast<u32>(next_)));
  return true;
}

Loaded<bool> Validator::element_segment() {
  ElementSegment const& segment = module_.elements[next_];
  auto const globals = static_cast<u32>(module_.globals.size());
  if (!elements_) {
    TRY(need_type(segment.type, segment.offset));
    if (segment.mode == SegmentMode::Active) {
      if (segment.table >= module_.tables.size())
        return refuse(Invalid::UnknownTable, segment.offset);
      if (!matches(with_number(segment.type, numbers()),
                   with_number(module_.tables[segment.table].type.element, numbers())))
        return refuse(Invalid::TypeMismatch, segment.offset);
      TRY(functions_->check_constant(segment.start, ValueType::I32, globals));
    }
    elements_.emplace(segment.elements.bytes, segment.elements.offset);
  }
  if (!segment.has_expressions || elements_->at_end()) return true;
  TRY(ConstantExpression const element, next_expression());
  TRY(functions_->check_constant(element, segment.type, globals));
  return elements_->at_end();
}

Loaded<bool> Validator::data_segment() {
  DataSegment const& segment = module_.data[next_];
  if (segment.mode != SegmentMode::Active) return true;
  if (segment.memory >= module_.memories.size())
    return refuse(Invalid::UnknownMemory, segment.offset);
  TRY(functions_->check_constant(segment.start, ValueType::I32,
                                 static_cast<u32>(module_.globals.size())));
  return true;
}

Loaded<bool> Validator::start() {
  if (*module_.start >= module_.functions.size())
    return refuse(Invalid::UnknownFunction, module_.start_offset);
  FunctionType const& type = module_.type_of_function(*module_.start);
  if (!type.parameters().empty() || !type.results().empty())
    return refuse(Invalid::StartFunction, module_.start_offset);
  return true;
}

Loaded<bool> Validator::body() {
  FunctionBody& body = module_.bodies[next_];
  u32 const function = module_.imported_functions + static_cast<u32>(next_);
  if (!body_has_begun_) {
    TRY(functions_->begin_body(module_.type_of_function(function), body));
    body_has_begun_ = true;
  }
  TRY(bool const is_done, functions_->check_body(bytes_per_item, body));
  body_has_begun_ = !is_done;
  return is_done;
}

Loaded<void> validate(Module& module, Pace pace) {
  Validator validator(module, pace);
  while (!validator.done()) {
    TRY(validator.step());
  }
  return {};
}

Loaded<Module> load(std::span<const u8> bytes) {
  TRY(Module module, decode(bytes));
  TRY(validate(module));
  return module;
}

}  // namespace nacre::wasm
