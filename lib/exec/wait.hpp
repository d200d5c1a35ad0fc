#pragma once

#include <coroutine>

#include "lib/base/intrusive_list.hpp"
#include "lib/base/ring.hpp"
#include "lib/base/time.hpp"
#include "lib/base/try.hpp"
#include "lib/base/vector.hpp"
#include "lib/exec/executor.hpp"

/// The leaves that tasks wait at. Each keeps its state in the waiting coroutine's frame, allocates
/// nothing, but for `WaitSet`, and takes itself off what it waits for when the frame is destroyed.
namespace nacre::exec {

/// Gives the other ready tasks, interrupts and timers a turn: `co_await yield();`
struct [[nodiscard]] yield {
  bool await_ready() const noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> waiting) const {
    TaskState& task = *waiting.promise().task();
    task.suspended_at(waiting);
    task.wake();
  }
  void await_resume() const noexcept {}
};

/// A task waiting for the executor's clock.
class Sleep : public Timer {
 public:
  void await_resume() const noexcept {}
  void expired() override { task_->wake(); }

 protected:
  Sleep() : Timer(base::Instant{}) {}
  template <class Promise>
  void suspend_until(base::Instant deadline, std::coroutine_handle<Promise> waiting) {
    task_ = waiting.promise().task();
    task_->suspended_at(waiting);
    set_deadline(deadline);
    task_->executor().timers().arm(*this);
  }

 private:
  TaskState* task_ = nullptr;
};

/// `co_await sleep_until(deadline)`: until the clock has reached `deadline`; gives way once if it
/// has.
class [[nodiscard]] sleep_until final : public Sleep {
 public:
  explicit sleep_until(base::Instant deadline) : deadline_(deadline) {}
  bool await_ready() const noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> waiting) {
    suspend_until(deadline_, waiting);
  }

 private:
  base::Instant deadline_;
};

/// `co_await sleep_for(duration)`: for `duration` from now on.
class [[nodiscard]] sleep_for final : public Sleep {
 public:
  explicit sleep_for(base::Duration duration) : duration_(duration) {}
  bool await_ready() const noexcept { return duration_ <= base::Duration{}; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> waiting) {
    suspend_until(waiting.promise().task()->executor().now() + duration_, waiting);
  }

 private:
  base::Duration duration_;
};

/// Tasks waiting for something that other tasks bring about, woken in the order in which they came.
/// A wake-up is a hint: look again, in a loop.
class WaitList {
 public:
  class [[nodiscard]] Waiter : public base::ListNode<Waiter> {
   public:
    explicit Waiter(WaitList& list) : list_(list) {}
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> waiting) {
      waiting.promise().task()->suspended_at(waiting);
      arm(*waiting.promise().task());
    }
    void await_resume() const noexcept {}

   private:
    friend class WaitList;
    friend class WaitSet;
    void arm(TaskState& task) {
      task_ = &task;
      list_.waiters_.push_back(*this);
    }
    WaitList& list_;
    TaskState* task_ = nullptr;
  };

  Waiter wait() { return Waiter(*this); }
  void wake_one() {
    if (Waiter* const waiter = waiters_.pop_front()) waiter->task_->wake();
  }
  void wake_all() {
    while (!waiters_.empty()) wake_one();
  }
  bool empty() const { return waiters_.empty(); }

 private:
  base::IntrusiveList<Waiter> waiters_;
};

/// Several lists that one task waits at together, for whichever is woken first:
///
///     WaitSet set;
///     CO_TRY(set.add(list));
///     CO_TRY(set.add(other));
///     co_await set.wait_until(deadline);  // a hint; it may be awaited again
class WaitSet {
 public:
  WaitSet() = default;
  WaitSet(const WaitSet&) = delete;
  WaitSet& operator=(const WaitSet&) = delete;

  /// `list` outlives the set. Errors: OutOfMemory.
  std::expected<void, base::OutOfMemory> add(WaitList& list) {
    TRY(auto waiter, base::try_make<WaitList::Waiter>(list));
    return waiters_.try_push_back(std::move(waiter));
  }

  /// Waits until a list of the set is woken, or until `deadline`, which may be `Instant::never()`.
  /// One task at a time.
  auto wait_until(base::Instant deadline) { return Wait(*this, deadline); }

 private:
  class [[nodiscard]] Wait final : public Sleep {
   public:
    Wait(WaitSet& set, base::Instant deadline) : set_(set), deadline_(deadline) {}
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> waiting) {
      if (deadline_ == base::Instant::never())
        waiting.promise().task()->suspended_at(waiting);
      else
        suspend_until(deadline_, waiting);
      for (auto& waiter : set_.waiters_) waiter->arm(*waiting.promise().task());
    }
    void await_resume() noexcept {
      for (auto& waiter : set_.waiters_) waiter->unlink();
    }

   private:
    WaitSet& set_;
    base::Instant deadline_;
  };

  base::Vector<base::Box<WaitList::Waiter>> waiters_;
};

/// Says "something has happened" from an interrupt to tasks. It remembers one notification for who
/// comes later. It must outlive its notifiers: switch the interrupt off before destroying it.
class Signal final : private InterruptNode {
 public:
  explicit Signal(Executor& executor)
      : InterruptNode([](InterruptNode& node) { static_cast<Signal&>(node).arrived(); }),
        queue_(executor.interrupts()) {}
  ~Signal() {
    if (is_queued()) queue_.drain();
  }

  /// Any context, interrupts included.
  void notify() noexcept { queue_.push(*this); }

  /// Waits for a notification that no wait has consumed yet.
  auto wait() {
    struct Wait : WaitList::Waiter {
      Signal& signal;
      explicit Wait(Signal& waited) : Waiter(waited.waiters_), signal(waited) {}
      bool await_ready() const noexcept { return std::exchange(signal.pending_, false); }
      void await_resume() const noexcept { signal.pending_ = false; }
    };
    return Wait(*this);
  }

 private:
  void arrived() {
    pending_ = true;
    waiters_.wake_all();
  }

  InterruptQueue& queue_;
  WaitList waiters_;
  bool pending_ = false;
};

/// Items from an interrupt handler to one task, without a lock: a full ring drops the newest and
/// counts.
template <class T, base::usize Capacity>
class InterruptStream {
 public:
  explicit InterruptStream(Executor& executor) : signal_(executor) {}

  /// Interrupt context: never allocates, blocks or resumes.
  void push(T item) noexcept {
    if (!ring_.try_push(item)) dropped_.fetch_add(1, std::memory_order_relaxed);
    signal_.notify();
  }
  /// Task context: the oldest item, if there is one.
  std::optional<T> try_next() noexcept { return ring_.try_pop(); }
  /// Task context: waits until something was pushed. Drain with `try_next` in a loop.
  auto changed() { return signal_.wait(); }
  base::u64 dropped() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  base::SpscRing<T, Capacity> ring_;
  std::atomic<base::u64> dropped_{0};
  Signal signal_;
};

}  // namespace nacre::exec
