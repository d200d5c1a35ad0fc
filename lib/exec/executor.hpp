#pragma once

#include <coroutine>
#include <expected>
#include <string_view>
#include <utility>

#include "lib/base/format.hpp"
#include "lib/base/function_ref.hpp"
#include "lib/base/intrusive_list.hpp"
#include "lib/base/time.hpp"
#include "lib/exec/interrupt_queue.hpp"
#include "lib/exec/task.hpp"
#include "lib/exec/timer_queue.hpp"

namespace nacre::exec {

class Executor;
template <class T>
class JoinHandle;

struct ReadyTag;
struct AllTag;

/// One spawned task, from spawn until its result was taken: what waits is woken through this, and
/// what the executor resumes. Task context only; interrupts reach tasks through a `Signal`.
class TaskState : public base::ListNode<TaskState, ReadyTag>,
                  public base::ListNode<TaskState, AllTag> {
 public:
  enum class Phase : base::u8 { Running, Finished, Cancelled };

  TaskState(Executor& executor, std::string_view name) : executor_(executor), name_("{}", name) {}
  TaskState(const TaskState&) = delete;
  TaskState& operator=(const TaskState&) = delete;
  virtual ~TaskState() = default;

  /// Makes the task ready to run once more. A hint: what it waits for may not be there.
  void wake();
  /// Called by leaf awaiters when they suspend: where the task goes on.
  void suspended_at(std::coroutine_handle<> leaf) { resume_point_ = leaf; }

  Executor& executor() const { return executor_; }
  std::string_view name() const { return name_.view(); }
  base::u64 id() const { return id_; }
  Phase phase() const { return phase_; }
  bool is_ready() const { return base::ListNode<TaskState, ReadyTag>::is_linked(); }
  /// How often the executor has resumed it, and for how long it ran in all.
  base::u64 resumed() const { return resumed_; }
  base::Duration run_time() const { return run_time_; }

 protected:
  /// Whether the root coroutine has come to its end.
  virtual bool root_done() const = 0;
  /// Destroys the coroutine where it waits.
  virtual void destroy_root() = 0;

 private:
  friend class Executor;
  template <class T>
  friend class JoinHandle;

  Executor& executor_;
  base::FixedText<32> name_;
  base::u64 id_ = 0;
  Phase phase_ = Phase::Running;
  bool detached_ = false;
  bool cancel_requested_ = false;
  std::coroutine_handle<> resume_point_;
  TaskState* joiner_ = nullptr;
  base::u64 resumed_ = 0;
  base::Duration run_time_{};
};

/// Runs coroutine tasks one after another on one CPU. Nothing preempts a task; it gives way when it
/// awaits. All functions are for task context, except where they say otherwise.
class Executor {
 public:
  using Clock = base::Instant (*)();
  explicit Executor(Clock clock) : clock_(clock) {}
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;
  /// Cancels every task. Join handles must be gone by then.
  ~Executor();

  /// Starts `task` at the next turn. The handle owns it: dropping the handle cancels it, unless it
  /// was detached. Errors: OutOfMemory (also when `task` itself is empty).
  template <class T>
  [[nodiscard]] std::expected<JoinHandle<T>, base::OutOfMemory> spawn(std::string_view name,
                                                                      Task<T> task);
  /// Starts a task that nobody joins.
  template <class T>
  std::expected<void, base::OutOfMemory> spawn_detached(std::string_view name, Task<T> task) {
    TRY(auto handle, spawn(name, std::move(task)));
    handle.detach();
    return {};
  }

  /// Runs until no task is ready. Between rounds it takes in what interrupts pushed and expires
  /// timers.
  void run_until_idle();
  /// One round: every task that is ready now runs once. False when there was none.
  bool run_round();
  /// Whether a turn would find something to do. The kernel asks with interrupts off before it
  /// halts.
  bool has_work() const { return !ready_.empty() || !interrupts_.empty(); }
  /// When a turn is due at the latest even if no interrupt comes, or `Instant::never()`.
  base::Instant next_deadline() const { return timers_.next_deadline(); }

  base::Instant now() const { return clock_(); }
  TimerQueue& timers() { return timers_; }
  /// The way in from interrupts and other CPUs.
  InterruptQueue& interrupts() { return interrupts_; }
  /// The task that is running now, or null.
  TaskState* current() const { return current_; }
  /// Visits all tasks in the order in which they were spawned.
  void for_each_task(base::FunctionRef<void(const TaskState&)> visit);

