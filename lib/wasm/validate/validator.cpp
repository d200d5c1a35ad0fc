#include "lib/wasm/validate/validator.hpp"

#include <algorithm>

#include "lib/wasm/binary/decoder.hpp"

namespace nacre::wasm {
namespace {

/// How many bytes of code, and locals, one step checks, up to the end of a function.
constexpr usize bytes_per_step = 256 * 1024;

constexpr usize types_per_step = 4096;

}  // namespace

Loaded<void> Validator::step() {
  if (done_) return {};
  if (numbers_.size() < module_.types.size()) return check_types();
  if (!functions_) {
    TRY(check_definitions());
  } else {
    TRY(check_bodies());
  }
  done_ = next_body_ == module_.bodies.size();
  return {};
}

Loaded<void> Validator::check_bodies() {
  usize checked = 0;
  while (next_body_ < module_.bodies.size() && checked < bytes_per_step) {
    FunctionBody& body = module_.bodies[next_body_];
    u32 const function = module_.imported_functions + static_cast<u32>(next_body_);
    TRY(functions_->check_body(module_.type_of_function(function), body));
    checked += body.code.bytes.size() + body.local_count;
    ++next_body_;
  }
  return {};
}

/// Some of the types: each refers to itself and those before it only. [wasm/core: "Types"]
Loaded<void> Validator::check_types() {
  TRY(numbers_.try_reserve(module_.types.size()));
  usize const end = std::min(module_.types.size(), numbers_.size() + types_per_step);
  while (numbers_.size() < end) {
    FunctionType const& type = module_.types[numbers_.size()];
    auto const number = signatures_.intern_next(type, {numbers_.data(), numbers_.size()});
    if (!number) return refuse(number.error().cause, type.offset());
    numbers_.push_back_reserved(*number);
  }
  return {};
}

Loaded<void> Validator::need_type(ValueType type, usize offset) const {
  if (is_reference(type) && is_type_index(heap_type_of(type)) &&
      index_of(heap_type_of(type)) >= module_.types.size())
    return refuse(Invalid::UnknownType, offset);
  return {};
}

Loaded<void> Validator::declare(u32 function, usize offset) {
  if (function >= module_.functions.size()) return refuse(Invalid::UnknownFunction, offset);
  declared_[function] = 1;
  return {};
}

/// A function is declared by standing anywhere outside of code. [wasm/core: "Module Validity"]
Loaded<void> Validator::declare_in_expression(const ConstantExpression& expression) {
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

Loaded<void> Validator::declare_functions() {
  TRY(declared_.try_resize(module_.functions.size()));
  for (auto const& table : module_.tables) {
    TRY(declare_in_expression(table.initial));
  }
  for (auto const& global : module_.globals) {
    TRY(declare_in_expression(global.initial));
  }
  for (auto const& exported : module_.exports)
    if (exported.kind == ExternKind::Function) {
      TRY(declare(exported.index, exported.offset));
    }
  for (auto const& segment : module_.elements) {
    if (segment.has_expressions) {
      TRY(declare_in_expression(segment.elements));
    } else {
      Cursor cursor(segment.elements.bytes, segment.elements.offset);
      for (u32 i = 0; i < segment.count; ++i) {
        usize const offset = cursor.offset();
        TRY(u32 const function, cursor.leb_u32());
        TRY(declare(function, offset));
      }
    }
  }
  return {};
}

/// A table whose elements cannot be null says what they are to begin with.
Loaded<void> Validator::check_tables() {
  for (usize i = 0; i < module_.tables.size(); ++i) {
    TableDefinition const& table = module_.tables[i];
    TRY(need_type(table.type.element, table.offset));
    if (i < module_.imported_tables) continue;
    if (!table.initial.bytes.empty()) {
      TRY(functions_->check_constant(table.initial, table.type.element, module_.imported_globals));
    } else if (!is_defaultable(table.type.element)) {
      return refuse(Invalid::TypeMismatch, table.offset);
    }
  }
  return {};
}

Loaded<void> Validator::check_globals() {
  for (usize i = 0; i < module_.globals.size(); ++i) {
    Global const& global = module_.globals[i];
    TRY(need_type(global.type.value, global.offset));
    if (i < module_.imported_globals) continue;
    TRY(functions_->check_constant(global.initial, global.type.value, static_cast<u32>(i)));
  }
  return {};
}

Loaded<void> Validator::check_exports() const {
  base::Vector<const Export*> sorted;
  TRY(sorted.try_reserve(module_.exports.size()));
  for (auto const& exported : module_.exports) {
    usize count = 0;
    Invalid missing{};
    switch (exported.kind) {
      case ExternKind::Function:
        count = module_.functions.size();
        missing = Invalid::UnknownFunction;
        break;
      case ExternKind::Table:
        count = module_.tables.size();
        missing = Invalid::UnknownTable;
        break;
      case ExternKind::Memory:
        count = module_.memories.size();
        missing = Invalid::UnknownMemory;
        break;
      case ExternKind::Global:
        count = module_.globals.size();
        missing = Invalid::UnknownGlobal;
        break;
      case ExternKind::Tag:
        count = module_.tags.size();
        missing = Invalid::UnknownTag;
        break;
    }
    if (exported.index >= count) return refuse(missing, exported.offset);
    sorted.push_back_reserved(&exported);
  }
  std::ranges::sort(sorted, {}, [](const Export* exported) { return exported->name; });
  for (usize i = 1; i < sorted.size(); ++i)
    if (sorted[i]->name == sorted[i - 1]->name)
      return refuse(Invalid::DuplicateExport, std::max(sorted[i]->offset, sorted[i - 1]->offset));
  return {};
}

Loaded<void> Validator::check_elements() {
  auto const globals = static_cast<u32>(module_.globals.size());
  for (auto const& segment : module_.elements) {
    TRY(need_type(segment.type, segment.offset));
    if (segment.mode == SegmentMode::Active) {
      if (segment.table >= module_.tables.size())
        return refuse(Invalid::UnknownTable, segment.offset);
      if (!matches(with_number(segment.type, numbers()),
                   with_number(module_.tables[segment.table].type.element, numbers())))
        return refuse(Invalid::TypeMismatch, segment.offset);
      TRY(functions_->check_constant(segment.start, ValueType::I32, globals));
    }
    if (!segment.has_expressions) continue;
    Cursor cursor(segment.elements.bytes, segment.elements.offset);
    Instruction instruction;
    for (u32 i = 0; i < segment.count; ++i) {
      usize const start = cursor.offset();
      do {
        TRY(read_instruction(cursor, instruction));
      } while (instruction.opcode() != Opcode::End);
      ConstantExpression const element{module_.bytes.subspan(start, cursor.offset() - start),
                                       start};
      TRY(functions_->check_constant(element, segment.type, globals));
    }
  }
  return {};
}

Loaded<void> Validator::check_data() {
  for (auto const& segment : module_.data) {
    if (segment.mode != SegmentMode::Active) continue;
    if (segment.memory >= module_.memories.size())
      return refuse(Invalid::UnknownMemory, segment.offset);
    TRY(functions_->check_constant(segment.start, ValueType::I32,
                                   static_cast<u32>(module_.globals.size())));
  }
  return {};
}

Loaded<void> Validator::check_definitions() {
  TRY(check_exports());
  TRY(declare_functions());
  functions_.emplace(module_, std::span<const u8>(declared_.data(), declared_.size()), numbers(),
                     pace_);
  TRY(check_tables());
  TRY(check_globals());
  TRY(check_elements());
  TRY(check_data());
  if (module_.start) {
    if (*module_.start >= module_.functions.size())
      return refuse(Invalid::UnknownFunction, module_.start_offset);
    FunctionType const& type = module_.type_of_function(*module_.start);
    if (!type.parameters().empty() || !type.results().empty())
      return refuse(Invalid::StartFunction, module_.start_offset);
  }
  return {};
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
