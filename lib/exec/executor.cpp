#include "lib/exec/executor.hpp"

namespace nacre::exec {

void TaskState::wake() {
  if (phase_ == Phase::Running && !is_ready()) executor_.ready_.push_back(*this);
}

Executor::~Executor() {
  while (TaskState* const task = all_.front()) {
    task->detached_ = true;
    cancel(*task);
  }
}

void Executor::adopt(TaskState& task) {
  task.id_ = next_id_++;
  all_.push_back(task);
  task.wake();
}

void Executor::run_until_idle() {
  while (run_round()) {
  }
}

bool Executor::run_round() {
  interrupts_.drain();
  if (timers_.next_deadline() != base::Instant::never()) timers_.expire(clock_());
  if (ready_.empty()) return false;

  // Those that become ready from now on run in the next round, so that none of them keeps
  // interrupts and timers waiting. `last` stays in the list until its turn, or leaves it by being
  // cancelled.
  base::IntrusiveList<TaskState, ReadyTag> round;
  while (TaskState* const task = ready_.pop_front()) round.push_back(*task);
  while (TaskState* const task = round.pop_front()) resume(*task);
  return true;
}

void Executor::resume(TaskState& task) {
  NACRE_ASSERT(current_ == nullptr);
  base::Instant const start = clock_();
  current_ = &task;
  ++task.resumed_;
  task.resume_point_.resume();
  current_ = nullptr;
  task.run_time_ = task.run_time_ + (clock_() - start);

  if (task.root_done()) {
    finish(task, TaskState::Phase::Finished);
  } else if (task.cancel_requested_) {
    cancel(task);
  }
}

void Executor::finish(TaskState& task, TaskState::Phase phase) {
  static_cast<base::ListNode<TaskState, ReadyTag>&>(task).unlink();
  task.phase_ = phase;
  if (TaskState* const joiner = std::exchange(task.joiner_, nullptr)) joiner->wake();
  if (task.detached_) release(task);
}

void Executor::cancel(TaskState& task) {
  if (task.phase_ != TaskState::Phase::Running) return;
  if (&task == current_) {
    task.cancel_requested_ = true;
    return;
  }
  // Off the ready list first: nothing resumes a coroutine that is being destroyed.
  static_cast<base::ListNode<TaskState, ReadyTag>&>(task).unlink();
  task.destroy_root();
  finish(task, TaskState::Phase::Cancelled);
}

void Executor::release(TaskState& task) {
  task.detached_ = true;
  if (task.phase_ == TaskState::Phase::Running) {
    cancel(task);  // Frees it, now or when it next waits.
    return;
  }
  delete &task;
}

void Executor::for_each_task(base::FunctionRef<void(const TaskState&)> visit) {
  for (const TaskState& task : all_) visit(task);
}

}  // namespace nacre::exec
