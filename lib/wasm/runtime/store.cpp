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

std::expected<Table*, base::OutOfMemory> Store::add_table(const TableType& type) {
  TRY(auto table, Table::create(type, limits_.table_elements));
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

std::expected<Instance*, InstantiateError> Store::instantiate(const Module& module,
                                                              const Linker& linker) {
  TRY(auto made, base::try_make<Instance>(*this, module));
  Instance& instance = *made;
  TRY(link(instance, linker));
  TRY(allocate(instance));
  // From here on other instances may come to refer to this one, so it stays whatever happens.
  TRY(instances_.try_push_back(std::move(made)));
  TRY(initialize(instance));
  return &instance;
}

/// Finds and checks the imports. [wasm/core: "Import Matching"]
std::expected<void, InstantiateError> Store::link(Instance& instance, const Linker& linker) {
  Module const& module = instance.module();
  TRY(instance.signatures.try_reserve(module.types.size()));
  for (auto const& type : module.types) {
    TRY(SignatureId const id, signatures_.intern(type));
    instance.signatures.push_back_reserved(id);
  }
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
        TableType const& wanted = module.tables[import.index];
        TableType const has = table->type();
        if (has.element != wanted.element || !has.limits.matches(wanted.limits))
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
        if (global->type != module.globals[import.index].type) return incompatible;
        TRY(instance.globals.try_push_back(global));
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
    if (module.tables[i].limits.minimum > limits_.table_elements)
      return std::unexpected(TooLarge{ExternKind::Table, i});
    TRY(Table* const table, add_table(module.tables[i]));
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
    GlobalType const type = module.globals[i].type;
    TRY(GlobalInstance* const global, add_global(type, Value(type.value, slots)));
    TRY(instance.globals.try_push_back(global));
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
