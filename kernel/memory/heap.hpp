#pragma once

#include <array>

#include "kernel/memory/frame_allocator.hpp"
#include "kernel/memory/mapped_blocks.hpp"

namespace nacre::memory {

/// Memory for objects: size classes cut from slabs, and whole blocks of frames for what is larger
/// than the largest class. Those lie in the direct map and need no page tables. What is larger than
/// `largest_block`, or finds no block of frames although there are frames, is mapped. Context: task
/// or boot; no interrupts.
class Heap {
 public:
  /// Without `mapped`, there are no larger blocks.
  explicit Heap(FrameAllocator& frames, MappedBlocks* mapped = nullptr)
      : frames_(frames), mapped_(mapped) {}
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;

  /// At least `size` bytes aligned to `alignment`, a power of two of at most a page, or null.
  [[nodiscard]] void* allocate(usize size, usize alignment);
  /// Gives back what `allocate` gave. Null is nothing.
  void free(void* pointer);

  struct Statistics {
    u64 allocations = 0;  // alive now
    u64 used_bytes = 0;   // of their classes and blocks
    u64 held_bytes = 0;   // taken from the frames
  };
  const Statistics& statistics() const { return statistics_; }

  static constexpr std::array<base::u16, 14> class_sizes{16,  32,  48,  64,  96,   128,  192,
                                                         256, 384, 512, 768, 1024, 1536, 2048};
  /// Beyond this, what rounding up to a power of two would waste weighs more than page tables do.
  static constexpr u64 largest_block = u64{512} << 10;

 private:
  struct FreeObject {
    FreeObject* next;
  };
  /// At the start of each slab. A slab is a block of `slab_order` frames, aligned to its size.
  struct Slab {
    Slab* next;
    Slab* previous;
    FreeObject* free_objects;
    base::u16 size_class;
    base::u16 used;
    base::u16 capacity;
    base::u16 never_used;  // objects from this index on were never given out
  };
  static constexpr Order slab_order{2};
  static constexpr u8 slab_mark = 1;

  static constexpr usize first_object(usize size);
  static usize class_for(usize size, usize alignment);
  void* allocate_block(usize size);
  void count_allocation(u64 used, u64 held);
  Slab* add_slab(usize size_class);
  void link(Slab& slab);
  void unlink(Slab& slab);
  void free_object(Slab& slab, void* pointer);

  FrameAllocator& frames_;
  MappedBlocks* mapped_;
  /// Slabs of each class that have room.
  std::array<Slab*, class_sizes.size()> partial_{};
  Statistics statistics_;
};

}  // namespace nacre::memory
