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

/// A value type, by its encoding. A reference that has no byte of its own is made by
/// `reference_type`: the byte in front of its heap type, and that in the upper 24 bits, so that
/// equal types are equal numbers. [wasm/core: "Value Types"]
enum class ValueType : u32 {
  I32 = 0x7f,
  I64 = 0x7e,
  F32 = 0x7d,
  F64 = 0x7c,
  V128 = 0x7b,
  NullExnRef = 0x74,
  NullFuncRef = 0x73,
  NullExternRef = 0x72,
  FuncRef = 0x70,
  ExternRef = 0x6f,
  ExnRef = 0x69,
};

/// What a reference refers to: one of these, or the functions of one type, by that type's index. An
/// index means something within one module, or, where things of several modules meet, within one
/// store. [wasm/core: "Heap Types"]
enum class HeapType : u32 {
  NoExn = 0xffff74,
  NoFunc = 0xffff73,
  NoExtern = 0xffff72,
  Func = 0xffff70,
  Extern = 0xffff6f,
  Exn = 0xffff69,
};
constexpr bool is_type_index(HeapType heap) { return static_cast<u32>(heap) < 0xffff00; }
constexpr HeapType heap_type_of_index(u32 index) { return static_cast<HeapType>(index); }
constexpr u32 index_of(HeapType heap) { return static_cast<u32>(heap); }

namespace detail {

// The bytes in front of a heap type. [wasm/core: "Reference Types"]
inline constexpr u32 nullable_reference = 0x63;
inline constexpr u32 reference = 0x64;

}  // namespace detail

constexpr bool is_number(ValueType type) {
  return type == ValueType::I32 || type == ValueType::I64 || type == ValueType::F32 ||
         type == ValueType::F64;
}
constexpr bool is_reference(ValueType type) { return !is_number(type) && type != ValueType::V128; }

constexpr ValueType reference_type(HeapType heap, bool nullable) {
  auto const bits = static_cast<u32>(heap);
  if (nullable && !is_type_index(heap)) return static_cast<ValueType>(bits & 0xff);
  return static_cast<ValueType>(bits << 8 |
                                (nullable ? detail::nullable_reference : detail::reference));
}
/// Of a reference type, as are the next three.
constexpr HeapType heap_type_of(ValueType type) {
  auto const bits = static_cast<u32>(type);
  u32 const code = bits & 0xff;
  bool const is_shorthand = code != detail::nullable_reference && code != detail::reference;
  return static_cast<HeapType>(is_shorthand ? 0xffff00 | bits : bits >> 8);
}
constexpr bool is_nullable(ValueType type) {
  return (static_cast<u32>(type) & 0xff) != detail::reference;
}
constexpr ValueType non_null(ValueType type) { return reference_type(heap_type_of(type), false); }
/// The type of which every reference to the same kind of thing is.
constexpr ValueType top_of(ValueType type) {
  switch (heap_type_of(type)) {
    case HeapType::Extern:
    case HeapType::NoExtern: return ValueType::ExternRef;
    case HeapType::Exn:
    case HeapType::NoExn: return ValueType::ExnRef;
    default: return ValueType::FuncRef;
  }
}
/// Whether a value has one to begin with. [wasm/core: "Defaultable Types"]
constexpr bool is_defaultable(ValueType type) { return !is_reference(type) || is_nullable(type); }
static_assert(reference_type(HeapType::Func, true) == ValueType::FuncRef);
static_assert(heap_type_of(non_null(ValueType::ExnRef)) == HeapType::Exn);
static_assert(!is_nullable(reference_type(heap_type_of_index(7), false)));
static_assert(index_of(heap_type_of(reference_type(heap_type_of_index(0), true))) == 0);

/// Whether a value of type `type` is one of type `wanted`. Types of functions are the same if their
/// indices are. [wasm/core: "Matching"]
constexpr bool matches(ValueType type, ValueType wanted) {
  if (type == wanted) return true;
  if (!is_reference(type) || !is_reference(wanted)) return false;
  if (is_nullable(type) && !is_nullable(wanted)) return false;
  HeapType const heap = heap_type_of(type);
  HeapType const target = heap_type_of(wanted);
  if (heap == target) return true;
  switch (heap) {
    case HeapType::NoFunc: return target == HeapType::Func || is_type_index(target);
    case HeapType::NoExtern: return target == HeapType::Extern;
    case HeapType::NoExn: return target == HeapType::Exn;
    default: return is_type_index(heap) && target == HeapType::Func;
  }
}
/// How many 8-byte slots a value takes, on the value stack and wherever values are passed.
constexpr u32 slots_of(ValueType type) { return type == ValueType::V128 ? 2 : 1; }
constexpr u32 slots_of(std::span<const ValueType> types) {
  u32 slots = 0;
  for (ValueType const type : types) slots += slots_of(type);
  return slots;
}
/// As in the text format: `i32`, `funcref`, `(ref null 3)`.
void format_value(base::Sink& sink, const ValueType& type);
/// `func`, or the index of a type.
void format_value(base::Sink& sink, const HeapType& heap);

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
  /// `offset` is where the module has it.
  static std::expected<FunctionType, base::OutOfMemory> create(Signature signature,
                                                               usize offset = 0);

  std::span<const ValueType> parameters() const { return {values_.data(), parameter_count_}; }
  std::span<const ValueType> results() const {
    return std::span(values_.data(), values_.size()).subspan(parameter_count_);
  }
  Signature signature() const { return {parameters(), results()}; }
  operator Signature() const { return signature(); }
  usize offset() const { return offset_; }

 private:
  base::Vector<ValueType> values_;
  u32 parameter_count_ = 0;
  usize offset_ = 0;
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
enum class ExternKind : u8 { Function = 0, Table = 1, Memory = 2, Global = 3, Tag = 4 };
constexpr std::string_view name_of(ExternKind kind) {
  switch (kind) {
    case ExternKind::Function: return "function";
    case ExternKind::Table: return "table";
    case ExternKind::Memory: return "memory";
    case ExternKind::Global: return "global";
    case ExternKind::Tag: return "tag";
  }
  return "?";
}

}  // namespace nacre::wasm
