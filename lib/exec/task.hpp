#pragma once

#include <concepts>
#include <coroutine>
#include <cstddef>
#include <expected>
#include <optional>
#include <type_traits>
#include <utility>

#include "lib/base/assert.hpp"
#include "lib/base/memory.hpp"

namespace nacre::exec {

class TaskState;
class PromiseBase;

/// What tasks of any result have in common: they own a coroutine.
class TaskBase {
 public:
  TaskBase(const TaskBase&) = delete;
  TaskBase& operator=(const TaskBase&) = delete;

  /// Destroys the coroutine, and before it those that it waits for, innermost first. That takes no
  /// more stack however many they are.
  void reset() {
    if (promise_ != nullptr) destroy();
  }

 protected:
  TaskBase() noexcept = default;
  explicit TaskBase(PromiseBase& promise) noexcept : promise_(&promise) {}
  TaskBase(TaskBase&& other) noexcept : promise_(std::exchange(other.promise_, nullptr)) {}
  TaskBase& operator=(TaskBase&& other) noexcept {
    if (this != &other) {
      reset();
      promise_ = std::exchange(other.promise_, nullptr);
    }
    return *this;
  }
  ~TaskBase() { reset(); }

  PromiseBase* promise_ = nullptr;  // null without a frame

 private:
  void destroy();
};

/// A result that can say that memory ran out.
template <class T>
concept ReportsOutOfMemory = requires { typename T::error_type; } &&
                             std::constructible_from<T, std::unexpected<base::OutOfMemory>>;

/// What the promises of all tasks share: which spawned task they belong to, who goes on after them,
/// and which task they wait for.
class PromiseBase {
 public:
  PromiseBase(const PromiseBase&) = delete;
  PromiseBase& operator=(const PromiseBase&) = delete;

  static void* operator new(std::size_t size) noexcept {
    return base::allocate(size, alignof(std::max_align_t));
  }
  static void operator delete(void* frame, std::size_t size) noexcept {
    base::deallocate(frame, size, alignof(std::max_align_t));
  }

  std::suspend_always initial_suspend() const noexcept { return {}; }
  struct FinalAwaiter {
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> finished) const noexcept {
      const PromiseBase* const parent = finished.promise().parent_;
      return parent != nullptr ? parent->self_ : std::noop_coroutine();
    }
    void await_resume() const noexcept {}
  };
  FinalAwaiter final_suspend() const noexcept { return {}; }
  [[noreturn]] void unhandled_exception() const noexcept { __builtin_trap(); }

  /// The spawned task that this coroutine runs in. Null until it first runs.
  TaskState* task() const { return task_; }
  void set_task(TaskState& task) { task_ = &task; }
  /// It waits for what `task` owns, and goes on after that.
  std::coroutine_handle<> wait_for(TaskBase& task, PromiseBase& awaited) {
    awaited.task_ = task_;
    awaited.parent_ = this;
    awaited_ = &task;
    return awaited.self_;
  }
  /// Who waited for it goes on.
  void end_wait() { parent_->awaited_ = nullptr; }

 protected:
  explicit PromiseBase(std::coroutine_handle<> self) : self_(self) {}
  ~PromiseBase() = default;

 private:
  friend class TaskBase;

  std::coroutine_handle<> self_;
  TaskState* task_ = nullptr;
  PromiseBase* parent_ = nullptr;
  TaskBase* awaited_ = nullptr;
};

template <class T>
class Task;

template <class T>
class Promise : public PromiseBase {
 public:
  Promise() : PromiseBase(std::coroutine_handle<Promise>::from_promise(*this)) {}
  Task<T> get_return_object() noexcept;
  static Task<T> get_return_object_on_allocation_failure() noexcept;
  template <class Value>
    requires std::convertible_to<Value, T>
  void return_value(Value&& value) {
    value_.emplace(std::forward<Value>(value));
  }
  T& value() { return *value_; }

 private:
  std::optional<T> value_;
};

template <>
class Promise<void> : public PromiseBase {
 public:
  Promise() : PromiseBase(std::coroutine_handle<Promise>::from_promise(*this)) {}
  Task<void> get_return_object() noexcept;
  static Task<void> get_return_object_on_allocation_failure() noexcept;
  void return_void() const noexcept {}
};

/// A coroutine that starts when it is awaited or spawned, and is destroyed with this object:
/// destroying it while it waits is how it is cancelled, and its destructors run as if it had
/// returned there.
///
/// Its frame comes from the heap, and that can fail: a task without a frame is empty. To await a
/// task, its result must be able to say so: `std::expected<T, E>` where `E` can be made from
/// `base::OutOfMemory`. A task of any result can be spawned; `Executor::spawn` reports an empty
/// one.
///
/// Arguments are copied or moved into the frame; references in them must live as long as the task.
template <class T = void>
class [[nodiscard, clang::coro_return_type, clang::coro_lifetimebound]] Task : public TaskBase {
 public:
  using promise_type = Promise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  Task() noexcept = default;
  [[clang::coro_wrapper]] explicit Task(promise_type& promise) noexcept : TaskBase(promise) {}

  /// Whether there was memory for the frame.
  explicit operator bool() const { return promise_ != nullptr; }
  bool done() const { return promise_ != nullptr && handle().done(); }
  promise_type& promise() const { return static_cast<promise_type&>(*promise_); }
  Handle handle() const { return Handle::from_promise(promise()); }

  auto operator co_await() && noexcept {
    static_assert(
        ReportsOutOfMemory<T>,
        "an awaited task returns std::expected<T, E> with E constructible from OutOfMemory");
    return Awaiter{std::move(*this)};
  }

 private:
  struct Awaiter {
    Task task;
    bool await_ready() const noexcept { return !task; }
    template <class Parent>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Parent> parent) noexcept {
      return parent.promise().wait_for(task, task.promise());
    }
    T await_resume() {
      if (!task) return std::unexpected(base::OutOfMemory{});
      task.promise().end_wait();
      return std::move(task.promise().value());
    }
  };
};

template <class T>
[[clang::coro_wrapper]] Task<T> Promise<T>::get_return_object() noexcept {
  return Task<T>(*this);
}
template <class T>
[[clang::coro_wrapper]] Task<T> Promise<T>::get_return_object_on_allocation_failure() noexcept {
  return {};
}
[[clang::coro_wrapper]] inline Task<void> Promise<void>::get_return_object() noexcept {
  return Task<void>(*this);
}
[[clang::coro_wrapper]] inline Task<void>
Promise<void>::get_return_object_on_allocation_failure() noexcept {
  return {};
}

}  // namespace nacre::exec
