#include "lib/wasm_script/match.hpp"

#include <gtest/gtest.h>

#include "tests/unit/lib/wasm_script/constants.hpp"

namespace nacre::wasm_script {
namespace {

using wasm::Value;
using enum wasm::ValueType;

Value vector(u64 low, u64 high) {
  Value value;
  value.type = V128;
  value.slots = {low, high};
  return value;
}

TEST(MatchTest, NumbersMatchByTheirBitsAndType) {
  EXPECT_TRUE(matches(i32(-1), Value::of(base::i32{-1})));
  EXPECT_FALSE(matches(i32(-1), Value::of(base::i64{0xffff'ffff})));
  EXPECT_FALSE(matches(i32(1), Value::of(base::i32{2})));
  EXPECT_TRUE(matches(i64(-1), Value::of(base::i64{-1})));
  EXPECT_TRUE(matches(f32(0.0f), Value::of(0.0f)));
  EXPECT_FALSE(matches(f32(0.0f), Value::of(-0.0f)));
  EXPECT_FALSE(matches(f64(0.0), Value::of(-0.0)));
  EXPECT_FALSE(matches(f64(1.0), Value::of(1.0f)));
}

TEST(MatchTest, NansMatchByTheirKind) {
  auto const single = [](u32 bits) { return Value(F32, bits); };
  for (u32 const canonical : {0x7fc0'0000u, 0xffc0'0000u}) {
    EXPECT_TRUE(matches(canonical_nan(ConstantKind::F32), single(canonical)));
    EXPECT_TRUE(matches(arithmetic_nan(ConstantKind::F32), single(canonical)));
  }
  EXPECT_FALSE(matches(canonical_nan(ConstantKind::F32), single(0x7fc0'0001)));
  EXPECT_TRUE(matches(arithmetic_nan(ConstantKind::F32), single(0x7fc0'0001)));
  EXPECT_FALSE(matches(arithmetic_nan(ConstantKind::F32), single(0x7f80'0001)));
  EXPECT_FALSE(matches(canonical_nan(ConstantKind::F32), single(0x7f80'0000)));
  EXPECT_FALSE(matches(arithmetic_nan(ConstantKind::F32), single(0)));
  auto const wide = [](u64 bits) { return Value(F64, bits); };
  EXPECT_TRUE(matches(canonical_nan(ConstantKind::F64), wide(0xfff8'0000'0000'0000)));
  EXPECT_FALSE(matches(canonical_nan(ConstantKind::F64), wide(0x7ff8'0000'0000'0001)));
  EXPECT_TRUE(matches(arithmetic_nan(ConstantKind::F64), wide(0x7ff8'0000'0000'0001)));
  EXPECT_FALSE(matches(arithmetic_nan(ConstantKind::F64), wide(0x7ff4'0000'0000'0000)));
}

TEST(MatchTest, VectorsMatchLaneByLane) {
  u64 const low = 0x0706'0504'0302'0100;
  u64 const high = 0x0f0e'0d0c'0b0a'0908;
  for (u8 shape = 0; shape < lane_shapes; ++shape) {
    auto const expected = v128(static_cast<LaneShape>(shape), low, high);
    EXPECT_TRUE(matches(expected, vector(low, high)));
    EXPECT_FALSE(matches(expected, vector(low ^ 1, high)));
    EXPECT_FALSE(matches(expected, vector(low, high ^ u64{1} << 63)));
    EXPECT_FALSE(matches(expected, Value(I64, low)));
  }
  Constant nans = v128(LaneShape::F32x4, 0x3f80'0000, 0);
  nans.canonical_nans = 0b0010;
  nans.arithmetic_nans = 0b1000;
  EXPECT_TRUE(matches(nans, vector(0x7fc0'0000'3f80'0000, 0x7fc1'0000'0000'0000)));
  EXPECT_FALSE(matches(nans, vector(0x7fc1'0000'3f80'0000, 0x7fc1'0000'0000'0000)));
  EXPECT_FALSE(matches(nans, vector(0x7fc0'0000'3f80'0001, 0x7fc1'0000'0000'0000)));
  EXPECT_FALSE(matches(nans, vector(0x7fc0'0000'3f80'0000, 0)));
  Constant wide = v128(LaneShape::F64x2, 5, 0);
  wide.canonical_nans = 0b10;
  EXPECT_TRUE(matches(wide, vector(5, 0x7ff8'0000'0000'0000)));
  EXPECT_FALSE(matches(wide, vector(5, 0)));
}

TEST(MatchTest, ReferencesMatchByWhatIsKnownOfThem) {
  auto const null = reference(ConstantKind::NullReference);
  auto const some = reference(ConstantKind::SomeReference);
  auto const host = reference(ConstantKind::HostReference, 0);
  Value const given = *value_of(host, ExternRef);
  EXPECT_TRUE(matches(host, given));
  EXPECT_FALSE(matches(reference(ConstantKind::HostReference, 1), given));
  EXPECT_TRUE(matches(some, given));
  EXPECT_FALSE(matches(null, given));
  EXPECT_TRUE(matches(null, Value(FuncRef, 0)));
  EXPECT_FALSE(matches(some, Value(FuncRef, 0)));
  EXPECT_FALSE(matches(null, Value(I32, 0)));
}

TEST(MatchTest, OneOfTheAlternativesIsEnough) {
  std::vector<Constant> const list{either(2), i32(1), i32(2), i64(3)};
  std::span<const Constant> rest = list;
  auto const first = take_result(rest);
  EXPECT_EQ(first.size(), 3u);
  EXPECT_TRUE(matches_result(first, Value::of(1)));
  EXPECT_TRUE(matches_result(first, Value::of(2)));
  EXPECT_FALSE(matches_result(first, Value::of(3)));
  EXPECT_TRUE(matches_result(take_result(rest), Value::of(base::i64{3})));
  EXPECT_TRUE(rest.empty());
}

TEST(MatchTest, ArgumentsHaveTheParametersType) {
  EXPECT_EQ(value_of(i32(-1), I32)->slots[0], 0xffff'ffffu);
  EXPECT_EQ(value_of(v128(LaneShape::I64x2, 1, 2), V128)->slots[1], 2u);
  EXPECT_EQ(value_of(reference(ConstantKind::NullReference), FuncRef)->type, FuncRef);
  EXPECT_FALSE(value_of(i32(1), I64));
  EXPECT_FALSE(value_of(i32(1), ExternRef));
  EXPECT_FALSE(value_of(reference(ConstantKind::NullReference), I32));
  EXPECT_FALSE(value_of(reference(ConstantKind::SomeReference), ExternRef));
  EXPECT_FALSE(value_of(canonical_nan(ConstantKind::F32), F32));
  EXPECT_FALSE(value_of(either(1), I32));
}

TEST(MatchTest, ConstantsAndValuesAreShown) {
  auto const shown = [](const auto& thing) {
    return std::string(base::FixedText<200>("{}", thing).view());
  };
  EXPECT_EQ(shown(i32(-1)), "i32 -1 (0xffffffff)");
  EXPECT_EQ(shown(i64(-1)), "i64 -1 (0xffffffffffffffff)");
  EXPECT_EQ(shown(f32(1.0f)), "f32 bits 0x3f800000");
  EXPECT_EQ(shown(canonical_nan(ConstantKind::F64)), "a canonical NaN");
  EXPECT_EQ(shown(v128(LaneShape::I64x2, 1, 2)), "v128 0x1 0x2");
  Value const value = Value::of(base::i32{-2});
  EXPECT_EQ(shown(Shown{value}), "i32 -2 (0xfffffffe)");
  Value const null(ExternRef, 0);
  EXPECT_EQ(shown(Shown{null}), "a null reference");
}

}  // namespace
}  // namespace nacre::wasm_script
