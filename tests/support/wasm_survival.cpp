#include "tests/support/wasm_survival.hpp"

#include <vector>

#include "lib/wasm/binary/disassemble.hpp"
#include "lib/wasm/binary/names.hpp"
#include "lib/wasm/interpret/interpreter.hpp"
#include "lib/wasm/runtime/guest.hpp"
#include "lib/wasm/runtime/linker.hpp"
#include "lib/wasm/validate/validator.hpp"
#include "tools/hosted_platform/hosted_platform.hpp"

namespace nacre::test {
namespace {

using base::u32;
using base::u64;
using base::usize;

constexpr u64 fuel_of_a_slice = 500;
constexpr int slices_of_a_call = 4;
constexpr usize calls_of_a_module = 20;
constexpr wasm::StoreLimits store_limits{.memory_pages = 64, .table_elements = 20'000};
constexpr wasm::GuestLimits guest_limits{.stack_size = 1 << 20, .call_depth = 500};

/// Looks at all text and forgets it.
struct NullSink final : base::Sink {
  void write(std::string_view text) override { length += text.size(); }
  usize length = 0;
};

/// Something of the right type for each import.
bool define_imports(const wasm::Module& module, wasm::Store& store, wasm::Linker& linker) {
  for (auto const& import : module.imports) {
    std::optional<wasm::Extern> thing;
    switch (import.kind) {
      case wasm::ExternKind::Function: {
        auto const done =
            linker.define_waiting(import.module, import.name, module.type_of_function(import.index),
                                  wasm::HostCallId{import.index});
        if (!done) return false;
        continue;
      }
      case wasm::ExternKind::Table:
        if (auto const table = store.add_table(module.tables[import.index].type)) thing = *table;
        break;
      case wasm::ExternKind::Memory:
        if (auto const memory = store.add_memory(module.memories[import.index])) thing = *memory;
        break;
      case wasm::ExternKind::Global: {
        auto const type = module.globals[import.index].type;
        if (auto const global = store.add_global(type, wasm::Value(type.value, 0))) thing = *global;
        break;
      }
      case wasm::ExternKind::Tag:
        if (auto const tag = store.add_tag(module.type_of_tag(import.index))) thing = *tag;
        break;
    }
    if (!thing || !linker.define(import.module, import.name, *thing)) return false;
  }
  return true;
}

void run(wasm::Instance& instance, wasm::Guest& guest, u32 index) {
  wasm::Module const& module = instance.module();
  std::vector<wasm::Value> arguments;
  for (auto const type : module.type_of_function(index).parameters())
    arguments.emplace_back(type, is_reference(type) ? 0 : 1);
  if (!guest.begin(*instance.functions[index], arguments)) return;
  for (int slice = 0; slice < slices_of_a_call; ++slice) {
    auto const exit = guest.run(fuel_of_a_slice);
    if (auto const* const call = std::get_if<wasm::exit::HostCall>(&exit)) {
      auto const results = module.type_of_function(call->id.value).results();
      guest.finish_host_call(std::vector<wasm::Slot>(wasm::slots_of(results)));
    } else if (!std::holds_alternative<wasm::exit::EndOfSlice>(exit)) {
      break;
    }
  }
  NullSink sink;
  if (guest.active_calls() < 20) guest.write_backtrace(sink);
}

}  // namespace

wasm::Loaded<void> survive(std::span<const base::u8> bytes) {
  TRY(auto const module, wasm::load(bytes));
  NullSink sink;
  for (auto const& body : module.bodies) {
    TRY(wasm::disassemble(sink, body));
  }
  static_cast<void>(wasm::name_of_function(module, 0));

  tools::HostedPlatform platform;
  wasm::Interpreter interpreter;
  wasm::Store store(platform, interpreter, store_limits);
  wasm::Linker linker(store);
  if (!define_imports(module, store, linker)) return {};
  auto const instance = store.instantiate(module, linker);
  auto guest = wasm::Guest::create(store, guest_limits);
  if (!instance || !guest) return {};
  if (module.start) run(**instance, *guest, *module.start);
  usize calls = 0;
  for (auto const& exported : module.exports) {
    if (exported.kind != wasm::ExternKind::Function) continue;
    if (++calls > calls_of_a_module) break;
    run(**instance, *guest, exported.index);
  }
  return {};
}

}  // namespace nacre::test
