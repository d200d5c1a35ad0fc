#pragma once

#include "lib/base/time.hpp"
#include "lib/exec/executor.hpp"
#include "lib/exec/wait.hpp"

namespace nacre::process {

/// How long a task has gone on without letting others run. What works for long asks it again and
/// again: `co_await turn.pause_if_over();`
class Turn {
 public:
  /// A key that is pressed meanwhile waits no longer than this, about.
  static constexpr base::Duration length{1'000'000};

  explicit Turn(exec::Executor& executor) : executor_(executor), began_(executor.now()) {}

  bool is_over() const { return executor_.now() - began_ >= length; }
  /// Others have had their turn.
  void begin() { began_ = executor_.now(); }

  class [[nodiscard]] Pause {
   public:
    explicit Pause(Turn& turn) : turn_(turn) {}
    bool await_ready() const noexcept { return !turn_.is_over(); }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> waiting) {
      paused_ = true;
      exec::yield().await_suspend(waiting);
    }
    void await_resume() const noexcept {
      if (paused_) turn_.begin();
    }

   private:
    Turn& turn_;
    bool paused_ = false;
  };
  Pause pause_if_over() { return Pause(*this); }

 private:
  exec::Executor& executor_;
  base::Instant began_;
};

}  // namespace nacre::process
