#pragma once

#include <expected>
#include <span>

#include "lib/base/memory.hpp"
#include "lib/base/vector.hpp"
#include "lib/wasm/runtime/value.hpp"

namespace nacre::wasm {

struct TagInstance;

/// An exception that was thrown: a tag and the values that it carries, which stand behind this
/// record. An `exnref` is its address. [wasm/core: "Exception Instances"]
struct Exception {
  const TagInstance* tag;
  usize slot_count;
  bool is_marked = false;
  /// Of those whose values are still to be looked through.
  Exception* next_marked = nullptr;

  std::span<Slot> slots() { return {std::bit_cast<Slot*>(this + 1), slot_count}; }
  usize size() const { return sizeof(Exception) + slot_count * sizeof(Slot); }
};

/// A reference to an exception as a slot, and back.
inline Slot reference_to(Exception* exception) { return std::bit_cast<Slot>(exception); }
inline Exception* exception_of(Slot reference) { return std::bit_cast<Exception*>(reference); }

/// Owns exceptions, and frees those that nothing refers to. Whoever may hold references marks them,
/// between `begin_marking` and `sweep`, in slots of any meaning: a number that happens to be the
/// address of an exception keeps it alive, nothing more.
class ExceptionHeap {
 public:
  explicit ExceptionHeap(usize limit) : limit_(limit) {}
  ExceptionHeap(const ExceptionHeap&) = delete;
  ExceptionHeap& operator=(const ExceptionHeap&) = delete;
  ~ExceptionHeap();

  /// Errors: OutOfMemory, also above the limit.
  std::expected<Exception*, base::OutOfMemory> create(const TagInstance& tag,
                                                      std::span<const Slot> values);
  /// Whether enough was made since the last time to be worth looking for what can be freed.
  bool should_collect() const { return made_ >= threshold_; }

  void begin_marking() { marked_slots_ = 0; }
  void mark(std::span<const Slot> slots);
  void sweep();

  usize count() const { return exceptions_.size(); }

 private:
  static constexpr usize least_threshold = 65'536;

  usize bucket_of(const Exception* exception) const;
  std::expected<void, base::OutOfMemory> grow_buckets();
  void fill_buckets();
  void mark_one(Slot slot);

  base::Vector<Exception*> exceptions_;
  /// Open addressing, at most half full.
  base::Vector<Exception*> buckets_;
  Exception* to_look_through_ = nullptr;
  usize limit_;
  /// Bytes of all, and of those made since the last sweep.
  usize size_ = 0;
  usize made_ = 0;
  usize threshold_ = least_threshold;
  usize marked_slots_ = 0;
};

}  // namespace nacre::wasm
