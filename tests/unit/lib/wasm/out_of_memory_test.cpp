#include <gtest/gtest.h>

#include "lib/wasm/interpret/interpreter.hpp"
#include "lib/wasm/runtime/guest.hpp"
#include "lib/wasm/runtime/linker.hpp"
#include "lib/wasm/validate/validator.hpp"
#include "tests/support/failing_allocator.hpp"
#include "tests/support/wasm_builder.hpp"
#include "tools/hosted_platform/hosted_platform.hpp"

// Every allocation of loading, instantiating and running fails once; each time the result is an
// error or a trap that says so, and nothing leaks (which the sanitizers see).
namespace nacre::wasm {
namespace {

using test::Code;
using test::ModuleBuilder;
using enum ValueType;

/// Uses of everything that allocates: imports, tables, memory, globals, segments, several
/// functions.
test::Bytes module_of_everything() {
  ModuleBuilder builder;
  u32 const type = builder.type({I32}, {I32});
  u32 const host = builder.import_function("env", "host", type);
  builder.import_global("env", "global", I64, false);
  builder.memory(1, 4);
  builder.table(FuncRef, 4);
  builder.global(I32, true, Code().i32(1).i32(2).op(Opcode::I32Add));
  builder.global(V128, false, Code().v128(1, 2));
  u32 const callee = builder.function(type, Code().get(0).call(host), {I64});
  u32 const tag = builder.tag(builder.type({I32}, {}));
  u32 const initial = builder.table_of(test::ref_to(type), 2, Code().op(Opcode::RefFunc, {callee}));
  u32 const caught = builder.type({}, {I32, ExnRef});
  builder.elements(0, {callee});
  builder.passive_elements({callee});
  builder.data(0, "data");
  builder.exported("run", {I32}, {I32},
                   Code()
                       .ref_null(FuncRef)
                       .i32(2)
                       .op(Opcode::TableGrow, {0})
                       .op(Opcode::Drop)
                       .i32(1)
                       .op(Opcode::MemoryGrow, {0})
                       .op(Opcode::Drop)
                       .op(Opcode::GlobalGet, {2})
                       .v128(3, 4)
                       .op(Opcode::I8x16Shuffle, {0, 1, 2, 3, 4, 5, 6, 7, 0, 0, 0, 0, 0, 0, 0, 31})
                       .i32(0)
                       .op(Opcode::I32x4ReplaceLane, {1})
                       .op(Opcode::V128AnyTrue)
                       .op(Opcode::Drop)
                       .block(Opcode::Block)
                       .get(0)
                       .br_table({0, 0})
                       .end()
                       .block_of_type(Opcode::Block, caught)
                       .try_table({{1, tag, 0}})
                       .get(0)
                       .op(Opcode::Throw, {tag})
                       .end()
                       .op(Opcode::Unreachable)
                       .end()
                       .op(Opcode::Drop)
                       .i32(0)
                       .op(Opcode::TableGet, {initial})
                       .op(Opcode::ReturnCallRef, {type}));
  return builder.bytes();
}

/// Refuses the chosen call.
class FailingPlatform final : public tools::HostedPlatform {
 public:
  explicit FailingPlatform(u64 fail_at) : remaining_(fail_at) {}
  std::expected<u8*, base::OutOfMemory> reserve(usize size) override {
    if (fails()) return std::unexpected(base::OutOfMemory{});
    return HostedPlatform::reserve(size);
  }
  std::expected<void, base::OutOfMemory> commit(u8* address, usize size) override {
    if (fails()) return std::unexpected(base::OutOfMemory{});
    return HostedPlatform::commit(address, size);
  }
  bool triggered() const { return triggered_; }

 private:
  bool fails() {
    if (remaining_-- != 0) return false;
    return triggered_ = true;
  }
  u64 remaining_;
  bool triggered_ = false;
};

/// Loads, links and runs. True if all went well; else memory ran out, and nothing else.
bool attempt(std::span<const u8> bytes, Platform& platform) {
  auto const module = load(bytes);
  if (!module) {
    EXPECT_TRUE(std::holds_alternative<base::OutOfMemory>(module.error().cause));
    return false;
  }
  Interpreter interpreter;
  Store store(platform, interpreter);
  Linker linker(store);
  int called = 0;
  if (!linker.define("env", "host", [&](Caller&, i32 value) {
        ++called;
        return value + 1;
      }))
    return false;
  auto const global = store.add_global({I64, false}, Value::of(i64{5}));
  if (!global || !linker.define("env", "global", *global)) return false;
  auto const instance = store.instantiate(*module, linker);
  if (!instance) {
    EXPECT_TRUE(std::holds_alternative<base::OutOfMemory>(instance.error().cause));
    return false;
  }
  auto guest = Guest::create(store);
  if (!guest) return false;
  Value const argument = Value::of(41);
  if (auto const begun = guest->begin(*(*instance)->find_function("run"), std::span(&argument, 1));
      !begun) {
    EXPECT_EQ(begun.error(), BeginError::OutOfMemory);
    return false;
  }
  auto const exit = guest->run(1000);
  if (auto const* const trapped = std::get_if<exit::Trapped>(&exit)) {
    // Where the host has no memory for the stack, the stack is exhausted.
    EXPECT_TRUE(trapped->trap == Trap::OutOfMemory || trapped->trap == Trap::StackExhausted);
    return false;
  }
  EXPECT_TRUE(std::holds_alternative<exit::Finished>(exit));
  EXPECT_EQ(called, 1);
  return std::get<exit::Finished>(exit).results[0] == 42;
}

TEST(OutOfMemory, EveryAllocationMayFail) {
  auto const bytes = module_of_everything();
  tools::HostedPlatform platform;
  ASSERT_TRUE(attempt(bytes, platform));
  u64 const failures =
      test::fail_each_allocation([&] { static_cast<void>(attempt(bytes, platform)); });
  EXPECT_GT(failures, 50u);
}

TEST(OutOfMemory, ThePlatformMayFail) {
  auto const bytes = module_of_everything();
  u64 failures = 0;
  for (;; ++failures) {
    FailingPlatform platform(failures);
    static_cast<void>(attempt(bytes, platform));
    if (!platform.triggered()) break;
  }
  EXPECT_GE(failures, 6u);
}

}  // namespace
}  // namespace nacre::wasm
