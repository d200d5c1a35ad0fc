#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

#include "lib/wasm/binary/opcodes.hpp"
#include "lib/wasm/runtime/numeric.hpp"
#include "lib/wasm/runtime/value.hpp"

/// What the instructions of v128 have to compute, lane by lane from scalars, to compare with the
/// engine, which works on all lanes at once.
namespace nacre::wasm::reference {

/// A v128, or a scalar in the first slot.
using Vector = ValueSlots;
/// A function of them. There are hundreds, and `std::function` would take minutes to compile.
class Compute {
 public:
  template <class Function>
    requires std::is_trivially_copyable_v<Function>
  Compute(Function function)
      : call_([](const Compute& self, std::span<const Vector> operands) {
          std::array<std::byte, sizeof(Function)> bytes;
          std::copy_n(self.function_.begin(), bytes.size(), bytes.begin());
          return Vector(std::bit_cast<Function>(bytes)(operands));
        }) {
    static_assert(sizeof function <= sizeof function_);
    std::ranges::copy(std::bit_cast<std::array<std::byte, sizeof function>>(function),
                      function_.begin());
  }
  Vector operator()(std::span<const Vector> operands) const { return call_(*this, operands); }

 private:
  std::array<std::byte, 32> function_{};
  Vector (*call_)(const Compute& self, std::span<const Vector> operands);
};
struct Instruction {
  Opcode opcode;
  Compute compute;
};

template <class T>
constexpr usize count_of = 16 / sizeof(T);
template <class T>
using LanesOf = std::array<T, count_of<T>>;
template <class T>
LanesOf<T> lanes(const Vector& vector) {
  return std::bit_cast<LanesOf<T>>(vector);
}
template <class T>
Vector vector(const LanesOf<T>& lanes) {
  return std::bit_cast<Vector>(lanes);
}
template <class T>
Vector splat(T value) {
  LanesOf<T> lanes;
  lanes.fill(value);
  return vector<T>(lanes);
}

/// `function` on each lane of one, two or three operands, whose lanes are `In`; results go to the
/// first lanes, and lanes that are left over are 0.
template <class In, class Function>
Compute lanewise(Function function) {
  return [function](std::span<const Vector> operands) {
    auto const operand = [&](usize which, usize lane) { return lanes<In>(operands[which])[lane]; };
    auto const result_of = [&](usize lane) {
      if constexpr (std::is_invocable_v<Function, In>)
        return function(operand(0, lane));
      else if constexpr (std::is_invocable_v<Function, In, In>)
        return function(operand(0, lane), operand(1, lane));
      else
        return function(operand(0, lane), operand(1, lane), operand(2, lane));
    };
    using Out = decltype(result_of(0));
    LanesOf<Out> result{};
    for (usize lane = 0; lane < std::min(count_of<In>, count_of<Out>); ++lane)
      result[lane] = result_of(lane);
    return vector<Out>(result);
  };
}
/// A comparison.
template <class In, class Function>
Compute mask_where(Function holds) {
  using Mask = std::conditional_t<
      sizeof(In) == 1, u8,
      std::conditional_t<sizeof(In) == 2, u16, std::conditional_t<sizeof(In) == 4, u32, u64>>>;
  return lanewise<In>(
      [holds](In a, In b) { return static_cast<Mask>(holds(a, b) ? ~Mask{0} : Mask{0}); });
}
/// Brought into the range of `T`.
template <class T>
T clamped(i64 value) {
  return static_cast<T>(
      std::clamp<i64>(value, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
}
/// Results of `function(a, b)` brought into the range of `T`.
template <class T, class Function>
Compute saturating(Function function) {
  return lanewise<T>([function](T a, T b) { return clamped<T>(function(i64{a}, i64{b})); });
}
/// Of the lanes `In` of one half, `function`, as lanes `Out` of twice the width.
template <class In, class Out, class Function>
Compute of_half(usize half, Function function) {
  return [=](std::span<const Vector> operands) {
    LanesOf<Out> result{};
    for (usize lane = 0; lane < count_of<Out>; ++lane) {
      usize const from = lane + half * count_of<Out>;
      if constexpr (std::is_invocable_v<Function, In>)
        result[lane] = static_cast<Out>(function(lanes<In>(operands[0])[from]));
      else
        result[lane] =
            static_cast<Out>(function(lanes<In>(operands[0])[from], lanes<In>(operands[1])[from]));
    }
    return vector<Out>(result);
  };
}
/// For each pair of neighbouring lanes `In`, `function(first, second)` with the operand's lanes.
template <class In, class Out, class Function>
Compute of_pairs(Function function) {
  return [=](std::span<const Vector> operands) {
    LanesOf<Out> result{};
    for (usize lane = 0; lane < count_of<Out>; ++lane) {
      auto const at = [&](usize operand, usize which) {
        return i64{lanes<In>(operands[operand])[2 * lane + which]};
      };
      if constexpr (std::is_invocable_v<Function, i64, i64>)
        result[lane] = static_cast<Out>(function(at(0, 0), at(0, 1)));
      else
        result[lane] = static_cast<Out>(function(at(0, 0), at(0, 1), at(1, 0), at(1, 1)));
    }
    return vector<Out>(result);
  };
}
template <class From, class To>
Compute narrowed() {
  return [](std::span<const Vector> operands) {
    LanesOf<To> result{};
    for (usize lane = 0; lane < count_of<To>; ++lane)
      result[lane] =
          clamped<To>(lanes<From>(operands[lane / count_of<From>])[lane % count_of<From>]);
    return vector<To>(result);
  };
}
template <class T, class Function>
Compute shifted(Function function) {
  return [=](std::span<const Vector> operands) {
    auto result = lanes<T>(operands[0]);
    u32 const count = static_cast<u32>(operands[1][0]) % u32{8 * sizeof(T)};
    for (T& lane : result) lane = static_cast<T>(function(lane, count));
    return vector<T>(result);
  };
}
template <class T>
Compute all_true() {
  return [](std::span<const Vector> operands) {
    return Vector{std::ranges::count(lanes<T>(operands[0]), 0) == 0, 0};
  };
}
template <class T>
Compute bitmask() {
  return [](std::span<const Vector> operands) {
    u64 bits = 0;
    for (usize lane = 0; lane < count_of<T>; ++lane)
      if (lanes<T>(operands[0])[lane] < 0) bits |= u64{1} << lane;
    return Vector{bits, 0};
  };
}
/// From a scalar of type `From`, in every lane as a `T`.
template <class T>
Compute splatted() {
  return [](std::span<const Vector> operands) { return splat(static_cast<T>(operands[0][0])); };
}

/// All instructions that take operands from the stack alone.
std::vector<Instruction> all();

}  // namespace nacre::wasm::reference
