#include "kernel/process/kernel_platform.hpp"
#include "lib/wasm/binary/decoder.hpp"
#include "lib/wasm/interpret/interpreter.hpp"
#include "lib/wasm/runtime/guest.hpp"
#include "lib/wasm/runtime/linker.hpp"
#include "lib/wasm/validate/validator.hpp"
#include "tests/bench/guest_cost.hpp"
#include "tests/support/boot_test.hpp"

namespace nacre {
namespace {

// (module (import "env" "f" (func $f))
//   (func (export "c") (param i32)   ;; calls $f that often
//     (loop (call $f) (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
//   (func (export "l") (param i32)   ;; the same loop without the call
//     (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))
constexpr std::array<base::u8, 80> module_bytes{
    0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x02, 0x60, 0x00, 0x00, 0x60, 0x01,
    0x7f, 0x00, 0x02, 0x09, 0x01, 0x03, 0x65, 0x6e, 0x76, 0x01, 0x66, 0x00, 0x00, 0x03, 0x03, 0x02,
    0x01, 0x01, 0x07, 0x09, 0x02, 0x01, 0x63, 0x00, 0x01, 0x01, 0x6c, 0x00, 0x02, 0x0a, 0x21, 0x02,
    0x10, 0x00, 0x03, 0x40, 0x10, 0x00, 0x20, 0x00, 0x41, 0x01, 0x6b, 0x22, 0x00, 0x0d, 0x00, 0x0b,
    0x0b, 0x0e, 0x00, 0x03, 0x40, 0x20, 0x00, 0x41, 0x01, 0x6b, 0x22, 0x00, 0x0d, 0x00, 0x0b, 0x0b,
};

constexpr int rounds = 1000;

/// What one call of `env.f` costs, after `define` has defined it.
template <class Define>
void measure(std::string_view name, Define define) {
  process::KernelPlatform platform;
  wasm::Interpreter interpreter;
  auto const module = wasm::load(module_bytes);
  ASSERT_TRUE(module.has_value());
  wasm::Store store(platform, interpreter);
  wasm::Linker linker(store);
  ASSERT_TRUE(define(linker).has_value());
  auto const instance = store.instantiate(*module, linker);
  ASSERT_TRUE(instance.has_value());
  auto guest = wasm::Guest::create(store);
  ASSERT_TRUE(guest.has_value());
  auto const turns_of = [&](std::string_view function) {
    return bench::instructions_of(*guest, *(*instance)->find_function(function), rounds);
  };
  base::u64 const with_call = turns_of("c");
  base::u64 const without = turns_of("l");
  ASSERT_TRUE(without > 0 && with_call > without);
  test::note("bench: {} {} instructions", name, (with_call - without) / rounds);
}

BOOT_TEST("a host function from the interpreter, there and back") {
  measure("host_call",
          [](wasm::Linker& linker) { return linker.define("env", "f", [](wasm::Caller&) {}); });
  measure("host_call_waiting", [](wasm::Linker& linker) {
    return linker.define_waiting<void()>("env", "f", wasm::HostCallId{1});
  });
}

}  // namespace
}  // namespace nacre
