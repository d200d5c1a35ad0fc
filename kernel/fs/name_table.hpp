#pragma once

#include <span>
#include <string_view>

#include "kernel/fs/budget.hpp"
#include "lib/base/assert.hpp"
#include "lib/base/vector.hpp"

namespace nacre::fs {

/// The names in one directory and the nodes that they are of. Finding, adding and removing take the
/// same time however many there are; only the arrays are made anew now and then. Names are listed
/// in the order in which they were added, which makes a cookie of how many were added before.
///
/// Who uses it hashes the names, with a key that nobody knows.
class NameTable {
 public:
  /// A name and its node. Keeps its place in memory until it is removed; the name lies behind it.
  class Entry {
   public:
    std::string_view name() const {
      return {static_cast<const char*>(static_cast<const void*>(this + 1)), size_};
    }
    u32 node;

   private:
    friend class NameTable;
    Entry(u32 of_node, u32 hash, u8 size) : node(of_node), hash_(hash), size_(size) {}
    u32 hash_;
    u8 size_;  // of the name
  };

  NameTable() = default;
  NameTable(const NameTable&) = delete;
  NameTable& operator=(const NameTable&) = delete;
  /// The table must have been emptied.
  ~NameTable() { NACRE_ASSERT(count_ == 0); }

  usize size() const { return count_; }
  /// Null when there is none.
  Entry* find(std::string_view name, u32 hash) const;
  /// Adds a name that is not there. Errors: NoSpace, OutOfMemory; then nothing was changed.
  Result<Entry*> add(std::string_view name, u32 hash, u32 node, Budget& budget);
  /// Needs no memory.
  void remove(Entry& entry, Budget& budget);
  /// Removes all names.
  void clear(Budget& budget);

  /// What is listed, and the cookie of what follows it.
  struct Listed {
    const Entry* entry;
    u64 next;
  };
  /// Fills `out` from a cookie on; how many.
  usize list(u64 cookie, std::span<Listed> out) const;

 private:
  /// Of the index. What finding needs is here and in the entry, not in `order_`: in a large
  /// directory each further place is one more that is not in the cache.
  struct Slot {
    Entry* entry = nullptr;
    u32 hash = 0;
    u32 at = 0;  // its place in `order_`
  };
  struct Place {
    u64 sequence = 0;        // grows from place to place
    Entry* entry = nullptr;  // null where one was removed
  };

  static u64 cost_of(usize name_size);
  static void destroy(Entry* entry);
  usize mask() const { return slots_.size() - 1; }
  usize slot_of(const Entry& entry) const;
  static void put(std::span<Slot> slots, Slot slot);
  std::expected<void, base::OutOfMemory> rebuild_index(usize size);
  void close_gap(usize slot);
  void compact();

  base::Vector<Slot> slots_;  // a power of two of them, at most three quarters full
  base::Vector<Place> order_;
  u64 next_sequence_ = 1;
  u32 count_ = 0;
};

}  // namespace nacre::fs
