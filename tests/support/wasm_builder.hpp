#pragma once

#include <bit>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

#include "lib/wasm/binary/opcodes.hpp"

namespace nacre::test {

using Bytes = std::vector<base::u8>;

/// The type of non-null and of nullable references to functions of the type `index`.
constexpr wasm::ValueType ref_to(base::u32 index) {
  return wasm::reference_type(wasm::heap_type_of_index(index), false);
}
constexpr wasm::ValueType ref_null_to(base::u32 index) {
  return wasm::reference_type(wasm::heap_type_of_index(index), true);
}

/// Unsigned and signed LEB128.
Bytes leb(base::u64 value);
Bytes signed_leb(base::i64 value);

/// Instructions, one after the other: `Code().local_get(0).i32(1).op(Opcode::I32Add)`.
class Code {
 public:
  using Opcode = wasm::Opcode;
  /// Any opcode, with its indices behind it.
  Code& op(Opcode opcode, std::initializer_list<base::u64> immediates = {});
  Code& i32(base::i32 value);
  Code& i64(base::i64 value);
  Code& f32(float value) { return f32_bits(std::bit_cast<base::u32>(value)); }
  Code& f64(double value) { return f64_bits(std::bit_cast<base::u64>(value)); }
  Code& f32_bits(base::u32 bits);
  Code& f64_bits(base::u64 bits);
  Code& v128(base::u64 low, base::u64 high);
  Code& get(base::u32 local) { return op(Opcode::LocalGet, {local}); }
  Code& set(base::u32 local) { return op(Opcode::LocalSet, {local}); }
  Code& tee(base::u32 local) { return op(Opcode::LocalTee, {local}); }
  Code& call(base::u32 function) { return op(Opcode::Call, {function}); }
  Code& br(base::u32 depth) { return op(Opcode::Br, {depth}); }
  Code& br_if(base::u32 depth) { return op(Opcode::BrIf, {depth}); }
  /// The default comes last.
  Code& br_table(std::initializer_list<base::u64> depths);
  /// A block without a type, of one result, or of a type of the module.
  Code& block(Opcode kind);
  Code& block(Opcode kind, wasm::ValueType result);
  Code& block_of_type(Opcode kind, base::u32 type);
  Code& memory(Opcode opcode, base::u32 offset = 0, base::u32 align_log2 = 0) {
    return op(opcode, {align_log2, offset});
  }
  Code& memory_lane(Opcode opcode, base::u32 lane, base::u32 offset = 0, base::u32 align_log2 = 0) {
    return op(opcode, {align_log2, offset, lane});
  }
  /// In a memory other than the first.
  Code& memory_in(base::u32 memory, Opcode opcode, base::u32 offset = 0) {
    return op(opcode, {64, memory, offset});
  }
  /// A `try_table` without parameters and with at most one result; the clauses are as in the
  /// binary format: kind, tag if it has one, label.
  Code& try_table(std::initializer_list<std::initializer_list<base::u64>> clauses,
                  std::optional<wasm::ValueType> result = std::nullopt);
  /// Null of a nullable reference type.
  Code& ref_null(wasm::ValueType type);
  Code& raw(std::initializer_list<base::u8> bytes);
  Code& end() { return op(Opcode::End); }
  /// `end` is added.
  Bytes finish() const;
  const Bytes& bytes() const { return bytes_; }

 private:
  Bytes bytes_;
};

/// Writes a module for a test. Everything gets the next index of its kind; imports come first.
class ModuleBuilder {
 public:
  using ValueType = wasm::ValueType;
  using Types = std::vector<ValueType>;

  base::u32 type(const Types& parameters, const Types& results);
  base::u32 import_function(std::string_view module, std::string_view name, base::u32 type);
  base::u32 import_memory(std::string_view module, std::string_view name, base::u32 minimum);
  base::u32 import_global(std::string_view module, std::string_view name, ValueType type,
                          bool is_mutable);
  base::u32 import_tag(std::string_view module, std::string_view name, base::u32 type);
  base::u32 import_table(std::string_view module, std::string_view name, base::u32 minimum);
  base::u32 function(base::u32 type, const Code& code, const Types& locals = {});
  /// A function that is exported as `name`.
  base::u32 exported(std::string_view name, const Types& parameters, const Types& results,
                     const Code& code, const Types& locals = {});
  base::u32 memory(base::u32 minimum, std::int64_t maximum = -1);
  base::u32 table(ValueType element, base::u32 minimum, std::int64_t maximum = -1);
  /// A table whose elements are `initial` to begin with.
  base::u32 table_of(ValueType element, base::u32 minimum, const Code& initial);
  base::u32 tag(base::u32 type);
  base::u32 global(ValueType type, bool is_mutable, const Code& initial);
  void export_as(std::string_view name, wasm::ExternKind kind, base::u32 index);
  void start(base::u32 function);
  /// Active in table 0 at `start`.
  base::u32 elements(base::u32 start, std::initializer_list<base::u32> functions);
  base::u32 passive_elements(const std::vector<base::u32>& functions);
  base::u32 data(base::u32 start, std::string_view bytes);
  base::u32 data_in(base::u32 memory, base::u32 start, std::string_view bytes);
  base::u32 passive_data(std::string_view bytes);
  void function_name(base::u32 function, std::string_view name);

  Bytes bytes() const;

 private:
  struct Section {
    base::u32 count = 0;
    Bytes content;
    void add(const Bytes& entry);
  };
  static Bytes limits(base::u32 minimum, std::int64_t maximum);
  base::u32 import(std::string_view module, std::string_view name, base::u8 kind,
                   const Bytes& description, base::u32& index);

  Section types_, imports_, functions_, tables_, memories_, tags_, globals_, exports_, elements_,
      code_, data_, names_;
  Bytes start_;
  base::u32 function_count_ = 0;
  base::u32 table_count_ = 0;
  base::u32 memory_count_ = 0;
  base::u32 global_count_ = 0;
  base::u32 tag_count_ = 0;
};

}  // namespace nacre::test
