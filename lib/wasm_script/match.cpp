#include "lib/wasm_script/match.hpp"

#include <algorithm>

namespace nacre::wasm_script {
namespace {

using wasm::Slot;
using wasm::Value;
using wasm::ValueType;

/// How a host's reference stands in a slot: told apart from null.
Slot host_reference(u64 number) { return number + 1; }

bool has_type(const Constant& constant, ValueType type) {
  switch (constant.kind) {
    case ConstantKind::I32: return type == ValueType::I32;
    case ConstantKind::I64: return type == ValueType::I64;
    case ConstantKind::F32: return type == ValueType::F32;
    case ConstantKind::F64: return type == ValueType::F64;
    case ConstantKind::V128: return type == ValueType::V128;
    case ConstantKind::NullReference:
    case ConstantKind::HostReference:
    case ConstantKind::SomeReference: return !is_number(type) && type != ValueType::V128;
    case ConstantKind::Either: return false;
  }
  return false;
}

/// A NaN with no bit of its payload but the first: what an operation makes of numbers. An
/// arithmetic one has that bit and any others. [wasm/core: "NaN Values"]
bool is_nan(u64 bits, bool is_double, bool canonical) {
  u64 const quiet = is_double ? 0x7ff8'0000'0000'0000 : 0x7fc0'0000;
  u64 const sign = is_double ? u64{1} << 63 : u64{1} << 31;
  return canonical ? (bits & ~sign) == quiet : (bits & quiet) == quiet;
}

/// Lanes of 8 to 64 bits never lie across the two slots.
u64 lane_of(std::span<const Slot, 2> slots, u32 lane, u32 width) {
  u32 const bit = lane * width;
  u64 const shifted = slots[bit / 64] >> (bit % 64);
  return width == 64 ? shifted : shifted & ((u64{1} << width) - 1);
}

bool lanes_match(const Constant& expected, const Value& value) {
  u32 const width = bits_of_lane(expected.shape);
  for (u32 lane = 0; lane < 128 / width; ++lane) {
    u64 const bits = lane_of(value.slots, lane, width);
    bool const canonical = (expected.canonical_nans >> lane & 1) != 0;
    bool const arithmetic = (expected.arithmetic_nans >> lane & 1) != 0;
    bool const right = canonical || arithmetic ? is_nan(bits, width == 64, canonical)
                                               : bits == lane_of(expected.bits, lane, width);
    if (!right) return false;
  }
  return true;
}

void write_number(base::Sink& sink, std::string_view type, u64 bits, bool wide) {
  base::format_to(sink, "{} {} ({:#x})", type,
                  wide ? static_cast<base::i64>(bits) : base::i32{static_cast<base::i32>(bits)},
                  bits);
}

void write_vector(base::Sink& sink, std::span<const Slot, 2> slots, LaneShape shape) {
  u32 const width = bits_of_lane(shape);
  base::format_to(sink, "v128");
  for (u32 lane = 0; lane < 128 / width; ++lane)
    base::format_to(sink, " {:#x}", lane_of(slots, lane, width));
}

}  // namespace

std::optional<Value> value_of(const Constant& constant, ValueType type) {
  bool const is_one = constant.kind != ConstantKind::SomeReference &&
                      constant.canonical_nans == 0 && constant.arithmetic_nans == 0;
  if (!is_one || !has_type(constant, type)) return std::nullopt;
  Value value;
  value.type = type;
  switch (constant.kind) {
    case ConstantKind::NullReference: break;
    case ConstantKind::HostReference: value.slots[0] = host_reference(constant.bits[0]); break;
    default: value.slots = constant.bits; break;
  }
  return value;
}

bool matches(const Constant& expected, const Value& value) {
  if (!has_type(expected, value.type)) return false;
  switch (expected.kind) {
    case ConstantKind::V128: return lanes_match(expected, value);
    case ConstantKind::NullReference: return value.slots[0] == 0;
    case ConstantKind::SomeReference: return value.slots[0] != 0;
    case ConstantKind::HostReference: return value.slots[0] == host_reference(expected.bits[0]);
    default: break;
  }
  bool const is_double = expected.kind == ConstantKind::F64;
  if (expected.canonical_nans != 0) return is_nan(value.slots[0], is_double, true);
  if (expected.arithmetic_nans != 0) return is_nan(value.slots[0], is_double, false);
  return value.slots[0] == expected.bits[0];
}

std::span<const Constant> take_result(std::span<const Constant>& expected) {
  bool const is_either = expected.front().kind == ConstantKind::Either;
  usize const count = is_either ? 1 + expected.front().bits[0] : 1;
  auto const taken = expected.first(count);
  expected = expected.subspan(count);
  return taken;
}

bool matches_result(std::span<const Constant> result, const Value& value) {
  if (result.front().kind == ConstantKind::Either) result = result.subspan(1);
  return std::ranges::any_of(result,
                             [&](const Constant& constant) { return matches(constant, value); });
}

void format_value(base::Sink& sink, const Constant& constant) {
  if (constant.canonical_nans != 0 && constant.kind != ConstantKind::V128)
    return sink.write("a canonical NaN");
  if (constant.arithmetic_nans != 0 && constant.kind != ConstantKind::V128)
    return sink.write("an arithmetic NaN");
  switch (constant.kind) {
    case ConstantKind::I32: return write_number(sink, "i32", constant.bits[0], false);
    case ConstantKind::I64: return write_number(sink, "i64", constant.bits[0], true);
    case ConstantKind::F32: return base::format_to(sink, "f32 bits {:#010x}", constant.bits[0]);
    case ConstantKind::F64: return base::format_to(sink, "f64 bits {:#018x}", constant.bits[0]);
    case ConstantKind::V128: {
      write_vector(sink, constant.bits, constant.shape);
      if ((constant.canonical_nans | constant.arithmetic_nans) != 0)
        base::format_to(sink, " with NaNs in lanes {:#b}",
                        constant.canonical_nans | constant.arithmetic_nans);
      return;
    }
    case ConstantKind::NullReference: return sink.write("a null reference");
    case ConstantKind::HostReference:
      return base::format_to(sink, "the host's reference {}", constant.bits[0]);
    case ConstantKind::SomeReference: return sink.write("a reference that is not null");
    case ConstantKind::Either: return base::format_to(sink, "one of {}", constant.bits[0]);
  }
}

void format_value(base::Sink& sink, const Shown& shown) {
  Value const& value = shown.value;
  switch (value.type) {
    case ValueType::I32: return write_number(sink, "i32", value.slots[0], false);
    case ValueType::I64: return write_number(sink, "i64", value.slots[0], true);
    case ValueType::F32: return base::format_to(sink, "f32 bits {:#010x}", value.slots[0]);
    case ValueType::F64: return base::format_to(sink, "f64 bits {:#018x}", value.slots[0]);
    case ValueType::V128: return write_vector(sink, value.slots, LaneShape::I32x4);
    default: break;
  }
  if (value.slots[0] == 0) return sink.write("a null reference");
  base::format_to(sink, "a reference, {:#x}", value.slots[0]);
}

}  // namespace nacre::wasm_script
