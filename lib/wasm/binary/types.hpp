#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "lib/base/format.hpp"
#include "lib/base/types.hpp"
#include "lib/base/vector.hpp"

namespace nacre::wasm {

using base::f32;
using base::f64;
using base::i16;
using base::i32;
using base::i64;
using base::i8;
using base::u16;
using base::u32;
using base::u64;
using base::u8;
using base::usize;

/// A value type, by its encoding. The upper 24 bits are free for the type index of a typed
/// reference. [wasm/core: "Value Types"]
enum class ValueType : u32 {
  I32 = 0x7f,
  I64 = 0x7e,
  F32 = 0x7d,
  F64 = 0x7c,
  V128 = 0x7b,
  FuncRef = 0x70,
  ExternRef = 0x6f,
};

constexpr bool is_reference(ValueType type) {
  return type == ValueType::FuncRef || type == ValueType::ExternRef;
}
constexpr bool is_number(ValueType type) {
  return type == ValueType::I32 || type == ValueType::I64 || type == ValueType::F32 ||
         type == ValueType::F64;
}
/// How many 8-byte slots a value takes, on the value stack and wherever values are passed.
constexpr u32 slots_of(ValueType type) { return type == ValueType::V128 ? 2 : 1; }
constexpr u32 slots_of(std::span<const ValueType> types) {
  u32 slots = 0;
  for (ValueType const type : types) slots += slots_of(type);
  return slots;
}
constexpr std::string_view name_of(ValueType type) {
  switch (type) {
    case ValueType::I32: return "i32";
    case ValueType::I64: return "i64";
    case ValueType::F32: return "f32";
    case ValueType::F64: return "f64";
    case ValueType::V128: return "v128";
    case ValueType::FuncRef: return "funcref";
    case ValueType::ExternRef: return "externref";
  }
  return "?";
}
inline void format_value(base::Sink& sink, const ValueType& type) { sink.write(name_of(type)); }

/// A borrowed signature. [wasm/core: "Function Types"]
struct Signature {
  std::span<const ValueType> parameters;
  std::span<const ValueType> results;

  friend bool operator==(const Signature& left, const Signature& right);
};
/// As in the text format: `(i32, i64) -> (f32)`.
void format_value(base::Sink& sink, const Signature& signature);

/// A signature that owns its types.
class FunctionType {
 public:
  FunctionType() = default;
  static std::expected<FunctionType, base::OutOfMemory> create(Signature signature);

  std::span<const ValueType> parameters() const { return {values_.data(), parameter_count_}; }
  std::span<const ValueType> results() const {
    return std::span(values_.data(), values_.size()).subspan(parameter_count_);
  }
  Signature signature() const { return {parameters(), results()}; }
  operator Signature() const { return signature(); }

 private:
  base::Vector<ValueType> values_;
  u32 parameter_count_ = 0;
};

/// Sizes in pages of a memory or elements of a table. [wasm/core: "Limits"]
struct Limits {
  u32 minimum = 0;
  std::optional<u32> maximum;

  /// Whether something with the limits `this` can stand where `wanted` is asked for.
  constexpr bool matches(const Limits& wanted) const {
    if (minimum < wanted.minimum) return false;
    return !wanted.maximum || (maximum && *maximum <= *wanted.maximum);
  }
};

struct TableType {
  ValueType element = ValueType::FuncRef;
  Limits limits;
};
struct MemoryType {
  static constexpr u64 page_size = 65536;
  static constexpr u32 max_pages = 65536;
  Limits limits;
};
struct GlobalType {
  ValueType value = ValueType::I32;
  bool is_mutable = false;
  friend bool operator==(GlobalType, GlobalType) = default;
};

/// What can be imported and exported. [wasm/core: "External Types"]
enum class ExternKind : u8 { Function = 0, Table = 1, Memory = 2, Global = 3 };
constexpr std::string_view name_of(ExternKind kind) {
  switch (kind) {
    case ExternKind::Function: return "function";
    case ExternKind::Table: return "table";
    case ExternKind::Memory: return "memory";
    case ExternKind::Global: return "global";
  }
  return "?";
}

}  // namespace nacre::wasm
