#include "kernel/fs/chunk_table.hpp"

#include "lib/base/memory.hpp"
#include "lib/base/try.hpp"

namespace nacre::fs {

Chunk* ChunkTable::find(u64 number) {
  if (root_ == nullptr) return number == 0 && first_.bytes != nullptr ? &first_ : nullptr;
  if (is_beyond(number, height_)) return nullptr;
  void* table = root_;
  for (unsigned height = height_; height > 1; --height) {
    table = static_cast<Inner*>(table)->children[index_in(number, height)];
    if (table == nullptr) return nullptr;
  }
  return &static_cast<Leaf*>(table)->chunks[index_in(number, 1)];
}

Result<Chunk*> ChunkTable::place(u64 number, Budget& budget) {
  if (root_ == nullptr && number == 0) return &first_;
  unsigned const height_before = height_;
  while (root_ == nullptr || is_beyond(number, height_)) {
    if (auto const grown = grow(budget); !grown) {
      shrink_to(height_before, budget);
      return std::unexpected(grown.error());
    }
  }
  // The first table on the way down that was not there.
  void** added = nullptr;
  unsigned added_height = 0;
  void* table = root_;
  for (unsigned height = height_; height > 1; --height) {
    void*& child = static_cast<Inner*>(table)->children[index_in(number, height)];
    if (child == nullptr) {
      auto const made = make_table(height - 1, budget);
      if (!made) {
        if (added != nullptr) drop_below(std::exchange(*added, nullptr), added_height, 0, budget);
        shrink_to(height_before, budget);
        return std::unexpected(made.error());
      }
      child = *made;
      if (added == nullptr) {
        added = &child;
        added_height = height - 1;
      }
    }
    table = child;
  }
  return &static_cast<Leaf*>(table)->chunks[index_in(number, 1)];
}

/// Puts a table on top.
Result<void> ChunkTable::grow(Budget& budget) {
  TRY(void* const table, make_table(height_ + 1, budget));
  if (root_ == nullptr) {
    static_cast<Leaf*>(table)->chunks[0] = std::exchange(first_, {});
  } else {
    static_cast<Inner*>(table)->children[0] = root_;
  }
  root_ = table;
  ++height_;
  return {};
}

/// Takes off the tables on top that `grow` put there, which lead to nothing else.
void ChunkTable::shrink_to(unsigned height, Budget& budget) {
  for (; height_ > height; --height_) {
    void* const table = root_;
    if (height_ == 1) {
      first_ = static_cast<Leaf*>(table)->chunks[0];
      root_ = nullptr;
    } else {
      root_ = static_cast<Inner*>(table)->children[0];
    }
    free_table(table, height_, budget);
  }
}

void ChunkTable::drop_from(u64 number, Budget& budget) {
  if (root_ == nullptr) {
    if (number == 0) drop(first_, budget);
    return;
  }
  if (is_beyond(number, height_) || !drop_below(root_, height_, number, budget)) return;
  root_ = nullptr;
  height_ = 0;
}

bool ChunkTable::drop_below(void* table, unsigned height, u64 number, Budget& budget) {
  usize const first = index_in(number, height);
  if (height == 1) {
    auto& chunks = static_cast<Leaf*>(table)->chunks;
    for (usize i = first; i < fanout; ++i) drop(chunks[i], budget);
  } else {
    auto& children = static_cast<Inner*>(table)->children;
    u64 const rest = number & ((u64{1} << bits * (height - 1)) - 1);
    for (usize i = first; i < fanout; ++i) {
      if (children[i] == nullptr) continue;
      if (drop_below(children[i], height - 1, i == first ? rest : 0, budget)) children[i] = nullptr;
    }
  }
  if (number != 0) return false;
  free_table(table, height, budget);
  return true;
}

Result<void*> ChunkTable::make_table(unsigned height, Budget& budget) {
  usize const size = height == 1 ? sizeof(Leaf) : sizeof(Inner);
  TRY(budget.take(size));
  void* table = nullptr;
  if (height == 1) {
    table = new (std::nothrow) Leaf();
  } else {
    table = new (std::nothrow) Inner();
  }
  if (table != nullptr) return table;
  budget.give_back(size);
  return fail(ErrorKind::OutOfMemory);
}

void ChunkTable::free_table(void* table, unsigned height, Budget& budget) {
  if (height == 1) {
    delete static_cast<Leaf*>(table);
    budget.give_back(sizeof(Leaf));
  } else {
    delete static_cast<Inner*>(table);
    budget.give_back(sizeof(Inner));
  }
}

void ChunkTable::drop(Chunk& chunk, Budget& budget) {
  if (chunk.bytes == nullptr) return;
  base::deallocate(chunk.bytes, chunk.capacity, 1);
  budget.give_back(chunk.capacity);
  chunk = {};
}

}  // namespace nacre::fs
