#include "lib/exec/timer_queue.hpp"

#include <utility>

namespace nacre::exec {

/// Makes the later of two heaps a child of the earlier. Both are roots without siblings.
Timer* TimerQueue::merge(Timer* a, Timer* b) {
  if (a == nullptr) return b;
  if (b == nullptr) return a;
  if (before(*b, *a)) std::swap(a, b);
  b->sibling_ = a->child_;
  if (a->child_ != nullptr) a->child_->previous_ = b;
  b->previous_ = a;
  a->child_ = b;
  return a;
}

/// Merges a list of siblings into one heap: in pairs from the front, then the pairs from the back.
Timer* TimerQueue::merge_siblings(Timer* first) {
  Timer* pairs = nullptr;
  while (first != nullptr) {
    Timer* const second = first->sibling_;
    Timer* const rest = second != nullptr ? second->sibling_ : nullptr;
    first->sibling_ = first->previous_ = nullptr;
    if (second != nullptr) second->sibling_ = second->previous_ = nullptr;
    Timer* const pair = merge(first, second);
    pair->sibling_ = pairs;
    pairs = pair;
    first = rest;
  }
  Timer* heap = nullptr;
  while (pairs != nullptr) {
    Timer* const rest = pairs->sibling_;
    pairs->sibling_ = nullptr;
    heap = merge(heap, pairs);
    pairs = rest;
  }
  return heap;
}

void TimerQueue::arm(Timer& timer) {
  NACRE_ASSERT(!timer.is_armed());
  timer.order_ = armed_++;
  timer.queue_ = this;
  root_ = merge(root_, &timer);
}

void TimerQueue::remove(Timer& timer) {
  if (&timer == root_) {
    root_ = nullptr;
  } else {
    if (timer.previous_->child_ == &timer) {
      timer.previous_->child_ = timer.sibling_;
    } else {
      timer.previous_->sibling_ = timer.sibling_;
    }
    if (timer.sibling_ != nullptr) timer.sibling_->previous_ = timer.previous_;
  }
  Timer* const orphans = merge_siblings(timer.child_);
  timer.child_ = timer.sibling_ = timer.previous_ = nullptr;
  timer.queue_ = nullptr;
  root_ = merge(root_, orphans);
}

void TimerQueue::disarm(Timer& timer) {
  NACRE_ASSERT(timer.queue_ == this);
  remove(timer);
}

base::usize TimerQueue::expire(base::Instant now) {
  base::u64 const armed_before = armed_;
  base::usize count = 0;
  while (root_ != nullptr && root_->deadline_ <= now && root_->order_ < armed_before) {
    Timer& timer = *root_;
    remove(timer);
    timer.expired();
    ++count;
  }
  return count;
}

}  // namespace nacre::exec
