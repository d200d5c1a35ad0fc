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

/// A result that can say that memory ran out.
template <class T>
concept ReportsOutOfMemory = requires { typename T::error_type; } &&
                             std::constructible_from<T, std::unexpected<base::OutOfMemory>>;

/// What the promises of all tasks share: which spawned task they belong to, and who goes on after
/// them.
class PromiseBase {
 public:
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
      auto const continuation = finished.promise().continuation_;
      return continuation ? continuation : std::noop_coroutine();
    }
    void await_resume() const noexcept {}
  };
  FinalAwaiter final_suspend() const noexcept { return {}; }
  [[noreturn]] void unhandled_exception() const noexcept { __builtin_trap(); }

  /// The spawned task that this coroutine runs in. Null until it first runs.
  TaskState* task() const { return task_; }
  void set_task(TaskState& task) { task_ = &task; }
  void set_continuation(std::coroutine_handle<> continuation) { continuation_ = continuation; }

 private:
  TaskState* task_ = nullptr;
  std::coroutine_handle<> continuation_;
};

template <class T>
class Task;

template <class T>
class Promise : public PromiseBase {
 public:
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
class [[nodiscard, clang::coro_return_type, clang::coro_lifetimebound]] Task {
 public:
  using promise_type = Promise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  Task() noexcept = default;
  [[clang::coro_wrapper]] explicit Task(Handle handle) noexcept : handle_(handle) {}
  [[clang::coro_wrapper]] Task(Task&& other) noexcept
      : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      reset();
      handle_ = std::exchange(other.handle_, nullptr);
    }
    return *this;
  }
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  ~Task() { reset(); }

  /// Whether there was memory for the frame.
  explicit operator bool() const { return static_cast<bool>(handle_); }
  bool done() const { return handle_ && handle_.done(); }
  Handle handle() const { return handle_; }
  void reset() {
    if (handle_) std::exchange(handle_, nullptr).destroy();
  }

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
      task.handle_.promise().set_task(*parent.promise().task());
      task.handle_.promise().set_continuation(parent);
      return task.handle_;
    }
    T await_resume() {
      if (!task) return std::unexpected(base::OutOfMemory{});
      return std::move(task.handle_.promise().value());
    }
  };

  Handle handle_ = nullptr;
};

template <class T>
[[clang::coro_wrapper]] Task<T> Promise<T>::get_return_object() noexcept {
  return Task<T>(std::coroutine_handle<Promise>::from_promise(*this));
}
template <class T>
[[clang::coro_wrapper]] Task<T> Promise<T>::get_return_object_on_allocation_failure() noexcept {
  return {};
}
[[clang::coro_wrapper]] inline Task<void> Promise<void>::get_return_object() noexcept {
  return Task<void>(std::coroutine_handle<Promise>::from_promise(*this));
}
[[clang::coro_wrapper]] inline Task<void>
Promise<void>::get_return_object_on_allocation_failure() noexcept {
  return {};
}

}  // namespace nacre::exec
