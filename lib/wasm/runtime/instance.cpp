#include "lib/wasm/runtime/instance.hpp"

#include <algorithm>

#include "lib/base/try.hpp"

namespace nacre::wasm {

std::expected<Table, base::OutOfMemory> Table::create(const TableType& type, Slot initial,
                                                      u64& budget) {
  Table table;
  table.element_ = type.element;
  table.maximum_ = type.limits.maximum;
  table.budget_ = &budget;
  if (!table.grow(type.limits.minimum, initial)) return std::unexpected(base::OutOfMemory{});
  return table;
}

bool Table::grow(u32 count, Slot initial) {
  u32 const old = size();
  u64 const wanted = u64{old} + count;
  if (wanted > maximum_.value_or(UINT32_MAX) || count > *budget_) return false;
  if (!elements_.try_resize(wanted)) return false;
  *budget_ -= count;
  std::ranges::fill(elements().subspan(old), initial);
  return true;
}

std::optional<Extern> Instance::find_export(std::string_view name) const {
  const Export* const found = module_.find_export(name);
  if (found == nullptr) return std::nullopt;
  switch (found->kind) {
    case ExternKind::Function: return Extern(functions[found->index]);
    case ExternKind::Table: return Extern(tables[found->index]);
    case ExternKind::Memory: return Extern(memories[found->index]);
    case ExternKind::Global: return Extern(globals[found->index]);
    case ExternKind::Tag: return Extern(tags[found->index]);
  }
  return std::nullopt;
}

FunctionInstance* Instance::find_function(std::string_view name) const {
  auto const found = find_export(name);
  if (!found) return nullptr;
  auto* const* const function = std::get_if<FunctionInstance*>(&*found);
  return function == nullptr ? nullptr : *function;
}

}  // namespace nacre::wasm
