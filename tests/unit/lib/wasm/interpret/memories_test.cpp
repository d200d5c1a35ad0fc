#include <gtest/gtest.h>
#include <string>

#include "tests/support/wasm_program.hpp"

// Several memories, and work on much of one memory that is done in parts.
namespace nacre::wasm {
namespace {

using test::Code;
using test::i32_of;
using test::ModuleBuilder;
using test::Program;
using test::returns;
using test::traps;
using enum ValueType;

TEST(Memories, LoadsAndStoresNameTheirs) {
  ModuleBuilder builder;
  builder.memory(1);
  u32 const second = builder.memory(2);
  builder.data(0, "\x01\x02");
  builder.data_in(second, 0, "\x11\x12");
  builder.exported("load", {I32}, {I32},
                   Code()
                       .get(0)
                       .memory_in(second, Opcode::I32Load8U)
                       .i32(8)
                       .op(Opcode::I32Shl)
                       .get(0)
                       .memory(Opcode::I32Load8U)
                       .op(Opcode::I32Or));
  builder.exported("store", {I32, I32}, {},
                   Code().get(0).get(1).memory_in(second, Opcode::I32Store8));
  Program program(builder);
  EXPECT_EQ(program.call("load", {i32_of(1)}), returns({0x1202}));
  // The second is larger than the first.
  EXPECT_EQ(program.call("store", {i32_of(100'000), i32_of(5)}), returns({}));
  EXPECT_EQ(program.call("load", {i32_of(100'000)}), traps(Trap::MemoryOutOfBounds));
  EXPECT_EQ(program.call("store", {i32_of(2 * 65536), i32_of(5)}), traps(Trap::MemoryOutOfBounds));
  EXPECT_EQ(program.call("store", {i32_of(0), i32_of(0x33)}), returns({}));
  EXPECT_EQ(program.call("load", {i32_of(0)}), returns({0x3301}));
}

TEST(Memories, SizeGrowFillCopyAndInit) {
  ModuleBuilder builder;
  builder.memory(1);
  u32 const second = builder.memory(2, 4);
  u32 const segment = builder.passive_data("segment");
  builder.exported("sizes", {}, {I32},
                   Code()
                       .op(Opcode::MemorySize, {0})
                       .i32(10)
                       .op(Opcode::I32Mul)
                       .op(Opcode::MemorySize, {second})
                       .op(Opcode::I32Add));
  builder.exported("grow", {I32}, {I32}, Code().get(0).op(Opcode::MemoryGrow, {second}));
  builder.exported("fill", {I32, I32}, {},
                   Code().get(0).i32(0x61).get(1).op(Opcode::MemoryFill, {second}));
  builder.exported("init", {I32}, {},
                   Code().get(0).i32(1).i32(3).op(Opcode::MemoryInit, {segment, second}));
  builder.exported("copy", {I32, I32, I32}, {},
                   Code().get(0).get(1).get(2).op(Opcode::MemoryCopy, {0, second}));
  Program program(builder);
  EXPECT_EQ(program.call("sizes"), returns({12}));
  EXPECT_EQ(program.call("grow", {i32_of(1)}), returns({2}));
  EXPECT_EQ(program.call("sizes"), returns({13}));
  EXPECT_EQ(program.call("grow", {i32_of(2)}), returns({UINT32_MAX}));
  EXPECT_EQ(program.call("fill", {i32_of(10), i32_of(4)}), returns({}));
  EXPECT_EQ(program.call("fill", {i32_of(3 * 65536 - 3), i32_of(4)}),
            traps(Trap::MemoryOutOfBounds));
  EXPECT_EQ(program.call("init", {i32_of(12)}), returns({}));
  EXPECT_EQ(program.call("copy", {i32_of(0), i32_of(10), i32_of(5)}), returns({}));
  EXPECT_EQ(program.instance().memory().text(0, 5), "aaegm");
  EXPECT_EQ(program.call("copy", {i32_of(65536), i32_of(10), i32_of(1)}),
            traps(Trap::MemoryOutOfBounds));
  EXPECT_EQ(program.call("copy", {i32_of(0), i32_of(3 * 65536), i32_of(1)}),
            traps(Trap::MemoryOutOfBounds));
}

/// Runs a call in slices as small as they get; how many there were.
u32 slices_of(Program& program, std::string_view name, const std::vector<Value>& arguments) {
  program.begin(name, arguments);
  for (u32 slices = 1;; ++slices) {
    auto const exit = program.guest().run(3);
    if (std::holds_alternative<exit::Finished>(exit)) return slices;
    EXPECT_TRUE(std::holds_alternative<exit::EndOfSlice>(exit));
    if (!std::holds_alternative<exit::EndOfSlice>(exit)) return 0;
  }
}

TEST(Memories, GrowingInPartsFailsWhereAnotherGuestGrewIt) {
  ModuleBuilder builder;
  builder.memory(1, 17);
  builder.exported("grow_and_fill", {}, {I32},
                   Code()
                       .i32(16)
                       .op(Opcode::MemoryGrow, {0})
                       .i32(0)
                       .i32(7)
                       .i32(65536)
                       .op(Opcode::MemoryFill, {0}));
  builder.exported("grow", {}, {I32}, Code().i32(1).op(Opcode::MemoryGrow, {0}));
  Program program(builder);
  program.begin("grow_and_fill");
  ASSERT_TRUE(std::holds_alternative<exit::EndOfSlice>(program.guest().run(100)));
  auto other = *Guest::create(program.store());
  ASSERT_TRUE(other.begin(*program.instance().find_function("grow"), {}).has_value());
  auto const grown = other.run(1000);
  ASSERT_TRUE(std::holds_alternative<exit::Finished>(grown));
  EXPECT_EQ(std::get<exit::Finished>(grown).results[0], 1u);
  auto const exit = program.guest().run(1000);
  ASSERT_TRUE(std::holds_alternative<exit::Finished>(exit));
  EXPECT_EQ(std::get<exit::Finished>(exit).results[0], UINT32_MAX);
  // What comes next begins at its beginning.
  auto const memory = program.instance().memory();
  auto const all = *memory.span(0, memory.size());
  EXPECT_EQ(std::ranges::count(all, u8{7}), 65536);
}

TEST(Memories, MuchIsDoneInParts) {
  constexpr u32 size = 1 << 20;
  ModuleBuilder builder;
  builder.memory(1);
  builder.table(FuncRef, 100'000);
  builder.exported("grow", {I32}, {I32}, Code().get(0).op(Opcode::MemoryGrow, {0}));
  builder.exported("fill", {I32, I32, I32}, {},
                   Code().get(0).get(1).get(2).op(Opcode::MemoryFill, {0}));
  builder.exported("copy", {I32, I32, I32}, {},
                   Code().get(0).get(1).get(2).op(Opcode::MemoryCopy, {0, 0}));
  builder.exported("table", {}, {},
                   Code()
                       .i32(1)
                       .i32(0)
                       .i32(99'999)
                       .op(Opcode::TableCopy, {0, 0})
                       .i32(0)
                       .ref_null(FuncRef)
                       .i32(100'000)
                       .op(Opcode::TableFill, {0}));
  Program program(builder);
  ASSERT_TRUE(program.instantiate().has_value());
  EXPECT_GT(slices_of(program, "grow", {i32_of(2 * size / 65536)}), 100u);
  EXPECT_GT(slices_of(program, "fill", {i32_of(100), i32_of(7), i32_of(size)}), 50u);
  auto const memory = program.instance().memory();
  auto const all = *memory.span(0, memory.size());
  EXPECT_EQ(std::ranges::count(all, u8{7}), size);
  EXPECT_EQ(all[99], 0);
  EXPECT_EQ(all[100 + size], 0);
  // Overlapping, both ways.
  for (u32 i = 0; i < size; ++i) all[i] = static_cast<u8>(i % 251);
  EXPECT_GT(slices_of(program, "copy", {i32_of(5000), i32_of(0), i32_of(size)}), 50u);
  for (u32 i = 0; i < size; ++i) ASSERT_EQ(all[5000 + i], i % 251) << i;
  EXPECT_GT(slices_of(program, "copy", {i32_of(1), i32_of(5000), i32_of(size)}), 50u);
  for (u32 i = 0; i < size; ++i) ASSERT_EQ(all[1 + i], i % 251) << i;
  EXPECT_GT(slices_of(program, "table", {}), 50u);
}

}  // namespace
}  // namespace nacre::wasm
