#pragma once

#include <array>
#include <span>
#include <string_view>

#include "lib/base/types.hpp"

namespace nacre::wasm_script {

using base::u16;
using base::u32;
using base::u64;
using base::u8;
using base::usize;

/// What a constant is. An `Either` stands in front of its alternatives.
enum class ConstantKind : u8 {
  I32,
  I64,
  F32,
  F64,
  V128,
  NullReference,
  /// A reference that the host gave out, known by a number.
  HostReference,
  /// Any reference but null.
  SomeReference,
  Either,
};
constexpr u8 constant_kinds = static_cast<u8>(ConstantKind::Either) + 1;

/// How the 16 bytes of a v128 are told apart.
enum class LaneShape : u8 { I8x16, I16x8, I32x4, I64x2, F32x4, F64x2 };
constexpr u8 lane_shapes = static_cast<u8>(LaneShape::F64x2) + 1;

constexpr u32 bits_of_lane(LaneShape shape) {
  switch (shape) {
    case LaneShape::I8x16: return 8;
    case LaneShape::I16x8: return 16;
    case LaneShape::I32x4:
    case LaneShape::F32x4: return 32;
    case LaneShape::I64x2:
    case LaneShape::F64x2: return 64;
  }
  return 64;
}

/// A value that a script gives to a call, or what it expects of one.
struct Constant {
  ConstantKind kind = ConstantKind::I32;
  /// Of a v128.
  LaneShape shape = LaneShape::I32x4;
  /// Lanes that must be a canonical NaN or an arithmetic one, whatever their bits here say; bit 0
  /// is the first lane, and the only one of what is no v128.
  u16 canonical_nans = 0;
  u16 arithmetic_nans = 0;
  /// As in `wasm::Value`. Of a host's reference its number, of an `Either` how many of the
  /// constants behind it are its alternatives.
  std::array<u64, 2> bits{};

  friend bool operator==(const Constant&, const Constant&) = default;
};

enum class CommandKind : u8 {
  /// Loads and instantiates a module, which becomes the current one.
  Module,
  /// Only loads it.
  ModuleDefinition,
  /// Instantiates a definition, once more.
  ModuleInstance,
  /// Lets other modules import from one.
  Register,
  /// Calls, and wants nothing but that it returns.
  Action,
  AssertReturn,
  AssertTrap,
  AssertExhaustion,
  AssertException,
  AssertMalformed,
  AssertInvalid,
  AssertUnlinkable,
  AssertUninstantiable,
};
constexpr u8 command_kinds = static_cast<u8>(CommandKind::AssertUninstantiable) + 1;

/// One command of a script. Everything in it is borrowed from where it was read.
struct Command {
  CommandKind kind = CommandKind::Module;
  /// A global is read instead of a function called.
  bool reads_global = false;
  /// The module is in the text form, and not here.
  bool is_text = false;
  u32 line = 0;
  /// What is named: the module, the instance, or what to import from. Empty where it has no name.
  std::string_view name;
  /// Which module is meant; the current one where it is empty.
  std::string_view module;
  /// The module's bytes.
  std::span<const u8> bytes;
  /// What the error has to say.
  std::string_view text;
  /// What to call or read.
  std::string_view field;
  std::span<const Constant> arguments;
  std::span<const Constant> expected;
};

}  // namespace nacre::wasm_script
