#pragma once

#include "lib/base/assert.hpp"
#include "lib/base/time.hpp"

namespace nacre::exec {

/// A point in time that something waits for. Lives where its waiter lives, usually in a coroutine
/// frame; leaves its queue when it is destroyed.
class Timer {
 public:
  explicit Timer(base::Instant deadline) : deadline_(deadline) {}
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  virtual ~Timer();

  base::Instant deadline() const { return deadline_; }
  bool is_armed() const { return queue_ != nullptr; }
  /// Called in task context when the deadline has passed; the timer has left its queue by then.
  virtual void expired() = 0;

 protected:
  void set_deadline(base::Instant deadline) {
    NACRE_ASSERT(!is_armed());
    deadline_ = deadline;
  }

 private:
  friend class TimerQueue;
  base::Instant deadline_;
  base::u64 order_ = 0;  // of two timers for one instant, the one armed first expires first
  class TimerQueue* queue_ = nullptr;
  // A pairing heap through the timers: `previous_` is the parent of a first child, else the
  // sibling.
  Timer* child_ = nullptr;
  Timer* sibling_ = nullptr;
  Timer* previous_ = nullptr;
};

/// Timers by deadline: arming is constant time, expiry and disarming logarithmic (amortised), and
/// nothing allocates. Task context.
class TimerQueue {
 public:
  TimerQueue() = default;
  TimerQueue(const TimerQueue&) = delete;
  TimerQueue& operator=(const TimerQueue&) = delete;
  ~TimerQueue() { NACRE_ASSERT(root_ == nullptr); }

  void arm(Timer& timer);
  void disarm(Timer& timer);
  /// The earliest deadline, or `Instant::never()`.
  base::Instant next_deadline() const {
    return root_ == nullptr ? base::Instant::never() : root_->deadline_;
  }
  /// Expires all timers whose deadline is not after `now`, in the order of their deadlines. Returns
  /// how many there were. Timers that are armed meanwhile wait for the next call.
  base::usize expire(base::Instant now);

 private:
  static bool before(const Timer& a, const Timer& b) {
    return a.deadline_ != b.deadline_ ? a.deadline_ < b.deadline_ : a.order_ < b.order_;
  }
  static Timer* merge(Timer* a, Timer* b);
  static Timer* merge_siblings(Timer* first);
  void remove(Timer& timer);

  Timer* root_ = nullptr;
  base::u64 armed_ = 0;
};

inline Timer::~Timer() {
  if (queue_ != nullptr) queue_->disarm(*this);
}

}  // namespace nacre::exec
