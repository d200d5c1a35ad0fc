#include "lib/wasm/runtime/exception.hpp"

#include <algorithm>

#include "lib/base/try.hpp"

namespace nacre::wasm {
namespace {

void destroy(Exception* exception) {
  base::deallocate(exception, exception->size(), alignof(Exception));
}

}  // namespace

ExceptionHeap::~ExceptionHeap() {
  for (Exception* const exception : exceptions_) destroy(exception);
}

/// Where it stands, or the free bucket where it belongs.
usize ExceptionHeap::bucket_of(const Exception* exception) const {
  usize const mask = buckets_.size() - 1;
  u64 const mixed = std::bit_cast<u64>(exception) * 0x9e37'79b9'7f4a'7c15;
  usize bucket = (mixed >> 32) & mask;
  while (buckets_[bucket] != nullptr && buckets_[bucket] != exception) bucket = (bucket + 1) & mask;
  return bucket;
}

void ExceptionHeap::fill_buckets() {
  std::ranges::fill(buckets_, nullptr);
  for (Exception* const exception : exceptions_) buckets_[bucket_of(exception)] = exception;
}

std::expected<void, base::OutOfMemory> ExceptionHeap::grow_buckets() {
  if ((exceptions_.size() + 1) * 2 <= buckets_.size()) return {};
  TRY(auto fresh, base::Vector<Exception*>::create(std::max<usize>(64, buckets_.size() * 2)));
  buckets_ = std::move(fresh);
  fill_buckets();
  return {};
}

std::expected<Exception*, base::OutOfMemory> ExceptionHeap::create(const TagInstance& tag,
                                                                   std::span<const Slot> values) {
  Exception const header{&tag, values.size()};
  if (header.size() > limit_ - size_) return std::unexpected(base::OutOfMemory{});
  TRY(exceptions_.try_reserve(exceptions_.size() + 1));
  TRY(grow_buckets());
  void* const memory = base::allocate(header.size(), alignof(Exception));
  if (memory == nullptr) return std::unexpected(base::OutOfMemory{});
  auto* const exception = std::construct_at(static_cast<Exception*>(memory), header);
  std::ranges::copy(values, exception->slots().begin());
  exceptions_.push_back_reserved(exception);
  buckets_[bucket_of(exception)] = exception;
  size_ += exception->size();
  made_ += exception->size();
  return exception;
}

void ExceptionHeap::mark_one(Slot slot) {
  Exception* const exception = buckets_[bucket_of(exception_of(slot))];
  if (exception == nullptr || exception->is_marked) return;
  exception->is_marked = true;
  exception->next_marked = std::exchange(to_look_through_, exception);
}

void ExceptionHeap::mark(std::span<const Slot> slots) {
  if (buckets_.empty()) return;
  marked_slots_ += slots.size();
  for (Slot const slot : slots)
    if (slot != 0) mark_one(slot);
  while (to_look_through_ != nullptr) {
    Exception& exception = *std::exchange(to_look_through_, to_look_through_->next_marked);
    for (Slot const slot : exception.slots())
      if (slot != 0) mark_one(slot);
  }
}

void ExceptionHeap::sweep() {
  usize kept = 0;
  for (Exception* const exception : exceptions_) {
    if (exception->is_marked) {
      exception->is_marked = false;
      exceptions_[kept++] = exception;
    } else {
      size_ -= exception->size();
      destroy(exception);
    }
  }
  exceptions_.truncate(kept);
  fill_buckets();
  made_ = 0;
  // The next time comes when as much was made as this time was looked at, so that the work for each
  // exception is bounded.
  threshold_ = std::max({least_threshold, size_, marked_slots_ * sizeof(Slot) / 4});
}

}  // namespace nacre::wasm
