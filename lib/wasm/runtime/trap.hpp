#pragma once

#include <string_view>

#include "lib/base/format.hpp"
#include "lib/base/types.hpp"

namespace nacre::wasm {

/// Why a program could not go on. [wasm/core: "Runtime Structure", "Traps"]
enum class Trap : base::u8 {
  Unreachable,
  IntegerDivideByZero,
  IntegerOverflow,
  InvalidConversion,
  MemoryOutOfBounds,
  TableOutOfBounds,
  UndefinedElement,
  UninitializedElement,
  IndirectCallType,
  NullReference,
  NullFunctionReference,
  NullExceptionReference,
  /// An exception that nothing catches.
  UncaughtException,
  StackExhausted,
  /// The host has no memory left for the guest's stack or code.
  OutOfMemory,
  /// The guest used up all fuel that it was ever given.
  OutOfFuel,
  /// A host function was called in a way that makes no sense.
  HostRefused,
};

/// In the terms of the specification's test suite.
constexpr std::string_view text_of(Trap trap) {
  switch (trap) {
    case Trap::Unreachable: return "unreachable";
    case Trap::IntegerDivideByZero: return "integer divide by zero";
    case Trap::IntegerOverflow: return "integer overflow";
    case Trap::InvalidConversion: return "invalid conversion to integer";
    case Trap::MemoryOutOfBounds: return "out of bounds memory access";
    case Trap::TableOutOfBounds: return "out of bounds table access";
    case Trap::UndefinedElement: return "undefined element";
    case Trap::UninitializedElement: return "uninitialized element";
    case Trap::IndirectCallType: return "indirect call type mismatch";
    case Trap::NullReference: return "null reference";
    case Trap::NullFunctionReference: return "null function reference";
    case Trap::NullExceptionReference: return "null exception reference";
    case Trap::UncaughtException: return "uncaught exception";
    case Trap::StackExhausted: return "call stack exhausted";
    case Trap::OutOfMemory: return "out of memory";
    case Trap::OutOfFuel: return "out of fuel";
    case Trap::HostRefused: return "refused by the host";
  }
  return "trap";
}
inline void format_value(base::Sink& sink, const Trap& trap) { sink.write(text_of(trap)); }

}  // namespace nacre::wasm
