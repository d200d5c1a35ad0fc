#include "tests/support/wasm_imports.hpp"

#include <algorithm>

namespace nacre::test {
namespace {

/// Types of functions have numbers of their own in each store, which nobody here knows.
bool names_type(wasm::ValueType type) {
  return is_reference(type) && is_type_index(heap_type_of(type));
}

std::optional<wasm::Extern> make_import(const wasm::Module& module, const wasm::Import& import,
                                        wasm::Store& store) {
  switch (import.kind) {
    case wasm::ExternKind::Function: break;
    case wasm::ExternKind::Table: {
      auto const type = module.tables[import.index].type;
      if (names_type(type.element) || !is_nullable(type.element)) return std::nullopt;
      if (auto const table = store.add_table(type)) return *table;
      break;
    }
    case wasm::ExternKind::Memory:
      if (auto const memory = store.add_memory(module.memories[import.index])) return *memory;
      break;
    case wasm::ExternKind::Global: {
      auto const type = module.globals[import.index].type;
      if (names_type(type.value) || !is_defaultable(type.value)) return std::nullopt;
      if (auto const global = store.add_global(type, wasm::Value(type.value, 0))) return *global;
      break;
    }
    case wasm::ExternKind::Tag:
      if (auto const tag = store.add_tag(module.type_of_tag(import.index))) return *tag;
      break;
  }
  return std::nullopt;
}

}  // namespace

bool define_imports(const wasm::Module& module, wasm::Store& store, wasm::Linker& linker) {
  for (auto const& import : module.imports) {
    if (import.kind == wasm::ExternKind::Function) {
      auto const done =
          linker.define_waiting(import.module, import.name, module.type_of_function(import.index),
                                wasm::HostCallId{import.index});
      if (!done) return false;
      continue;
    }
    auto const thing = make_import(module, import, store);
    if (!thing || !linker.define(import.module, import.name, *thing)) return false;
  }
  return true;
}

std::vector<wasm::Value> some_arguments(const wasm::FunctionType& type) {
  std::vector<wasm::Value> arguments;
  for (auto const parameter : type.parameters())
    arguments.emplace_back(parameter, is_reference(parameter) ? 0 : 1);
  return arguments;
}

void answer_host_call(const wasm::Module& module, wasm::Guest& guest,
                      const wasm::exit::HostCall& call, base::u32 number) {
  auto const types = module.type_of_function(call.id.value).results();
  if (!std::ranges::all_of(types, [](wasm::ValueType type) { return is_defaultable(type); })) {
    guest.fail_host_call(wasm::Trap::Unreachable);
    return;
  }
  std::vector<wasm::Slot> results;
  for (auto const type : types)
    results.insert(results.end(), wasm::slots_of(std::span(&type, 1)),
                   is_reference(type) ? 0 : number);
  guest.finish_host_call(results);
}

}  // namespace nacre::test
