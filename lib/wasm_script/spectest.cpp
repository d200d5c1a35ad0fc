#include "lib/wasm_script/spectest.hpp"

#include "lib/base/try.hpp"

namespace nacre::wasm_script {
namespace {

using base::f32;
using base::f64;
using base::i32;
using base::i64;
using wasm::Value;

using Done = std::expected<void, base::OutOfMemory>;

/// Takes values and does nothing with them.
template <class... Arguments>
Done define_print(wasm::Linker& linker, std::string_view name) {
  return linker.define(spectest, name, [](wasm::Caller&, Arguments...) {});
}

Done define_global(wasm::Store& store, wasm::Linker& linker, std::string_view name,
                   const Value& value) {
  TRY(auto* const global, store.add_global({value.type, false}, value));
  return linker.define(spectest, name, wasm::Extern(global));
}

}  // namespace

Done define_spectest(wasm::Store& store, wasm::Linker& linker) {
  TRY(define_print<>(linker, "print"));
  TRY(define_print<i32>(linker, "print_i32"));
  TRY(define_print<i64>(linker, "print_i64"));
  TRY(define_print<f32>(linker, "print_f32"));
  TRY(define_print<f64>(linker, "print_f64"));
  TRY((define_print<i32, f32>(linker, "print_i32_f32")));
  TRY((define_print<f64, f64>(linker, "print_f64_f64")));
  TRY(define_global(store, linker, "global_i32", Value::of(i32{666})));
  TRY(define_global(store, linker, "global_i64", Value::of(i64{666})));
  TRY(define_global(store, linker, "global_f32", Value::of(666.6f)));
  TRY(define_global(store, linker, "global_f64", Value::of(666.6)));
  TRY(auto* const table, store.add_table({wasm::ValueType::FuncRef, {10, 20}}));
  TRY(linker.define(spectest, "table", wasm::Extern(table)));
  TRY(auto* const memory, store.add_memory({{1, 2}}));
  return linker.define(spectest, "memory", wasm::Extern(memory));
}

std::optional<wasm::Feature> missing_in_spectest(std::string_view name) {
  if (name == "shared_memory") return wasm::Feature::Threads;
  if (name == "table64") return wasm::Feature::Memory64;
  return std::nullopt;
}

}  // namespace nacre::wasm_script