 private:
  friend class TaskState;
  template <class T>
  friend class JoinHandle;

  void adopt(TaskState& task);
  void resume(TaskState& task);
  void finish(TaskState& task, TaskState::Phase phase);
  void cancel(TaskState& task);
  /// The owner is gone: cancels a task that is still running, frees it as soon as possible.
  void release(TaskState& task);

  Clock clock_;
  InterruptQueue interrupts_;
  TimerQueue timers_;
  base::IntrusiveList<TaskState, ReadyTag> ready_;
  base::IntrusiveList<TaskState, AllTag> all_;
  TaskState* current_ = nullptr;
  base::u64 next_id_ = 1;
};

template <class T>
class SpawnedTask final : public TaskState {
 public:
  SpawnedTask(Executor& executor, std::string_view name, Task<T> task)
      : TaskState(executor, name), task_(std::move(task)) {
    task_.promise().set_task(*this);
    suspended_at(task_.handle());
  }
  Task<T>& task() { return task_; }

 private:
  bool root_done() const override { return task_.done(); }
  void destroy_root() override { task_.reset(); }

  Task<T> task_;
};

/// Why there is no result.
enum class JoinError : base::u8 { Cancelled };

/// Owns a spawned task.
template <class T>
class [[nodiscard]] JoinHandle {
 public:
  JoinHandle() noexcept = default;
  explicit JoinHandle(SpawnedTask<T>& task) noexcept : task_(&task) {}
  JoinHandle(JoinHandle&& other) noexcept : task_(std::exchange(other.task_, nullptr)) {}
  JoinHandle& operator=(JoinHandle&& other) noexcept {
    if (this != &other) {
      reset();
      task_ = std::exchange(other.task_, nullptr);
    }
    return *this;
  }
  ~JoinHandle() { reset(); }

  /// Lets the task go on by itself.
  void detach() {
    if (task_ == nullptr) return;
    task_->detached_ = true;
    SpawnedTask<T>* const task = std::exchange(task_, nullptr);
    if (task->phase() != TaskState::Phase::Running) task->executor().release(*task);
  }
  /// Stops the task where it waits; its destructors have run when this returns, unless it is the
  /// task that calls, which then stops when it next waits.
  void cancel() {
    if (task_ != nullptr) task_->executor().cancel(*task_);
  }
  bool is_finished() const {
    return task_ == nullptr || task_->phase() != TaskState::Phase::Running;
  }
  /// Cancels the task if it is still running.
  void reset() {
    if (task_ != nullptr) {
      SpawnedTask<T>* const task = std::exchange(task_, nullptr);
      task->executor().release(*task);
    }
  }

  /// Waits for the end. `co_await handle.join()` gives `std::expected<T, JoinError>`. One task at a
  /// time may wait; the value is given once.
  auto join() {
    NACRE_ASSERT(task_ != nullptr);
    return Join(task_);
  }

 private:
  class Join {
   public:
    SpawnedTask<T>* task;
    bool waiting = false;
    explicit Join(SpawnedTask<T>* joined) : task(joined) {}
    Join(const Join&) = delete;
    Join& operator=(const Join&) = delete;
    ~Join() {
      if (waiting && task->phase() == TaskState::Phase::Running) task->joiner_ = nullptr;
    }
    bool await_ready() const { return task->phase() != TaskState::Phase::Running; }
    template <class Parent>
    void await_suspend(std::coroutine_handle<Parent> parent) {
      NACRE_ASSERT(task->joiner_ == nullptr);
      task->joiner_ = parent.promise().task();
      waiting = true;
      task->joiner_->suspended_at(parent);
    }
    std::expected<T, JoinError> await_resume() {
      waiting = false;
      if (task->phase() == TaskState::Phase::Cancelled)
        return std::unexpected(JoinError::Cancelled);
      if constexpr (std::is_void_v<T>) {
        return {};
      } else {
        return std::move(task->task().promise().value());
      }
    }
  };

  SpawnedTask<T>* task_ = nullptr;
};

template <class T>
std::expected<JoinHandle<T>, base::OutOfMemory> Executor::spawn(std::string_view name,
                                                                Task<T> task) {
  if (!task) return std::unexpected(base::OutOfMemory{});
  TRY(auto spawned, base::try_make<SpawnedTask<T>>(*this, name, std::move(task)));
  adopt(*spawned);
  return JoinHandle<T>(*spawned.release());
}

}  // namespace nacre::exec
