#include <cstring>

#include "kernel/process/kernel_platform.hpp"
#include "lib/wasm/interpret/interpreter.hpp"
#include "lib/wasm/runtime/linker.hpp"
#include "lib/wasm/validate/validator.hpp"
#include "tests/bench/guest_cost.hpp"
#include "tests/support/boot_test.hpp"
#include "tests/support/module_builder.hpp"

// What single operations of a running guest cost: a loop with the operation in it, less the loop.
namespace nacre {
namespace {

using base::u64;
using namespace test::module;

constexpr i32 block_size = 65536;
constexpr i32 turns = 1000;
/// Of what moves or adds a block each turn.
constexpr i32 block_turns = 50;

/// Runs `body` as often as its parameter says.
constexpr Bytes repeated(const Bytes& body) {
  return loop(body + local_get(0) + i32_const(1) + i32_sub + local_tee(0) + branch_if(0));
}

constexpr Bytes bytes = [] {
  constexpr Bytes takes_turns{i32_type};
  ModuleBuilder module;
  u32 const nothing = module.function("", {}, {}, {});
  constexpr u32 type_of_nothing = 0;
  module.table({nothing});
  module.memory(2);
  auto const operation = [&](std::string_view name, const Bytes& body) {
    module.function(name, takes_turns, {}, repeated(body));
  };
  operation("loop", {});
  operation("call", call(nothing));
  operation("indirect", i32_const(0) + call_indirect(type_of_nothing));
  operation("load", local_get(0) + i32_load + drop);
  operation("store", local_get(0) + local_get(0) + i32_store);
  operation("grow", i32_const(1) + memory_grow + drop);
  operation("copy", i32_const(block_size) + i32_const(0) + i32_const(block_size) + memory_copy);
  return module.build();
}();

/// What `memcpy` needs for a block.
u64 instructions_of_memcpy() {
  auto const from = base::Vector<base::u8>::create(block_size);
  auto to = base::Vector<base::u8>::create(block_size);
  if (!from || !to) return 0;
  u64 const start = hw::read_timestamp();
  std::memcpy(to->data(), from->data(), block_size);
  u64 const spent = hw::read_timestamp() - start;
  test::touch(hw::VirtAddr{reinterpret_cast<u64>(to->data())});
  return spent;
}

BOOT_TEST("operations of a guest") {
  process::KernelPlatform platform;
  wasm::Interpreter interpreter;
  auto const module = wasm::load(bytes.span());
  ASSERT_TRUE(module.has_value());
  wasm::Store store(platform, interpreter);
  wasm::Linker linker(store);
  auto const instance = store.instantiate(*module, linker);
  ASSERT_TRUE(instance.has_value());
  auto guest = wasm::Guest::create(store);
  ASSERT_TRUE(guest.has_value());
  auto const cost = [&](std::string_view function, i32 times) {
    return bench::instructions_of(*guest, *(*instance)->find_function(function), times);
  };
  auto const cost_of_one = [&](std::string_view function, i32 times) {
    u64 const with = cost(function, times);
    u64 const without = cost("loop", times);
    EXPECT_TRUE(without > 0 && with >= without);
    return (with - without) / static_cast<u64>(times);
  };
  test::note("bench: loop_turn {} instructions", cost("loop", turns) / turns);
  test::note("bench: call {} instructions", cost_of_one("call", turns));
  test::note("bench: indirect_call {} instructions", cost_of_one("indirect", turns));
  test::note("bench: load {} instructions", cost_of_one("load", turns));
  test::note("bench: store {} instructions", cost_of_one("store", turns));
  test::note("bench: memory_grow_1_page {} instructions", cost_of_one("grow", block_turns));
  u64 const reference = instructions_of_memcpy();
  ASSERT_TRUE(reference > 0);
  u64 const hundredths = cost_of_one("copy", block_turns) * 100 / reference;
  test::note("bench: memory_copy_64KiB {}.{:02} x memcpy", hundredths / 100, hundredths % 100);
}

}  // namespace
}  // namespace nacre
