#pragma once

#include <array>
#include <utility>

#include "kernel/fs/budget.hpp"
#include "lib/base/assert.hpp"

namespace nacre::fs {

/// A part of a file that has memory of its own: the first `capacity` bytes of it. What is behind
/// them is zero.
struct Chunk {
  u8* bytes = nullptr;
  u32 capacity = 0;
};

/// The chunks of a file, by number; most numbers may have none. A tree of tables that is as high as
/// the highest number needs. Its memory is taken from a budget, which every function gets again.
///
/// Chunk 0, all that most files have, needs no table.
class ChunkTable {
 public:
  ChunkTable() = default;
  ChunkTable(const ChunkTable&) = delete;
  ChunkTable& operator=(const ChunkTable&) = delete;
  /// The table must have been emptied.
  ~ChunkTable() { NACRE_ASSERT(root_ == nullptr && first_.bytes == nullptr); }

  /// Null where nobody made a place.
  Chunk* find(u64 number);
  const Chunk* find(u64 number) const { return const_cast<ChunkTable*>(this)->find(number); }
  /// The place of a chunk, made if need be. Good until the table is changed. Errors: NoSpace,
  /// OutOfMemory; then nothing was changed.
  Result<Chunk*> place(u64 number, Budget& budget);
  /// Frees all chunks from a number on.
  void drop_from(u64 number, Budget& budget);
  bool empty() const { return root_ == nullptr && first_.bytes == nullptr; }

  /// Frees one chunk's memory.
  static void drop(Chunk& chunk, Budget& budget);

 private:
  static constexpr unsigned bits = 5;  // of a number, that one table tells apart
  static constexpr usize fanout = usize{1} << bits;
  /// Tables that lead to any number: chunks of 64 KiB in files of at most 2^63 bytes.
  static constexpr unsigned max_height = 10;

  struct Leaf {
    std::array<Chunk, fanout> chunks{};
  };
  /// Of leaves, or of further tables.
  struct Inner {
    std::array<void*, fanout> children{};
  };
  static constexpr usize index_in(u64 number, unsigned height) {
    return number >> (bits * (height - 1)) & (fanout - 1);
  }
  /// Whether `number` lies beyond what a tree of this height reaches.
  static constexpr bool is_beyond(u64 number, unsigned height) {
    return number >> (bits * height) != 0;
  }
  Result<void> grow(Budget& budget);
  void shrink_to(unsigned height, Budget& budget);
  static Result<void*> make_table(unsigned height, Budget& budget);
  static void free_table(void* table, unsigned height, Budget& budget);
  /// Frees what is below a table from a number on that is relative to it. Whether all of it went.
  static bool drop_below(void* table, unsigned height, u64 number, Budget& budget);

  Chunk first_;           // as long as there is no tree
  void* root_ = nullptr;  // a leaf at height 1, else an inner table
  unsigned height_ = 0;
};

}  // namespace nacre::fs
