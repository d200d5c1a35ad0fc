#pragma once

#include <array>
#include <initializer_list>
#include <span>
#include <string_view>

#include "lib/base/assert.hpp"
#include "lib/base/types.hpp"

/// Small WebAssembly modules, made where a test needs them. Freestanding and constexpr, so that
/// hosted tests and bootable ones use the same.
namespace nacre::test::module {

using base::i32;
using base::i64;
using base::u32;
using base::u64;
using base::u8;
using base::usize;

/// Bytes in order, up to a number.
class Bytes {
 public:
  constexpr Bytes() = default;
  constexpr Bytes(std::initializer_list<u8> bytes) {
    for (u8 const byte : bytes) add(byte);
  }
  constexpr Bytes& operator+=(const Bytes& more) {
    for (u8 const byte : more.span()) add(byte);
    return *this;
  }
  friend constexpr Bytes operator+(Bytes left, const Bytes& right) { return left += right; }
  constexpr std::span<const u8> span() const { return std::span(bytes_).first(size_); }
  constexpr usize size() const { return size_; }

 private:
  constexpr void add(u8 byte) {
    NACRE_ASSERT(size_ < bytes_.size());
    bytes_[size_++] = byte;
  }
  std::array<u8, 2048> bytes_{};
  usize size_ = 0;
};

/// Signed LEB128. [wasm/core: "Integers"]
constexpr Bytes signed_leb(i64 value) {
  Bytes out;
  for (;;) {
    u8 const low = value & 0x7f;
    value >>= 7;
    bool const last = (value == 0 && (low & 0x40) == 0) || (value == -1 && (low & 0x40) != 0);
    out += {static_cast<u8>(low | (last ? 0 : 0x80))};
    if (last) return out;
  }
}
constexpr Bytes leb(u64 value) {
  Bytes out;
  do {
    u8 const low = value & 0x7f;
    value >>= 7;
    out += {static_cast<u8>(low | (value == 0 ? 0 : 0x80))};
  } while (value != 0);
  return out;
}
constexpr Bytes characters(std::string_view letters) {
  Bytes out;
  for (char const c : letters) out += {static_cast<u8>(c)};
  return out;
}
/// With its size in front.
constexpr Bytes sized(const Bytes& content) { return leb(content.size()) + content; }
constexpr Bytes name(std::string_view letters) { return sized(characters(letters)); }

inline constexpr u8 i32_type = 0x7f;
inline constexpr u8 i64_type = 0x7e;

// Instructions. [wasm/core: "Instructions"]
inline constexpr Bytes unreachable{0x00};
inline constexpr Bytes end{0x0b};
inline constexpr Bytes drop{0x1a};
inline constexpr Bytes i32_add{0x6a};
inline constexpr Bytes i32_div_unsigned{0x6e};
inline constexpr Bytes return_{0x0f};
constexpr Bytes i32_const(i32 value) { return Bytes{0x41} + signed_leb(value); }
constexpr Bytes i64_const(i64 value) { return Bytes{0x42} + signed_leb(value); }
constexpr Bytes call(u32 function) { return Bytes{0x10} + leb(function); }
constexpr Bytes local_get(u32 index) { return Bytes{0x20} + leb(index); }
/// From the address on the stack.
inline constexpr Bytes i32_load{0x28, 0, 0};
inline constexpr Bytes i32_store{0x36, 0, 0};
/// A block without parameters and results, to whose start `branch(0)` in it goes.
constexpr Bytes loop(const Bytes& body) { return Bytes{0x03, 0x40} + body + end; }
/// Runs `body` if the number on the stack is not 0.
constexpr Bytes if_(const Bytes& body) { return Bytes{0x04, 0x40} + body + end; }
constexpr Bytes branch(u32 depth) { return Bytes{0x0c} + leb(depth); }
/// If the number on the stack is not 0.
constexpr Bytes branch_if(u32 depth) { return Bytes{0x0d} + leb(depth); }
/// Of table 0, by the number on the stack.
constexpr Bytes call_indirect(u32 type) { return Bytes{0x11} + leb(type) + Bytes{0}; }
constexpr Bytes local_tee(u32 index) { return Bytes{0x22} + leb(index); }
inline constexpr Bytes i32_sub{0x6b};
inline constexpr Bytes memory_grow{0x40, 0};
inline constexpr Bytes memory_copy{0xfc, 0x0a, 0, 0};

/// Collects the parts of a module; imports come before the module's own functions.
class ModuleBuilder {
 public:
  /// The index of the function.
  constexpr u32 import_function(std::string_view from, std::string_view as, const Bytes& parameters,
                                const Bytes& results) {
    imports_ += name(from) + name(as) + Bytes{0} + leb(add_type(parameters, results));
    ++import_count_;
    return function_count_++;
  }
  /// With a name to export it by, unless that is empty. `body` has no `end`.
  constexpr u32 function(std::string_view as, const Bytes& parameters, const Bytes& results,
                         const Bytes& body) {
    functions_ += leb(add_type(parameters, results));
    bodies_ += sized(Bytes{0} + body + end);
    if (!as.empty()) export_as(as, 0, function_count_);
    ++own_count_;
    return function_count_++;
  }
  constexpr u32 entry(const Bytes& body) { return function("_start", {}, {}, body); }
  /// A table of functions, all in it from the start.
  constexpr void table(std::initializer_list<u32> functions) {
    table_ = Bytes{1, 0x70, 0} + leb(functions.size());
    elements_ = Bytes{1, 0} + i32_const(0) + end + leb(functions.size());
    for (u32 const function : functions) elements_ += leb(function);
  }
  constexpr void memory(u32 pages) {
    memories_ = Bytes{1, 0} + leb(pages);
    export_as("memory", 2, 0);
  }
  constexpr void data(i32 address, const Bytes& content) {
    data_ += Bytes{0} + i32_const(address) + end + sized(content);
    ++data_count_;
  }
  constexpr void start(u32 function) { start_ = leb(function); }

  constexpr Bytes build() const {
    Bytes out{0, 'a', 's', 'm', 1, 0, 0, 0};
    auto const section = [&](u8 id, const Bytes& content) {
      if (content.size() != 0) out += Bytes{id} + sized(content);
    };
    auto const counted = [](u32 count, const Bytes& items) {
      return count == 0 ? Bytes{} : leb(count) + items;
    };
    section(1, counted(type_count_, types_));
    section(2, counted(import_count_, imports_));
    section(3, counted(own_count_, functions_));
    section(4, table_);
    section(5, memories_);
    section(7, counted(export_count_, exports_));
    section(8, start_);
    section(9, elements_);
    section(10, counted(own_count_, bodies_));
    section(11, counted(data_count_, data_));
    return out;
  }

 private:
  constexpr u32 add_type(const Bytes& parameters, const Bytes& results) {
    types_ += Bytes{0x60} + sized(parameters) + sized(results);
    return type_count_++;
  }
  constexpr void export_as(std::string_view as, u8 kind, u32 index) {
    exports_ += name(as) + Bytes{kind} + leb(index);
    ++export_count_;
  }

  Bytes types_, imports_, functions_, table_, memories_, exports_, start_, elements_, bodies_,
      data_;
  u32 type_count_ = 0, import_count_ = 0, own_count_ = 0, function_count_ = 0, export_count_ = 0,
      data_count_ = 0;
};

}  // namespace nacre::test::module
