#include "lib/wasm/runtime/store.hpp"

#include <cstring>

#include "lib/base/try.hpp"
#include "lib/wasm/runtime/constant.hpp"
#include "lib/wasm/runtime/linker.hpp"

namespace nacre::wasm {
namespace {

ExternKind kind_of(const Extern& thing) { return static_cast<ExternKind>(thing.index()); }
static_assert(std::is_same_v<std::variant_alternative_t<1, Extern>, Table*> &&
              static_cast<u8>(ExternKind::Table) == 1);

std::expected<ValueSlots, base::OutOfMemory> constant(const ConstantExpression& expression,
                                                      const Instance& instance) {
  Cursor cursor(expression.bytes, expression.offset);
  return evaluate_constant(cursor, instance);
}

}  // namespace

void format_value(base::Sink& sink, const InstantiateError& error) {
  std::visit(
      [&](auto const& cause) {
        using Cause = std::remove_cvref_t<decltype(cause)>;
        if constexpr (std::is_same_v<Cause, UnknownImport>)
          base::format_to(sink, "unknown import {}.{}", cause.module, cause.name);
        else if constexpr (std::is_same_v<Cause, IncompatibleImport>)
          base::format_to(sink, "incompatible import type: {}.{} is a {}{}, wanted is a {}",
                          cause.module, cause.name, name_of(cause.found),
                          cause.found == cause.wanted ? " of another type" : "",
                          name_of(cause.wanted));
        else if constexpr (std::is_same_v<Cause, TooLarge>)
          base::format_to(sink, "{} {} is larger than the host allows", name_of(cause.kind),
                          cause.index);
        else if constexpr (std::is_same_v<Cause, Trap>)
          base::format_to(sink, "trap while a segment was copied: {}", text_of(cause));
        else
          sink.write("out of memory");
      },
      error.cause);
}

Store::~Store() {
  for (auto const& instance : instances_) tier_.release(*instance);
  for (auto const& kept : kept_) kept.destroy(kept.context);
}

std::expected<void, base::OutOfMemory> Store::keep(void* context, void (*destroy)(void*)) {
  auto const pushed = kept_.try_push_back(Kept{context, destroy});
  if (!pushed) destroy(context);
  return pushed;
}

std::expected<FunctionInstance*, base::OutOfMemory> Store::add_function(
    const FunctionInstance& function, const Signature& signature) {
  TRY(auto added, base::try_make<FunctionInstance>(function));
  TRY(added->signature, signatures_.intern(signature));
  added->parameter_slots = static_cast<u16>(slots_of(signature.parameters));
  added->result_slots = static_cast<u16>(slots_of(signature.results));
  tier_.prepare(*added);
  FunctionInstance* const pointer = added.get();
  TRY(functions_.try_push_back(std::move(added)));
  return pointer;
}

std::expected<Table*, base::OutOfMemory> Store::add_table(const TableType& type, Slot initial) {
  TRY(auto table, Table::create(type, initial, limits_.table_elements));
  TRY(auto added, base::try_make<Table>(std::move(table)));
  Table* const pointer = added.get();
  TRY(tables_.try_push_back(std::move(added)));
  return pointer;
}

std::expected<LinearMemory*, base::OutOfMemory> Store::add_memory(const MemoryType& type) {
  TRY(auto memory, LinearMemory::create(platform_, type, limits_.memory_pages));
  TRY(auto added, base::try_make<LinearMemory>(std::move(memory)));
  LinearMemory* const pointer = added.get();
  TRY(memories_.try_push_back(std::move(added)));
  return pointer;
}

std::expected<GlobalInstance*, base::OutOfMemory> Store::add_global(GlobalType type,
                                                                    const Value& value) {
  TRY(auto added, base::try_make<GlobalInstance>());
  added->type = type;
  added->slots = value.slots;
  GlobalInstance* const pointer = added.get();
  TRY(globals_.try_push_back(std::move(added)));
  return pointer;
}

std::expected<TagInstance*, base::OutOfMemory> Store::add_tag(const Signature& signature) {
  TRY(SignatureId const id, signatures_.intern(signature));
  return add_tag(id);
}

std::expected<TagInstance*, base::OutOfMemory> Store::add_tag(SignatureId signature) {
  TRY(auto added, base::try_make<TagInstance>());
  added->signature = signature;
  added->parameter_slots = static_cast<u16>(slots_of(signatures_[signature].parameters));
  TagInstance* const pointer = added.get();
  TRY(tags_.try_push_back(std::move(added)));
  return pointer;
}

bool Store::accepts(ValueType type, SignatureId of, const Value& value) const {
  if (!is_reference(type) || !is_reference(value.type)) return type == value.type;
  if (top_of(type) != top_of(value.type)) return false;
  if (value.slots[0] == 0) return is_nullable(type);
  HeapType const heap = heap_type_of(type);
  if (!is_type_index(heap)) return heap_type_of(top_of(type)) == heap;
  u32 const wanted = heap == SignatureTable::itself ? of.value : index_of(heap);
  return function_of(value.slots[0])->signature.value == wanted;
}

std::expected<Exception*, base::OutOfMemory> Store::create_exception(const TagInstance& tag,
                                                                     std::span<const Slot> values) {
  if (exceptions_.should_collect()) collect_exceptions(values);
  if (auto const made = exceptions_.create(tag, values)) return *made;
  collect_exceptions(values);
  return exceptions_.create(tag, values);
}

/// `values` are kept besides what can be found.
void Store::collect_exceptions(std::span<const Slot> values) {
  exceptions_.begin_marking();
  exceptions_.mark(values);
  for (Execution const& execution : executions_)
    execution.visit_slots([this](std::span<const Slot> slots) { exceptions_.mark(slots); });
  for (auto const& table : tables_)
    if (top_of(table->type().element) == ValueType::ExnRef) exceptions_.mark(table->elements());
  for (auto const& global : globals_) exceptions_.mark(global->slots);
  exceptions_.sweep();
}

std::expected<Instance*, InstantiateError> Store::instantiate(const Module& module,
                                                              const Linker& linker) {
  TRY(auto made, base::try_make<Instance>(*this, module));
  Instance& instance = *made;
  TRY(intern_types(instance));
  TRY(link(instance, linker));
  TRY(allocate(instance));
  // From here on other instances may come to refer to this one, so it stays whatever happens.
  TRY(instances_.try_push_back(std::move(made)));
  TRY(initialize(instance));
  return &instance;
}

std::expected<void, InstantiateError> Store::intern_types(Instance& instance) {
  auto& numbers = instance.signatures;
  TRY(numbers.try_reserve(instance.module().types.size()));
  for (auto const& type : instance.module().types) {
    auto const number = signatures_.intern_next(type, {numbers.data(), numbers.size()});
    // The validator has seen that they refer to types that exist.
    if (!number) return std::unexpected(base::OutOfMemory{});
    numbers.push_back_reserved(*number);
  }
  return {};
}

/// Finds and checks the imports. [wasm/core: "Import Matching"]
std::expected<void, InstantiateError> Store::link(Instance& instance, const Linker& linker) {
  Module const& module = instance.module();
  for (auto const& import : module.imports) {
    auto const found = linker.find(import.module, import.name);
    if (!found) return std::unexpected(UnknownImport{import.module, import.name});
    auto const incompatible = std::unexpected(
        IncompatibleImport{import.module, import.name, import.kind, kind_of(*found)});
    if (kind_of(*found) != import.kind) return incompatible;
    switch (import.kind) {
      case ExternKind::Function: {
        auto* const function = std::get<FunctionInstance*>(*found);
        if (function->signature != instance.signatures[module.functions[import.index]])
          return incompatible;
        TRY(instance.functions.try_push_back(function));
        break;
      }
      case ExternKind::Table: {
        auto* const table = std::get<Table*>(*found);
        TableType const& wanted = module.tables[import.index].type;
        TableType const has = table->type();
        if (has.element != instance.store_type(wanted.element) ||
            !has.limits.matches(wanted.limits))
          return incompatible;
        TRY(instance.tables.try_push_back(table));
        break;
      }
      case ExternKind::Memory: {
        auto* const memory = std::get<LinearMemory*>(*found);
        if (!memory->type().limits.matches(module.memories[import.index].limits))
          return incompatible;
        TRY(instance.memories.try_push_back(memory));
        break;
      }
      case ExternKind::Global: {
        auto* const global = std::get<GlobalInstance*>(*found);
        GlobalType const wanted = module.globals[import.index].type;
        ValueType const type = instance.store_type(wanted.value);
        bool const fits =
            wanted.is_mutable ? global->type.value == type : matches(global->type.value, type);
        if (global->type.is_mutable != wanted.is_mutable || !fits) return incompatible;
        TRY(instance.globals.try_push_back(global));
        break;
      }
      case ExternKind::Tag: {
        auto* const tag = std::get<TagInstance*>(*found);
        if (tag->signature != instance.signatures[module.tags[import.index]]) return incompatible;
        TRY(instance.tags.try_push_back(tag));
        break;
      }
    }
  }
  return {};
}

/// Makes what is the module's own. [wasm/core: "Allocation"]
std::expected<void, InstantiateError> Store::allocate(Instance& instance) {
  Module const& module = instance.module();
  TRY(instance.functions.try_reserve(module.functions.size()));
  TRY(instance.own_functions.try_reserve(module.bodies.size()));
  for (u32 i = module.imported_functions; i < module.functions.size(); ++i) {
    FunctionType const& type = module.type_of_function(i);
    FunctionInstance function;
    function.instance = &instance;
    function.index = i;
    function.signature = instance.signatures[module.functions[i]];
    function.parameter_slots = static_cast<u16>(slots_of(type.parameters()));
    function.result_slots = static_cast<u16>(slots_of(type.results()));
    tier_.prepare(function);
    instance.own_functions.push_back_reserved(function);
    instance.functions.push_back_reserved(&instance.own_functions.back());
  }
  for (u32 i = module.imported_tables; i < module.tables.size(); ++i) {
    TableDefinition const& definition = module.tables[i];
    if (definition.type.limits.minimum > limits_.table_elements)
      return std::unexpected(TooLarge{ExternKind::Table, i});
    Slot initial = 0;
    if (!definition.initial.bytes.empty()) {
      TRY(ValueSlots const slots, constant(definition.initial, instance));
      initial = slots[0];
    }
    TRY(Table* const table,
        add_table({instance.store_type(definition.type.element), definition.type.limits}, initial));
    TRY(instance.tables.try_push_back(table));
  }
  for (u32 i = module.imported_memories; i < module.memories.size(); ++i) {
    if (module.memories[i].limits.minimum > limits_.memory_pages)
      return std::unexpected(TooLarge{ExternKind::Memory, i});
    TRY(LinearMemory* const memory, add_memory(module.memories[i]));
    TRY(instance.memories.try_push_back(memory));
  }
  for (u32 i = module.imported_globals; i < module.globals.size(); ++i) {
    TRY(ValueSlots const slots, constant(module.globals[i].initial, instance));
    GlobalType type = module.globals[i].type;
    type.value = instance.store_type(type.value);
    TRY(GlobalInstance* const global, add_global(type, Value(type.value, slots)));
    TRY(instance.globals.try_push_back(global));
  }
  for (u32 i = module.imported_tags; i < module.tags.size(); ++i) {
    TRY(TagInstance* const tag, add_tag(instance.signatures[module.tags[i]]));
    TRY(instance.tags.try_push_back(tag));
  }
  TRY(instance.elements.try_resize(module.elements.size()));
  for (usize i = 0; i < module.elements.size(); ++i) {
    ElementSegment const& segment = module.elements[i];
    TRY(instance.elements[i].try_reserve(segment.count));
    Cursor cursor(segment.elements.bytes, segment.elements.offset);
    for (u32 e = 0; e < segment.count; ++e) {
      Slot element = 0;
      if (segment.has_expressions) {
        TRY(ValueSlots const slots, evaluate_constant(cursor, instance));
        element = slots[0];
      } else {
        element = reference_to(instance.functions[*cursor.leb_u32()]);
      }
      instance.elements[i].push_back_reserved(element);
    }
  }
  TRY(instance.data.try_reserve(module.data.size()));
  for (auto const& segment : module.data) instance.data.push_back_reserved(segment.bytes);
  return {};
}

/// Copies the active segments. [wasm/core: "Instantiation"]
std::expected<void, InstantiateError> Store::initialize(Instance& instance) {
  Module const& module = instance.module();
  for (usize i = 0; i < module.elements.size(); ++i) {
    ElementSegment const& segment = module.elements[i];
    if (segment.mode == SegmentMode::Active) {
      TRY(ValueSlots const offset, constant(segment.start, instance));
      u64 const start = offset[0];
      auto const target = instance.tables[segment.table]->elements();
      auto const& source = instance.elements[i];
      if (start + source.size() > target.size()) return std::unexpected(Trap::TableOutOfBounds);
      std::copy(source.begin(), source.end(), target.begin() + static_cast<std::ptrdiff_t>(start));
    }
    if (segment.mode != SegmentMode::Passive) instance.elements[i] = {};
  }
  for (usize i = 0; i < module.data.size(); ++i) {
    DataSegment const& segment = module.data[i];
    if (segment.mode != SegmentMode::Active) continue;
    TRY(ValueSlots const offset, constant(segment.start, instance));
    u64 const start = offset[0];
    GuestMemory const memory(instance.memories[segment.memory]);
    if (!memory.write_bytes(static_cast<u32>(start), segment.bytes))
      return std::unexpected(Trap::MemoryOutOfBounds);
    instance.data[i] = {};
  }
  return {};
}

}  // namespace nacre::wasm
