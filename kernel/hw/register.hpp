#pragma once

#include <concepts>
#include <type_traits>

#include "lib/base/types.hpp"

namespace nacre::hw {

/// Bits `High` to `Low` of a register, as values of type `T`.
template <unsigned High, unsigned Low, class T>
struct Field {
  static_assert(High >= Low);
  using Value = T;
  static constexpr unsigned low = Low;
  static constexpr unsigned width = High - Low + 1;
};

/// A register as a value: named fields over one integer, so that what is written to hardware is
/// composed and tested without hardware. A device's register derives from this and names its
/// fields.
template <class Self, std::unsigned_integral Bits>
struct Register {
  using BitsType = Bits;
  Bits bits{};

  template <class F>
  constexpr F::Value get() const {
    return static_cast<F::Value>((bits >> F::low) & mask<F>());
  }
  /// A copy with the field set; bits of `value` beyond the field's width are dropped.
  template <class F>
  constexpr Self with(typename F::Value value) const {
    Self changed;
    Bits const raw = static_cast<Bits>(value) & mask<F>();
    changed.bits =
        static_cast<Bits>((bits & static_cast<Bits>(~static_cast<Bits>(mask<F>() << F::low))) |
                          static_cast<Bits>(raw << F::low));
    return changed;
  }
  static constexpr Self from(Bits raw) {
    Self value;
    value.bits = raw;
    return value;
  }

 private:
  template <class F>
  static constexpr Bits mask() {
    if constexpr (F::width >= sizeof(Bits) * 8) {
      return static_cast<Bits>(~Bits{});
    } else {
      return static_cast<Bits>((Bits{1} << F::width) - 1);
    }
  }
};

/// What a driver is given to reach its registers: the device in the kernel, a fake in a unit test.
/// `read<R>()` and `write(R)` find the register by `R::offset`.
template <class Io, class R>
concept RegisterIo = requires(Io& io, R value) {
  { io.template read<R>() } -> std::same_as<R>;
  io.write(value);
};

}  // namespace nacre::hw
