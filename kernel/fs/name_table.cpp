#include "kernel/fs/name_table.hpp"

#include <algorithm>
#include <memory>

#include "lib/base/memory.hpp"
#include "lib/base/try.hpp"

namespace nacre::fs {
namespace {

constexpr usize smallest_index = 8;
/// Removed places are let be until there are that many more than names.
constexpr usize spare_places = 32;

}  // namespace

/// What a name takes, with its share of the arrays.
u64 NameTable::cost_of(usize name_size) {
  return sizeof(Entry) + name_size + 2 * sizeof(Slot) + 2 * sizeof(Place);
}

void NameTable::destroy(Entry* entry) {
  usize const size = sizeof(Entry) + entry->size_;
  std::destroy_at(entry);
  base::deallocate(entry, size, alignof(Entry));
}

// ---- The index: open addressing, each entry at the first free slot behind where its hash says

NameTable::Entry* NameTable::find(std::string_view name, u32 hash) const {
  if (slots_.empty()) return nullptr;
  for (usize i = hash & mask(); slots_[i].entry != nullptr; i = (i + 1) & mask())
    if (slots_[i].hash == hash && slots_[i].entry->name() == name) return slots_[i].entry;
  return nullptr;
}

usize NameTable::slot_of(const Entry& entry) const {
  usize i = entry.hash_ & mask();
  while (slots_[i].entry != &entry) i = (i + 1) & mask();
  return i;
}

void NameTable::put(std::span<Slot> slots, Slot slot) {
  usize const mask = slots.size() - 1;
  usize i = slot.hash & mask;
  while (slots[i].entry != nullptr) i = (i + 1) & mask;
  slots[i] = slot;
}

std::expected<void, base::OutOfMemory> NameTable::rebuild_index(usize size) {
  TRY(auto fresh, base::Vector<Slot>::create(size));
  for (Slot const slot : slots_)
    if (slot.entry != nullptr) put(std::span(fresh.data(), fresh.size()), slot);
  slots_ = std::move(fresh);
  return {};
}

/// Frees a slot and moves those behind it up that would not be found any more.
void NameTable::close_gap(usize slot) {
  for (usize i = (slot + 1) & mask(); slots_[i].entry != nullptr; i = (i + 1) & mask()) {
    usize const home = slots_[i].hash & mask();
    // It may stay if its way begins behind the gap.
    if (((i - home) & mask()) < ((i - slot) & mask())) continue;
    slots_[slot] = slots_[i];
    slot = i;
  }
  slots_[slot] = {};
}

// ---- Adding and removing

Result<NameTable::Entry*> NameTable::add(std::string_view name, u32 hash, u32 node,
                                         Budget& budget) {
  if (order_.size() >= UINT32_MAX) return fail(ErrorKind::NoSpace);
  if ((usize{count_} + 1) * 4 > slots_.size() * 3) {
    TRY(rebuild_index(std::max(slots_.size() * 2, smallest_index)));
  }
  TRY(budget.take(cost_of(name.size())));
  void* const memory = base::allocate(sizeof(Entry) + name.size(), alignof(Entry));
  bool const listed = memory != nullptr && order_.try_push_back({next_sequence_, nullptr});
  if (!listed) {
    base::deallocate(memory, sizeof(Entry) + name.size(), alignof(Entry));
    budget.give_back(cost_of(name.size()));
    return fail(ErrorKind::OutOfMemory);
  }
  auto* const entry = new (memory) Entry(node, hash, static_cast<u8>(name.size()));
  std::ranges::copy(name, static_cast<char*>(static_cast<void*>(entry + 1)));
  order_.back().entry = entry;
  put(std::span(slots_.data(), slots_.size()), {entry, hash, static_cast<u32>(order_.size() - 1)});
  ++next_sequence_;
  ++count_;
  return entry;
}

void NameTable::remove(Entry& entry, Budget& budget) {
  usize const slot = slot_of(entry);
  order_[slots_[slot].at].entry = nullptr;
  close_gap(slot);
  budget.give_back(cost_of(entry.size_));
  destroy(&entry);
  --count_;
  if (count_ == 0) {
    slots_ = {};
    order_ = {};
  } else if (order_.size() > 2 * usize{count_} + spare_places) {
    compact();
  }
}

void NameTable::clear(Budget& budget) {
  for (Place const place : order_) {
    if (place.entry == nullptr) continue;
    budget.give_back(cost_of(place.entry->size_));
    destroy(place.entry);
  }
  slots_ = {};
  order_ = {};
  count_ = 0;
}

/// Moves the entries together. Sequence numbers stay.
void NameTable::compact() {
  usize to = 0;
  for (usize from = 0; from < order_.size(); ++from) {
    const Entry* const entry = order_[from].entry;
    if (entry == nullptr) continue;
    slots_[slot_of(*entry)].at = static_cast<u32>(to);
    order_[to++] = order_[from];
  }
  order_.truncate(to);
  // Less memory, if there is memory to move to.
  if (slots_.size() > 8 * usize{count_} && slots_.size() > smallest_index)
    static_cast<void>(rebuild_index(slots_.size() / 4));
  if (order_.capacity() > 4 * to) {
    base::Vector<Place> fresh;
    if (fresh.try_append({order_.data(), to})) order_ = std::move(fresh);
  }
}

// ---- Listing

usize NameTable::list(u64 cookie, std::span<Listed> out) const {
  auto const before = [](const Place& place, u64 sequence) { return place.sequence < sequence; };
  const Place* at = std::lower_bound(order_.begin(), order_.end(), cookie, before);
  usize count = 0;
  for (; at != order_.end() && count < out.size(); ++at)
    if (at->entry != nullptr) out[count++] = {at->entry, at->sequence + 1};
  return count;
}

}  // namespace nacre::fs
