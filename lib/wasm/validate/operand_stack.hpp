#pragma once

#include <algorithm>

#include "lib/base/try.hpp"
#include "lib/base/vector.hpp"
#include "lib/wasm/binary/types.hpp"

namespace nacre::wasm {

/// The operand stack of the validation algorithm: types, and how many slots they took at most.
class OperandStack {
 public:
  /// A value type, or, because no execution gets there, one that can be anything, or any reference
  /// but null.
  using Operand = u32;
  static constexpr Operand unknown = 0;
  static constexpr Operand unknown_reference = 1;
  static constexpr Operand operand(ValueType type) { return static_cast<Operand>(type); }

  usize size() const { return size_; }
  u32 max_slots() const { return max_slots_; }
  Operand operator[](usize index) const {
    NACRE_ASSERT(index < size_);
    return bottom()[index];
  }

  void clear() { size_ = slots_ = max_slots_ = 0; }
  std::expected<void, base::OutOfMemory> push(Operand type) {
    TRY(make_room(1));
    bottom()[size_++] = type;
    take_slots(slots_of(type));
    return {};
  }
  /// There is one.
  Operand pop() {
    Operand const top = (*this)[size_ - 1];
    --size_;
    slots_ -= slots_of(top);
    return top;
  }
  void cut_to(usize size) {
    while (size_ > size) pop();
  }
  /// For what is on the stack when the code runs and has no type here.
  void take_slots(u32 count) {
    slots_ += count;
    max_slots_ = std::max(max_slots_, slots_);
  }
  void give_slots(u32 count) { slots_ -= count; }

  // For many instructions at once: the place of the operands, with room for `count` more, and what
  // became of them. Only operands of one slot may have come and gone. Two operands can be looked
  // at, whatever they are, even where there are none.
  std::expected<Operand*, base::OutOfMemory> begin_with_room(usize count) {
    TRY(make_room(count));
    return bottom();
  }
  void end_with(usize size, usize largest_size) {
    take_slots(static_cast<u32>(largest_size - size_));
    slots_ -= static_cast<u32>(largest_size - size);
    size_ = size;
  }

 private:
  static constexpr u32 slots_of(Operand type) { return type == operand(ValueType::V128) ? 2 : 1; }
  std::expected<void, base::OutOfMemory> make_room(usize count) {
    if (below + size_ + count <= types_.size()) [[likely]]
      return {};
    return types_.try_resize(std::max(below + size_ + count, types_.size() * 2));
  }
  /// There was room made for one.
  Operand* bottom() { return types_.data() + below; }
  const Operand* bottom() const { return types_.data() + below; }

  static constexpr usize below = 2;
  /// From `bottom` on, `size_` are on the stack.
  base::Vector<Operand> types_;
  usize size_ = 0;
  u32 slots_ = 0;
  u32 max_slots_ = 0;
};

}  // namespace nacre::wasm
