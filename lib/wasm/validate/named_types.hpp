#pragma once

#include <algorithm>
#include <array>
#include <span>

#include "lib/wasm/binary/module.hpp"

namespace nacre::wasm {

/// The types of what an instruction names with an index of one byte, as far as they are numbers.
class NamedTypes {
 public:
  enum List : u8 { Locals, Globals, MutableGlobals };
  static constexpr usize size = 128;

  /// The locals are none yet.
  explicit NamedTypes(const Module& module) {
    for (usize i = 0; i < std::min(module.globals.size(), size); ++i) {
      GlobalType const type = module.globals[i].type;
      set(Globals, i, type.value);
      if (type.is_mutable) set(MutableGlobals, i, type.value);
    }
  }
  void set_locals(std::span<const ValueType> locals) {
    lists_[Locals] = {};
    for (usize i = 0; i < std::min(locals.size(), size); ++i) set(Locals, i, locals[i]);
  }

  /// 0 for what is not there or has another type.
  u32 of(List list, u8 index) const { return lists_[list][index % size]; }

 private:
  void set(List list, usize index, ValueType type) {
    if (is_number(type)) lists_[list][index] = static_cast<u8>(type);
  }

  std::array<std::array<u8, size>, 3> lists_{};
};

}  // namespace nacre::wasm
