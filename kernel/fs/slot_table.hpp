#pragma once

#include <array>
#include <bit>
#include <memory>

#include "lib/base/memory.hpp"
#include "lib/base/try.hpp"
#include "lib/base/vector.hpp"

namespace nacre::fs {

/// Objects that come and go, by small numbers. They keep their places; where many lay and none is
/// left, the memory goes back. A number is used again after its object went.
template <class T>
class SlotTable {
 public:
  SlotTable() = default;
  SlotTable(const SlotTable&) = delete;
  SlotTable& operator=(const SlotTable&) = delete;
  ~SlotTable() {
    for_each([](T& object) { std::destroy_at(&object); });
  }

  T& operator[](base::usize number) {
    Group& group = *groups_[number / group_size];
    NACRE_ASSERT(group.is_used(number % group_size));
    return group.slots[number % group_size].object;
  }
  const T& operator[](base::usize number) const { return const_cast<SlotTable&>(*this)[number]; }
  base::usize size() const { return size_; }
  template <class Visit>
  void for_each(Visit&& visit) {
    for (auto& group : groups_) {
      for (base::usize i = 0; group && i < group_size; ++i)
        if (group->is_used(i)) visit(group->slots[i].object);
    }
  }

  /// Makes an object; its number. Errors: OutOfMemory, and then nothing was changed.
  template <class... Arguments>
  std::expected<base::usize, base::OutOfMemory> add(Arguments&&... arguments) {
    if (first_open_ == none) {
      TRY(open_group());
    }
    base::usize const at = first_open_;
    Group& group = *groups_[at];
    auto const i = static_cast<base::usize>(std::countr_one(group.used));
    std::construct_at(&group.slots[i].object, std::forward<Arguments>(arguments)...);
    group.used |= base::u64{1} << i;
    if (group.used == all_used) unlink(at);
    ++size_;
    return at * group_size + i;
  }

  void remove(base::usize number) {
    base::usize const at = number / group_size;
    Group& group = *groups_[at];
    NACRE_ASSERT(group.is_used(number % group_size));
    std::destroy_at(&group.slots[number % group_size].object);
    if (group.used == all_used) link(at);
    group.used &= ~(base::u64{1} << number % group_size);
    --size_;
    // One that is empty is kept for what comes next.
    if (group.used != 0 || (group.next == none && group.previous == none)) return;
    unlink(at);
    groups_[at].reset();
    free_places_ += 1;
  }

 private:
  static constexpr base::usize group_bytes = 8192;
  static constexpr base::usize group_size =
      std::min<base::usize>(63, (group_bytes - 32) / sizeof(T));
  static constexpr base::u64 all_used = (base::u64{1} << group_size) - 1;
  static constexpr base::usize none = SIZE_MAX;
  static_assert(group_size > 0);

  union Slot {
    Slot() {}
    ~Slot() {}
    T object;
  };
  struct Group {
    base::u64 used = 0;  // a bit for each slot
    // Groups that have room are a list.
    base::usize next = none;
    base::usize previous = none;
    std::array<Slot, group_size> slots;

    bool is_used(base::usize i) const { return (used >> i & 1) != 0; }
  };
  static_assert(sizeof(Group) <= group_bytes);

  std::expected<void, base::OutOfMemory> open_group() {
    TRY(auto group, base::try_make<Group>());
    base::usize at = groups_.size();
    if (free_places_ > 0) {
      at = 0;
      while (groups_[at]) ++at;
      --free_places_;
      groups_[at] = std::move(group);
    } else {
      TRY(groups_.try_push_back(std::move(group)));
    }
    link(at);
    return {};
  }
  void link(base::usize at) {
    groups_[at]->next = first_open_;
    if (first_open_ != none) groups_[first_open_]->previous = at;
    first_open_ = at;
  }
  void unlink(base::usize at) {
    Group& group = *groups_[at];
    if (group.previous != none) groups_[group.previous]->next = group.next;
    if (group.next != none) groups_[group.next]->previous = group.previous;
    if (first_open_ == at) first_open_ = group.next;
    group.next = group.previous = none;
  }

  base::Vector<base::Box<Group>> groups_;  // null where one went
  base::usize first_open_ = none;
  base::usize free_places_ = 0;  // of `groups_`
  base::usize size_ = 0;
};

}  // namespace nacre::fs
