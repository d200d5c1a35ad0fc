#include "kernel/memory/heap.hpp"

#include <algorithm>
#include <bit>

#include "lib/base/assert.hpp"

namespace nacre::memory {

/// Objects start at a multiple of the largest power of two in their size, so that they all lie at
/// one.
constexpr usize Heap::first_object(usize size) {
  usize const natural = size & (~size + 1);
  return static_cast<usize>(base::align_up(sizeof(Slab), natural));
}

namespace {

constexpr usize size_step = 16;

/// The smallest class that holds a size, by the number of steps in it.
constexpr auto class_by_steps = [] {
  std::array<u8, Heap::class_sizes.back() / size_step + 1> table{};
  usize size_class = 0;
  for (usize steps = 0; steps < table.size(); ++steps) {
    while (Heap::class_sizes[size_class] < steps * size_step) ++size_class;
    table[steps] = static_cast<u8>(size_class);
  }
  return table;
}();

}  // namespace

/// The smallest class that holds `size` bytes at `alignment`, or the number of classes.
usize Heap::class_for(usize size, usize alignment) {
  if (size > class_sizes.back()) return class_sizes.size();
  usize size_class = class_by_steps[(size + size_step - 1) / size_step];
  while (size_class < class_sizes.size() && (class_sizes[size_class] & (alignment - 1)) != 0) {
    ++size_class;
  }
  return size_class;
}

void Heap::link(Slab& slab) {
  Slab*& list = partial_[slab.size_class];
  slab.previous = nullptr;
  slab.next = list;
  if (list != nullptr) list->previous = &slab;
  list = &slab;
}

void Heap::unlink(Slab& slab) {
  (slab.previous != nullptr ? slab.previous->next : partial_[slab.size_class]) = slab.next;
  if (slab.next != nullptr) slab.next->previous = slab.previous;
}

Heap::Slab* Heap::add_slab(usize size_class) {
  auto const block = frames_.allocate(slab_order);
  if (!block) return nullptr;
  // Every frame of the slab is found from a pointer by the slab's alignment; the mark stands on its
  // first.
  frames_.set_mark(*block, slab_mark);
  statistics_.held_bytes += slab_order.bytes();
  auto* const slab = frames_.window().at<Slab>(*block);
  usize const size = class_sizes[size_class];
  *slab = {.next = nullptr,
           .previous = nullptr,
           .free_objects = nullptr,
           .size_class = static_cast<base::u16>(size_class),
           .used = 0,
           .capacity = static_cast<base::u16>((slab_order.bytes() - first_object(size)) / size),
           .never_used = 0};
  link(*slab);
  return slab;
}

void Heap::count_allocation(u64 used, u64 held) {
  ++statistics_.allocations;
  statistics_.used_bytes += used;
  statistics_.held_bytes += held;
}

void* Heap::allocate_block(usize size) {
  if (size <= largest_block) {
    Order const order = Order::covering(size);
    if (auto const block = frames_.allocate(order)) {
      count_allocation(order.bytes(), order.bytes());
      return frames_.window().at<void>(*block);
    }
    // A page has no parts that could be found apart.
    if (order == single_frame) return nullptr;
  }
  if (mapped_ == nullptr) return nullptr;
  void* const block = mapped_->allocate(size);
  if (block == nullptr) return nullptr;
  u64 const bytes = mapped_->size_of(block);
  count_allocation(bytes, bytes);
  return block;
}

void* Heap::allocate(usize size, usize alignment) {
  NACRE_ASSERT(std::has_single_bit(alignment) && alignment <= hw::page_size);
  usize const size_class = class_for(std::max(size, usize{1}), alignment);
  if (size_class == class_sizes.size()) return allocate_block(size);

  Slab* slab = partial_[size_class];
  if (slab == nullptr) slab = add_slab(size_class);
  if (slab == nullptr) return nullptr;
  usize const object_size = class_sizes[size_class];
  void* result = slab->free_objects;
  if (result != nullptr) {
    slab->free_objects = slab->free_objects->next;
  } else {
    result = reinterpret_cast<u8*>(slab) + first_object(object_size) +
             usize{slab->never_used++} * object_size;
  }
  if (++slab->used == slab->capacity) unlink(*slab);
  count_allocation(object_size, 0);
  return result;
}

void Heap::free(void* pointer) {
  if (pointer == nullptr) return;
  --statistics_.allocations;
  if (mapped_ != nullptr && mapped_->owns(pointer)) {
    u64 const bytes = mapped_->size_of(pointer);
    statistics_.held_bytes -= bytes;
    statistics_.used_bytes -= bytes;
    return mapped_->free(pointer);
  }
  hw::PhysAddr const at = frames_.window().physical(pointer);
  hw::PhysAddr const slab_at{base::align_down(at.value, slab_order.bytes())};
  if (frames_.mark(slab_at) == slab_mark)
    return free_object(*frames_.window().at<Slab>(slab_at), pointer);

  Order const order = frames_.order_of(at);
  statistics_.held_bytes -= order.bytes();
  statistics_.used_bytes -= order.bytes();
  frames_.free(at, order);
}

void Heap::free_object(Slab& slab, void* pointer) {
  bool const was_full = slab.used == slab.capacity;
  NACRE_ASSERT(slab.used > 0);
  auto* const object = static_cast<FreeObject*>(pointer);
  object->next = slab.free_objects;
  slab.free_objects = object;
  --slab.used;
  statistics_.used_bytes -= class_sizes[slab.size_class];
  if (was_full) link(slab);
  // The last slab of a class stays: a program that takes and gives one object does not move frames.
  bool const others = slab.next != nullptr || slab.previous != nullptr;
  if (slab.used == 0 && others) {
    unlink(slab);
    statistics_.held_bytes -= slab_order.bytes();
    frames_.free(frames_.window().physical(&slab), slab_order);
  }
}

}  // namespace nacre::memory
