#include "lib/wasm/runtime/store.hpp"

#include "lib/base/try.hpp"
#include "lib/wasm/runtime/instantiation.hpp"

namespace nacre::wasm {
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
  TRY(globals_.try_push_back({value.slots, type}));
  return &globals_.back();
}

std::expected<TagInstance*, base::OutOfMemory> Store::add_tag(const Signature& signature) {
  TRY(SignatureId const id, signatures_.intern(signature));
  return add_tag(id);
}

std::expected<TagInstance*, base::OutOfMemory> Store::add_tag(SignatureId signature) {
  auto const slots = static_cast<u16>(slots_of(signatures_[signature].parameters));
  TRY(tags_.try_push_back({signature, slots}));
  return &tags_.back();
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
  for (usize i = 0; i < globals_.size(); ++i) exceptions_.mark(globals_[i].slots);
  exceptions_.sweep();
}

std::expected<Instance*, InstantiateError> Store::instantiate(const Module& module,
                                                              const Linker& linker) {
  Instantiation instantiation(*this, module, linker);
  while (!instantiation.done()) {
    TRY(instantiation.step());
  }
  return &instantiation.instance();
}

}  // namespace nacre::wasm
