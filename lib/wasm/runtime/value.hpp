#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <type_traits>

#include "lib/wasm/binary/types.hpp"

namespace nacre::wasm {

/// Eight bytes of a value, as it lies on the value stack and is passed to host functions. A number
/// of 32 bits stands in the low half, with zeros above it. A reference is null as 0, else the
/// address of a `FunctionInstance` or whatever the host gave out. A v128 takes two slots.
using Slot = u64;

/// Room for any value; one that takes one slot leaves the second one 0.
using ValueSlots = std::array<Slot, 2>;

template <class T>
concept SlotValue = std::same_as<T, i32> || std::same_as<T, u32> || std::same_as<T, i64> ||
                    std::same_as<T, u64> || std::same_as<T, f32> || std::same_as<T, f64>;

template <SlotValue T>
constexpr Slot to_slot(T value) {
  if constexpr (sizeof(T) == 4)
    return std::bit_cast<u32>(value);
  else
    return std::bit_cast<u64>(value);
}
template <SlotValue T>
constexpr T from_slot(Slot slot) {
  if constexpr (sizeof(T) == 4)
    return std::bit_cast<T>(static_cast<u32>(slot));
  else
    return std::bit_cast<T>(slot);
}

/// The WebAssembly type that stands for a C++ one.
template <SlotValue T>
constexpr ValueType value_type_of() {
  if constexpr (std::same_as<T, f32>)
    return ValueType::F32;
  else if constexpr (std::same_as<T, f64>)
    return ValueType::F64;
  else
    return sizeof(T) == 4 ? ValueType::I32 : ValueType::I64;
}

/// A value that knows its type.
struct Value {
  ValueType type = ValueType::I32;
  ValueSlots slots{};

  constexpr Value() = default;
  constexpr Value(ValueType of_type, Slot slot) : type(of_type), slots{slot, 0} {}
  constexpr Value(ValueType of_type, ValueSlots both) : type(of_type), slots(both) {}
  template <SlotValue T>
  static constexpr Value of(T value) {
    return Value(value_type_of<T>(), to_slot(value));
  }
  template <SlotValue T>
  constexpr T as() const {
    return from_slot<T>(slots[0]);
  }
};

}  // namespace nacre::wasm
