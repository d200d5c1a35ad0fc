#include <gtest/gtest.h>
#include <limits>
#include <set>
#include <string>

#include "tests/support/wasm_program.hpp"
#include "tests/unit/lib/wasm/interpret/simd_reference.hpp"

// Every instruction of v128: what it computes, where it traps.
namespace nacre::wasm {
namespace {

using reference::lanes;
using reference::LanesOf;
using reference::splat;
using reference::Vector;
using reference::vector;
using test::Code;
using test::i32_of;
using test::ModuleBuilder;
using test::Program;
using test::returns;
using test::traps;
using enum ValueType;

Value vector_value(const Vector& vector) { return Value(V128, vector); }

/// Pseudo-random bits.
u64 next_random(u64& state) {
  state = state * 6364136223846793005 + 1442695040888963407;
  return state ^ state >> 29;
}

/// Operands with the edges of every kind of lane, and some without any order.
std::vector<Vector> operands() {
  constexpr f32 inf32 = std::numeric_limits<f32>::infinity();
  constexpr f64 inf64 = std::numeric_limits<f64>::infinity();
  std::vector<Vector> all{
      {},
      {UINT64_MAX, UINT64_MAX},
      splat<u8>(0x80),
      splat<u8>(0x7f),
      splat<u16>(0x8000),
      splat<u16>(0x7fff),
      splat<u32>(0x8000'0000),
      splat<u32>(0x7fff'ffff),
      splat<u64>(0x8000'0000'0000'0000),
      splat<u64>(0x7fff'ffff'ffff'ffff),
      {0x0706'0504'0302'0100, 0x0f0e'0d0c'0b0a'0908},
      {0x1701'ff02'8003'1004, 0x00ff'0100'ff7f'8000},
      vector<f32>({0.0f, -0.0f, inf32, -inf32}),
      vector<u32>({0x7fc0'0000, 0xffc0'0001, 0x7fa0'0000, 0xff80'0001}),  // NaNs of every kind.
      vector<f32>({0.5f, -0.5f, 1.5f, -2.5f}),
      vector<f32>({-0.99f, 8388607.5f, -8388608.0f, 1e-45f}),
      vector<f32>({2147483648.0f, -2147483648.0f, 4294967296.0f, -2147483904.0f}),
      vector<f32>({2147483520.0f, 4294967040.0f, -1.0f, 3.4e38f}),
      vector<f64>({0.0, -0.0}),
      vector<f64>({inf64, -inf64}),
      {0x7ff8'0000'0000'0000, 0xfff4'0000'0000'0001},
      vector<f64>({2.5, -0.5}),
      vector<f64>({2147483647.9, -2147483648.9}),
      vector<f64>({4294967295.9, 4294967296.0}),
      vector<f64>({4503599627370495.5, 1e300}),
      vector<f64>({-2147483649.0, 5e-324}),
  };
  u64 state = 1;
  for (int i = 0; i < 6; ++i) all.push_back({next_random(state), next_random(state)});
  return all;
}

/// What of the operands the opcode takes, with its type.
ModuleBuilder::Types parameters_of(const OpcodeInfo& info) {
  switch (info.shape) {
    case OpcodeShape::Unary: return {info.operand};
    case OpcodeShape::Binary: return {V128, V128};
    case OpcodeShape::Shift: return {V128, I32};
    case OpcodeShape::Ternary: return {V128, V128, V128};
    default: return {};
  }
}

/// As it would stand in a slot of this type.
Vector cut_to(ValueType type, const Vector& vector) {
  if (type == V128) return vector;
  return {type == I32 || type == F32 ? static_cast<u32>(vector[0]) : vector[0], 0};
}

/// Calls with half of all choices of two operands, and a third that comes with these.
template <class Function>
void for_all_operands(usize count, Function function) {
  auto const pool = operands();
  for (usize first = 0; first < pool.size(); ++first)
    for (usize second = first % 2; second < pool.size(); second += 2) {
      if (count == 1 && second >= 2) break;
      std::vector<Vector> chosen{pool[first], pool[second],
                                 pool[(first * 7 + second * 3 + 1) % pool.size()]};
      chosen.resize(count);
      function(chosen);
    }
}

TEST(Simd, EveryInstructionComputesWhatItsLanesDo) {
  for (auto const& expected : reference::all()) {
    OpcodeInfo const& info = info_of(expected.opcode);
    auto const parameters = parameters_of(info);
    ASSERT_FALSE(parameters.empty()) << info.name;
    // Operands from locals; and from the stack, with a result that goes to a local.
    Code from_locals;
    Code from_stack;
    for (u32 i = 0; i < parameters.size(); ++i) {
      from_locals.get(i);
      from_stack.block(Opcode::Block, parameters[i]).get(i).end();
    }
    from_locals.op(info.opcode);
    auto const local = static_cast<u32>(parameters.size());
    from_stack.op(info.opcode).set(local).get(local);
    ModuleBuilder builder;
    builder.exported("locals", parameters, {info.result}, from_locals);
    builder.exported("stack", parameters, {info.result}, from_stack, {info.result});
    Program program(builder);
    bool right = true;
    for_all_operands(parameters.size(), [&](std::vector<Vector> chosen) {
      if (!right) return;  // One complaint for each instruction is enough.
      std::vector<Value> arguments;
      for (usize i = 0; i < chosen.size(); ++i) {
        chosen[i] = cut_to(parameters[i], chosen[i]);
        arguments.emplace_back(parameters[i], chosen[i]);
      }
      Vector const result = expected.compute(chosen);
      auto const wanted = returns({result.begin(), result.begin() + slots_of(info.result)});
      auto const found = program.call("locals", arguments);
      right = found == wanted;
      EXPECT_EQ(found, wanted) << info.name << std::hex << " of 0x" << chosen[0][1] << " 0x"
                               << chosen[0][0];
      if (chosen[0] != chosen.back()) return;
      auto const from_the_stack = program.call("stack", arguments);
      right = right && from_the_stack == wanted;
      EXPECT_EQ(from_the_stack, wanted) << info.name << " from the stack";
    });
  }
}

TEST(Simd, ShiftsCountModuloTheWidth) {
  ModuleBuilder builder;
  builder.exported("shl8", {V128, I32}, {V128}, Code().get(0).get(1).op(Opcode::I8x16Shl));
  builder.exported("shr64", {V128, I32}, {V128}, Code().get(0).get(1).op(Opcode::I64x2ShrS));
  Program program(builder);
  EXPECT_EQ(program.call("shl8", {vector_value({0x8001, 0x7f}), i32_of(9)}),
            returns({0x0002, 0xfe}));
  EXPECT_EQ(program.call("shr64", {vector_value({u64{1} << 63, 4}), i32_of(65)}),
            returns({u64{3} << 62, 2}));
}

TEST(Simd, ADotProductSaturatesAndAMultiplicationRoundsBeforeAnAddition) {
  ModuleBuilder builder;
  builder.exported("dot", {V128, V128}, {V128},
                   Code().get(0).get(1).op(Opcode::I16x8RelaxedDotI8x16I7x16S));
  builder.exported("madd", {V128, V128, V128}, {V128},
                   Code().get(0).get(1).get(2).op(Opcode::F32x4RelaxedMadd));
  Program program(builder);
  Value const lowest = vector_value(splat<u8>(0x80));
  EXPECT_EQ(program.call("dot", {lowest, lowest}),
            returns({0x7fff'7fff'7fff'7fff, 0x7fff'7fff'7fff'7fff}));
  // The largest number, twice, less itself: infinity where it is not fused.
  Value const most = vector_value(splat(std::numeric_limits<f32>::max()));
  Value const two = vector_value(splat(2.0f));
  Value const least = vector_value(splat(std::numeric_limits<f32>::lowest()));
  Vector const infinity = splat(std::numeric_limits<f32>::infinity());
  EXPECT_EQ(program.call("madd", {most, two, least}), returns({infinity[0], infinity[1]}));
}

// ---- lanes

struct LaneCase {
  Opcode opcode;
  /// Of lane 1 of the vector below, where it extracts.
  Slot extracted;
};

/// Lane 1 is negative in every width but one.
constexpr reference::Vector lane_source{0x8f8e'8d8c'8b8a'8988, 0xffee'ddcc'bbaa'9988};

LaneCase const extractions[] = {
    {Opcode::I8x16ExtractLaneS, 0xffff'ff89}, {Opcode::I8x16ExtractLaneU, 0x89},
    {Opcode::I16x8ExtractLaneS, 0xffff'8b8a}, {Opcode::I16x8ExtractLaneU, 0x8b8a},
    {Opcode::I32x4ExtractLane, 0x8f8e'8d8c},  {Opcode::I64x2ExtractLane, 0xffee'ddcc'bbaa'9988},
    {Opcode::F32x4ExtractLane, 0x8f8e'8d8c},  {Opcode::F64x2ExtractLane, 0xffee'ddcc'bbaa'9988},
};
constexpr Opcode replacements[] = {Opcode::I8x16ReplaceLane, Opcode::I16x8ReplaceLane,
                                   Opcode::I32x4ReplaceLane, Opcode::I64x2ReplaceLane,
                                   Opcode::F32x4ReplaceLane, Opcode::F64x2ReplaceLane};

TEST(Simd, LanesAreExtracted) {
  for (LaneCase const& one : extractions) {
    OpcodeInfo const& info = info_of(one.opcode);
    ModuleBuilder builder;
    u32 const last = info.lane_count() - 1;
    builder.exported("one", {V128}, {info.result}, Code().get(0).op(one.opcode, {1}));
    builder.exported("last", {V128}, {info.result}, Code().get(0).op(one.opcode, {last}));
    Program program(builder);
    EXPECT_EQ(program.call("one", {vector_value(lane_source)}), returns({one.extracted}))
        << info.name;
    EXPECT_EQ(program.call("last", {vector_value({0, u64{0x7f} << 56})}),
              returns({u64{0x7f} << (8 * (1u << info.access_log2) - 8)}))
        << info.name;
  }
}

TEST(Simd, LanesAreReplaced) {
  for (Opcode const opcode : replacements) {
    OpcodeInfo const& info = info_of(opcode);
    u32 const size = 1u << info.access_log2;
    for (u32 lane = 0; lane < info.lane_count(); ++lane) {
      ModuleBuilder builder;
      builder.exported("replace", {V128, info.operand}, {V128},
                       Code().get(0).get(1).op(opcode, {lane}));
      // Bits that a floating-point register must not change.
      u64 const bits =
          info.operand == I64 || info.operand == F64 ? 0x7ff4'1122'3344'5566 : 0x7fa1'2233;
      auto bytes = lanes<u8>(lane_source);
      for (u32 i = 0; i < size; ++i) bytes[lane * size + i] = static_cast<u8>(bits >> (8 * i));
      Vector const expected = vector<u8>(bytes);
      EXPECT_EQ(
          Program(builder).call("replace", {vector_value(lane_source), Value(info.operand, bits)}),
          returns({expected[0], expected[1]}))
          << info.name << " " << lane;
    }
  }
}

TEST(Simd, ShuffleTakesLanesOfBoth) {
  ModuleBuilder builder;
  builder.exported("mixed", {V128, V128}, {V128},
                   Code().get(0).get(1).op(Opcode::I8x16Shuffle, {0, 16, 15, 31, 7, 23, 8, 24, 1, 1,
                                                                  17, 17, 30, 14, 3, 2}));
  builder.exported("same", {V128}, {V128},
                   Code().get(0).get(0).op(Opcode::I8x16Shuffle, {15, 30, 13, 28, 11, 26, 9, 24, 7,
                                                                  22, 5, 20, 3, 18, 1, 16}));
  // Whole words, and what only looks so at first.
  builder.exported("words", {V128, V128}, {V128},
                   Code().get(0).get(1).op(Opcode::I8x16Shuffle, {28, 29, 30, 31, 0, 1, 2, 3, 16,
                                                                  17, 18, 19, 12, 13, 14, 15}));
  builder.exported("almost", {V128, V128}, {V128},
                   Code().get(0).get(1).op(Opcode::I8x16Shuffle, {28, 29, 30, 31, 1, 2, 3, 4, 16,
                                                                  17, 18, 19, 12, 13, 14, 14}));
  Program program(builder);
  Vector const low{0x0706'0504'0302'0100, 0x0f0e'0d0c'0b0a'0908};
  Vector const high{0x1716'1514'1312'1110, 0x1f1e'1d1c'1b1a'1918};
  EXPECT_EQ(program.call("mixed", {vector_value(low), vector_value(high)}),
            returns({0x1808'1707'1f0f'1000, 0x0203'0e1e'1111'0101}));
  EXPECT_EQ(program.call("words", {vector_value(low), vector_value(high)}),
            returns({0x0302'0100'1f1e'1d1c, 0x0f0e'0d0c'1312'1110}));
  EXPECT_EQ(program.call("almost", {vector_value(low), vector_value(high)}),
            returns({0x0403'0201'1f1e'1d1c, 0x0e0e'0d0c'1312'1110}));
  EXPECT_EQ(program.call("same", {vector_value(low)}),
            returns({0x0809'0a0b'0c0d'0e0f, 0x0001'0203'0405'0607}));
}

TEST(Simd, ConstantsHaveTheirBits) {
  ModuleBuilder builder;
  builder.exported("constant", {}, {V128}, Code().v128(0x0123'4567'89ab'cdef, 0xfedc));
  builder.exported("local", {}, {V128}, Code().v128(1, 2).set(0).get(0), {V128});
  Program program(builder);
  EXPECT_EQ(program.call("constant"), returns({0x0123'4567'89ab'cdef, 0xfedc}));
  EXPECT_EQ(program.call("local"), returns({1, 2}));
}

// ---- memory

struct LoadCase {
  Opcode opcode;
  Vector expected;
};

// What the loads read lies at 16 and is 80 01 82 03 84 05 86 07 then 88 to 8f.
LoadCase const loads[] = {
    {Opcode::V128Load, {0x0786'0584'0382'0180, 0x8f8e'8d8c'8b8a'8988}},
    {Opcode::V128Load8x8S, {0x0003'ff82'0001'ff80, 0x0007'ff86'0005'ff84}},
    {Opcode::V128Load8x8U, {0x0003'0082'0001'0080, 0x0007'0086'0005'0084}},
    {Opcode::V128Load16x4S, {0x0000'0382'0000'0180, 0x0000'0786'0000'0584}},
    {Opcode::V128Load16x4U, {0x0000'0382'0000'0180, 0x0000'0786'0000'0584}},
    {Opcode::V128Load32x2S, {0x0382'0180, 0x0786'0584}},
    {Opcode::V128Load32x2U, {0x0382'0180, 0x0786'0584}},
    {Opcode::V128Load8Splat, {0x8080'8080'8080'8080, 0x8080'8080'8080'8080}},
    {Opcode::V128Load16Splat, {0x0180'0180'0180'0180, 0x0180'0180'0180'0180}},
    {Opcode::V128Load32Splat, {0x0382'0180'0382'0180, 0x0382'0180'0382'0180}},
    {Opcode::V128Load64Splat, {0x0786'0584'0382'0180, 0x0786'0584'0382'0180}},
    {Opcode::V128Load32Zero, {0x0382'0180, 0}},
    {Opcode::V128Load64Zero, {0x0786'0584'0382'0180, 0}},
};

TEST(Simd, EveryLoadReadsItsBytesAndStopsAtTheEnd) {
  for (LoadCase const& one : loads) {
    OpcodeInfo const& info = info_of(one.opcode);
    ModuleBuilder builder;
    builder.memory(1);
    builder.data(16, "\x80\x01\x82\x03\x84\x05\x86\x07\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f");
    builder.exported("load", {I32}, {V128}, Code().get(0).memory(one.opcode, 6));
    builder.exported("far", {I32}, {V128}, Code().get(0).memory(one.opcode, UINT32_MAX));
    Program program(builder);
    EXPECT_EQ(program.call("load", {i32_of(10)}), returns({one.expected[0], one.expected[1]}))
        << info.name;
    u32 const last = 65536 - (1u << info.access_log2) - 6;
    EXPECT_EQ(program.call("load", {i32_of(last)}), returns({0, 0})) << info.name;
    for (u32 const address : {last + 1, 65536 - 6u, UINT32_MAX})
      EXPECT_EQ(program.call("load", {i32_of(address)}), traps(Trap::MemoryOutOfBounds))
          << info.name << " at " << address;
    EXPECT_EQ(program.call("far", {i32_of(1)}), traps(Trap::MemoryOutOfBounds)) << info.name;
  }
}

TEST(Simd, LoadsExtendTheSignOfEveryWidth) {
  ModuleBuilder builder;
  builder.memory(1);
  builder.data(0, "\xff\xff\xff\x80\x01\xff\xff\xff");
  builder.exported("16s", {}, {V128}, Code().i32(0).memory(Opcode::V128Load16x4S));
  builder.exported("16u", {}, {V128}, Code().i32(0).memory(Opcode::V128Load16x4U));
  builder.exported("32s", {}, {V128}, Code().i32(0).memory(Opcode::V128Load32x2S));
  builder.exported("32u", {}, {V128}, Code().i32(0).memory(Opcode::V128Load32x2U));
  Program program(builder);
  EXPECT_EQ(program.call("16s"), returns({0xffff'80ff'ffff'ffff, 0xffff'ffff'ffff'ff01}));
  EXPECT_EQ(program.call("16u"), returns({0x0000'80ff'0000'ffff, 0x0000'ffff'0000'ff01}));
  EXPECT_EQ(program.call("32s"), returns({0xffff'ffff'80ff'ffff, 0xffff'ffff'ffff'ff01}));
  EXPECT_EQ(program.call("32u"), returns({0x80ff'ffff, 0xffff'ff01}));
}

TEST(Simd, AStoreWritesItsBytesOnly) {
  ModuleBuilder builder;
  builder.memory(1);
  builder.data(0, std::string(40, '\xee'));
  builder.exported("store", {I32, V128}, {}, Code().get(0).get(1).memory(Opcode::V128Store, 8));
  Program program(builder);
  Value const value = vector_value(lane_source);
  EXPECT_EQ(program.call("store", {i32_of(3), value}), returns({}));
  auto const memory = program.instance().memory();
  for (u32 i = 0; i < 40; ++i)
    EXPECT_EQ(*memory.read<u8>(i), i >= 11 && i < 27 ? lanes<u8>(lane_source)[i - 11] : 0xee) << i;
  EXPECT_EQ(program.call("store", {i32_of(65536 - 24), value}), returns({}));
  EXPECT_EQ(program.call("store", {i32_of(65536 - 23), value}), traps(Trap::MemoryOutOfBounds));
  // Nothing was written of what did not fit.
  EXPECT_EQ(*memory.read<u64>(65536 - 16), lane_source[0]);
  EXPECT_EQ(program.call("store", {i32_of(UINT32_MAX), value}), traps(Trap::MemoryOutOfBounds));
}

constexpr Opcode lane_loads[] = {Opcode::V128Load8Lane, Opcode::V128Load16Lane,
                                 Opcode::V128Load32Lane, Opcode::V128Load64Lane};
constexpr Opcode lane_stores[] = {Opcode::V128Store8Lane, Opcode::V128Store16Lane,
                                  Opcode::V128Store32Lane, Opcode::V128Store64Lane};

TEST(Simd, EveryLaneIsLoadedAndStored) {
  for (usize kind = 0; kind < std::size(lane_loads); ++kind) {
    OpcodeInfo const& info = info_of(lane_loads[kind]);
    u32 const size = 1u << info.access_log2;
    for (u32 lane = 0; lane < info.lane_count(); ++lane) {
      ModuleBuilder builder;
      builder.memory(1);
      builder.data(16, "\x11\x22\x33\x44\x55\x66\x77\x99\xaa");
      builder.exported("load", {I32, V128}, {V128},
                       Code().get(0).get(1).memory_lane(lane_loads[kind], lane, 6));
      builder.exported("store", {I32, V128}, {},
                       Code().get(0).get(1).memory_lane(lane_stores[kind], lane, 6));
      Program program(builder);
      Value const value = vector_value(lane_source);
      auto bytes = lanes<u8>(lane_source);
      constexpr u8 loaded[] = {0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x99};
      for (u32 i = 0; i < size; ++i) bytes[lane * size + i] = loaded[i];
      Vector const expected = vector<u8>(bytes);
      EXPECT_EQ(program.call("load", {i32_of(10), value}), returns({expected[0], expected[1]}))
          << info.name << " " << lane;
      EXPECT_EQ(program.call("store", {i32_of(110), value}), returns({}));
      auto const memory = program.instance().memory();
      for (u32 i = 0; i < 16; ++i) {
        bool const written = i >= 4 && i < 4 + size;
        u8 const byte = written ? lanes<u8>(lane_source)[lane * size + i - 4] : 0;
        EXPECT_EQ(*memory.read<u8>(112 + i), byte) << info.name << " " << lane << " byte " << i;
      }
      u32 const last = 65536 - size - 6;
      for (auto const* const call : {"load", "store"}) {
        EXPECT_FALSE(program.call(call, {i32_of(last), value}).trap) << info.name << " " << call;
        EXPECT_EQ(program.call(call, {i32_of(last + 1), value}), traps(Trap::MemoryOutOfBounds));
        EXPECT_EQ(program.call(call, {i32_of(UINT32_MAX), value}), traps(Trap::MemoryOutOfBounds));
      }
    }
  }
}

// ---- none is left out

TEST(Simd, NoInstructionIsLeftOut) {
  std::set<Opcode> tested{Opcode::V128Const, Opcode::I8x16Shuffle, Opcode::V128Store};
  for (auto const& one : reference::all()) tested.insert(one.opcode);
  for (auto const& one : loads) tested.insert(one.opcode);
  for (auto const& one : extractions) tested.insert(one.opcode);
  tested.insert(std::begin(replacements), std::end(replacements));
  tested.insert(std::begin(lane_loads), std::end(lane_loads));
  tested.insert(std::begin(lane_stores), std::end(lane_stores));
  usize count = 0;
  for (OpcodeInfo const& info : opcode_table) {
    if (static_cast<u32>(info.opcode) >> 16 != 0xfd) continue;
    ++count;
    EXPECT_TRUE(tested.contains(info.opcode)) << info.name;
  }
  EXPECT_EQ(count, 236u + 20u);
}

}  // namespace
}  // namespace nacre::wasm
